from django.urls import include, path, re_path

from column.tallies import views
from column.tallies.api import screen as api_keys
from column.tallies.charts import views as pictures
from column.tallies.compare import views as comparison

urlpatterns = [
    path("tong-hop/", views.tally, name="tally"),
    path("tong-hop/danh-sach/", views.stories, name="tally_stories"),
    path("tong-hop/ky-dang/", views.slots, name="tally_slots"),
    path("tong-hop/quy-uoc/", views.contract, name="tally_contract"),
    path("tong-hop/hinh/", pictures.pictures, name="tally_pictures"),
    re_path(r"^tong-hop/hinh/(?P<key>[a-z-]{1,20})\.(?P<ending>svg|png)$", pictures.picture, name="tally_picture"),
    path("tong-hop/so-sanh/", comparison.compare, name="tally_compare"),
    path("tong-hop/khoa-api/", api_keys.keys, name="api_keys"),
    path("tong-hop/khoa-api/<int:pk>/thu-hoi/", api_keys.revoke, name="api_key_revoke"),
    path("", include("column.tallies.certificates.urls")),
    path("", include("column.tallies.published.urls")),
]

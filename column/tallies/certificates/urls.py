from django.urls import path

from column.tallies.certificates import views
from column.tallies.explaining import views as explaining

_ONE = "tong-hop/phieu/<str:code>/"
_DIFFERENCE = f"{_ONE}so-voi/<str:other>/"

urlpatterns = [
    path("tong-hop/phieu/", views.certificates, name="certificates"),
    path("tong-hop/phieu/moi/", views.new, name="certificate_new"),
    path(_ONE, views.certificate, name="certificate"),
    path(f"{_ONE}danh-sach/", views.stories, name="certificate_stories"),
    path(f"{_ONE}chot/", views.freeze_it, name="certificate_freeze"),
    path(f"{_ONE}so-voi/", explaining.choose, name="certificate_choose"),
    path(_DIFFERENCE, explaining.explanation, name="certificate_explained"),
    path(f"{_DIFFERENCE}giai-thich.json", explaining.explanation_json, name="certificate_explained_json"),
    path(f"{_DIFFERENCE}giai-thich.csv", explaining.explanation_csv, name="certificate_explained_csv"),
]

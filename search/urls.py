from django.urls import path

from search import api_page, feeds, suggesting, views
from search.editors import missed

urlpatterns = [
    path("tim-kiem/", views.results, name="search"),
    path("tim-kiem/goi-y/", suggesting.suggest, name="search_suggest"),
    path("tim-kiem/khong-thay/", missed.note, name="search_missed"),
    path("tim-kiem/rss/", feeds.SearchFeed(), name="search_rss"),
    path("api/", api_page.description, name="api"),
]

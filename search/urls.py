from django.urls import path

from search import feeds, views

urlpatterns = [
    path("tim-kiem/", views.results, name="search"),
    path("tim-kiem/rss/", feeds.SearchFeed(), name="search_rss"),
]

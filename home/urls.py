"""Addresses of the site beside its pages."""

from django.urls import path

from home import feeds, guides, sitemap, views

urlpatterns = [
    path("rss/", feeds.StoryFeed(), name="rss"),
    path("rss/5-xay-3-chong/", feeds.ArticleFeed(), name="rss_column"),
    path("rss/don-vi/<slug:code>/", feeds.DepartmentFeed(), name="rss_department"),
    path("rss/tieu-chi/<slug:slug>/", feeds.CriterionFeed(), name="rss_criterion"),
    path("bao-loi/<int:public_id>/", views.report_error, name="report_error"),
    path("bao-loi/<int:public_id>/cam-on/", views.report_error_thanks, name="report_error_thanks"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemap.section, name="sitemap_section"),
    path("huong-dan/", guides.index, name="guides"),
    path("huong-dan/<slug:slug>/", guides.page, name="guide"),
    path("robots.txt", views.robots, name="robots"),
]

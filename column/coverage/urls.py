from django.urls import path

from column.coverage import views

urlpatterns = [
    path("don-vi/", views.departments, name="departments"),
    path("don-vi/<slug:code>/", views.department, name="department"),
    path("tieu-chi/", views.criteria, name="criteria"),
    path("tieu-chi/<slug:slug>/", views.criterion, name="criterion"),
    path("tin-bai/", views.stories, name="stories"),
]

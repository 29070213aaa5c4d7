from django.urls import path

from column.figures import views

urlpatterns = [
    path("so-lieu/", views.figures, name="figures"),
    path("so-lieu/<slug:slug>/", views.indicator, name="indicator"),
]

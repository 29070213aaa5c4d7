from django.urls import path

from column.tallies.explaining import views as explaining
from column.tallies.published import views

urlpatterns = [
    path("tong-hop/da-cong-bo/", views.figures, name="published_figures"),
    path("tong-hop/da-cong-bo/moi/", views.edit, name="published_figure_new"),
    path("tong-hop/da-cong-bo/doi-chieu/", views.check_all, name="published_figures_check"),
    path("tong-hop/da-cong-bo/<int:pk>/", views.figure, name="published_figure"),
    path("tong-hop/da-cong-bo/<int:pk>/sua/", views.edit, name="published_figure_edit"),
    path("tong-hop/da-cong-bo/<int:pk>/ky/", views.add_signature, name="published_figure_sign"),
    path("tong-hop/da-cong-bo/<int:pk>/so-voi/", explaining.figure_explanation, name="published_figure_explained"),
]

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ColumnConfig(AppConfig):
    name = "column"
    verbose_name = _("Chuyên mục")
    default_auto_field = "django.db.models.BigAutoField"

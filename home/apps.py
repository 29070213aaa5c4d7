from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = _("Trang nhất")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # All import models, which stand only now.
        from home import generation, probes
        from home.bootstrap import after_migrate

        generation.connect()
        probes.connect()
        post_migrate.connect(after_migrate, sender=self)

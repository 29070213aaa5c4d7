from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Tìm kiếm")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Inline: all read models, which exist only now.
        from search import listening, probes
        from search.declarations import check_declarations
        from search.outbox import listening as outbox

        listening.connect()
        outbox.connect()
        probes.connect()
        checks.register(check_declarations)

"""``manage.py rebuild_search``: every entry of the embedded index anew, then a new index in Elasticsearch."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from column.text.dates import format_number
from search import upkeep
from search.models import ArchiveEntry
from search.outbox.bumping import in_use
from search.terminal import follow


class Command(BaseCommand):
    help = "Dựng lại chỉ mục tìm kiếm (kho bài, trang quản trị, Elasticsearch); trong lúc chạy vẫn tìm được."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", choices=["embedded", "elasticsearch"], help="chỉ dựng lại một trong hai")
        parser.add_argument(
            "--back", action="store_true", help="Elasticsearch: quay lại chỉ mục dùng trước lần dựng lại gần nhất"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["back"]:
            self._back()
            return
        if options["only"] != "elasticsearch":
            self._embedded()
        if options["only"] != "embedded":
            self._elasticsearch(asked=options["only"] is not None)

    def _embedded(self) -> None:
        if not follow(upkeep.rebuild(), title=_("Dựng lại chỉ mục")):
            raise CommandError(_("Đã dừng theo yêu cầu. Chỉ mục vẫn dùng được; chạy lại để làm nốt."), returncode=130)
        count = format_number(ArchiveEntry.objects.count())
        self.stdout.write(_("Xong: %(count)s tin, bài trong kho tìm kiếm.") % {"count": count})

    def _elasticsearch(self, *, asked: bool) -> None:
        if not in_use():
            if asked:
                raise CommandError(_("Chưa đặt ELASTICSEARCH_URL nên không có gì để dựng."))
            return
        # Inline: an installation without Elasticsearch never loads its client.
        from search.elastic import rebuilding
        from search.elastic.client import FAULTS

        try:
            whole = follow(rebuilding.rebuild(), title="Elasticsearch")
        except rebuilding.Busy as error:
            raise CommandError(_("Một lần dựng lại khác đang chạy; hãy đợi nó xong.")) from error
        except FAULTS as error:
            raise CommandError(
                _("Elasticsearch không nhận đủ, chỉ mục cũ vẫn được dùng: %(error)s") % {"error": error}
            ) from error
        if not whole:
            raise CommandError(
                _("Đã dừng theo yêu cầu. Chỉ mục cũ vẫn được dùng; chạy lại để làm lại."), returncode=130
            )
        self.stdout.write(_("Xong: Elasticsearch tìm trong %(name)s.") % {"name": rebuilding.searched()})

    def _back(self) -> None:
        if not in_use():
            raise CommandError(_("Chưa đặt ELASTICSEARCH_URL nên không có gì để quay lại."))
        from search.elastic import rebuilding
        from search.elastic.client import FAULTS

        try:
            name = rebuilding.back()
        except rebuilding.NoWayBack as error:
            raise CommandError(_("Không có chỉ mục nào để quay lại.")) from error
        except FAULTS as error:
            raise CommandError(_("Elasticsearch không trả lời: %(error)s") % {"error": error}) from error
        self.stdout.write(_("Đã quay lại: Elasticsearch tìm trong %(name)s.") % {"name": name})

"""``manage.py check_search``: is each index what the stories say? Exit code 1 if not."""

from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from column.text.dates import format_number
from search import upkeep
from search.outbox.bumping import in_use
from search.terminal import follow
from search.upkeep import Findings

#: Ids shown of each kind.
SHOWN = 20


class Command(BaseCommand):
    help = "Đối chiếu chỉ mục tìm kiếm với tin, bài: thiếu, thừa, cũ. Mã thoát 1 khi còn sai lệch."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", choices=("embedded", "elasticsearch"), help="chỉ đối chiếu một chỉ mục")
        parser.add_argument("--repair", action="store_true", help="sửa những sai lệch tìm thấy")

    def handle(self, *args: Any, **options: Any) -> None:
        # The embedded index first: Elasticsearch is told what that one says.
        only = options["only"]
        if only == "elasticsearch" and not in_use():
            raise CommandError(_("Chưa đặt ELASTICSEARCH_URL nên không có gì để đối chiếu."))
        clean = only == "elasticsearch" or self._embedded(repair=options["repair"])
        if in_use() and only != "embedded":
            clean = self._elasticsearch(repair=options["repair"]) and clean
        if clean:
            self.stdout.write(_("Chỉ mục khớp với tin, bài."))
        elif options["repair"]:
            self.stdout.write(_("Đã sửa."))
        else:
            raise CommandError(_("Chỉ mục có sai lệch; chạy lại với --repair để sửa."))

    def _embedded(self, *, repair: bool) -> bool:
        findings = Findings()
        self._follow(upkeep.check(findings), _("Đối chiếu"))
        for words, ids in (
            (_("Thiếu trong kho tìm kiếm"), findings.missing),
            (_("Thừa trong kho tìm kiếm"), findings.extra),
            (_("Cũ trong kho tìm kiếm"), findings.stale),
        ):
            self._show(words, len(ids), sorted(ids))
        self._show(_("Thiếu trong tìm kiếm của trang quản trị"), findings.admin_missing)
        self._show(_("Thừa trong tìm kiếm của trang quản trị"), findings.admin_extra)
        if repair and not findings.clean:
            upkeep.repair(findings)
        return findings.clean

    def _elasticsearch(self, *, repair: bool) -> bool:
        # Inline: an installation without Elasticsearch never loads its client.
        from search.elastic.checking import Drift, check
        from search.elastic.client import FAULTS
        from search.outbox.draining import drain

        drift = Drift()
        try:
            self._follow(check(drift, repair=repair), "Elasticsearch")
            self._show(_("Thiếu trong Elasticsearch"), drift.missing.count, drift.missing.some)
            self._show(_("Thừa trong Elasticsearch"), drift.extra.count, drift.extra.some)
            self._show(_("Cũ trong Elasticsearch"), drift.stale.count, drift.stale.some)
            self._show(_("Đang chờ gửi sang Elasticsearch"), drift.waiting)
            if repair:
                drain()
        except FAULTS as error:
            raise CommandError(_("Elasticsearch không trả lời: %(error)s") % {"error": error}) from error
        return drift.clean

    def _follow(self, steps: Any, title: str) -> None:
        if not follow(steps, title=title):
            raise CommandError(_("Đã dừng theo yêu cầu."), returncode=130)

    def _show(self, words: str, count: int, ids: Iterable[int] = ()) -> None:
        if not count:
            return
        named = list(ids)[:SHOWN]
        some = f" ({', '.join(map(str, named))}{' …' if count > len(named) else ''})" if named else ""
        self.stdout.write(f"{words}: {format_number(count)}{some}")

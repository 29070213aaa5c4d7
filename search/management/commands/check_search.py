"""``manage.py check_search``: is the embedded index what the stories say? Exit code 1 if not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from column.text.dates import format_number
from search import upkeep
from search.terminal import follow
from search.upkeep import Findings

#: Ids shown of each kind.
SHOWN = 20


class Command(BaseCommand):
    help = "Đối chiếu chỉ mục tìm kiếm với tin, bài: thiếu, thừa, cũ. Mã thoát 1 khi còn sai lệch."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="sửa những sai lệch tìm thấy")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = Findings()
        if not follow(upkeep.check(findings), title=_("Đối chiếu")):
            raise CommandError(_("Đã dừng theo yêu cầu."), returncode=130)
        self._show(findings)
        if findings.clean:
            self.stdout.write(_("Chỉ mục khớp với tin, bài."))
        elif options["repair"]:
            upkeep.repair(findings)
            self.stdout.write(_("Đã sửa."))
        else:
            raise CommandError(_("Chỉ mục có sai lệch; chạy lại với --repair để sửa."))

    def _show(self, findings: Findings) -> None:
        for words, ids in (
            (_("Thiếu trong kho tìm kiếm"), findings.missing),
            (_("Thừa trong kho tìm kiếm"), findings.extra),
            (_("Cũ trong kho tìm kiếm"), findings.stale),
        ):
            if ids:
                some = ", ".join(str(pk) for pk in sorted(ids)[:SHOWN]) + (" …" if len(ids) > SHOWN else "")
                self.stdout.write(f"{words}: {format_number(len(ids))} ({some})")
        for words, count in (
            (_("Thiếu trong tìm kiếm của trang quản trị"), findings.admin_missing),
            (_("Thừa trong tìm kiếm của trang quản trị"), findings.admin_extra),
        ):
            if count:
                self.stdout.write(f"{words}: {format_number(count)}")

"""``manage.py import_archive``: the archive goes in."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from column.transfer.importing import import_archive
from column.transfer.problems import BadFile
from column.transfer.report import Report
from column.transfer.terminal import follow, show


class Command(BaseCommand):
    help = "Nhập kho tin, bài cũ từ tệp CSV hoặc JSON Lines (xem docs/import.md); chạy lại được bất cứ lúc nào."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="tệp .csv hoặc .jsonl")
        parser.add_argument("--dry-run", action="store_true", help="chỉ kiểm tra, không ghi gì")
        parser.add_argument("--photos", type=Path, help="thư mục hoặc tệp ZIP ảnh; mặc định: cùng tên, cạnh tệp")
        parser.add_argument("--report", type=Path, help="ghi mọi lỗi và lưu ý ra tệp CSV này")
        parser.add_argument(
            "--skip-bad-photos", action="store_true", help="nhập cả bài có ảnh hỏng hoặc thiếu, bỏ ảnh đó"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        dry_run = options["dry_run"]
        try:
            with Report(options["report"]) as report:
                steps = import_archive(
                    options["file"], report=report, photos=options["photos"], dry_run=dry_run,
                    lenient_photos=options["skip_bad_photos"],
                )  # fmt: skip
                finished = follow(steps, title=_("Kiểm tra") if dry_run else _("Nhập kho"))
        except BadFile as problem:
            raise CommandError(str(problem)) from None
        except OSError as problem:
            raise CommandError(_("Không ghi được tệp báo cáo: %(why)s.") % {"why": problem.strerror}) from None
        show(report, dry_run=dry_run, path=options["report"])
        if not finished:
            raise CommandError(
                _("Đã dừng theo yêu cầu. Những gì đã nhập vẫn còn; chạy lại đúng lệnh này để nhập tiếp."),
                returncode=130,
            )
        if report.counts.refused:
            raise SystemExit(2)

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from column.schedule.ledger import book, export


class Command(BaseCommand):
    help = "Xuất sổ kỳ đăng ra tệp .xlsx hoặc .csv; không có tệp thì in CSV ra màn hình."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, help="chỉ các kỳ của năm này; mặc định: mọi năm")
        parser.add_argument("--output", type=Path, help="tệp .xlsx hoặc .csv sẽ ghi")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path | None = options["output"]
        if path is not None and path.suffix not in {".xlsx", ".csv"}:
            raise CommandError(_("Tên tệp phải có đuôi .xlsx hoặc .csv."))
        if options["year"] is not None and not 1900 <= options["year"] <= 9000:
            raise CommandError(_("Năm phải có bốn chữ số, như 2026."))
        lines = book.read(options["year"], timezone.now()).lines
        if path is None:
            self.stdout.write(export.as_csv(lines), ending="")
            return
        try:
            with path.open("wb") as file:
                if path.suffix == ".xlsx":
                    export.write_xlsx(lines, file)
                else:
                    file.write(export.as_csv(lines).encode())
        except OSError as problem:
            raise CommandError(_("Không ghi được tệp: %(why)s.") % {"why": problem.strerror or problem}) from None
        self.stdout.write(_("Đã ghi %(n)d kỳ vào %(path)s.") % {"n": len(lines), "path": path})

"""``manage.py export_archive``: the archive goes out."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from column.text.dates import format_number
from column.transfer.exporting import export_archive
from column.transfer.problems import BadFile


class Command(BaseCommand):
    help = "Xuất mọi tin, bài đã đăng ra tệp CSV hoặc JSON Lines, và ảnh ra thư mục hoặc ZIP (xem docs/import.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="tệp .csv hoặc .jsonl sẽ ghi")
        parser.add_argument("--photos", type=Path, help="thư mục hoặc tệp .zip; mặc định: cùng tên, đuôi .zip")
        parser.add_argument("--no-photos", action="store_true", help="không ghi ảnh")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        photos = None if options["no_photos"] else options["photos"] or path.with_suffix(".zip")
        try:
            done = export_archive(path, photos=photos)
        except BadFile as problem:
            raise CommandError(str(problem)) from None
        except OSError as problem:
            raise CommandError(_("Không ghi được tệp: %(why)s.") % {"why": problem.strerror or problem}) from None
        self.stdout.write(
            _("Đã xuất %(stories)s tin, bài và %(photos)s ảnh ra %(path)s.")
            % {"stories": format_number(done.stories), "photos": format_number(done.photos), "path": path}
        )
        for title in done.lost[:20]:
            self.stderr.write(_("Thiếu tệp ảnh của: %(title)s") % {"title": title})

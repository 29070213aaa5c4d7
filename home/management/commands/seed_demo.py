"""``manage.py seed_demo``: a newspaper to try things on, marked as such."""

import os
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn

from column.stories.models import Story
from column.transfer.demo.accounts import Login
from column.transfer.demo.seeding import CannotSeed, Seeding
from column.transfer.importing import the_column
from column.transfer.problems import BadFile
from home.models import Masthead

LOGINS = "demo_logins.tsv"
"""In the data folder: role, login name and password of each demo account, a line each, tabs between."""

_IMPRINT = {
    "tagline": "Bản dùng thử với dữ liệu minh họa",
    "governing_body": "(minh họa)",
    "licence": "số 00/GP-MH (minh họa, không có giá trị)",
    "head_title": "Tổng biên tập",
    "head_name": "(minh họa)",
    "address": "Số 0, đường Minh Họa, thành phố Đà Nẵng",
    "phone": "0000 000 000",
    "email": "toa-soan@example.com",
    "reuse_notice": "Nội dung minh họa, không phải tin tức; xin đừng trích dẫn.",
}


class Command(BaseCommand):
    help = "Tạo dữ liệu minh họa trong cơ sở dữ liệu chưa có tin, bài; không bao giờ lẫn với tin, bài thật."

    def handle(self, *args: Any, **options: Any) -> None:
        if Story.objects.exists():
            if Masthead.load().is_demo:
                self.stdout.write(_("Đã có dữ liệu minh họa; giữ nguyên, không tạo lại."))
                return
            raise CommandError(
                _("Cơ sở dữ liệu đã có tin, bài thật nên không tạo dữ liệu minh họa. "
                  "Hãy dùng một cơ sở dữ liệu khác (DATABASE_URL) và thư mục dữ liệu khác (DATA_DIR).")
            )  # fmt: skip
        try:
            seeding = Seeding(the_column(), timezone.now(), before=mark_as_demo)
            _follow(seeding)
        except (BadFile, CannotSeed) as problem:
            raise CommandError(str(problem)) from None
        path = write_logins(seeding.logins)
        if not options["verbosity"]:
            return
        self.stdout.write(
            _("Đã tạo dữ liệu minh họa: %(count)d tin, bài. Tài khoản mẫu ghi ở %(path)s:")
            % {"count": Story.objects.count(), "path": path}
        )
        for login in seeding.logins:
            self.stdout.write(f"  {login.role:<26} {login.name:<14} {login.password}")


def mark_as_demo() -> None:
    """Every page says so from now on, and no search engine keeps it."""
    masthead = Masthead.load()
    for name, value in _IMPRINT.items():
        setattr(masthead, name, value)
    masthead.is_demo = True
    masthead.save()


def write_logins(logins: list[Login]) -> Path:
    """Note the logins where ``serve`` finds them; only the account that runs the system may read them."""
    path = Path(settings.DATA_DIR) / LOGINS
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{login.role}\t{login.name}\t{login.password}\n" for login in logins)
    with open(path, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(text)
    return path


def _follow(seeding: Seeding) -> None:
    """Take every step under a bar for each part of the work."""
    columns = (TextColumn("{task.description:<20}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    tasks: dict[str, TaskID] = {}
    with closing(seeding.run()) as steps, Progress(*columns, console=Console(stderr=True)) as bar:
        # Closed when this ends early (Ctrl-C): everything is taken back at once.
        for step in steps:
            if step.label not in tasks:
                tasks[step.label] = bar.add_task(step.label, total=step.total)
            bar.update(tasks[step.label], completed=step.done)

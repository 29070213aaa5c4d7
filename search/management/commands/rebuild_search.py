"""``manage.py rebuild_search``: every entry of the embedded index anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from column.text.dates import format_number
from search import upkeep
from search.models import ArchiveEntry
from search.terminal import follow


class Command(BaseCommand):
    help = "Dựng lại chỉ mục tìm kiếm (kho bài và trang quản trị); trong lúc chạy vẫn tìm được."

    def handle(self, *args: Any, **options: Any) -> None:
        if not follow(upkeep.rebuild(), title=_("Dựng lại chỉ mục")):
            raise CommandError(_("Đã dừng theo yêu cầu. Chỉ mục vẫn dùng được; chạy lại để làm nốt."), returncode=130)
        count = format_number(ArchiveEntry.objects.count())
        self.stdout.write(_("Xong: %(count)s tin, bài trong kho tìm kiếm.") % {"count": count})

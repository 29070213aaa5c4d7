from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from column.schedule.slots import ensure_all_slots


class Command(BaseCommand):
    help = "Tạo sẵn các kỳ đăng còn thiếu cho tới một năm sau (tiến trình nền vẫn tự làm mỗi ngày)."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Đã tạo {ensure_all_slots(timezone.localdate())} kỳ đăng.")

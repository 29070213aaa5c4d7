"""``manage.py load_departments``: add the units of our list that are not there yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from column.departments.reference import load_departments


class Command(BaseCommand):
    help = "Thêm các cơ quan, đơn vị còn thiếu từ danh mục đi kèm; không sửa đơn vị đã có."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Đã thêm {load_departments()} cơ quan, đơn vị.")

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from newsroom.preparation import prepare
from newsroom.welcome import require_free_port


class Command(BaseCommand):
    help = "Chuẩn bị để chạy: cơ sở dữ liệu, tệp giao diện, địa chỉ trang; thêm --demo để có dữ liệu mẫu."
    # Some checks need the database that this makes.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="Tạo dữ liệu mẫu nếu cơ sở dữ liệu còn trống.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["demo"]:
            # ``make run`` serves next: better told before a minute of set-up than after it.
            require_free_port(settings.ENVIRONMENT.port)
        prepare(self.stdout.write, demo=options["demo"])

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from newsroom.jobs import JOBS
from newsroom.stopping import StopSignal
from newsroom.worker import Worker


class Command(BaseCommand):
    help = "Chạy các việc nền (đăng bài đúng giờ…) cho tới khi được yêu cầu dừng."
    # The web process and CI check; a restart must be quick.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="Chạy mỗi việc một lần rồi thôi (dùng cho bộ hẹn giờ dự phòng)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker(JOBS)
        if options["once"]:
            if failed := worker.run_once(timezone.now()):
                raise CommandError(f"Việc bị lỗi: {', '.join(failed)}. Chi tiết ở nhật ký phía trên.")
            return
        with StopSignal() as stop:
            worker.run_until(stop)

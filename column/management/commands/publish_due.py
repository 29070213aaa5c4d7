from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from column.schedule.notices.alarms import check_alarms
from column.schedule.publishing import publish_due


class Command(BaseCommand):
    help = "Đăng những gì đã đến giờ (tiến trình nền vẫn tự làm; lệnh này là lưới an toàn, chạy lúc nào cũng được)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Chỉ liệt kê, không đăng gì.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        report = publish_due(now, dry_run=options["dry_run"])
        for line in report.due:
            self.stdout.write(line)
        if options["dry_run"]:
            return
        if report.busy:
            self.stdout.write("Một tiến trình khác đang đăng.")
        self.stdout.write(f"Đã đăng: {len(report.published)}; hết hạn: {len(report.expired)}.")
        # The net also tells when the net was needed and did not hold.
        check_alarms(now)
        if report.failed:
            raise CommandError(f"Không đăng được {len(report.failed)} mục; sẽ thử lại. Lý do ở nhật ký phía trên.")

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from column.schedule.ledger.replay import differences
from column.schedule.models import Slot


class Command(BaseCommand):
    help = "Đối chiếu sổ kỳ đăng với từng kỳ: in ra mọi chỗ lệch; mã thoát 1 nếu có."

    def handle(self, *args: Any, **options: Any) -> None:
        slots = list(Slot.objects.select_related("story").order_by("day", "pk"))
        found = list(differences(slots))
        self.stdout.writelines(str(difference) + "\n" for difference in found)
        if found:
            raise CommandError(_("Sổ kỳ đăng lệch %(n)d chỗ.") % {"n": len(found)})
        self.stdout.write(_("Sổ kỳ đăng khớp với %(n)d kỳ.") % {"n": len(slots)})

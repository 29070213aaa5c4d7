"""``manage.py story_states``: the history of what counts, begun or compared with the present."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import track

from column.stories.models import Story
from column.tallies.states.filling import fill, wrong


class Command(BaseCommand):
    help = "Ghi trạng thái hiện nay của mọi tin, bài vào lịch sử số liệu; --check chỉ so, không ghi."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="chỉ so lịch sử với hiện tại")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            found = [number for number, _key in wrong()]
            if found:
                some = ", ".join(str(number) for number in found[:20])
                raise CommandError(
                    _("%(count)d tin, bài có trạng thái khác lịch sử: %(some)s.") % {"count": len(found), "some": some}
                )
            self.stdout.write(_("Lịch sử khớp với hiện tại."))
            return
        done = 0
        console = Console(stderr=True)
        steps = -(-Story.objects.count() // 1000)
        for seen in track(fill(), description=_("Ghi trạng thái"), total=steps, console=console):
            done = seen
        self.stdout.write(_("Đã xem %(count)d tin, bài.") % {"count": done})

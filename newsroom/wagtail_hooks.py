"""What the web process tells every page of the admin: whether the worker is alive. Nobody else could."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail import hooks

from column.schedule.notices.banner import HOOK, Banner
from column.text.dates import format_moment
from newsroom.models import WorkerHeartbeat


@hooks.register(HOOK)
def silent_worker(request: HttpRequest) -> list[Banner]:
    """A banner when the worker has been silent for two minutes, or never ran; one query."""
    heartbeat = WorkerHeartbeat.objects.current()
    if heartbeat is None:
        return [Banner(_("Tiến trình nền chưa chạy: bài đã hẹn giờ không tự lên trang. Hãy báo ngay người quản trị."))]
    if not heartbeat.is_late(timezone.now()):
        return []
    return [
        Banner(
            _(
                "Tiến trình nền im lặng từ %(at)s: bài đã hẹn giờ không tự lên trang. Hãy báo ngay người quản trị;"
                " bài gấp thì mở bài và bấm “Xuất bản”."
            )
            % {"at": format_moment(heartbeat.beat_at)}
        )
    ]

"""*Tin nhắn*, *Báo động* and this week's digest in the admin. Looking changes nothing; reading is marked by post."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from column.schedule.notices import digest
from column.schedule.notices.alarms import mark_seen, message_to_paste
from column.schedule.notices.banner import sees_alarms
from column.schedule.notices.models import Alarm, Notice, NoticeQuerySet

PER_PAGE = 30
CLOSED_SHOWN = 50
UNREAD_ONLY = "chua-doc"


class Screen(WagtailAdminTemplateMixin, TemplateView):
    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]


def mine(request: HttpRequest) -> NoticeQuerySet:
    """Nobody sees another's messages, whatever rank they have."""
    found: NoticeQuerySet = Notice.objects.filter(recipient=request.user.pk)
    return found


class MessagesView(Screen):
    template_name = "schedule/notices/messages.html"
    page_title = gettext_lazy("Tin nhắn")
    header_icon = "mail"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unread = mine(self.request).unread()
        only_unread = self.request.GET.get("loc") == UNREAD_ONLY
        page = Paginator(unread if only_unread else mine(self.request), PER_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            **kwargs,
            page=page,
            only_unread=only_unread,
            unread=unread.count(),
            here=self.request.get_full_path(),
            reads_digest=self.request.user.has_perm(digest.READERS),
        )


class OpenMessageView(View):
    """Mark it as read and go to what it is about."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, notice_id: int) -> HttpResponse:
        notice = get_object_or_404(mine(request), pk=notice_id)
        mine(request).unread().filter(pk=notice.pk).update(read_at=timezone.now())
        inside = notice.url.startswith("/") and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
        return redirect(notice.url if inside else reverse("schedule_messages"))


class ReadMessageView(View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, notice_id: int) -> HttpResponse:
        notice = get_object_or_404(mine(request), pk=notice_id)
        mine(request).unread().filter(pk=notice.pk).update(read_at=timezone.now())
        return redirect(get_valid_next_url_from_request(request) or reverse("schedule_messages"))


class ReadAllView(View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        read = mine(request).unread().update(read_at=timezone.now())
        if read:
            messages.success(request, _("Đã đánh dấu %(number)s tin nhắn là đã đọc.") % {"number": read})
        return redirect("schedule_messages")


class DigestView(Screen):
    """What the digest would say if it went out now."""

    template_name = "schedule/notices/digest.html"
    page_title = gettext_lazy("Bản tin tuần này")
    header_icon = "calendar"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(digest.READERS):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        intro, *parts = digest.digest_text(timezone.now()).split("\n\n")
        paragraphs = [part.split("\n") for part in parts]
        return super().get_context_data(**kwargs, intro=intro, paragraphs=paragraphs)


class AlarmsView(Screen):
    template_name = "schedule/notices/alarms.html"
    page_title = gettext_lazy("Báo động")
    header_icon = "warning"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not sees_alarms(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        alarms = Alarm.objects.select_related("seen_by")
        return super().get_context_data(
            **kwargs,
            open=[(alarm, message_to_paste(alarm)) for alarm in alarms.open()],
            closed=alarms.filter(closed_at__isnull=False).order_by("-closed_at", "-pk")[:CLOSED_SHOWN],
        )


class SeenView(View):
    """*Đã thấy*: the others know that somebody has it in hand."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, alarm_id: int) -> HttpResponse:
        if not sees_alarms(request.user):
            raise PermissionDenied
        alarm = get_object_or_404(Alarm, pk=alarm_id)
        if not mark_seen(alarm, request.user, timezone.now()):
            messages.success(request, _("Đã có người nhận báo động này trước."))
        return redirect(f"{reverse('schedule_alarms')}#bao-dong-{alarm.pk}")

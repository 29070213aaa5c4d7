"""*Lịch của tôi*: the screen on which a person makes and revokes the address, and what the address answers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from column.schedule.calendar.ical import feed
from column.schedule.calendar.keys import holder_of, make_key, revoke_key
from column.schedule.calendar.models import CalendarKey
from column.text.dates import format_moment


@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """``/lich/<secret>.ics``: the secret is all that is asked for, no session is read and none begun."""
    user = holder_of(secret)
    if user is None:
        response = HttpResponse(_("Không có lịch ở địa chỉ này."), status=404, content_type="text/plain; charset=utf-8")
    else:
        content = feed(user, timezone.now(), request.build_absolute_uri("/").rstrip("/"))
        response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="lich-dang.ics"'
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


class MyCalendarView(WagtailAdminTemplateMixin, TemplateView):
    """The address is shown once, in the answer to the click that made it, and stands nowhere after that."""

    template_name = "schedule/calendar/my_calendar.html"
    page_title = gettext_lazy("Lịch của tôi")
    header_icon = "calendar-alt"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        key = CalendarKey.objects.filter(user=self.request.user.pk).first()
        return super().get_context_data(**kwargs, made_at=format_moment(key.created_at) if key else "")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("viec") == "thu-hoi":
            revoke_key(request.user)
            messages.success(request, _("Đã thu hồi; địa chỉ cũ không mở được nữa."))
            return redirect("schedule_my_calendar")
        address = request.build_absolute_uri(reverse("calendar_feed", args=[make_key(request.user)]))
        webcal = f"webcal:{address.partition(':')[2]}"
        return self.render_to_response(self.get_context_data(address=address, webcal=webcal))


@hooks.register("register_admin_urls")
def my_calendar_urls() -> list[Any]:
    return [path("lich-cua-toi/", MyCalendarView.as_view(), name="schedule_my_calendar")]


@hooks.register("register_account_menu_item")
def my_calendar_item(request: HttpRequest) -> dict[str, Any]:
    return {
        "url": reverse("schedule_my_calendar"),
        "label": MyCalendarView.page_title,
        "help_text": _("Xem kỳ đăng và hạn của mình trong lịch trên điện thoại hay máy tính."),
    }

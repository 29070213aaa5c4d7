"""Where the admin shows what people are told."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from column.schedule.notices import views
from column.schedule.notices.banner import HOOK, alarm_banners, sees_alarms
from column.schedule.notices.models import Notice
from column.schedule.notices.panel import MessagesPanel

hooks.register(HOOK, alarm_banners)


@hooks.register("register_admin_urls")
def notice_urls() -> list[Any]:
    return [
        path("tin-nhan/", views.MessagesView.as_view(), name="schedule_messages"),
        path("tin-nhan/doc-het/", views.ReadAllView.as_view(), name="schedule_messages_read"),
        path("tin-nhan/<int:notice_id>/mo/", views.OpenMessageView.as_view(), name="schedule_message_open"),
        path("tin-nhan/<int:notice_id>/da-doc/", views.ReadMessageView.as_view(), name="schedule_message_read"),
        path("bao-dong/", views.AlarmsView.as_view(), name="schedule_alarms"),
        path("bao-dong/<int:alarm_id>/da-thay/", views.SeenView.as_view(), name="schedule_alarm_seen"),
        path("lich-dang/ban-tin-tuan/", views.DigestView.as_view(), name="schedule_digest"),
    ]


class MessagesMenuItem(MenuItem):
    """With the number of those that were not read yet."""

    def render_component(self, request: HttpRequest) -> Any:
        component = super().render_component(request)
        unread = Notice.objects.filter(recipient=request.user.pk).unread().count()
        if unread:
            component.label = f"{self.label} ({unread})"
        return component


class AlarmsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return sees_alarms(request.user)


@hooks.register("register_admin_menu_item")
def messages_item() -> MenuItem:
    return MessagesMenuItem(_("Tin nhắn"), reverse("schedule_messages"), name="messages", icon_name="mail", order=50)


@hooks.register("register_admin_menu_item")
def alarms_item() -> MenuItem:
    return AlarmsMenuItem(_("Báo động"), reverse("schedule_alarms"), name="alarms", icon_name="warning", order=70)


@hooks.register("construct_homepage_panels")
def messages_panel(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(MessagesPanel(request))

"""The calendar in the admin: its addresses, its place in the menu, its cards on the first page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from column.schedule.calendar import moving, views
from column.schedule.calendar.asked import BOARD, LIST, YEAR
from column.schedule.panel import ComingSlotsPanel


@hooks.register("register_admin_urls")
def calendar_urls() -> list[Any]:
    return [
        path("lich-dang/", views.BoardView.as_view(), name=BOARD),
        path("lich-dang/danh-sach/", views.ListView.as_view(), name=LIST),
        path("lich-dang/nam/", views.YearView.as_view(), name=YEAR),
        path("lich-dang/y-tuong/", views.IdeaView.as_view(), name="schedule_idea"),
        path("lich-dang/chuyen/", moving.DropView.as_view(), name="schedule_drop"),
        path("lich-dang/hoan-tac/", moving.UndoView.as_view(), name="schedule_undo"),
    ]


@hooks.register("register_admin_menu_item")
def calendar_menu_item() -> MenuItem:
    return MenuItem(views.CalendarView.page_title, reverse(BOARD), name="schedule", icon_name="calendar", order=60)


@hooks.register("construct_homepage_panels")
def coming_slots(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(ComingSlotsPanel(request))

"""What the admin offers for stories beside Wagtail's own: taking down, correcting, writing, the log's words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from column.enums import CorrectionKind, Kind
from column.stories import corrections, menu, reclassify, takedown
from column.stories.models import Story
from column.stories.views import CorrectionsView, TakeDownView

__all__ = ["menu"]


@hooks.register("register_admin_urls")
def story_urls() -> list[Any]:
    return [
        path("tin-bai/<int:story_id>/go-bai/", TakeDownView.as_view(), name="story_take_down"),
        path("tin-bai/<int:story_id>/dinh-chinh/", CorrectionsView.as_view(), name="story_corrections"),
    ]


def may_take_down(story: Page, user: Any) -> bool:
    return (
        isinstance(story, Story) and bool(story.live or story.taken_down_at) and user.has_perm(TakeDownView.permission)
    )


def may_correct(story: Page, user: Any) -> bool:
    return isinstance(story, Story) and story.live and user.has_perm(CorrectionsView.permission)


class StoryMenuItem(ActionMenuItem):
    """A link of the story's action menu."""

    url_name = ""

    def get_url(self, parent_context: dict[str, Any]) -> str:
        return reverse(self.url_name, args=[parent_context["page"].pk])


class CorrectionsMenuItem(StoryMenuItem):
    name = "action-corrections"
    label = gettext_lazy("Đính chính, cập nhật")
    icon_name = "comment"
    url_name = "story_corrections"
    order = 21

    def is_shown(self, context: dict[str, Any]) -> bool:
        return context["view"] == "edit" and may_correct(context["page"], context["request"].user)


class TakeDownMenuItem(StoryMenuItem):
    name = "action-take-down"
    label = gettext_lazy("Gỡ bài")
    icon_name = "no-view"
    url_name = "story_take_down"
    order = 22

    def is_shown(self, context: dict[str, Any]) -> bool:
        return context["view"] == "edit" and may_take_down(context["page"], context["request"].user)


@hooks.register("register_page_action_menu_item")
def corrections_item() -> ActionMenuItem:
    return CorrectionsMenuItem()


@hooks.register("register_page_action_menu_item")
def take_down_item() -> ActionMenuItem:
    return TakeDownMenuItem()


@hooks.register("register_page_listing_more_buttons")
def listing_buttons(page: Page, user: Any, next_url: str | None = None) -> Iterator[Button]:
    if may_correct(page, user):
        url = reverse(CorrectionsMenuItem.url_name, args=[page.pk])
        yield Button(_("Đính chính, cập nhật"), url, icon_name=CorrectionsMenuItem.icon_name, priority=41)
    if may_take_down(page, user):
        url = reverse(TakeDownMenuItem.url_name, args=[page.pk])
        yield Button(_("Gỡ bài"), url, icon_name=TakeDownMenuItem.icon_name, priority=42)


class TakeDownLog(LogFormatter):
    label = gettext_lazy("Gỡ bài")

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        message = _("Gỡ bài; bạn đọc thấy: “%(note)s”") % {"note": data.get("note", "")}
        return message + (_(" Lý do: %(reason)s") % {"reason": data["reason"]} if data.get("reason") else "")


class CorrectionLog(LogFormatter):
    label = gettext_lazy("Đăng ghi chú trên bài")

    def format_message(self, log_entry: Any) -> str:
        kind = CorrectionKind(log_entry.data["kind"]).label
        return _("Đăng trên bài: %(kind)s “%(text)s”") % {"kind": str(kind).lower(), "text": log_entry.data["text"]}


class CorrectionRemovedLog(LogFormatter):
    label = gettext_lazy("Bỏ ghi chú trên bài")

    def format_message(self, log_entry: Any) -> str:
        kind = CorrectionKind(log_entry.data["kind"]).label
        return _("Bỏ khỏi bài: %(kind)s “%(text)s”") % {"kind": str(kind).lower(), "text": log_entry.data["text"]}


class ReclassifyLog(LogFormatter):
    label = gettext_lazy("Đổi loại tin, bài")

    def format_message(self, log_entry: Any) -> str:
        before, after = Kind(log_entry.data["before"]).label, Kind(log_entry.data["after"]).label
        return _("Đổi loại từ “%(before)s” sang “%(after)s”") % {"before": before, "after": after}


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    actions.register_action(takedown.LOG_ACTION)(TakeDownLog)
    actions.register_action(corrections.LOG_ADD)(CorrectionLog)
    actions.register_action(corrections.LOG_REMOVE)(CorrectionRemovedLog)
    actions.register_action(reclassify.LOG_ACTION)(ReclassifyLog)

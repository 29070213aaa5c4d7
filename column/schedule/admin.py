"""What the admin offers about Thursdays: what is done to one, the story's own views and buttons, the log's words."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter

from column.enums import SlotAction
from column.schedule import actions, reserve, views
from column.schedule.approval import is_approved
from column.schedule.editing import StoryViewSet, before_bulk_publishing, before_publishing
from column.schedule.ledger.recording import LOG_PREFIX
from column.schedule.proof.views import ProofAgainView, ProofView
from column.schedule.reserve_views import ReserveView
from column.schedule.taking_back import FILL, SCHEDULE, UndoView
from column.stories.models import Story
from column.text.dates import format_day_long

hooks.register("before_publish_page", before_publishing)
hooks.register("before_bulk_action", before_bulk_publishing)


@hooks.register("register_admin_viewset")
def story_viewset() -> StoryViewSet:
    return StoryViewSet("story_pages")


@hooks.register("construct_admin_api")
def read_only_api(router: Any) -> None:
    """The admin's JSON API publishes past every check of ours, and no screen uses that: it only reads here."""

    class ReadOnlyPages(PagesAdminAPIViewSet):
        actions: dict[str, Any] = {}

    router.register_endpoint("pages", ReadOnlyPages)


@hooks.register("register_admin_urls")
def schedule_urls() -> list[Any]:
    return [
        path("lich-dang/<int:slot_id>/xep-bai/", views.AssignView.as_view(), name="schedule_assign"),
        path("lich-dang/<int:slot_id>/chuyen-ky/", views.MoveView.as_view(), name="schedule_move"),
        path("lich-dang/<int:slot_id>/nghi-ky/", views.SkipView.as_view(), name="schedule_skip"),
        path("lich-dang/<int:slot_id>/sua/", views.ChangeView.as_view(), name="schedule_change"),
        path("lich-dang/<int:slot_id>/rut-bai/", views.UnassignView.as_view(), name="schedule_unassign"),
        path("lich-dang/<int:slot_id>/mo-lai/", views.ReopenView.as_view(), name="schedule_reopen"),
        path("lich-dang/<int:slot_id>/thay-bai/", actions.SubstituteView.as_view(), name="schedule_substitute"),
        path("lich-dang/<int:slot_id>/doi-cho/", actions.SwapView.as_view(), name="schedule_swap"),
        path("lich-dang/<int:slot_id>/doi-ngay/", actions.DayView.as_view(), name="schedule_day"),
        path("lich-dang/<int:slot_id>/van-dang/", actions.KeepView.as_view(), name="schedule_keep"),
        path("lich-dang/hoan-tac/<uuid:batch>/", UndoView.as_view(), name="schedule_undo"),
        path("lich-dang/bai-goi-dau/", ReserveView.as_view(), name="schedule_reserve"),
        path("tin-bai/<int:story_id>/tam-giu/", actions.HoldView.as_view(), name="schedule_hold"),
        path("tin-bai/<int:story_id>/bo-tam-giu/", actions.ReleaseView.as_view(), name="schedule_release"),
        path("tin-bai/<int:story_id>/ky-dang/", views.PlanStoryView.as_view(), name="schedule_plan_story"),
        path("tin-bai/<int:story_id>/hen-gio/", views.ScheduleStoryView.as_view(), name="schedule_story"),
        path("tin-bai/<int:story_id>/huy-hen-gio/", views.CancelScheduleView.as_view(), name="schedule_cancel"),
        path("tin-bai/<int:story_id>/bang-chung/", ProofView.as_view(), name="schedule_proof"),
        path("tin-bai/<int:story_id>/bang-chung/lai/", ProofAgainView.as_view(), name="schedule_proof_again"),
    ]


class ReserveMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(FILL))


@hooks.register("register_admin_menu_item")
def reserve_menu_item() -> MenuItem:
    return ReserveMenuItem(
        ReserveView.page_title, reverse("schedule_reserve"), name="reserve", icon_name=ReserveView.header_icon, order=61
    )


class ScheduleMenuItem(ActionMenuItem):
    """*Hẹn giờ đăng*, once the newest version is approved."""

    name = "action-schedule"
    label = gettext_lazy("Hẹn giờ đăng")
    icon_name = "calendar-check"
    order = 25

    def is_shown(self, context: dict[str, Any]) -> bool:
        page = context.get("page")
        if context["view"] != "edit" or not isinstance(page, Story) or context["locked_for_user"]:
            return False
        revision = page.get_latest_revision()
        return (
            context["request"].user.has_perm(SCHEDULE)
            and (not page.live or page.has_unpublished_changes)
            and revision is not None
            and is_approved(revision)
        )

    def get_url(self, parent_context: dict[str, Any]) -> str:
        return reverse("schedule_story", args=[parent_context["page"].pk])


@hooks.register("register_page_action_menu_item")
def schedule_action() -> ActionMenuItem:
    return ScheduleMenuItem()


class SlotLog(LogFormatter):
    """What happened to a story's Thursday, in the ledger's words."""

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        sentence = str(SlotAction(log_entry.action.removeprefix(LOG_PREFIX)).label)
        if data.get("day"):  # a story may be held that is on no Thursday
            day = format_day_long(date.fromisoformat(data["day"]))
            sentence = _("%(action)s: kỳ %(day)s") % {"action": sentence, "day": day}
        return f"{sentence} ({data['reason']})" if data.get("reason") else sentence


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    for action in SlotAction:
        formatter = type("SlotLogOf" + action.name, (SlotLog,), {"label": action.label})
        actions.register_action(f"{LOG_PREFIX}{action}")(formatter)
    actions.register_action(reserve.LOG_ADDED, gettext_lazy("Thêm vào bài gối đầu"), gettext_lazy("Là bài gối đầu"))
    actions.register_action(
        reserve.LOG_REMOVED, gettext_lazy("Bỏ khỏi bài gối đầu"), gettext_lazy("Thôi là bài gối đầu")
    )

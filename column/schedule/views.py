"""The schedule's screens inside the admin. Looking changes nothing; every change is a post with Wagtail's CSRF."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, View
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from column.schedule import slots
from column.schedule.calendar.balance import balance
from column.schedule.forms import AssignForm, ChangeForm, MomentForm, OffSlotForm, SkipForm, SlotForm
from column.schedule.listing import SlotRow, slot_rows, statuses_of
from column.schedule.models import Slot
from column.schedule.rules import ScheduleProblem
from column.schedule.scheduling import cancel_schedule, schedule_story
from column.schedule.taking_back import FILL, SCHEDULE, say_done
from column.stories.models import Article, ColumnPage, Story
from column.stories.views import StoryScreen
from column.text.dates import format_day_long, format_moment, quarter_of


def list_url(day: date) -> str:
    """The quarter of a day on the board."""
    return f"{reverse('schedule_slots')}?quy={day.year}-{quarter_of(day)}"


class SlotScreen(WagtailAdminTemplateMixin, FormView[Any]):
    """A form about one slot."""

    template_name = "schedule/desk/slot_form.html"
    header_icon = "calendar"
    permissions: ClassVar[tuple[str, ...]] = (FILL,)
    button: ClassVar[Any]
    done: ClassVar[Any]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perms(self.permissions):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def slot(self) -> Slot:
        return get_object_or_404(Slot.objects.select_related("column"), pk=self.kwargs["slot_id"])

    @cached_property
    def row(self) -> SlotRow:
        return slot_rows([self.slot], timezone.now())[0]

    @property
    def scheduled(self) -> str:
        """The slot's story, when its schedule stands in the way and this person may cancel it."""
        status = self.row.status
        if status is None or status.scheduled_at is None or not self.request.user.has_perm(SCHEDULE):
            return ""
        return status.story.draft_title

    @property
    def back(self) -> str:
        return get_valid_next_url_from_request(self.request) or list_url(self.slot.day)

    @property
    def also(self) -> dict[str, str]:
        """The url and label of what people look for here and find elsewhere; empty when there is none."""
        return {}

    def get_page_subtitle(self) -> str:
        return format_day_long(self.slot.day)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": list_url(self.slot.day), "label": _("Lịch đăng")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            slot=self.slot, row=self.row, button=self.button, back=self.back, also=self.also, **kwargs
        )

    def act(self, data: dict[str, Any], batch: uuid.UUID) -> None:
        """Do it, under that batch. Raises ``ScheduleProblem``."""
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        batch = uuid.uuid4()
        try:
            self.act(form.cleaned_data, batch)
        except ScheduleProblem as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        say_done(self.request, self.done % {"day": format_day_long(self.slot.day)}, batch, back=self.back)
        return HttpResponseRedirect(self.back)


class AssignView(SlotScreen):
    form_class = AssignForm
    template_name = "schedule/calendar/assign.html"
    page_title = gettext_lazy("Xếp bài vào kỳ")
    button = gettext_lazy("Xếp vào kỳ này")
    done = gettext_lazy("Đã xếp bài vào kỳ %(day)s. Bài chưa được hẹn giờ.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "column": self.slot.column}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(balance=balance(self.slot.column, self.slot.issue_day), **kwargs)

    def act(self, data: dict[str, Any], batch: uuid.UUID) -> None:
        slots.assign(self.slot, data["article"], self.request.user, batch=batch)


class MoveView(SlotScreen):
    form_class = SlotForm
    page_title = gettext_lazy("Chuyển bài sang kỳ khác")
    button = gettext_lazy("Chuyển kỳ")
    done = gettext_lazy("Đã chuyển bài của kỳ %(day)s.")

    @property
    def also(self) -> dict[str, str]:
        url = reverse("schedule_swap", args=[self.slot.pk])
        return {"url": url, "label": _("Kỳ muốn chuyển đến đã có bài? Đổi chỗ hai bài")}

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = {"column": self.slot.column, "since": timezone.localdate(), "scheduled": self.scheduled}
        return {**super().get_form_kwargs(), **kwargs}

    def act(self, data: dict[str, Any], batch: uuid.UUID) -> None:
        unschedule = data.get("unschedule", False)
        slots.move(self.slot, data["slot"], self.request.user, unschedule=unschedule, batch=batch)


class SkipView(SlotScreen):
    form_class = SkipForm
    page_title = gettext_lazy("Nghỉ kỳ")
    button = gettext_lazy("Cho nghỉ kỳ này")
    done = gettext_lazy("Kỳ %(day)s nghỉ.")

    def act(self, data: dict[str, Any], batch: uuid.UUID) -> None:
        slots.skip(self.slot, data["reason"], self.request.user, batch=batch)


class ChangeView(SlotScreen):
    form_class = ChangeForm
    page_title = gettext_lazy("Giờ và lời báo trước")
    button = gettext_lazy("Lưu")
    done = gettext_lazy("Đã lưu kỳ %(day)s.")

    @property
    def also(self) -> dict[str, str]:
        return {"url": reverse("schedule_day", args=[self.slot.pk]), "label": _("Dời sang ngày khác trong tuần")}

    def get_initial(self) -> dict[str, Any]:
        return {"publish_time": self.slot.publish_time, "teaser": self.slot.teaser}

    def act(self, data: dict[str, Any], batch: uuid.UUID) -> None:
        slots.change(self.slot, user=self.request.user, batch=batch, **data)


class SlotActionView(View):
    """One click on a slot, by post alone."""

    http_method_names = ["post"]
    act: Callable[..., Any]
    done: str = ""

    def post(self, request: HttpRequest, slot_id: int) -> HttpResponse:
        if not request.user.has_perm(FILL):
            raise PermissionDenied
        slot = get_object_or_404(Slot.objects.select_related("column"), pk=slot_id)
        back, batch = get_valid_next_url_from_request(request) or list_url(slot.day), uuid.uuid4()
        try:
            type(self).act(slot, request.user, batch=batch)
        except ScheduleProblem as problem:
            messages.error(request, str(problem))
        else:
            say_done(request, self.done % {"day": format_day_long(slot.day)}, batch, back=back)
        return HttpResponseRedirect(back)


class UnassignView(SlotActionView):
    act = staticmethod(slots.unassign)
    done = gettext_lazy("Đã rút bài khỏi kỳ %(day)s; bài trở lại danh sách bản nháp.")  # type: ignore[assignment]


class ReopenView(SlotActionView):
    act = staticmethod(slots.reopen)
    done = gettext_lazy("Kỳ %(day)s mở lại.")  # type: ignore[assignment]


class PlanStoryView(StoryScreen):
    """From the story: choose its Thursday."""

    permission = FILL
    form_class = SlotForm
    template_name = "schedule/desk/story_form.html"
    page_title = gettext_lazy("Xếp bài vào kỳ")
    header_icon = "calendar"

    def get_form_kwargs(self) -> dict[str, Any]:
        column = get_object_or_404(ColumnPage, pk=self.story.get_parent().pk)
        return {**super().get_form_kwargs(), "column": column, "since": timezone.localdate()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            button=_("Xếp vào kỳ"), back=self.edit_url, status=statuses_of([self.story])[0], **kwargs
        )

    def form_valid(self, form: forms.Form) -> HttpResponse:
        slot: Slot = form.cleaned_data["slot"]
        back, batch = get_valid_next_url_from_request(self.request) or self.edit_url, uuid.uuid4()
        try:
            slots.assign(slot, self.story, self.request.user, batch=batch)
        except ScheduleProblem as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        say_done(self.request, AssignView.done % {"day": format_day_long(slot.day)}, batch, back=back)
        return HttpResponseRedirect(back)


class ScheduleStoryView(StoryScreen):
    """*Hẹn giờ đăng*: what will happen and when, asked once; or what is still missing."""

    permission = SCHEDULE
    template_name = "schedule/desk/story_form.html"
    page_title = gettext_lazy("Hẹn giờ đăng")
    header_icon = "calendar-check"

    @cached_property
    def slot(self) -> Slot | None:
        return None if self.story.live else Slot.objects.filter(story=self.story.pk, published_at=None).first()

    @property
    def needs_slot(self) -> bool:
        never_out = not self.story.live and not self.story.first_published_at
        return self.slot is None and isinstance(self.story, Article) and never_out

    @property
    def back(self) -> str:
        return get_valid_next_url_from_request(self.request) or self.edit_url

    def get_form_class(self) -> type[forms.Form]:
        if self.slot:
            return forms.Form
        return OffSlotForm if self.needs_slot else MomentForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        status = statuses_of([Story.objects.get(pk=self.story.pk)])[0]
        return super().get_context_data(
            button=_("Hẹn giờ đăng"),
            back=self.back,
            status=status,
            slot=self.slot,
            due_at=format_moment(self.slot.due_at) if self.slot else "",
            due_has_passed=bool(self.slot and self.slot.due_at <= timezone.now()),
            scheduled_at=format_moment(status.scheduled_at) if status.scheduled_at else "",
            needs_slot=self.needs_slot,
            cannot=not status.ready,
            **kwargs,
        )

    def form_valid(self, form: forms.Form) -> HttpResponse:
        batch = uuid.uuid4()
        try:
            at = schedule_story(self.story, self.request.user, timezone.now(), batch=batch, **form.cleaned_data)
        except ScheduleProblem as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        sentence = _("“%(title)s” sẽ tự lên trang lúc %(at)s.")
        sentence %= {"title": self.story.draft_title, "at": format_moment(at)}
        say_done(self.request, sentence, batch, back=self.back)
        return HttpResponseRedirect(self.back)


class CancelScheduleView(View):
    """*Hủy hẹn giờ*, by post alone."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, story_id: int) -> HttpResponse:
        if not request.user.has_perm(SCHEDULE):
            raise PermissionDenied
        story = get_object_or_404(Story, pk=story_id)
        batch = uuid.uuid4()
        back = get_valid_next_url_from_request(request) or reverse("wagtailadmin_pages:edit", args=[story.pk])
        try:
            cancel_schedule(story, request.user, batch=batch)
        except ScheduleProblem as problem:
            messages.error(request, str(problem))
        else:
            sentence = _("Đã hủy hẹn giờ; “%(title)s” vẫn là bản nháp.") % {"title": story.draft_title}
            say_done(request, sentence, batch, back=back)
        return HttpResponseRedirect(back)

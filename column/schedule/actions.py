"""The screens of what is done to a Thursday when things do not go as planned; and the one button that takes it back."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.utils import get_valid_next_url_from_request

from column.schedule import days, holding, slots, substituting
from column.schedule.action_forms import DayForm, ReasonForm, ReleaseForm, SubstituteForm, SwapForm, days_around
from column.schedule.listing import StoryStatus, statuses_of
from column.schedule.models import Hold, Slot
from column.schedule.reserve import ReserveRow, reserve_rows
from column.schedule.rules import ScheduleProblem
from column.schedule.taking_back import FILL, SCHEDULE, say_done
from column.schedule.views import SlotActionView, SlotScreen
from column.stories.models import Story
from column.stories.views import StoryScreen
from column.text.dates import format_day_long, format_moment


class SubstituteView(SlotScreen):
    """*Thay bài*: choose, say why, confirm; one screen, made for a phone late in the evening."""

    permissions = (FILL, SCHEDULE)
    form_class = SubstituteForm
    template_name = "schedule/desk/substitute.html"
    page_title = gettext_lazy("Thay bài")
    header_icon = "rotate"
    done = gettext_lazy("Đã thay bài của kỳ %(day)s và hẹn giờ; bài bị thay trở lại danh sách bản nháp.")

    @cached_property
    def reserve(self) -> list[ReserveRow]:
        return reserve_rows(timezone.now(), slot=self.slot)

    @property
    def at_once(self) -> bool:
        return self.slot.due_at <= timezone.now()

    @property
    def button(self) -> str:
        if self.at_once:
            return _("Thay bài và cho lên trang ngay")
        return _("Thay bài và hẹn giờ %(at)s") % {"at": format_moment(self.slot.due_at)}

    def get_initial(self) -> dict[str, Any]:
        return {"replaces": self.slot.story_id}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "rows": [row for row in self.reserve if not row.obstacle]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            usable=[row for row in self.reserve if not row.obstacle],
            unusable=[row for row in self.reserve if row.obstacle],
            at_once=self.at_once,
            **kwargs,
        )

    def act(self, data: dict[str, Any], batch: uuid.UUID) -> None:
        story = next(row.story for row in self.reserve if str(row.story.pk) == data["article"])
        substituting.substitute(
            self.slot, story, data["why"], self.request.user, timezone.now(), failed=data["replaces"], batch=batch
        )


class SwapView(SlotScreen):
    form_class = SwapForm
    page_title = gettext_lazy("Đổi chỗ với kỳ khác")
    button = gettext_lazy("Đổi chỗ hai bài")
    done = gettext_lazy("Đã đổi chỗ bài của kỳ %(day)s với kỳ kia. Cả hai đều là dự kiến.")

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = {"slot": self.slot, "since": timezone.localdate(), "may_unschedule": self.may_schedule}
        return {**super().get_form_kwargs(), **kwargs}

    @property
    def may_schedule(self) -> bool:
        return bool(self.request.user.has_perm(SCHEDULE))

    def act(self, data: dict[str, Any], batch: uuid.UUID) -> None:
        agreed = data.get("unschedule", False)
        slots.swap(self.slot, data["slot"], self.request.user, unschedule=agreed, batch=batch)


class DayView(SlotScreen):
    form_class = DayForm
    template_name = "schedule/desk/day.html"
    page_title = gettext_lazy("Dời ngày đăng")
    button = gettext_lazy("Dời ngày")
    done = gettext_lazy("Đã dời ngày đăng của kỳ %(day)s.")

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = {"choices": days_around(self.slot, timezone.localdate()), "scheduled": self.scheduled}
        return {**super().get_form_kwargs(), **kwargs}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(issue_day=format_day_long(self.slot.issue_day), **kwargs)

    def act(self, data: dict[str, Any], batch: uuid.UUID) -> None:
        days.move_day(
            self.slot, data["day"], data["reason"], self.request.user, timezone.now(),
            unschedule=data.get("unschedule", False), batch=batch,
        )  # fmt: skip


class KeepView(SlotActionView):
    """*Vẫn đăng* within the Tết break."""

    act = staticmethod(days.keep)
    done = gettext_lazy("Kỳ %(day)s vẫn đăng trong kỳ nghỉ Tết.")  # type: ignore[assignment]


class HoldScreen(StoryScreen):
    """A form about holding one story; what it did can be taken back when the story is on a Thursday."""

    permission = SCHEDULE
    template_name = "schedule/desk/hold.html"
    header_icon = "lock"
    button: ClassVar[Any]

    @property
    def back(self) -> str:
        return get_valid_next_url_from_request(self.request) or self.edit_url

    @cached_property
    def status(self) -> StoryStatus:
        return statuses_of([Story.objects.get(pk=self.story.pk)])[0]

    @cached_property
    def slot(self) -> Slot | None:
        return None if self.story.live else Slot.objects.filter(story=self.story.pk, published_at=None).first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            button=self.button, back=self.back, status=self.status, slot=self.slot,
            day=format_day_long(self.slot.day) if self.slot else "", **kwargs,
        )  # fmt: skip

    def act(self, data: dict[str, Any], batch: uuid.UUID) -> str:
        """Do it, and say so. Raises ``ScheduleProblem``."""
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        batch = uuid.uuid4()
        try:
            sentence = self.act(form.cleaned_data, batch)
        except ScheduleProblem as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        say_done(self.request, sentence, batch, back=self.back)
        return HttpResponseRedirect(self.back)


class HoldView(HoldScreen):
    form_class = ReasonForm
    page_title = gettext_lazy("Tạm giữ")
    button = gettext_lazy("Tạm giữ bài")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        at = self.status.scheduled_at
        return super().get_context_data(scheduled_at=format_moment(at) if at else "", **kwargs)

    def act(self, data: dict[str, Any], batch: uuid.UUID) -> str:
        holding.hold(self.story, data["why"], self.request.user, timezone.now(), batch=batch)
        return _("Đã tạm giữ “%(title)s”; bài không lên trang cho đến khi được bỏ tạm giữ.") % self._title

    @property
    def _title(self) -> dict[str, str]:
        return {"title": self.story.draft_title}


class ReleaseView(HoldScreen):
    form_class = ReleaseForm
    page_title = gettext_lazy("Bỏ tạm giữ")
    header_icon = "lock-open"
    button = gettext_lazy("Bỏ tạm giữ")

    @cached_property
    def hold(self) -> Hold | None:
        return Hold.objects.filter(story=self.story.pk).select_related("held_by").first()

    @cached_property
    def was_scheduled(self) -> bool:
        return holding.was_scheduled(self.story)

    def get_form_kwargs(self) -> dict[str, Any]:
        # Offered when nothing but the hold stands in the way.
        offered = self.slot is not None and self.hold is not None and not self.status.gaps.required
        due = self.slot.due_at if offered and self.slot else None
        return {**super().get_form_kwargs(), "due": due, "suggested": self.was_scheduled, "now": timezone.now()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        hold = self.hold
        return super().get_context_data(
            hold=hold, held_at=format_moment(hold.held_at) if hold else "", was_scheduled=self.was_scheduled, **kwargs
        )

    def act(self, data: dict[str, Any], batch: uuid.UUID) -> str:
        again = data.get("schedule", False)
        at = holding.release(self.story, self.request.user, timezone.now(), schedule=again, batch=batch)
        title = {"title": self.story.draft_title}
        if at is not None:
            return _("Đã bỏ tạm giữ; “%(title)s” sẽ tự lên trang lúc %(at)s.") % {**title, "at": format_moment(at)}
        return _("Đã bỏ tạm giữ “%(title)s”. Bài chưa được hẹn giờ.") % title

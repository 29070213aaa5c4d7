"""What the screens of :mod:`column.schedule.actions` accept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from column.schedule.days import FARTHEST
from column.schedule.forms import SlotChoice, UnscheduleForm
from column.schedule.holidays import HolidayCalendar
from column.schedule.models import Slot
from column.schedule.reserve import ReserveRow
from column.text.dates import format_day_long, format_moment
from column.text.fields import CleanCharField

OTHER = "other"

#: Why a story does not go out, in neutral words; the ledger keeps the sentence, not its key.
REASONS = {
    "unfinished": gettext_lazy("Bài chưa hoàn thành"),
    "unverified": gettext_lazy("Thông tin chưa xác minh xong"),
    "photos": gettext_lazy("Thiếu ảnh, tư liệu"),
    "timing": gettext_lazy("Chưa hợp thời điểm"),
    OTHER: gettext_lazy("Lý do khác, ghi ở dưới"),
}


class ReasonForm(forms.Form):
    """A reason by one touch, or in one's own words; ``why`` is what is kept."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Lý do"), choices=list(REASONS.items()), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Hãy chọn một lý do.")},
    )  # fmt: skip
    own_words = CleanCharField(label=gettext_lazy("Ghi thêm"), required=False, max_length=150)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen, words = cleaned.get("reason"), (cleaned.get("own_words") or "").strip()
        if chosen == OTHER and not words and "own_words" not in self.errors:
            self.add_error("own_words", _("Hãy ghi lý do, hoặc chọn một lý do có sẵn."))
        if chosen:
            cleaned["why"] = ": ".join(filter(None, ["" if chosen == OTHER else str(REASONS[chosen]), words]))
        return cleaned


class SubstituteForm(ReasonForm):
    article = forms.ChoiceField(
        label=gettext_lazy("Bài thay"), widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Hãy chọn một bài gối đầu."),
            "invalid_choice": gettext_lazy("Bài này không dùng được cho kỳ này nữa; hãy chọn bài khác."),
        },
    )  # fmt: skip
    replaces = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1, required=False)

    def __init__(self, *args: Any, rows: Sequence[ReserveRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["article"].choices = [(str(row.story.pk), row.story.draft_title) for row in rows]  # type: ignore[attr-defined]


class ReleaseForm(forms.Form):
    """*due* is when it could go out again; None when it cannot be scheduled as it stands."""

    def __init__(self, *args: Any, due: datetime | None, suggested: bool, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if due is not None:
            at = {"at": format_moment(due)}
            label = (
                _("Hẹn giờ lại: lên trang lúc %(at)s") % at
                if due > now
                else _("Cho lên trang ngay: giờ của kỳ, %(at)s, đã qua") % at
            )
            self.fields["schedule"] = forms.BooleanField(label=label, required=False, initial=suggested and due > now)


class FilledSlot(SlotChoice):
    def label_from_instance(self, obj: Any) -> str:
        return f"{super().label_from_instance(obj)} · {obj.story.draft_title}"


class SwapForm(forms.Form):
    """Choose another Thursday with a draft on it."""

    slot = FilledSlot(
        queryset=Slot.objects.none(), label=gettext_lazy("Đổi với kỳ"), empty_label=gettext_lazy("Chọn một kỳ có bài"),
        help_text=gettext_lazy("Đổi chỗ không bao giờ tự đăng bài."),
    )  # fmt: skip

    def __init__(self, *args: Any, slot: Slot, since: date, may_unschedule: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        drafts = Slot.objects.filter(
            column=slot.column_id, story__live=False, story__first_published_at=None, day__gte=since
        )
        others = drafts.exclude(pk=slot.pk).select_related("story").defer("story__body").order_by("day")
        self.fields["slot"].queryset = others  # type: ignore[attr-defined]
        if may_unschedule:
            self.fields["unschedule"] = forms.BooleanField(
                label=_("Nếu một trong hai bài đã hẹn giờ: đồng ý hủy hẹn giờ"), required=False,
                help_text=_("Bài trở lại dự kiến và không tự lên trang nữa, cho đến khi được hẹn giờ lại."),
            )  # fmt: skip


def days_around(slot: Slot, today: date) -> list[tuple[str, str]]:
    """The days to which a slot may be moved, each with what it is; two queries."""
    calendar = HolidayCalendar.load()
    first, last = max(slot.day - FARTHEST, today), slot.day + FARTHEST
    taken = set(
        Slot.objects.filter(column=slot.column_id, issue_day__range=(first, last))
        .exclude(pk=slot.pk)
        .values_list("issue_day", flat=True)
    )
    span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    choices = []
    for day in span:
        if day in taken or day == slot.issue_day:
            continue
        off = calendar.on(day)
        remark = _("ngày của kỳ") if day == slot.day else off.name if off else ""
        choices.append((day.isoformat(), " · ".join(filter(None, [format_day_long(day), remark]))))
    return choices


class DayForm(UnscheduleForm):
    day = forms.TypedChoiceField(
        label=gettext_lazy("Ngày đăng mới"), widget=forms.RadioSelect, coerce=date.fromisoformat,
        help_text=gettext_lazy("Giờ lên trang của kỳ giữ nguyên; hạn nộp bài và hạn duyệt tính lại theo ngày mới."),
        error_messages={"required": gettext_lazy("Hãy chọn ngày đăng.")},
    )  # fmt: skip
    reason = CleanCharField(
        label=gettext_lazy("Lý do dời ngày"), max_length=200, required=False,
        help_text=gettext_lazy("Bắt buộc, trừ khi dời về ngày của kỳ. Được lưu mãi cùng kỳ đăng."),
    )  # fmt: skip

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].choices = choices  # type: ignore[attr-defined]

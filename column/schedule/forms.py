"""What the schedule's screens accept."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from column.schedule.models import Slot
from column.stories.models import Article, ColumnPage
from column.text.dates import format_day_long, format_moment
from column.text.fields import CleanCharField, MomentField


def drafts_of(column: ColumnPage) -> QuerySet[Article]:
    """Articles that may still be planned: never published, on no Thursday; the newest first."""
    drafts: QuerySet[Article] = (
        Article.objects.child_of(column)
        .filter(live=False, first_published_at__isnull=True, slot__isnull=True)
        .select_related("owner")
        .defer("body")
        .order_by("-latest_revision_created_at", "-pk")
    )
    return drafts


class ArticleChoice(forms.ModelChoiceField[Article]):
    def to_python(self, value: Any) -> Article | None:
        if value and len(str(value)) > 9:  # no key reaches it, and the databases fail on it
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value})
        return super().to_python(value)

    def label_from_instance(self, obj: Any) -> str:
        parts = [obj.draft_title]
        if obj.owner:
            parts.append(obj.owner.get_full_name())
        if obj.latest_revision_created_at:
            parts.append(format_moment(obj.latest_revision_created_at))
        return " · ".join(parts)


class AssignForm(forms.Form):
    article = ArticleChoice(
        queryset=Article.objects.none(), label=_("Bài viết"), empty_label=_("Chọn một bản nháp"),
        help_text=_("Các bài chưa đăng và chưa thuộc kỳ nào; bài sửa gần nhất ở trên."),
    )  # fmt: skip

    def __init__(self, *args: Any, column: ColumnPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["article"].queryset = drafts_of(column)  # type: ignore[attr-defined]


class SlotChoice(forms.ModelChoiceField[Slot]):
    def label_from_instance(self, obj: Any) -> str:
        return f"{format_day_long(obj.day)} · {obj.publish_time:%H:%M}"


def free_slots(column: ColumnPage, since: date) -> QuerySet[Slot]:
    return Slot.objects.filter(column=column, story=None, skip_reason="", day__gte=since).order_by("day")


class UnscheduleForm(forms.Form):
    """A step that would cancel a schedule asks first: *scheduled* is the title of the story that has one."""

    def __init__(self, *args: Any, scheduled: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if scheduled:
            self.fields["unschedule"] = forms.BooleanField(
                label=_("Đồng ý hủy hẹn giờ của “%(title)s”") % {"title": scheduled},
                help_text=_("Bài trở lại dự kiến và không tự lên trang nữa, cho đến khi được hẹn giờ lại."),
                error_messages={"required": _("Bài đã hẹn giờ; muốn tiếp tục, hãy đánh dấu đồng ý hủy hẹn giờ.")},
            )


class SlotForm(UnscheduleForm):
    """Choose one of the column's free Thursdays."""

    slot = SlotChoice(
        queryset=Slot.objects.none(), label=_("Kỳ đăng"), empty_label=_("Chọn một kỳ còn trống"),
        help_text=_("Xếp hay chuyển kỳ không bao giờ tự đăng bài."),
    )  # fmt: skip

    def __init__(self, *args: Any, column: ColumnPage, since: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].queryset = free_slots(column, since)  # type: ignore[attr-defined]


class SkipForm(forms.Form):
    reason = CleanCharField(
        label=_("Lý do nghỉ kỳ"), max_length=200, help_text=_("Được lưu mãi cùng kỳ đăng. Ví dụ: nghỉ Tết Đinh Dậu."),
    )  # fmt: skip


class ChangeForm(forms.Form):
    publish_time = forms.TimeField(
        label=_("Giờ lên trang"), help_text=_("Giờ Đà Nẵng, dạng 06:00."), input_formats=["%H:%M", "%Hh%M", "%H.%M"],
        widget=forms.TimeInput(format="%H:%M", attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"invalid": _("Hãy ghi giờ theo dạng 06:00.")},
    )  # fmt: skip
    teaser = CleanCharField(
        label=_("Lời báo trước cho bạn đọc"), max_length=200, required=False,
        help_text=_("Hiện ở trang nhất bên ngày của kỳ tới; bỏ trống thì chỉ hiện ngày."),
    )  # fmt: skip


class MomentForm(forms.Form):
    """When a story without a slot goes out."""

    at = MomentField(
        label=_("Ngày giờ lên trang"), help_text=_("Giờ Đà Nẵng. Ví dụ: 14:12, 16/02/2017."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class OffSlotForm(MomentForm):
    """The same for an article, which has a Thursday unless somebody says that it is *ngoài kỳ*."""

    off_slot = forms.BooleanField(
        label=_("Đăng ngoài kỳ"),
        help_text=_(
            "Bài không chiếm kỳ nào; ngày đăng của bài là ngày của giờ đã chọn, và bài được đếm riêng với bài của kỳ."
        ),
        error_messages={"required": _("Bài chưa có kỳ đăng: hãy xếp bài vào một kỳ, hoặc đánh dấu là đăng ngoài kỳ.")},
    )

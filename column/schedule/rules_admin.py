"""*Quy tắc kỳ đăng* and *Ngày nghỉ* in the admin: when the column appears is data, told back in words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets import AdminDateInput
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from column.enums import HolidayKind
from column.schedule.models import Holiday, ScheduleSettings, Slot, SlotRule
from column.schedule.rhythm import Rhythm
from column.schedule.rules import column_days
from column.schedule.slots import ensure_all_slots
from column.stories.models import ColumnPage
from column.text.dates import WEEKDAYS, format_day, format_day_long

#: A break of the newsroom is never longer; more is a slip of the pen.
LONGEST_BREAK = timedelta(days=30)


def rule_in_words(rule: SlotRule) -> str:
    """Thứ Năm hằng tuần, 06:00; hạn nộp bài 17:00 Thứ Hai trước đó; hạn duyệt 17:00 Thứ Tư trước đó."""
    words = [
        _("%(weekday)s hằng tuần, %(clock)s")
        % {"weekday": WEEKDAYS[rule.weekday], "clock": f"{rule.publish_time:%H:%M}"},
        _("hạn nộp bài %(when)s") % {"when": _deadline(rule.weekday, rule.draft_days, f"{rule.draft_time:%H:%M}")},
        _("hạn duyệt %(when)s") % {"when": _deadline(rule.weekday, rule.approval_days, f"{rule.approval_time:%H:%M}")},
    ]
    if rule.first_day:
        words.append(_("từ %(day)s") % {"day": format_day(rule.first_day)})
    if rule.last_day:
        words.append(_("đến hết %(day)s") % {"day": format_day(rule.last_day)})
    return "; ".join(words)


def _deadline(weekday: int, days: int, clock: str) -> str:
    if days == 0:
        return _("%(clock)s cùng ngày") % {"clock": clock}
    on = WEEKDAYS[(weekday - days) % 7]
    if days <= 7:
        return _("%(clock)s %(weekday)s trước đó") % {"clock": clock, "weekday": on}
    return _("%(clock)s %(weekday)s, trước %(days)s ngày") % {"clock": clock, "weekday": on, "days": days}


def holiday_in_words(holiday: Holiday) -> str:
    """What the day does to slots and deadlines."""
    if holiday.kind == HolidayKind.WORKING:
        return _("Kỳ đăng và các hạn rơi vào ngày này giữ nguyên.")
    if holiday.kind == HolidayKind.TET:
        return _("Kỳ rơi vào ngày này sẽ hỏi: đăng, dời hay nghỉ; các hạn lùi về ngày làm việc trước.")
    return _("Kỳ rơi vào ngày này vẫn đăng; các hạn lùi về ngày làm việc trước.")


class WordsPanel(HelpPanel):
    """What has been saved, told back."""

    class BoundPanel(HelpPanel.BoundPanel):
        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            rule, today = self.instance, timezone.localdate()
            coming = list(Rhythm([rule]).days(today, today + timedelta(weeks=5)))[:4]
            return {**context, "words": rule_in_words(rule), "coming": [format_day_long(day) for day in coming]}

        def is_shown(self) -> bool:
            return self.instance.pk is not None and bool(super().is_shown())


class SlotRuleForm(WagtailAdminModelForm):
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("Ngày cuối đứng trước ngày đầu; hãy xem lại hai ngày."))
        elif cleaned.get("column") and cleaned.get("weekday") is not None:
            # Each error takes its field out of what is clean.
            column, weekday = cleaned["column"], cleaned["weekday"]
            self._check_alone(column, weekday, first or date.min, last or date.max)
            self._check_past(column, undated=first is None)
            self._check_missed(column, weekday, first or date.min, last or date.max)
        return cleaned

    def _check_past(self, column: ColumnPage, *, undated: bool) -> None:
        """Days that are over must not become slots that were missed: rules begin and end, they are not rewritten."""
        saved = SlotRule.objects.filter(pk=self.instance.pk).first()
        if undated and (saved.first_day if saved else Slot.objects.filter(column=column).exists()):
            self.add_error("first_day", _("Hãy ghi ngày bắt đầu áp dụng, để những ngày đã qua không thành kỳ bỏ lỡ."))
        if saved is None or (saved.first_day or date.min) > timezone.localdate():
            return
        for name, label in (("weekday", _("thứ")), ("column", _("chuyên mục"))):
            if name in self.changed_data:
                problem = _(
                    "Quy tắc này đang áp dụng nên không đổi %(what)s; hãy ghi ngày cuối cho nó rồi thêm quy tắc mới."
                )
                self.add_error(name, problem % {"what": label})

    def _check_missed(self, column: ColumnPage, weekday: int, first: date, last: date) -> None:
        """Nor by a date: since go-live, a day that is over and belongs to no rule stays without a slot."""
        go_live, today = ScheduleSettings.load().go_live_date, timezone.localdate()
        if go_live is None:
            return
        start, yesterday = max(first, go_live, min(column.start_date or today, today)), today - timedelta(days=1)
        rhythm = Rhythm.of(column.pk)
        present = set(Slot.objects.filter(column=column, day__range=(start, today)).values_list("day", flat=True))
        for day in column_days(start, min(last, yesterday), weekday):
            if day not in present and rhythm.rule(day) is None:
                problem = _("%(day)s đã qua; hãy chọn một ngày từ hôm nay.") % {"day": format_day_long(day)}
                self.add_error("first_day", problem)
                return

    def _check_alone(self, column: ColumnPage, weekday: int, first: date, last: date) -> None:
        others = SlotRule.objects.filter(column=column, weekday=weekday)
        for other in others.exclude(pk=self.instance.pk):
            if (other.first_day or date.min) <= last and first <= (other.last_day or date.max):
                problem = _(
                    "Trùng với quy tắc đã có: %(rule)s. Hãy ghi ngày cuối cho quy tắc kia, hoặc chọn ngày đầu sau đó."
                )
                self.add_error("first_day", problem % {"rule": rule_in_words(other)})


class SlotRuleViewSet(SnippetViewSet):
    """When a column appears; a change begins and ends on a day, and the slots ahead follow at once."""

    model = SlotRule
    icon = "calendar-alt"
    menu_label = gettext_lazy("Quy tắc kỳ đăng")
    menu_order = 620
    add_to_settings_menu = True
    copy_view_enabled = False
    search_backend_name = None
    list_display = [
        "__str__",
        Column("words", label=gettext_lazy("Quy tắc"), accessor=rule_in_words),
        Column("column", label=gettext_lazy("Chuyên mục")),
    ]
    edit_handler = ObjectList(
        [
            WordsPanel(template="schedule/desk/rule_words.html", heading=gettext_lazy("Quy tắc đang lưu")),
            FieldPanel("column"),
            FieldRowPanel([FieldPanel("weekday"), FieldPanel("publish_time")]),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("draft_days"), FieldPanel("draft_time")]),
                    FieldRowPanel([FieldPanel("approval_days"), FieldPanel("approval_time")]),
                ],
                heading=gettext_lazy("Các hạn (rơi vào ngày nghỉ thì lùi về ngày làm việc trước)"),
            ),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("first_day"), FieldPanel("last_day")])],
                heading=gettext_lazy("Thời gian áp dụng (bỏ trống: không giới hạn)"),
            ),
        ],
        base_form_class=SlotRuleForm,
    )


class HolidayForm(WagtailAdminModelForm):
    until = forms.DateField(
        label=gettext_lazy("đến hết ngày"), required=False, widget=AdminDateInput,
        help_text=gettext_lazy("Cho cả đợt nghỉ: mọi ngày trong khoảng được ghi như nhau. Bỏ trống: một ngày."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        day, until = cleaned.get("day"), cleaned.get("until")
        if day and until and until < day:
            self.add_error("until", _("Ngày cuối đứng trước ngày đầu; hãy xem lại hai ngày."))
        elif day and until and until - day > LONGEST_BREAK:
            self.add_error("until", _("Một đợt nghỉ không dài quá 31 ngày; hãy xem lại hai ngày."))
        return cleaned

    @transaction.atomic
    def save(self, commit: bool = True) -> Any:
        saved = super().save(commit=commit)
        day, until = self.cleaned_data["day"], self.cleaned_data.get("until")
        for number in range(1, (until - day).days + 1 if until else 0):
            Holiday.objects.update_or_create(
                day=day + timedelta(days=number), defaults={"kind": saved.kind, "name": saved.name}
            )
        return saved


class HolidayViewSet(SnippetViewSet):
    """What the newsroom declares of a day, over the calendar of public holidays."""

    model = Holiday
    icon = "date"
    menu_label = gettext_lazy("Ngày nghỉ")
    menu_order = 621
    add_to_settings_menu = True
    copy_view_enabled = False
    search_backend_name = None
    list_per_page = 50
    list_display = [
        "__str__",
        Column("kind", label=gettext_lazy("Là"), accessor="get_kind_display"),
        Column("words", label=gettext_lazy("Nghĩa là"), accessor=holiday_in_words),
    ]
    list_filter = ["kind"]
    edit_handler = ObjectList(
        [
            HelpPanel(
                content=gettext_lazy(
                    "Ngày lễ của nhà nước đã có sẵn trong lịch. Chỉ ghi ở đây những gì tòa soạn quyết định khác: "
                    "đợt nghỉ Tết được công bố mỗi năm, ngày nghỉ bù, ngày làm bù."
                )
            ),
            FieldRowPanel([FieldPanel("day"), FieldPanel("until")]),
            FieldPanel("kind"),
            FieldPanel("name"),
        ],
        base_form_class=HolidayForm,
    )


register_snippet(SlotRuleViewSet)
register_snippet(HolidayViewSet)


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def after_rule_saved(request: HttpRequest, instance: Any) -> None:
    if isinstance(instance, SlotRule):
        _follow(request)


@hooks.register("after_delete_snippet")
def after_rules_deleted(request: HttpRequest, instances: Any) -> None:
    if any(isinstance(instance, SlotRule) for instance in instances):
        _follow(request)


def _follow(request: HttpRequest) -> None:
    """The slots ahead, in line with the rules at once."""
    ensure_all_slots(timezone.localdate())
    messages.info(request, _("Lịch đăng đã theo quy tắc mới; các kỳ đã có bài hay đã sửa thì giữ nguyên."))

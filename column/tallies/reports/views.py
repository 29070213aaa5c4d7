"""*Báo cáo định kỳ*: the schedules, the drafts that wait for a person, and the form of a schedule."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from column.people.models import User
from column.tallies.access import FORM, POST, VIEW, staff_only
from column.tallies.asked import Asked
from column.tallies.reports.models import ReportSchedule, ScheduledReport
from column.tallies.reports.rules import next_day
from column.tallies.table import Tally
from column.text.fields import CleanCharField, TickMany

CHANGE = "column.change_reportschedule"
_DRAFTS_SHOWN = 20


class ScheduleForm(forms.ModelForm[ReportSchedule]):
    """The tally is given by its address, as the screen shows it; its period is left out: that is the rhythm's."""

    query = CleanCharField(
        label=gettext_lazy("Địa chỉ của bảng"), max_length=4000, required=False,
        help_text=gettext_lazy(
            "Mở bảng muốn lập định kỳ, chép địa chỉ trang vào đây. Kỳ báo cáo trong địa chỉ được thay bằng kỳ vừa hết."
        ),
    )  # fmt: skip

    class Meta:
        model = ReportSchedule
        fields = ("name", "query", "rhythm", "days_after", "readers", "is_active")
        widgets = {"readers": TickMany}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        readers = self.fields["readers"]
        assert isinstance(readers, forms.ModelMultipleChoiceField)
        readers.queryset = User.objects.with_perm(
            VIEW, include_superusers=False, backend="django.contrib.auth.backends.ModelBackend"
        ).filter(is_active=True).order_by("display_name", "username")  # fmt: skip
        readers.label_from_instance = User.get_full_name  # type: ignore[assignment]

    def clean_query(self) -> str:
        """The canonical words of the tally, without a period. What nobody can read is refused here."""
        typed = self.cleaned_data["query"]
        try:
            query = urlsplit(typed).query
        except ValueError:
            raise forms.ValidationError(_("Không đọc được địa chỉ này.")) from None
        asked, problems = Asked.parse(QueryDict(query or typed.lstrip("?")))
        now = timezone.now()
        if not problems:
            problems = list(Tally.make(asked, problems, today=timezone.localdate(now), at=now).chosen.problems)
        if problems:
            raise forms.ValidationError(problems)
        return urlsplit(asked.but(period="", since=None, until=None).url()).query


@staff_only()
def schedules(request: HttpRequest) -> HttpResponseBase:
    today = timezone.localdate()
    lines = [
        {
            "schedule": one, "next": next_day(one.rhythm, today, one.days_after) if one.is_active else None,
            "newest": one.reports.select_related("certificate").first(),
        }
        for one in ReportSchedule.objects.select_related("made_by")
    ]  # fmt: skip
    context = {
        "lines": lines, "drafts": ScheduledReport.objects.waiting()[:_DRAFTS_SHOWN],
        "may_change": request.user.has_perm(CHANGE), "noindex": True,
    }  # fmt: skip
    return render(request, "tallies/reports/schedules.html", context)


@staff_only(CHANGE, methods=FORM)
def new(request: HttpRequest) -> HttpResponseBase:
    """A schedule begins with the period that is running: nothing is made for what ended before."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return _edited(request, ReportSchedule(made_by=request.user), _("Thêm báo cáo định kỳ"))


@staff_only(CHANGE, methods=FORM)
def schedule(request: HttpRequest, key: int) -> HttpResponseBase:
    found = get_object_or_404(ReportSchedule, pk=key)
    return _edited(request, found, found.name)


def _edited(request: HttpRequest, found: ReportSchedule, title: str) -> HttpResponseBase:
    was_active = not found._state.adding and found.is_active
    initial: dict[str, Any] = {"query": request.GET.urlencode()} if found._state.adding and request.GET else {}
    form = ScheduleForm(request.POST or None, instance=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        if not was_active:
            # What ended while it slept, or before it was there, is not made up for.
            form.instance.first_day = timezone.localdate()
        form.instance.problem = ""
        form.save()
        return redirect("report_schedules")
    context = {"schedule": found, "form": form, "title": title, "noindex": True}
    return render(request, "tallies/reports/schedule.html", context, status=400 if form.errors else 200)


@staff_only(CHANGE, methods=POST)
def delete(request: HttpRequest, key: int) -> HttpResponseBase:
    """The schedule goes; the drafts and certificates that it made stay."""
    get_object_or_404(ReportSchedule, pk=key).delete()
    return redirect("report_schedules")

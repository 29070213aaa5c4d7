"""*Cân đối đề tài*: the whole of the balance panel on a page of its own."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from column.schedule.calendar.balance import USUAL_WEEKS, WEEKS, balance
from column.schedule.models import Slot
from column.stories.models import ColumnPage
from column.text.dates import DateProblem, parse_day


class BalanceView(WagtailAdminTemplateMixin, TemplateView):
    """Everybody of the newsroom: whoever looks for a subject, too. ``ngay`` and ``tuan`` in the address."""

    template_name = "schedule/calendar/balance.html"
    page_title = gettext_lazy("Cân đối đề tài")
    header_icon = "sliders"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("schedule_slots"), "label": gettext_lazy("Lịch đăng")},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        column = ColumnPage.objects.first()
        if column is None:
            raise Http404
        problem = ""
        try:
            day = self._day(column)
        except DateProblem as found:
            day, problem = timezone.localdate(), str(found)
        asked = self.request.GET.get("tuan", "")
        weeks = int(asked) if asked in {str(weeks) for weeks in WEEKS} else USUAL_WEEKS
        return super().get_context_data(
            **kwargs,
            balance=balance(column, day, weeks=weeks),
            problem=problem,
            windows=[
                {"weeks": one, "url": f"?{urlencode({'ngay': day.isoformat(), 'tuan': one})}", "current": one == weeks}
                for one in WEEKS
            ],
        )

    def _day(self, column: ColumnPage) -> date:
        """The day asked for, else the column's next one that has no story yet."""
        asked = self.request.GET.get("ngay", "").strip()
        if asked:
            return parse_day(asked)
        today = timezone.localdate()
        empty = Slot.objects.upcoming(today).filter(column=column, story=None, skip_reason="")
        return empty.values_list("issue_day", flat=True).first() or today


@hooks.register("register_admin_urls")
def balance_urls() -> list[Any]:
    return [path("lich-dang/can-doi/", BalanceView.as_view(), name="schedule_balance")]

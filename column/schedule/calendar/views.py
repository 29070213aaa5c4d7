"""*Lịch đăng*: a year, a quarter as a board with its tray, a quarter as a list. Looking changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Min
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from column.enums import SlotState
from column.schedule.calendar.asked import BOARD, LIST, YEAR, Asked
from column.schedule.calendar.cards import Card, cards_of
from column.schedule.calendar.rules import Break, breaks
from column.schedule.calendar.tray import add_idea, tray_of
from column.schedule.calendar.viewer import Viewer
from column.schedule.holidays import HolidayCalendar
from column.schedule.listing import ICONS
from column.schedule.models import Slot
from column.text.dates import format_day_long, format_month, quarter_label
from column.text.fields import CleanCharField


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    here: bool


@dataclass(frozen=True)
class Month:
    """Some cards of one month, with its days off (in the year alone)."""

    first: date
    cards: Sequence[Card]
    breaks: Sequence[Break] = ()
    is_now: bool = False

    @property
    def label(self) -> str:
        return format_month(self.first.year, self.first.month)


class CalendarView(WagtailAdminTemplateMixin, TemplateView):
    """What the three views share: the column, the days, the person, the ways from here to there."""

    page_title = gettext_lazy("Lịch đăng")
    header_icon = "calendar"
    name: str

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @cached_property
    def asked(self) -> Asked:
        asked = Asked.read(self.request.GET, self.today)
        if asked is None:
            raise Http404
        return asked

    @cached_property
    def viewer(self) -> Viewer:
        return Viewer.of(self.request.user, self.asked.column)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.asked
        views = ((YEAR, _("Năm")), (BOARD, _("Quý")), (LIST, _("Danh sách")))
        columns = asked.columns if len(asked.columns) > 1 else ()
        return super().get_context_data(
            **kwargs,
            asked=asked,
            viewer=self.viewer,
            may_fill=self.viewer.may_fill,
            may_schedule=self.viewer.may_schedule,
            today=self.today,
            today_label=format_day_long(self.today),
            view_tabs=[Tab(label, asked.url(name), name == self.name) for name, label in views],
            column_tabs=[Tab(one.title, asked.of(one).url(self.name), one == asked.column) for one in columns],
            here=asked.url(self.name),
        )

    def cards(self, first: date, last: date) -> list[Card]:
        slots = Slot.objects.filter(column=self.asked.column, day__range=(first, last)).order_by("day")
        return cards_of(list(slots), self.now, self.viewer)


class YearView(CalendarView):
    name = YEAR
    template_name = "schedule/calendar/year.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.asked
        cards = self.cards(date(asked.year, 1, 1), date(asked.year, 12, 31))
        counts = Counter(card.state for card in cards)
        return super().get_context_data(
            **kwargs,
            months=list(self._months(cards)),
            legend=[(state, ICONS[state], counts[state]) for state in SlotState if counts[state]],
            urgent=sum(card.urgent for card in cards),
            year_tabs=[
                Tab(str(year), asked.url(YEAR, date(year, 1, 1)), year == asked.year) for year in self._years()
            ],
            board=asked.url(BOARD),
            empty=not cards,
        )  # fmt: skip

    def _months(self, cards: Sequence[Card]) -> Iterator[Month]:
        calendar = HolidayCalendar.load()
        by_month = {month: list(group) for month, group in groupby(cards, key=lambda card: card.slot.day.month)}
        for number in range(1, 13):
            first = date(self.asked.year, number, 1)
            days = (first + timedelta(days=place) for place in range(31))
            yield Month(
                first,
                [self._linked(card) for card in by_month.get(number, [])],
                list(breaks((day for day in days if day.month == number), calendar.on)),
                is_now=(self.today.year, self.today.month) == (first.year, number),
            )

    def _linked(self, card: Card) -> Any:
        return card, f"{self.asked.url(BOARD, card.slot.day)}#{card.key}"

    def _years(self) -> list[int]:
        """Every year of which there are slots, and the one that is shown."""
        ends = Slot.objects.filter(column=self.asked.column).aggregate(first=Min("day"), last=Max("day"))
        known = range(ends["first"].year, ends["last"].year + 1) if ends["first"] else ()
        return sorted({*known, self.asked.year})


class QuarterView(CalendarView):
    """What the board and the list share: a quarter and the way to the next."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.asked
        return super().get_context_data(
            **kwargs,
            heading=quarter_label(asked.year, asked.quarter),
            earlier=self._step(asked.first - timedelta(days=1)),
            later=self._step(asked.last + timedelta(days=1)),
            this_quarter="" if asked.first <= self.today <= asked.last else asked.url(self.name, self.today),
            next_url=asked.url(self.name),
        )

    def _step(self, day: date) -> dict[str, str]:
        label = quarter_label(day.year, (day.month + 2) // 3)
        return {"url": self.asked.url(self.name, day), "label": label}


class BoardView(QuarterView):
    name = BOARD
    template_name = "schedule/calendar/board.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.asked
        cards = self.cards(asked.first, asked.last)
        groups = groupby(cards, key=lambda card: card.slot.day.replace(day=1))
        return super().get_context_data(
            **kwargs,
            months=[Month(first, list(group)) for first, group in groups],
            tray=tray_of(asked.column, self.viewer, asked.words),
        )


class ListView(QuarterView):
    name = LIST
    template_name = "schedule/calendar/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, cards=self.cards(self.asked.first, self.asked.last))


class IdeaForm(forms.Form):
    title = CleanCharField(
        label=gettext_lazy("Ý tưởng mới"), max_length=255,
        error_messages={
            "required": gettext_lazy("Hãy ghi tiêu đề của ý tưởng."),
            "max_length": gettext_lazy("Tiêu đề dài quá 255 ký tự; hãy rút ngắn."),
        },
    )  # fmt: skip


class IdeaView(View):
    """*Ý tưởng mới*: a headline becomes a draft of one's own; by post alone."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        asked = Asked.read(request.POST, timezone.localdate())
        if asked is None:
            raise Http404
        if not Viewer.of(request.user, asked.column).may_write:
            raise PermissionDenied
        form = IdeaForm(request.POST)
        if form.is_valid():
            article = add_idea(asked.column, form.cleaned_data["title"], request.user)
            messages.success(request, _("Đã thêm ý tưởng “%(title)s” vào khay.") % {"title": article.title})
        else:
            messages.error(request, " ".join(map(str, form.errors["title"])))
        return HttpResponseRedirect(get_valid_next_url_from_request(request) or asked.url(BOARD))

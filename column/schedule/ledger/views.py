"""*Sổ kỳ đăng* on the screen and as files. Looking changes nothing."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from column.enums import SlotState
from column.schedule.ledger import book, export
from column.schedule.ledger.book import Ledger, Line
from column.schedule.listing import ICONS
from column.schedule.models import ScheduleSettings
from column.text.dates import format_day
from column.text.spreadsheets import CSV_TYPE, XLSX_TYPE

PERMISSION = "column.view_ledger"

#: In place of a year; for files, which do not mind the length.
ALL_YEARS = "tat-ca"

_MARK_ICONS = {
    book.SUBSTITUTED: "resubmit", book.TAKEN_DOWN: "bin", book.MOVED: "date", book.CAUGHT_UP: "rotate",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What an address asks of the ledger; ``problems`` are Vietnamese, and with one nothing is shown."""

    year: int | None
    outcome: str = ""
    person: str = ""
    problems: tuple[str, ...] = ()

    @classmethod
    def parse(cls, request: HttpRequest, now: datetime) -> Asked:
        params = request.GET
        year_text, outcome, person = (params.get(key, "").strip()[:40] for key in ("nam", "ket-qua", "nguoi"))
        problems = []
        year: int | None = timezone.localdate(now).year
        if year_text == ALL_YEARS:
            year = None
        elif year_text.isascii() and year_text.isdigit() and 1900 <= int(year_text) <= 9000:
            year = int(year_text)
        elif year_text:
            problems.append(_("“%(value)s” không phải một năm; hãy viết bốn chữ số, như 2026.") % {"value": year_text})
        if outcome and outcome not in book.OUTCOMES:
            problems.append(_("Không có kết quả “%(value)s”; hãy chọn trong danh sách.") % {"value": outcome})
        if person and person != book.SYSTEM and not (person.isascii() and person.isdigit()):
            problems.append(_("Không có người “%(value)s”; hãy chọn trong danh sách.") % {"value": person})
        return cls(year, outcome, person, tuple(problems))

    def url(self, name: str = "schedule_ledger", **changes: Any) -> str:
        found = {"nam": self.year or ALL_YEARS, "ket-qua": self.outcome, "nguoi": self.person} | changes
        return f"{reverse(name)}?{urlencode({key: value for key, value in found.items() if value})}"


@dataclass(frozen=True)
class Count:
    """A number and the address of exactly the slots that it counts."""

    label: str
    number: int
    url: str
    icon: str
    current: bool


class LedgerMixin:
    """Whoever may see the ledger, what was asked, and the slots that answer it."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def asked(self) -> Asked:
        return Asked.parse(self.request, self.now)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger([]) if self.asked.problems else book.read(self.asked.year, self.now)

    @property
    def lines(self) -> list[Line]:
        return self.ledger.where(self.asked.outcome, self.asked.person)


class LedgerView(LedgerMixin, WagtailAdminTemplateMixin, TemplateView):
    """The Thursdays of a year, each with its whole history."""

    template_name = "schedule/ledger/ledger.html"
    page_title = gettext_lazy("Sổ kỳ đăng")
    header_icon = "list-ol"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.asked
        years = book.years()
        today = timezone.localdate(self.now)
        shown = asked.year or today.year
        go_live = ScheduleSettings.load().go_live_date
        return super().get_context_data(
            **kwargs,
            asked=asked,
            lines=self.lines,
            total=len(self.ledger.where(person=asked.person)),
            all_url=asked.url(**{"ket-qua": ""}),
            counts=self._counts(),
            outcomes=[(key, label) for key, label in book.OUTCOMES.items()],
            people=self.ledger.people(),
            years=list(reversed(years)),
            earlier=asked.url(nam=shown - 1) if years and shown > years[0] else "",
            later=asked.url(nam=shown + 1) if years and shown < years[-1] else "",
            shown=shown,
            today=today,
            near=next((line.slot.pk for line in self.lines[1:] if line.slot.issue_day >= today), None),
            several_columns=len({line.slot.column_id for line in self.ledger.lines}) > 1,
            go_live=format_day(go_live) if go_live else "",
            xlsx_url=asked.url("schedule_ledger_xlsx"),
            csv_url=asked.url("schedule_ledger_csv"),
            all_years_url=asked.url("schedule_ledger_xlsx", nam=ALL_YEARS),
        )

    def _counts(self) -> list[Count]:
        return [
            Count(
                label, number, self.asked.url(**{"ket-qua": key}),
                _MARK_ICONS[key] if key in _MARK_ICONS else ICONS[SlotState(key)], key == self.asked.outcome,
            )
            for key, label, number in self.ledger.counts(self.asked.person)
        ]  # fmt: skip

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        return super().render_to_response(context, status=400 if self.asked.problems else 200, **kwargs)


class LedgerFileView(LedgerMixin, View):
    """The slots that the screen shows, as a file."""

    http_method_names = ["get"]
    ending: str = ""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        if self.asked.problems:
            return HttpResponse(
                "\n".join(self.asked.problems), status=400, content_type="text/plain; charset=utf-8"
            )  # fmt: skip
        name = f"so-ky-dang-{self.asked.year or ALL_YEARS}-{timezone.localtime(self.now):%Y%m%d-%H%M}.{self.ending}"
        if self.ending == "csv":
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            return HttpResponse(export.as_csv(self.lines), content_type=CSV_TYPE, headers=headers)
        file = io.BytesIO()
        export.write_xlsx(self.lines, file)
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX_TYPE)

"""*Chấm nhuận bút* in the admin: pick a month, see the sums, fetch the workbook."""

from __future__ import annotations

import tempfile
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from column.coverage.periods import Period, month, parse_period
from column.tallies.exports import royalties
from column.text.spreadsheets import XLSX_TYPE

PERMISSION = "column.export_royalties"
_MONTHS_SHOWN = 24


def _month_before(day: date) -> Period:
    return month(day.year - (day.month == 1), day.month - 1 or 12)


class MonthMixin:
    """For those who may; the month of the address (``thang=2017-02``), else the one that just ended."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    @cached_property
    def asked(self) -> tuple[Period, str]:
        """The month and, where the address names none, why."""
        usual = _month_before(timezone.localdate())
        code = self.request.GET.get("thang", "").strip()
        if not code:
            return usual, ""
        try:
            found = parse_period(code)
        except ValueError as problem:
            return usual, str(problem)
        if found.code.count("-") != 1 or not found.code[5:].isdecimal():
            return usual, _("“%(code)s” không phải một tháng; hãy viết như 2017-02.") % {"code": code[:20]}
        return found, ""


class RoyaltiesView(MonthMixin, WagtailAdminTemplateMixin, TemplateView):
    """The sums of a month, and the button that fetches the workbook."""

    template_name = "tallies/desk/royalties.html"
    page_title = gettext_lazy("Chấm nhuận bút")
    header_icon = "tasks"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen, problem = self.asked
        months = [_month_before(timezone.localdate())]
        while len(months) < _MONTHS_SHOWN:
            months.append(_month_before(months[-1].first))
        if chosen not in months:
            months.append(chosen)
        return super().get_context_data(
            **kwargs, month=chosen, problem=problem, months=months,
            people=[] if problem else royalties.people_of(chosen),
            file_url=f"{reverse('royalties_file')}?thang={chosen.code}",
        )  # fmt: skip

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        return super().render_to_response(context, status=400 if context["problem"] else 200, **kwargs)


class RoyaltiesFileView(MonthMixin, View):
    """The workbook of a month."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        chosen, problem = self.asked
        if problem:
            return HttpResponse(problem, status=400, content_type="text/plain; charset=utf-8")
        file = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115 - the response closes it
        royalties.write(chosen, file, at=timezone.now())
        file.seek(0)
        return FileResponse(
            file, as_attachment=True, filename=f"cham-nhuan-but-{chosen.code}.xlsx", content_type=XLSX_TYPE
        )


@hooks.register("register_admin_urls")
def royalties_urls() -> list[Any]:
    return [
        path("nhuan-but/", RoyaltiesView.as_view(), name="royalties"),
        path("nhuan-but/nhuan-but.xlsx", RoyaltiesFileView.as_view(), name="royalties_file"),
    ]


class RoyaltiesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)


@hooks.register("register_admin_menu_item")
def royalties_menu_item() -> MenuItem:
    return RoyaltiesMenuItem(
        RoyaltiesView.page_title, reverse("royalties"), name="royalties", icon_name=RoyaltiesView.header_icon, order=64
    )

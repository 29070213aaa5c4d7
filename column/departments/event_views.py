"""Units over time in the admin: the tree of a day, the life of a unit, and what happens to units."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from column.departments.changing import carry_out, plan, undo
from column.departments.event_forms import EventForm, SplitRuleForm
from column.departments.models import Department, SplitRule, UnitEvent
from column.departments.rules import bound_in_words, parse_bound
from column.departments.structure import Structure
from column.departments.timeline import timeline
from column.departments.tree import tree
from column.enums import UnitEventKind
from column.people.models import User
from column.text.dates import DateProblem, format_day, format_moment, parse_day
from column.text.normalize import nfc

PERMISSION = "column.change_department"
PER_PAGE = 50

#: Word in the address → kind.
KINDS: dict[str, UnitEventKind] = {
    "doi-ten": UnitEventKind.RENAMED,
    "sap-nhap": UnitEventKind.MERGED,
    "chia-tach": UnitEventKind.SPLIT,
    "giai-the": UnitEventKind.ABOLISHED,
    "thanh-lap": UnitEventKind.FOUNDED,
}


class UnitScreen(WagtailAdminTemplateMixin):
    """For whoever may correct the unit list."""

    header_icon = "group"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        tree_item = {"url": reverse("units_tree"), "label": _("Đơn vị qua thời gian")}
        title = str(self.get_page_title())
        here = [] if title == tree_item["label"] else [{"url": "", "label": title}]
        return [*self.breadcrumbs_items, tree_item, *here]


class TreeView(UnitScreen, TemplateView):
    """The units of a chosen day; ``ngay`` in the address."""

    template_name = "departments/desk/tree.html"
    page_title = gettext_lazy("Đơn vị qua thời gian")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        problem, day = "", timezone.localdate()
        if asked := self.request.GET.get("ngay", "").strip():
            try:
                day = parse_day(asked)
            except DateProblem as found:
                problem = str(found)
        branches = tree(day)
        return super().get_context_data(
            **kwargs, branches=branches, day=format_day(day), problem=problem, kinds=_kinds(),
            undecided=_undecided(day), typed=asked if problem else format_day(day),
        )  # fmt: skip


def _undecided(day: date) -> list[Department]:
    """Units that were split by that day and have no rule."""
    return list(Department.objects.filter(pk__in=Structure.load(day).undecided).in_report_order())


def _kinds() -> list[tuple[str, str]]:
    return [(word, str(kind.label)) for word, kind in KINDS.items()]


class LifeView(UnitScreen, FormView[SplitRuleForm]):
    """One unit: its bars, its events, what it counts as when it was split."""

    template_name = "departments/desk/life.html"
    form_class = SplitRuleForm

    @cached_property
    def unit(self) -> Department:
        return get_object_or_404(Department, code=self.kwargs["code"])

    def get_page_title(self) -> str:
        return str(self.unit)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "unit": self.unit}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        events = UnitEvent.objects.filter(from_units=self.unit) | UnitEvent.objects.filter(to_units=self.unit)
        rule = self.unit.split_rules.select_related("counts_as", "recorded_by").last()
        return super().get_context_data(
            **kwargs, unit=self.unit, life=timeline(self.unit, timezone.localdate()), events=_lines(events.distinct()),
            is_split=self.unit.successors.count() > 1, rule=rule, kinds=_kinds(),
            rule_at=format_moment(rule.recorded_at) if rule else "",
        )  # fmt: skip

    def form_valid(self, form: SplitRuleForm) -> HttpResponse:
        data = form.cleaned_data
        assert isinstance(self.request.user, User)
        rule = SplitRule(
            unit=self.unit, counts_as=data["counts_as"], source=data["source"], recorded_by=self.request.user
        )
        try:
            rule.full_clean()
        except ValidationError as problem:
            for message in problem.messages:
                form.add_error(None, message)
            return self.form_invalid(form)
        rule.save()
        messages.success(self.request, _("Đã ghi quy tắc. Bảng “như ngày đăng” không đổi."))
        return redirect(self.request.path)


def _lines(events: Any) -> list[dict[str, Any]]:
    """Events in words (four queries)."""
    return [
        {
            "event": one, "kind": one.get_kind_display(), "day": bound_in_words(one.day),
            "before": list(one.from_units.all()), "after": list(one.to_units.all()),
            "who": one.recorded_by.get_full_name() if one.recorded_by else "—", "at": format_moment(one.recorded_at),
            "may_be_undone": one.kind not in {UnitEventKind.UNDONE, UnitEventKind.DUPLICATE}
            and not getattr(one, "undone_by", None),
            "is_undone": bool(getattr(one, "undone_by", None)),
        }
        for one in events.select_related("recorded_by", "undone_by")
        .prefetch_related("from_units", "to_units")
        .order_by("-pk")
    ]  # fmt: skip


class EventsView(UnitScreen, TemplateView):
    """All that was recorded, the newest first."""

    template_name = "departments/desk/events.html"
    page_title = gettext_lazy("Việc đã ghi của đơn vị")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(UnitEvent.objects.order_by("-pk"), PER_PAGE).get_page(self.request.GET.get("p"))
        chosen = UnitEvent.objects.filter(pk__in=[one.pk for one in page])
        return super().get_context_data(**kwargs, page=page, events=_lines(chosen), kinds=_kinds())


class RecordView(UnitScreen, FormView[EventForm]):
    """Write an event down: first what it will do is shown, then it is done."""

    template_name = "departments/desk/event.html"
    form_class = EventForm

    @cached_property
    def kind(self) -> UnitEventKind:
        try:
            return KINDS[self.kwargs["kind"]]
        except KeyError:
            raise Http404 from None

    def get_page_title(self) -> str:
        return _("Ghi việc: %(kind)s") % {"kind": str(self.kind.label).lower()}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "kind": self.kind}

    def get_initial(self) -> dict[str, Any]:
        codes = [nfc(code) for code in self.request.GET.getlist("don-vi")[:60]]
        return {"from_units": list(Department.objects.filter(code__in=codes).values_list("pk", flat=True))}

    def form_valid(self, form: EventForm) -> HttpResponse:
        change = form.change()
        found = plan(change)
        if found.problems:
            for problem in found.problems:
                form.add_error(None, problem)
            return self.form_invalid(form)
        if "xac-nhan" not in self.request.POST:
            first = parse_bound(change.day).first
            rows = [
                (unit, last, unit.coverage.count(), unit.coverage.filter(story__issue_date__gte=first).count())
                for unit, last in found.ended_in_words
            ]
            return self.render_to_response(self.get_context_data(form=form, plan=found, rows=rows))
        try:
            event = carry_out(change, user=self.request.user)  # type: ignore[arg-type]
        except ValidationError as problem:
            for message in problem.messages:
                form.add_error(None, message)
            return self.form_invalid(form)
        messages.success(self.request, _("Đã ghi: %(event)s.") % {"event": event})
        about = event.from_units.first() or event.to_units.first()
        assert about is not None
        return redirect("unit_life", about.code)

    def form_invalid(self, form: EventForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)


class UndoView(UnitScreen, View):
    """*Hủy ghi nhận*: another event that takes this one back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, event_id: int) -> HttpResponse:
        event = get_object_or_404(UnitEvent, pk=event_id)
        try:
            undo(event, reason=request.POST.get("ly-do", "").strip()[:300], user=request.user)  # type: ignore[arg-type]
        except ValidationError as problem:
            for message in problem.messages:
                messages.error(request, message)
        else:
            messages.success(request, _("Đã hủy ghi nhận bằng một việc mới; việc cũ vẫn còn trong sổ."))
        return redirect("unit_events")

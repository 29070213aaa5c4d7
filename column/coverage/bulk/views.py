"""Coding many stories: chosen by the one coverage filter or ticked in the queue, shown first, done by the worker."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permission_policies.pages import PagePermissionPolicy

from column.coverage.bulk.models import BatchState, BatchWork, CodingBatch
from column.coverage.filter import FAMILIES, KINDS, CoverageFilter
from column.coverage.models import Coverage, Criterion
from column.coverage.selection import Selection
from column.departments.event_forms import SmallKeys, UnitChoices
from column.departments.models import Department
from column.enums import CoverageRole, Tone
from column.people.models import User
from column.stories.models import Story
from column.text.dates import format_day, format_moment

PERMISSION = "column.bulk_code"
#: More are coded in several batches.
MOST_STORIES = 20_000
MOST_ROWS = 60
SHOWN = 10


class CriterionChoices(SmallKeys, forms.ModelMultipleChoiceField[Criterion]):
    pass


class BulkForm(forms.Form):
    """What each story is to get."""

    work = forms.ChoiceField(
        label=gettext_lazy("Việc"), choices=BatchWork.choices, initial=BatchWork.ADD, widget=forms.RadioSelect
    )
    units = UnitChoices(
        queryset=Department.objects.none(), required=False, label=gettext_lazy("Cơ quan, đơn vị"),
        widget=forms.SelectMultiple(attrs={"size": 10}), help_text=gettext_lazy("Giữ Ctrl để chọn nhiều hoặc bỏ chọn."),
    )  # fmt: skip
    criteria = CriterionChoices(
        queryset=Criterion.objects.none(), required=False, label=gettext_lazy("Tiêu chí"),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    role = forms.ChoiceField(label=gettext_lazy("Vai trò trong bài"), required=False)
    tone = forms.ChoiceField(label=gettext_lazy("Chiều phản ánh"), required=False)

    KEEP = "giu"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = Department.objects.own().in_report_order()  # type: ignore[attr-defined]
        self.fields["criteria"].queryset = Criterion.objects.in_order()  # type: ignore[attr-defined]
        self.fields["role"].choices = [(self.KEEP, _("như mặc định, hoặc giữ nguyên")), *CoverageRole.choices]  # type: ignore[attr-defined]
        self.fields["tone"].choices = [(self.KEEP, _("như mặc định, hoặc giữ nguyên")), *Tone.choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        units, criteria = list(data.get("units") or ()), list(data.get("criteria") or ())
        if not units and not criteria:
            raise forms.ValidationError(_("Hãy chọn ít nhất một đơn vị hoặc một tiêu chí."))
        data["rows"] = [[u.pk if u else None, c.pk if c else None] for u in units or [None] for c in criteria or [None]]
        if len(data["rows"]) > MOST_ROWS:
            raise forms.ValidationError(
                _("Mỗi bài nhiều nhất %(most)d dòng một lần (đơn vị × tiêu chí).") % {"most": MOST_ROWS}
            )
        keeps = data.get("role") in {"", self.KEEP}, data.get("tone", self.KEEP) == self.KEEP
        if data.get("work") == BatchWork.SET and all(keeps):
            raise forms.ValidationError(_("Hãy chọn vai trò hoặc chiều phản ánh mới."))
        data["role"] = ("" if data.get("work") == BatchWork.SET else CoverageRole.SUBJECT) if keeps[0] else data["role"]
        data["sets_tone"], data["tone"] = not keeps[1], "" if keeps[1] else data["tone"]
        return data


class BulkScreen(WagtailAdminTemplateMixin):
    header_icon = "tag"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("coverage_queue"), "label": _("Hàng chờ gắn mã")},
            {"url": "", "label": str(self.get_page_title())},
        ]


class BulkView(BulkScreen, FormView[BulkForm]):
    """Which stories, and what for each: first shown, then handed to the worker."""

    template_name = "coverage/desk/bulk.html"
    form_class = BulkForm
    page_title = gettext_lazy("Gắn hàng loạt")

    @cached_property
    def ticked(self) -> list[int]:
        return [int(key) for key in self.request.GET.getlist("tin") if key.isdecimal() and len(key) < 10][:MOST_STORIES]

    @cached_property
    def chosen(self) -> Selection | None:
        if self.ticked:
            return None
        return Selection.of(*CoverageFilter.parse(self.request.GET, staff=True))

    @cached_property
    def stories(self) -> Any:
        """What this person may code of what was chosen; without any condition nothing is chosen."""
        mine = PagePermissionPolicy().instances_user_has_permission_for(self.request.user, "change")
        if self.chosen is None:
            found = Story.objects.filter(pk__in=self.ticked, taken_down_at__isnull=True)
        elif self.chosen.filter.is_empty():
            found = Story.objects.none()
        else:
            found = self.chosen.stories()
        return found.filter(pk__in=mine.order_by().values("pk"))

    @property
    def sentence(self) -> str:
        return _("Các bài đã đánh dấu trong hàng chờ") if self.chosen is None else self.chosen.sentence()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        total = self.stories.count()
        problems = list(self.chosen.problems) if self.chosen else []
        if total > MOST_STORIES:
            problems.append(
                _("Có %(total)d bài; mỗi lần nhiều nhất %(most)d. Hãy thu hẹp bộ lọc.")
                % {"total": total, "most": MOST_STORIES}
            )
        first = [
            (story.title, format_day(story.issue_date) if story.issue_date else _("bản nháp"))
            for story in self.stories.order_by("-issue_date", "-pk")[:SHOWN]
        ]
        return super().get_context_data(
            **kwargs, total=total, sentence=self.sentence, first=first, problems=problems, ticked=self.ticked,
            filter=self.chosen.filter if self.chosen else None, address=self.request.get_full_path(),
            options={
                "kinds": [(word, kind.label) for word, kind in KINDS.items()],
                "families": [(word, family.label) for word, family in FAMILIES.items()],
                "units": list(Department.objects.own().in_report_order()),
            },
        )  # fmt: skip

    def form_valid(self, form: BulkForm) -> HttpResponse:
        data = form.cleaned_data
        keys = list(self.stories.order_by("-issue_date", "-pk").values_list("pk", flat=True)[: MOST_STORIES + 1])
        if not keys or len(keys) > MOST_STORIES or (self.chosen and self.chosen.problems):
            form.add_error(None, _("Hãy chọn từ 1 đến %(most)d bài.") % {"most": MOST_STORIES})
            return self.form_invalid(form)
        if self.request.POST.get("xac-nhan") != str(len(keys)):
            return self.render_to_response(self.get_context_data(form=form, preview=_preview(keys, data)))
        assert isinstance(self.request.user, User)
        batch = CodingBatch.objects.create(
            work=data["work"], chosen=self.sentence[:1000], stories=keys, rows=data["rows"], role=data["role"],
            tone=data["tone"], sets_tone=data["sets_tone"], created_by=self.request.user,
        )  # fmt: skip
        return redirect("coding_batch", batch.pk)

    def form_invalid(self, form: BulkForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)


def _preview(keys: list[int], data: dict[str, Any]) -> dict[str, Any]:
    """How many rows would be added or changed (one query)."""
    pairs = {(unit, criterion) for unit, criterion in data["rows"]}
    units, criteria = {unit for unit, _c in pairs}, {criterion for _u, criterion in pairs}
    present = Coverage.objects.filter(story__in=keys).order_by()
    if data["work"] == BatchWork.ADD:
        known = present.values_list("department_id", "criterion_id").annotate(n=Count("pk"))
        there = sum(n for unit, criterion, n in known if (unit, criterion) in pairs)
        return {"stories": len(keys), "rows": len(keys) * len(pairs) - there, "there": there, "adds": True}
    if None not in units:
        present = present.filter(department__in=units)
    if None not in criteria:
        present = present.filter(criterion__in=criteria)
    changing = present.exclude(role=data["role"]) if data["role"] else present.none()
    if data["sets_tone"]:
        changing = changing | present.exclude(tone=data["tone"])
    return {"stories": len(keys), "rows": changing.count(), "there": present.count(), "adds": False}


class BatchesView(BulkScreen, TemplateView):
    template_name = "coverage/desk/batches.html"
    page_title = gettext_lazy("Các lần gắn hàng loạt")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batches = CodingBatch.objects.select_related("created_by").defer("stories").order_by("-pk")
        page = Paginator(batches, 50).get_page(self.request.GET.get("p"))
        lines = [(one, format_moment(one.created_at)) for one in page]
        return super().get_context_data(**kwargs, page=page, lines=lines)


class BatchView(BulkScreen, TemplateView):
    """One batch: how far it is, what it did, and the way back."""

    template_name = "coverage/desk/batch.html"

    @cached_property
    def batch(self) -> CodingBatch:
        return get_object_or_404(CodingBatch.objects.select_related("created_by"), pk=self.kwargs["batch_id"])

    def get_page_title(self) -> str:
        return _("Lần gắn hàng loạt số %(number)d") % {"number": self.batch.pk}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.batch
        units = Department.objects.in_bulk({unit for unit, _c in one.rows if unit})
        criteria = {c.pk: c for c in Criterion.objects.in_order().filter(pk__in={c for _u, c in one.rows if c})}
        return super().get_context_data(
            **kwargs, batch=one, facts=facts(one), made_at=format_moment(one.created_at),
            units=[str(unit) for unit in units.values()], criteria=[c.label for c in criteria.values()],
            may_stop=one.state == BatchState.RUNNING,
            may_undo=one.state in {BatchState.DONE, BatchState.STOPPED} and bool(one.added or one.changed),
        )  # fmt: skip


def facts(batch: CodingBatch) -> list[tuple[str, int]]:
    """What the screen counts; the same order in the progress."""
    found = [
        (_("Tin, bài đã chọn"), len(batch.stories)), (_("Đã qua"), batch.done), (_("Dòng thêm"), batch.added),
        (_("Dòng sửa"), batch.changed),
    ]  # fmt: skip
    if batch.state in {BatchState.UNDOING, BatchState.UNDONE}:
        found += [
            (_("Dòng đã hoàn tác"), batch.restored),
            (_("Dòng giữ lại vì có người sửa sau đó"), batch.kept),
        ]
    return found


class ProgressView(BulkScreen, View):
    """For the script of the batch's screen."""

    def get(self, request: HttpRequest, batch_id: int) -> JsonResponse:
        one = get_object_or_404(CodingBatch, pk=batch_id)
        return JsonResponse(
            {"state": one.state, "percent": one.percent, "facts": [value for _label, value in facts(one)]}
        )


class BatchActionView(BulkScreen, View):
    """*Dừng* and *Hoàn tác*."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, batch_id: int, action: str) -> HttpResponse:
        batches = CodingBatch.objects.filter(pk=get_object_or_404(CodingBatch, pk=batch_id).pk)
        if action == "dung":
            batches.filter(state=BatchState.RUNNING).update(state=BatchState.STOPPED)
        elif action == "hoan-tac":
            done = batches.filter(state__in=[BatchState.DONE, BatchState.STOPPED])
            if done.update(state=BatchState.UNDOING, undone_by=request.user, touched_at=timezone.now()):
                messages.success(request, _("Đang hoàn tác; dòng đã có người sửa sau đó được giữ lại."))
        return redirect("coding_batch", batch_id)

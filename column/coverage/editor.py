"""The coverage editor on the story's screen: it acts at once, outside the story's revisions."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Media
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page

from column.coverage.coding import Coding, CodingForm
from column.coverage.dismissing import dismiss
from column.coverage.history import history_of
from column.coverage.models import DismissedSuggestion
from column.coverage.queue.waiting import Queue
from column.coverage.recording import Outcome, StaleCoverage, confirm, fingerprint, record
from column.enums import CoverageRole, DocumentRelation, Tone
from column.people.models import User
from column.stories.models import Story
from column.text.dates import format_day

PERMISSION = "column.code_coverage"


def may_code(story: Page, user: Any) -> bool:
    """Whoever has the right to code and may edit the story."""
    return isinstance(story, Story) and user.has_perm(PERMISSION) and bool(story.permissions_for_user(user).can_edit())


class CoverageEditor(WagtailAdminTemplateMixin, TemplateView):
    """Suggestions, the matrix, documents and history of one story."""

    template_name = "coverage/desk/editor.html"
    page_title = gettext_lazy("Gắn đơn vị, tiêu chí")
    header_icon = "tag"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_code(self.story, request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def story(self) -> Story:
        story: Story = get_object_or_404(Story, pk=self.kwargs["story_id"]).specific
        return story

    def get_page_subtitle(self) -> str:
        return self.story.headline

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        column = self.story.get_parent()
        return [
            *self.breadcrumbs_items,
            {"url": reverse("wagtailadmin_explore", args=[column.pk]), "label": column.title},
            {"url": self.edit_url, "label": self.story.headline},
            {"url": "", "label": self.get_page_title()},
        ]

    @property
    def edit_url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.story.pk])

    @cached_property
    def form(self) -> CodingForm:
        version = self.story.get_latest_revision_as_object()
        return CodingForm(self.story, version, fingerprint(self.story))

    @property
    def media(self) -> Media:
        return Media(css={"all": ["column/coverage/editor.css"]}, js=["column/coverage/editor.js"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        assert isinstance(request.user, User)
        coding = self.form.sent(request.POST)
        if undecided := coding.undecided():
            return self._again(
                coding, [_("Hãy chọn đơn vị cho “%(name)s” hoặc bỏ đánh dấu.") % {"name": name} for name in undecided]
            )
        try:
            outcome = record(
                self.story, coding.rows(), user=request.user, at=timezone.now(),
                documents=coding.documents(), seen=coding.seen,
            )  # fmt: skip
        except StaleCoverage as problem:
            return self._again(self.form.caught_up(coding), problem.messages, stale=True)
        except ValidationError as problem:
            return self._again(coding, problem.messages)
        messages.success(request, self._after_saving(coding, outcome, request.user))
        return redirect(self._next_url())

    def _after_saving(self, coding: Coding, outcome: Outcome, user: User) -> str:
        """Dismissals, those taken back, and rows that a person confirms; what is said of it all."""
        words = [
            _("Đã ghi: thêm %(added)d, sửa %(changed)d, bỏ %(removed)d dòng.")
            % {"added": outcome.added, "changed": outcome.changed, "removed": outcome.removed}
        ]
        data = self.request.POST
        if dismissed := dismiss(self.story, coding.newly_dismissed(), user):
            words.append(_("Bỏ qua %(count)d gợi ý.") % {"count": dismissed})
        if again := [int(one) for one in data.getlist("goi-y-lai") if one.isdecimal() and len(one) < 12]:
            DismissedSuggestion.objects.filter(story=self.story.pk, department__in=again).delete()
        if chosen := data.getlist("xac-nhan"):
            rows = None if "tat-ca" in chosen else [int(one) for one in chosen if one.isdecimal() and len(one) < 12]
            if confirmed := confirm(self.story, rows, user=user, at=timezone.now()):
                words.append(_("Xác nhận %(count)d dòng vẫn đúng.") % {"count": confirmed})
        return " ".join(words)

    @cached_property
    def queue(self) -> Queue | None:
        """The queue that the editor was opened from (``hang``: its address)."""
        asked = self.request.GET.get("hang", "")
        return Queue.parse(QueryDict(asked[:2000]), self.request.user) if asked else None

    def _address(self, story: int) -> str:
        address = reverse("coverage_editor", args=[story])
        return f"{address}?{urlencode({'hang': self.request.GET['hang'][:2000]})}" if self.queue else address

    def _next_url(self) -> str:
        if self.queue is None or "ke-tiep" not in self.request.POST:
            return self._address(self.story.pk)
        following = self.queue.after(self.story)
        return self._address(following) if following else self.queue.url()

    def _again(self, coding: Coding, problems: list[str], *, stale: bool = False) -> HttpResponse:
        context = self.get_context_data(coding=coding, problems=problems, stale=stale)
        return self.render_to_response(context, status=409 if stale else 400)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        queue = self.queue
        before, after = (queue.before(self.story), queue.after(self.story)) if queue else (None, None)
        return super().get_context_data(
            **{
                "queue": queue,
                "previous_url": self._address(before) if before else "",
                "next_url": self._address(after) if after else "",
                "stale_count": sum(1 for row in self.form.present if row.stale_since),
                "action": self._address(self.story.pk),
                "story": self.story,
                "edit_url": self.edit_url,
                "coding": kwargs.pop("coding", None) or self.form.initial(),
                "present": self.form.present,
                "choices": self.form.choices(),
                "criteria": self.form.criteria,
                "roles": CoverageRole.choices,
                "tones": Tone.choices,
                "relations": DocumentRelation.choices,
                "history": history_of(self.story),
                "day": format_day(self.form.day),
                "media": self.media,
                **kwargs,
            }
        )

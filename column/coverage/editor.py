"""The coverage editor on the story's screen: it acts at once, outside the story's revisions."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Media
from django.http import HttpRequest, HttpResponse, HttpResponseBase
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
from column.coverage.history import history_of
from column.coverage.recording import StaleCoverage, fingerprint, record
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
        messages.success(
            request,
            _("Đã ghi: thêm %(added)d, sửa %(changed)d, bỏ %(removed)d dòng.")
            % {"added": outcome.added, "changed": outcome.changed, "removed": outcome.removed},
        )
        return redirect(request.path)

    def _again(self, coding: Coding, problems: list[str], *, stale: bool = False) -> HttpResponse:
        context = self.get_context_data(coding=coding, problems=problems, stale=stale)
        return self.render_to_response(context, status=409 if stale else 400)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **{
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

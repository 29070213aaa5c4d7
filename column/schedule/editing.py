"""Wagtail's screens of a story, made to hold: one writer at a time, one path onto the site, gaps stop a first
publication.

Wagtail's editor publishes by an action of its own, in no transaction. Here every post on a story is one transaction
that holds the story's row, and publishing ends in ``Story.publish`` like everywhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.revisions import RevisionsUnscheduleView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page, Revision

from column.schedule.approval import record_approval
from column.schedule.locking import lock_stories, title_of
from column.schedule.models import Hold
from column.schedule.panel import SlotSidePanel
from column.schedule.preflight import gaps_of
from column.schedule.rules import ScheduleProblem
from column.schedule.scheduling import cancel_schedule, check_not_held
from column.schedule.workflow.editing import StepsActionView, StepsEditView
from column.schedule.workflow.models import APPROVE
from column.schedule.workflow.panel import WorkflowSidePanel
from column.stories.models import Story


class OneWriter:
    """A post is one transaction on the locked row of the page that its address names."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with transaction.atomic() if request.method == "POST" else nullcontext():
            if request.method == "POST":
                Page.objects.select_for_update().only("pk").filter(pk=kwargs["page_id"]).first()
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class StoryCreateView(CreateView):
    def publish_action(self) -> HttpResponse:
        # Wagtail would make the page live before it is published, and leave it so when a hook says no.
        self.form.instance.live = False
        with transaction.atomic():
            response: HttpResponse = super().publish_action()
        return response


class StoryEditView(OneWriter, StepsEditView):
    page: Any

    def publish_action(self) -> HttpResponse:
        """As Wagtail's, but through ``Story.publish``."""
        self.page = self.form.save(commit=not self.page.live)
        self.subscription.save()
        revision = self.page.save_revision(
            user=self.request.user, log_action=True, previous_revision=self.previous_revision
        )
        if self.has_content_changes and "comments" in self.form.formsets:
            changes = self.get_commenting_changes()
            self.log_commenting_changes(changes, revision)
            self.send_commenting_notifications(changes)
        if response := self.run_hook("before_publish_page", self.request, self.page):
            return response
        revision.publish(
            user=self.request.user, changed=self.has_content_changes, previous_revision=self.previous_revision,
            skip_permission_checks=True,
        )  # fmt: skip
        # The address may be another now.
        self.page = self.page.specific_class.objects.get(pk=self.page.pk)
        for hook in ("after_publish_page", "after_edit_page"):
            if response := self.run_hook(hook, self.request, self.page):
                return response
        messages.success(
            self.request,
            _("“%(title)s” đã lên trang.") % {"title": self.page.title},
            buttons=[self.get_view_live_message_button(), self.get_edit_message_button()],
        )
        return self.redirect_away()

    def get_side_panels(self) -> MediaContainer:
        panels = super().get_side_panels()
        if self.expects_json_response:
            return panels
        return MediaContainer(
            [*panels, SlotSidePanel(self.page, self.request), WorkflowSidePanel(self.page, self.request)]
        )


class StoryUnscheduleView(OneWriter, RevisionsUnscheduleView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            cancel_schedule(self.object, request.user)
        except ScheduleProblem as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("Đã hủy hẹn giờ của “%(title)s”.") % {"title": self.object.draft_title})
        return redirect(self.get_next_url())


class StoryWorkflowActionView(OneWriter, StepsActionView):
    """Approving from a list or the dashboard."""


class StoryViewSet(PageViewSet):
    """Wagtail takes the views of articles, news items and photos from here."""

    model = Story
    add_view_class = StoryCreateView
    edit_view_class = StoryEditView
    revisions_unschedule_view_class = StoryUnscheduleView
    workflow_action_view_class = StoryWorkflowActionView


def before_publishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Hook of the editor's own *Publish*: what is required must be there before a story first goes out.

    Whoever may approve approves by publishing. A story that is on the site may always be put right.
    """
    if not isinstance(page, Story):
        return None
    try:
        check_not_held(page)
    except ScheduleProblem as problem:
        messages.error(request, _("%(why)s Nội dung đã được lưu thành bản nháp.") % {"why": problem})
        return redirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    revision = page.get_latest_revision()
    lacking = missing_for_publishing([revision], request.user, live=page.live)
    if lacking:
        messages.error(
            request,
            _("Chưa xuất bản được, còn thiếu: %(gaps)s. Nội dung đã được lưu thành bản nháp.")
            % {"gaps": "; ".join(lacking[revision.pk])},
        )
        return redirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    if request.user.has_perm(APPROVE):
        record_approval(page, revision, request.user, timezone.now())
    return None


def before_bulk_publishing(
    request: HttpRequest, action_type: str, objects: Sequence[Any], action: Any
) -> HttpResponse | None:
    """Hook of the listing's *Publish*: the same for many; one that is not ready stops them all, by name."""
    if action_type != "publish" or not objects or not isinstance(objects[0], Page):
        return None
    problem = ""
    if request.POST.get("include_descendants"):
        problem = _("Không xuất bản hàng loạt cả các trang bên dưới; hãy chọn từng tin, bài.")
    else:
        stories = [page for page in Page.objects.filter(pk__in=[page.pk for page in objects]).specific()
                   if isinstance(page, Story)]  # fmt: skip
        newest = {story.latest_revision_id: story for story in stories if not story.live}
        revisions = list(Revision.objects.filter(pk__in=newest))
        lacking = missing_for_publishing(revisions, request.user)
        # Held until the transaction of the whole action ends: nobody can hold one of them back in between.
        lock_stories(story.pk for story in stories)
        problem = " ".join(
            _("“%(title)s” đang tạm giữ.") % title_of(hold.story)
            for hold in Hold.objects.filter(story__in=stories).select_related("story")
        ) or " ".join(
            _("“%(title)s” còn thiếu: %(gaps)s.") % {"title": newest[key].draft_title, "gaps": "; ".join(gaps)}
            for key, gaps in lacking.items()
        )
        if not problem and request.user.has_perm(APPROVE):
            for revision in revisions:
                record_approval(newest[revision.pk], revision, request.user, timezone.now())
    if not problem:
        return None
    messages.error(request, _("Chưa xuất bản gì cả. %(problem)s") % {"problem": problem})
    return redirect(action.next_url)


def missing_for_publishing(
    revisions: Sequence[Revision], user: Any, *, live: bool = False
) -> dict[int, tuple[str, ...]]:
    """The required gaps of those that have any, by the revision's key."""
    if live:
        return {}
    approved = [revision.pk for revision in revisions] if user.has_perm(APPROVE) else None
    return {key: gaps.required for key, gaps in gaps_of(revisions, approved=approved).items() if gaps.required}

"""The page behind the approval link: read on a phone, then approve or return. Opening it changes nothing."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.utils.decorators import xframe_options_sameorigin_override

from column.schedule.locking import lock_story
from column.schedule.preflight import gaps_of
from column.schedule.workflow.forms import RemarksForm
from column.schedule.workflow.links import DeadLink, Waiting
from column.schedule.workflow.models import APPROVED, RETURNED
from column.schedule.workflow.waiting import line_of, waiting_for
from column.stories.models import Story
from column.text.dates import format_moment


class WaitingView(WagtailAdminTemplateMixin, TemplateView):
    """*Chờ tôi xử lý*."""

    template_name = "schedule/workflow/waiting.html"
    page_title = gettext_lazy("Chờ tôi xử lý")
    header_icon = "tasks"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lines=waiting_for(self.request.user), **kwargs)


@method_decorator(never_cache, name="dispatch")
class ApproveByLinkView(WagtailAdminTemplateMixin, TemplateView):
    """What the link in a mail opens, for the one to whom it was sent."""

    template_name = "schedule/workflow/approve.html"
    page_title = gettext_lazy("Đọc và duyệt")
    header_icon = "clipboard-list"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except DeadLink as dead:
            return dead_page(request, dead)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("workflow_waiting"), "label": WaitingView.page_title},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = Waiting.at(self.kwargs["token"], self.request.user)
        return super().get_context_data(
            waiting=waiting,
            line=line_of(waiting.task_state, waiting.story, self.request.user),
            saved_at=format_moment(waiting.revision.created_at),
            gaps=gaps_of([waiting.revision], approved=[waiting.revision.pk])[waiting.revision.pk],
            form=kwargs.pop("form", None) or RemarksForm(),
            preview_url=reverse("workflow_approve_preview", args=[self.kwargs["token"]]),
            edit_url=reverse("wagtailadmin_pages:edit", args=[waiting.story.pk]),
            **kwargs,
        )

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        action = request.POST.get("action", "")
        if action not in {APPROVED, RETURNED}:
            raise BadRequest(_("Hãy chọn duyệt hoặc trả bài."))
        form = RemarksForm(request.POST)
        if action == RETURNED and not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        with transaction.atomic():
            # Held first, looked at again: whoever wrote or approved meanwhile was faster.
            story = _held(Waiting.at(token, request.user).story.pk)
            waiting = Waiting.at(token, request.user)
            comment = form.cleaned_data["comment"] if action == RETURNED else ""
            waiting.task_state.task.specific.on_action(waiting.task_state, request.user, action, comment=comment)
        done = (
            _("Đã duyệt “%(title)s”. Duyệt chưa phải là đăng: bài lên trang khi được hẹn giờ.")
            if action == APPROVED
            else _("Đã trả “%(title)s” cho người viết.")
        )
        messages.success(request, done % {"title": story.draft_title})
        return redirect("workflow_waiting")


@method_decorator([never_cache, xframe_options_sameorigin_override], name="dispatch")
class ApprovePreviewView(View):
    """The version of a link as readers would see it, in the frame of that page."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            revision = Waiting.at(token, request.user).revision
        except DeadLink as dead:
            return HttpResponse(str(dead), status=dead.status, content_type="text/plain; charset=utf-8")
        version: Story = revision.as_object()
        response: HttpResponse = version.make_preview_request(request, version.default_preview_mode)
        return response


def _held(pk: int) -> Story:
    try:
        return lock_story(pk)
    except Story.DoesNotExist:
        raise DeadLink(_("Tin, bài này không còn trong hệ thống.")) from None


def dead_page(request: HttpRequest, dead: DeadLink) -> TemplateResponse:
    """Why a link opens nothing."""
    title = _("Liên kết không dùng được")
    context = {
        "page_title": title, "header_title": title, "header_icon": "warning", "message": str(dead), "newer": dead.newer,
        "breadcrumbs_items": [
            *ApproveByLinkView.breadcrumbs_items,
            {"url": reverse("workflow_waiting"), "label": WaitingView.page_title},
            {"url": "", "label": title},
        ],
    }  # fmt: skip
    return TemplateResponse(request, "schedule/workflow/dead_link.html", context, status=dead.status)

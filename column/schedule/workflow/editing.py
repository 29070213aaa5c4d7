"""The workflow's buttons in Wagtail's editor and lists: only what was read is passed on, nothing returns wordless."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.workflow import WorkflowActionView
from wagtail.models import Page, TaskState

from column.schedule.workflow.models import APPROVED, RETURNED, REVIEWED
from column.schedule.workflow.panel import remarks_on
from column.stories.models import Story

#: What passes a version on: only one that was read.
ONWARD = {APPROVED, REVIEWED}


class StepsEditView(EditView):
    """The editor of a story under way; its post holds the story's row."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        remarks = remarks_on(Story.objects.get(pk=self.page.pk))
        if remarks and not self.expects_json_response:
            messages.warning(request, format_html("<b>{}</b> {}", _("Bài bị trả lại. Cần sửa:"), remarks))
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    @cached_property
    def action_name_and_method(self) -> tuple[str, Any]:
        """A button of a step that is over does nothing: Wagtail would save, and so end the approval to come."""
        if self.request.POST.get("action-workflow-action") and not self.workflow_action_is_valid():
            return ("stale", self.stale_action)
        action: tuple[str, Any] = super().action_name_and_method
        return action

    def stale_action(self) -> HttpResponse:
        messages.error(self.request, _("Bài không còn ở bước này; có thể người khác vừa xử lý. Không có gì thay đổi."))
        response: HttpResponse = self.redirect_and_remain()
        return response

    def perform_workflow_action(self) -> HttpResponse:
        if self.workflow_action in ONWARD and self.is_out_of_date:
            messages.error(self.request, _("Bài vừa được người khác sửa; hãy đọc lại bản mới dưới đây rồi duyệt."))
            return self.redirect_and_remain()
        form = self.page.current_workflow_task.get_form_for_action(self.workflow_action)(self._extra_data())
        if not form.is_valid():
            for problems in form.errors.values():
                messages.error(self.request, " ".join(problems))
            return self.redirect_and_remain()
        response: HttpResponse = super().perform_workflow_action()
        return response

    def _extra_data(self) -> dict[str, Any]:
        """What the dialog asked; the page sends it as JSON within the form."""
        try:
            data = json.loads(self.request.POST.get("workflow-action-extra-data") or "{}")
        except ValueError:
            data = {}
        data = data if isinstance(data, dict) else {}
        self.request.POST = self.request.POST.copy()
        self.request.POST["workflow-action-extra-data"] = json.dumps({"comment": str(data.get("comment") or "")})
        return data

    def add_save_confirmation_message(self) -> None:
        if self.action_name != "perform_workflow_action":
            super().add_save_confirmation_message()
            return
        sentence = {
            APPROVED: _("Đã duyệt “%(title)s”. Duyệt chưa phải là đăng: bài lên trang khi được hẹn giờ."),
            REVIEWED: _("Đã biên tập xong “%(title)s”, chuyển người duyệt."),
            RETURNED: _("Đã trả “%(title)s” cho người viết."),
        }[self.workflow_action]
        messages.success(self.request, sentence % {"title": self.page.draft_title})


class StepsActionView(WorkflowActionView):
    """A step done from a list, without the text in view; its post holds the story's row."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What was submitted is what is passed on: a version saved since then must be opened and read first."""
        if self.task_state.workflow_state.object_id != str(self.object.pk):
            raise Http404
        problem = self._problem()
        if not problem:
            response: HttpResponse = super().post(request, *args, **kwargs)
            return response
        messages.error(request, problem)
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            answer: HttpResponse = self.render_modal_json(request, {"step": "success", "redirect": self.redirect_url})
            return answer
        return redirect(self.redirect_url)

    def _problem(self) -> str:
        state = TaskState.objects.get(pk=self.task_state.pk)
        if state.status != TaskState.STATUS_IN_PROGRESS:
            return _("Bài không còn ở bước này; có thể người khác vừa xử lý. Không có gì thay đổi.")
        newest = Page.objects.values_list("latest_revision_id", flat=True).get(pk=self.object.pk)
        if self.action_name in ONWARD and state.revision_id != newest:
            return _("Bài đã được sửa sau khi trình; hãy mở ra đọc bản mới rồi duyệt.")
        return ""

"""The *Hoàn tác* button that comes with the word that something was done, and its address."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request

from column.schedule.rules import ScheduleProblem
from column.schedule.undoing import can_undo, events_of, needs_schedule_right, undo

FILL, SCHEDULE = "column.change_slot", "column.schedule_story"


def say_done(request: HttpRequest, sentence: Any, batch: uuid.UUID, *, back: str) -> None:
    """Tell on the next page what was done, with a button that takes that step back and returns to *back*.

    The button is a form with this visitor's own token: taking back is a post like every change.
    """
    events = events_of(batch)
    if can_undo(events) and _may(request.user, events):
        form = render_to_string(
            "schedule/desk/undo.html",
            {"url": reverse("schedule_undo", args=[batch]), "token": get_token(request), "next": back},
        )
        sentence = format_html("{} {}", sentence, form)
    messages.success(request, sentence)


class UndoView(View):
    """*Hoàn tác*, by post alone."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
        if not _may(request.user, events_of(batch)):
            raise PermissionDenied
        try:
            undone = undo(batch, request.user)
        except ScheduleProblem as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("Đã hoàn tác."))
            for remark in undone.remarks:
                messages.warning(request, remark)
        return HttpResponseRedirect(get_valid_next_url_from_request(request) or reverse("schedule_slots"))


def _may(user: Any, events: Any) -> bool:
    return bool(user.has_perm(FILL) and (user.has_perm(SCHEDULE) or not needs_schedule_right(events)))

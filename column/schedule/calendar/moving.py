"""What the board's script speaks with: one address to drop, one to take back. The answer carries the fresh cards."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from column.schedule.calendar.asked import BOARD, Asked
from column.schedule.calendar.cards import cards_of
from column.schedule.calendar.dropping import Question, Wish, drop
from column.schedule.calendar.tray import tray_of
from column.schedule.calendar.viewer import Viewer
from column.schedule.ledger.models import SlotEvent
from column.schedule.models import Slot
from column.schedule.rules import ScheduleProblem
from column.schedule.undoing import events_of, needs_schedule_right, undo

_KEY = re.compile(r"[0-9]{1,18}")


class BoardPostView(View):
    """A change on the board, told as JSON: ``state`` (done, ask, problem), ``message``, ``cards`` by id, ``tray``."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> JsonResponse:
        asked = Asked.read(request.POST, timezone.localdate())
        if asked is None:
            raise Http404
        self.viewer = Viewer.of(request.user, asked.column)
        if not self.viewer.may_fill:
            raise PermissionDenied
        try:
            answer, touched = self.act(request.POST)
        except ScheduleProblem as problem:
            answer, touched = {"state": "problem", "message": str(problem)}, self.touched(request.POST)
        if answer["state"] != "ask":
            answer |= self._fresh(asked, touched)
        return JsonResponse(answer, status=409 if answer["state"] == "problem" else 200)

    def act(self, sent: QueryDict) -> tuple[dict[str, Any], Iterable[int]]:
        """Do it; the answer, and the keys of the slots that changed. Raises :class:`ScheduleProblem`."""
        raise NotImplementedError

    def touched(self, sent: QueryDict) -> Iterable[int]:
        """The slots that the board seems to know wrongly."""
        raise NotImplementedError

    def _fresh(self, asked: Asked, touched: Iterable[int]) -> dict[str, Any]:
        """The cards and the tray as they are now."""
        slots = Slot.objects.filter(pk__in=touched, column=asked.column).order_by("day")
        cards = cards_of(list(slots), timezone.now(), self.viewer)
        shared = {
            "viewer": self.viewer, "may_fill": self.viewer.may_fill, "may_schedule": self.viewer.may_schedule,
            "asked": asked, "next_url": asked.url(BOARD), "movable": True,
        }  # fmt: skip
        tray = tray_of(asked.column, self.viewer, asked.words)
        return {
            "cards": {
                card.key: render_to_string("schedule/calendar/_card.html", shared | {"card": card}, self.request)
                for card in cards
            },
            "tray": render_to_string("schedule/calendar/_tray_items.html", shared | {"tray": tray}, self.request),
        }


class DropView(BoardPostView):
    def act(self, sent: QueryDict) -> tuple[dict[str, Any], Iterable[int]]:
        wish = _wish(sent)
        done = drop(wish, self.request.user, may_schedule=self.viewer.may_schedule)
        if isinstance(done, Question):
            return {
                "state": "ask", "title": done.title, "sentences": list(done.sentences), "button": done.button,
                "agree": list(done.agree),
            }, ()  # fmt: skip
        return {"state": "done", "message": done.message, "batch": str(done.batch)}, wish.slots

    def touched(self, sent: QueryDict) -> Iterable[int]:
        story = _key(sent, "story")
        standing = Slot.objects.filter(story=story).values_list("pk", flat=True) if story else ()
        return {key for key in (_key(sent, "source"), _key(sent, "target"), *standing) if key is not None}


class UndoView(BoardPostView):
    def act(self, sent: QueryDict) -> tuple[dict[str, Any], Iterable[int]]:
        batch = _batch(sent)
        if batch is None:
            raise ScheduleProblem(_("Không có gì để hoàn tác."))
        if needs_schedule_right(events_of(batch)) and not self.viewer.may_schedule:
            raise ScheduleProblem(_("Việc này có hủy hoặc đặt hẹn giờ; nhờ người có quyền hẹn giờ hoàn tác."))
        undone = undo(batch, self.request.user)
        message = " ".join([_("Đã hoàn tác."), *undone.remarks])
        return {"state": "done", "message": message}, [slot.pk for slot in undone.slots]

    def touched(self, sent: QueryDict) -> Iterable[int]:
        batch = _batch(sent)
        return SlotEvent.objects.filter(batch=batch).values_list("slot_id", flat=True) if batch else ()


def _wish(sent: QueryDict) -> Wish:
    story = _key(sent, "story")
    if story is None:
        raise ScheduleProblem(_("Không rõ bài nào; hãy tải lại trang."))
    return Wish(
        story=story, source=_key(sent, "source"), target=_key(sent, "target"), replaces=_key(sent, "replaces"),
        agreed=frozenset(sent.getlist("agreed")),
    )  # fmt: skip


def _key(sent: QueryDict, name: str) -> int | None:
    """A slot's or story's key; None for the tray, and for what is none."""
    value = sent.get(name, "")
    return int(value) if _KEY.fullmatch(value) else None


def _batch(sent: QueryDict) -> uuid.UUID | None:
    try:
        return uuid.UUID(sent.get("batch", ""))
    except ValueError:
        return None

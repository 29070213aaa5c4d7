"""Why two figures differ, story by story and change by change; the parts add up to the difference. Pure.

Between two sides a story went through events, and the question itself may have been put otherwise (another structure of
units, another codebook, another definition). Each step changes what the story adds to the figure by a whole number;
their sum is what it adds on the new side less what it added on the old one, whatever the steps were. What no step
explains, because a list says other than the history, is a part of its own: *chưa xác định*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from column.tallies.states.history import Event, Known, Life
from column.tallies.states.models import Standing


class Cause(models.TextChoices):
    """Why a figure changed; values stand in files and addresses."""

    ADDED = "them", _("Lên trang, thêm vào")
    TAKEN_DOWN = "go", _("Đã gỡ")
    UNPUBLISHED = "rut", _("Không còn trên trang")
    RESTRICTED = "noi-bo", _("Chuyển thành chỉ dành cho nội bộ")
    DELETED = "xoa", _("Đã xóa")
    RECODED = "gan-lai", _("Gắn lại đơn vị, tiêu chí")
    REDATED = "ngay", _("Sửa ngày đăng")
    KIND = "loai", _("Sửa loại tin, bài")
    BYLINES = "but-danh", _("Sửa bút danh")
    DOCUMENTS = "van-ban", _("Sửa văn bản liên quan")
    UNITS = "don-vi", _("Đơn vị đổi tên, sáp nhập, chia tách")
    CODEBOOK = "bo-tieu-chi", _("Bộ tiêu chí thay đổi")
    LIST = "danh-sach", _("Danh sách đơn vị theo dõi thay đổi")
    DEFINITION = "dinh-nghia", _("Bảng được hỏi khác đi")
    OWN = "chinh-no", _("Chính bài nêu con số")
    UNKNOWN = "chua-xac-dinh", _("Chưa xác định")


#: What a story adds to the figure; None is a story that is not there.
Adds = Callable[[Known | None], int]

_LEFT = {
    Standing.TAKEN_DOWN: Cause.TAKEN_DOWN, Standing.UNPUBLISHED: Cause.UNPUBLISHED,
    Standing.RESTRICTED: Cause.RESTRICTED, Standing.DELETED: Cause.DELETED, Standing.UNDATED: Cause.REDATED,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One step of one story that changed the figure by ``change``. ``number`` 0: no story can be named.

    ``before`` and ``after`` are the story around an event; of a question that was put otherwise, only ``after``.
    """

    cause: Cause
    change: int
    number: int = 0
    title: str = ""
    at: datetime | None = None
    by_name: str = ""
    before: Known | None = None
    after: Known | None = None


def counted(known: Known | None) -> Known | None:
    """The story where it counts, else nothing."""
    return known if known is not None and known.seen.standing == Standing.COUNTED else None


def parts_of(
    life: Life, old: Known | None, new: Known | None, questions: Sequence[tuple[Cause, Adds]]
) -> Iterator[Part]:
    """The parts of one story: what its list said on either side (``old``, ``new``), and what happened between.

    ``questions`` begins with the old one; each following one bears the cause of its difference from the one before.
    """
    ask = questions[0][1]
    told = new or old or life.after
    number, title = (told.number, told.seen.title) if told is not None else (0, "")

    def part(cause: Cause, change: int, event: Event | None = None, before: Known | None = None) -> Part:
        return Part(
            cause, change, number, title, event.at if event else None, event.by_name if event else "", before,
            event.after if event else None,
        )  # fmt: skip

    here = counted(life.before)
    value = ask(here)
    yield part(Cause.UNKNOWN, value - ask(old))
    for event in life.events:
        before = here
        for cause, step in _steps(here, event):
            new_value = ask(step)
            yield part(cause, new_value - value, event, before)
            here, value = step, new_value
    for cause, ask in questions[1:]:
        new_value = ask(here)
        yield replace(part(cause, new_value - value), after=here)
        value = new_value
    yield part(Cause.UNKNOWN, ask(new) - value)


def _steps(before: Known | None, event: Event) -> Iterator[tuple[Cause, Known | None]]:
    """What an event did, one aspect after the other."""
    after = counted(event.after)
    if before is None or after is None:
        if before is None and after is None:
            return
        yield (Cause.ADDED if after is not None else _LEFT[Standing(event.after.seen.standing)]), after
        return
    here = before
    for cause, field in _ASPECTS:
        value = getattr(after.seen, field)
        if value != getattr(here.seen, field):
            here = Known(here.story, here.number, here.seen._replace(**{field: value}), here.rows)
            yield cause, here
    if here.rows != after.rows:
        yield Cause.RECODED, after


_ASPECTS = (
    (Cause.KIND, "kind"), (Cause.REDATED, "issue_date"), (Cause.BYLINES, "bylines"), (Cause.DOCUMENTS, "documents"),
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """Two figures and all that lies between them; ``parts`` holds no part that changes nothing."""

    old: int
    new: int
    parts: tuple[Part, ...]

    @property
    def change(self) -> int:
        return self.new - self.old

    @property
    def unknown(self) -> int:
        return sum(part.change for part in self.parts if part.cause == Cause.UNKNOWN)

    def by_cause(self) -> list[tuple[Cause, int, list[Part]]]:
        """Each cause that has parts, its sum, and the parts; in the order of ``Cause``."""
        found: dict[Cause, list[Part]] = {}
        for part in self.parts:
            found.setdefault(part.cause, []).append(part)
        return [(cause, sum(part.change for part in found[cause]), found[cause]) for cause in Cause if cause in found]


def difference(old: int, new: int, parts: Iterator[Part]) -> Difference:
    """The parts that change something; what they leave over is of unknown cause, so that they add up."""
    found = [part for part in parts if part.change]
    left = (new - old) - sum(part.change for part in found)
    if left:
        found.append(Part(Cause.UNKNOWN, left))
    return Difference(old, new, tuple(found))

"""Which units a text names, with the passage that names them: offered to a person, never written by itself.

Criteria are never inferred from words (domain.md, *Coverage*, rule 7).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from column.departments.models import CITYWIDE, Department
from column.departments.names import Gazetteer
from column.departments.rules import candidates_on
from column.enums import CoverageRole
from column.stories.models import Story

#: What a body does that speaks about others' work instead of being the subject.
_SPEAKS = (
    "đánh giá", "đề nghị", "chỉ đạo", "yêu cầu", "cho biết", "cho rằng", "khẳng định", "nhấn mạnh", "phát biểu",
    "kết luận", "kêu gọi", "lưu ý", "ghi nhận", "nhận định", "nhận xét", "thống nhất", "đồng ý", "biểu dương",
    "nhắc nhở", "phê bình", "thông báo", "nêu rõ", "trao đổi", "đề xuất", "kiến nghị", "quán triệt",
)  # fmt: skip
_NAME = r"(?:\s+[A-ZÀ-ỸĐ][\w.]*){1,5}"
_SPEECH = re.compile(
    rf"(?:{_NAME})?\s*(?:\([^)]*\))?\s*,?\s*(?:đã|cũng|vừa|sẽ|đang|còn|vẫn|luôn|tiếp tục|thường xuyên|có ý kiến)?"
    rf"\s*(?:{'|'.join(_SPEAKS)})(?!\w)"
)
_ACCORDING_TO = re.compile(r"(?:theo|thông tin từ|lời)\s+(?:(?:báo cáo|đánh giá|kết luận)\s+của\s+)?$", re.IGNORECASE)
#: “cơ sở y tế”, “trụ sở Công an”: the word before makes it another thing.
_NOT_A_UNIT = re.compile(r"(?:\bcơ|\btrụ|\bcông|\bhội)\s+$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?…])[”\"’)]*\s+(?=[“\"‘(]?[A-ZÀ-ỸĐ0-9])|\n+")
MAX_PASSAGE = 400


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name in the text and the unit, or the units, that it may mean.

    ``department`` is None while a person must choose among ``candidates``. ``start`` and ``end`` place
    the name in the text that was read; ``passage`` is the sentence around it. ``preticked``: the unit is
    likely the subject; else ``reason`` (Vietnamese) says why not, and who only speaks or assesses is offered
    with the role “được nhắc đến”.
    """

    name: str
    department: Department | None
    candidates: tuple[Department, ...]
    passage: str
    start: int
    end: int
    mentions: int
    preticked: bool
    role: CoverageRole = CoverageRole.SUBJECT
    reason: str = ""


def text_of(story: Story) -> str:
    """A story's words, a line a paragraph: headline, standfirst, body; as they are in this version of it."""
    body = story._meta.get_field("body").get_searchable_content(story.body)
    return "\n".join(part for part in (story.title, story.standfirst, *body) if part)


def suggest_units(text: Story | str, on_day: date, gazetteer: Gazetteer | None = None) -> list[Suggestion]:
    """The units that a text names, as they existed on its issue date, in reading order.

    Names, short names and aliases match whatever their case, the longest first. A unit named several times
    is suggested once, with its most telling passage.
    """
    words = text_of(text) if isinstance(text, Story) else text
    known = gazetteer or Gazetteer.load()
    found: dict[tuple[int, ...], list[_Mention]] = {}
    for match in known.matcher().find(words):
        units, reason = _meant(known, match.key, on_day)
        if not units or _is_no_unit(words, match.start):
            continue
        mention = _Mention(match.start, match.end, tuple(units), reason, _is_speech(words, match.start, match.end))
        found.setdefault(tuple(sorted(unit.pk for unit in units)), []).append(mention)
    return [_suggestion(words, mentions) for mentions in found.values()]


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    units: tuple[Department, ...]
    reason: str
    speech: bool


def _meant(known: Gazetteer, key: str, day: date) -> tuple[list[Department], str]:
    """The units of that name on that day; a name out of its time offers its bodies all the same, with the reason."""
    everyone = list(known.all_named(key))
    fitting = candidates_on(everyone, day)
    if fitting:
        return fitting, ""
    return everyone, "Không có đơn vị mang tên này vào ngày đăng; hãy chọn đơn vị của thời điểm đó."


def _is_no_unit(words: str, start: int) -> bool:
    return words[start : start + 2].lower() == "sở" and bool(_NOT_A_UNIT.search(words, max(0, start - 12), start))


def _is_speech(words: str, start: int, end: int) -> bool:
    return bool(_SPEECH.match(words, end) or _ACCORDING_TO.search(words, max(0, start - 40), start))


def _suggestion(words: str, mentions: list[_Mention]) -> Suggestion:
    acting = [mention for mention in mentions if not mention.speech]
    best = (acting or mentions)[0]
    if best.units[0].speaks_only:
        best = mentions[0]
    unit = best.units[0] if len(best.units) == 1 else None
    role = CoverageRole.SUBJECT
    if best.reason:
        reason = best.reason
    elif unit is None:
        reason = "Ngày đăng có nhiều đơn vị cùng tên; hãy chọn một."
    elif unit.code == CITYWIDE:
        reason = "Nói chung về thành phố; đánh dấu nếu bài nói về cả thành phố."
    elif unit.speaks_only or not acting:
        role = CoverageRole.MENTIONED
        reason = "Thường chỉ phát biểu, đánh giá." if unit.speaks_only else "Chỉ phát biểu, đánh giá trong bài này."
    else:
        reason = ""
    return Suggestion(
        name=words[best.start : best.end],
        department=None if best.reason else unit,
        candidates=best.units,
        passage=passage_at(words, best.start, best.end),
        start=best.start,
        end=best.end,
        mentions=len(mentions),
        preticked=not reason,
        role=role,
        reason=reason,
    )


def passage_at(words: str, start: int, end: int) -> str:
    """The sentence around a place, cut to whole words around it when it is very long."""
    first = max((m.end() for m in _SENTENCE_END.finditer(words, 0, start)), default=0)
    after = _SENTENCE_END.search(words, end)
    last = after.start() if after else len(words)
    if last - first > MAX_PASSAGE:
        first, left = max(first, start - MAX_PASSAGE // 2), first
        if first > left:
            first = words.find(" ", first) + 1
        last, right = min(last, first + MAX_PASSAGE), last
        if last < right:
            last = max(words.rfind(" ", end, last), end)
    return " ".join(words[first:last].split())

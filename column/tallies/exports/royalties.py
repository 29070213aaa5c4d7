"""*Chấm nhuận bút*: who wrote and photographed what in a month, as a workbook that editors fill with marks.

A credit is a line: a story with three names has three lines, and nothing is divided among them. Words count for a
credit of text, photos for a credit of photos.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _
from wagtail.rich_text import get_text_for_indexing

from column.coverage.periods import Period
from column.enums import CreditRole, Kind
from column.stories.models import BylineCredit, ColumnPage, Story, StoryPhoto
from column.text.dates import format_moment
from column.text.spreadsheets import FONT, HEADING, WORKBOOK_OPTIONS

SHEETS = ("Theo bút danh", "Từng tin, bài", "Cách tính")
WRITES = frozenset({
    CreditRole.TEXT, CreditRole.TEXT_AND_PHOTOS, CreditRole.NEWS, CreditRole.NEWS_AND_PHOTOS, CreditRole.EDITED,
})  # fmt: skip
PHOTOGRAPHS = frozenset({CreditRole.TEXT_AND_PHOTOS, CreditRole.NEWS_AND_PHOTOS, CreditRole.PHOTOS})
_BATCH = 200


@dataclass(frozen=True)
class Work:
    """One credit on one story. ``words`` and ``photos`` are 0 where the credit is for the other."""

    byline: str
    role: str
    beside: str
    day: date
    kind: str
    headline: str
    words: int
    photos: int
    url: str
    story: int


@dataclass
class Person:
    """The sums of one byline; stories are distinct, whatever its credits on one."""

    name: str
    works: list[Work] = field(default_factory=list)

    @property
    def words(self) -> int:
        return sum(max(words) for words in self._by_story("words").values())

    @property
    def photos(self) -> int:
        return sum(max(photos) for photos in self._by_story("photos").values())

    @property
    def stories(self) -> int:
        return len({work.story for work in self.works})

    @property
    def shared(self) -> int:
        """Stories on which others stand too."""
        return len({work.story for work in self.works if work.beside})

    def of_kind(self, kind: Kind) -> int:
        return len({work.story for work in self.works if work.kind == str(kind.label)})

    def _by_story(self, what: str) -> dict[int, list[int]]:
        # Two credits on one story (text; photos) are not twice its words.
        found: dict[int, list[int]] = {}
        for work in self.works:
            found.setdefault(work.story, []).append(getattr(work, what))
        return found


def people_of(month: Period) -> list[Person]:
    """The bylines of the month's published stories, in Vietnamese order; their works by date (some queries a batch)."""
    stories = list(
        Story.objects.published()
        .filter(issue_date__gte=month.first, issue_date__lte=month.last)
        .order_by("issue_date", "first_published_at", "pk")
    )
    found: dict[str, tuple[str, Person]] = {}
    waiting = iter(stories)
    columns = {column.path: column.full_url or "" for column in ColumnPage.objects.all()}
    while batch := list(islice(waiting, _BATCH)):
        for order, work in _works(batch, columns):
            found.setdefault(work.byline, (order, Person(work.byline)))[1].works.append(work)
    return [person for _order, person in sorted(found.values(), key=lambda pair: pair[0])]


def _works(stories: list[Story], columns: dict[str, str]) -> Iterator[tuple[str, Work]]:
    keys = [story.pk for story in stories]
    named: dict[int, list[BylineCredit]] = {}
    rows = BylineCredit.objects.filter(story__in=keys).select_related("byline").order_by("sort_order", "pk")
    for credit in rows:
        named.setdefault(credit.story_id, []).append(credit)
    own: dict[int, set[int]] = {}
    for story_id, image in StoryPhoto.objects.filter(story__in=keys).values_list("story_id", "image_id"):
        own.setdefault(story_id, set()).add(image)
    for story in stories:
        assert story.issue_date is not None, "asked for by its day"
        words = word_count(story)
        photos = len(own.get(story.pk, set()) | photos_of(story))
        # treebeard's steps are four characters
        parent = columns.get(story.path[:-4], "")
        names = [credit.byline.name for credit in named.get(story.pk, [])]
        for credit in named.get(story.pk, []):
            yield credit.byline.sort_key, Work(
                byline=credit.byline.name, role=str(CreditRole(credit.role).label),
                beside=", ".join(dict.fromkeys(name for name in names if name != credit.byline.name)),
                day=story.issue_date, kind=str(Kind(story.kind).label), headline=story.title,
                words=words if credit.role in WRITES else 0, photos=photos if credit.role in PHOTOGRAPHS else 0,
                url=f"{parent}{story.slug}/" if parent else "", story=story.pk,
            )  # fmt: skip


def word_count(story: Story) -> int:
    """Words (*chữ*: what spaces part) of the standfirst and the text: paragraphs, subheads, quotes. No captions."""
    return sum(len(text.split()) for text in (story.standfirst, *_texts(story.body.raw_data)))


def _texts(blocks: Iterable[Any]) -> Iterator[str]:
    for block in blocks:
        value = block["value"]
        if block["type"] == "paragraph":
            yield get_text_for_indexing(value)
        elif block["type"] == "subhead":
            yield value
        elif block["type"] == "quote":
            yield value.get("text") or ""


def photos_of(story: Story) -> set[int]:
    """The different photos that the story shows: the lead photo and those in its body."""
    found = {story.lead_photo_id} if story.lead_photo_id else set()
    for block in story.body.raw_data:
        if block["type"] == "photo":
            found.add(block["value"].get("image"))
        elif block["type"] == "gallery":
            # A list's items are bare values in old revisions, and wrapped in newer ones.
            items = (item.get("value", item) for item in block["value"].get("photos") or [])
            found.update(item.get("image") for item in items)
    return {key for key in found if key}


# --- the workbook --------------------------------------------------------------------------------------------------

PEOPLE_COLUMNS = (
    ("TT", 5), ("Bút danh", 30), ("Số tin, bài", 10), ("Bài viết", 10), ("Tin", 10), ("Ảnh", 10),
    ("Chưa phân loại", 10), ("Cùng đứng tên", 10), ("Số chữ", 12), ("Số ảnh", 10), ("Điểm", 10), ("Ghi chú", 30),
)  # fmt: skip
WORK_COLUMNS = (
    ("TT", 5), ("Bút danh", 28), ("Phần việc", 14), ("Cùng đứng tên với", 30), ("Ngày đăng", 12), ("Loại", 12),
    ("Tiêu đề", 60), ("Số chữ", 10), ("Số ảnh", 10), ("Điểm", 10), ("Ghi chú", 30), ("Địa chỉ", 48),
)  # fmt: skip


def write(month: Period, file: IO[bytes], *, at: datetime) -> None:
    """Write the month's workbook; *Điểm* is left to the editors."""
    people = people_of(month)
    with xlsxwriter.Workbook(file, WORKBOOK_OPTIONS) as book:
        book.set_properties({"title": _("Chấm nhuận bút %(month)s") % {"month": month.label}})
        formats = {
            "text": book.add_format(FONT | {"text_wrap": True}), "head": book.add_format(HEADING),
            "number": book.add_format(FONT | {"num_format": "#,##0", "align": "right"}),
            "day": book.add_format(FONT | {"num_format": "dd/mm/yyyy", "align": "left"}),
        }  # fmt: skip
        sheets = [book.add_worksheet(name) for name in SHEETS]
        _sheet(sheets[0], PEOPLE_COLUMNS, list(_person_rows(people)), formats)
        _sheet(sheets[1], WORK_COLUMNS, list(_work_rows(people)), formats)
        sheets[2].set_column(0, 0, 24)
        sheets[2].set_column(1, 1, 100)
        for row, (heading, words) in enumerate(_method(month, at)):
            sheets[2].write_string(row, 0, heading, formats["head"])
            sheets[2].write_string(row, 1, words, formats["text"])


def _sheet(sheet: Any, columns: tuple[tuple[str, int], ...], rows: list[list[Any]], formats: dict[str, Any]) -> None:
    for column, (heading, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, formats["head"])
    for row, values in enumerate(rows, start=1):
        for column, value in enumerate(values):
            if isinstance(value, int):
                sheet.write_number(row, column, value, formats["number"])
            elif isinstance(value, date):
                sheet.write_datetime(row, column, value, formats["day"])
            else:
                sheet.write_string(row, column, value, formats["text"])
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)


def _person_rows(people: list[Person]) -> Iterator[list[Any]]:
    for place, one in enumerate(people, start=1):
        kinds = [one.of_kind(kind) for kind in (Kind.ARTICLE, Kind.NEWS, Kind.PHOTO, Kind.POOLED)]
        yield [place, one.name, one.stories, *kinds, one.shared, one.words, one.photos, "", ""]


def _work_rows(people: list[Person]) -> Iterator[list[Any]]:
    place = 0
    for person in people:
        for one in person.works:
            place += 1
            yield [
                place, one.byline, one.role, one.beside, one.day, one.kind, one.headline, one.words, one.photos, "", "",
                one.url,
            ]  # fmt: skip


def _method(month: Period, at: datetime) -> list[tuple[str, str]]:
    return [
        (_("Kỳ"), month.label[:1].upper() + month.label[1:]),
        (_("Số liệu lúc"), format_moment(at)),
        (_("Tin, bài"), _("Tin, bài đã đăng có ngày đăng trong tháng, theo giờ Đà Nẵng; bài đã gỡ không tính.")),
        (
            _("Nhiều người đứng tên"),
            _(
                "Mỗi người một dòng, kèm tên những người cùng đứng; số chữ, số ảnh không chia."
                " Vì thế cộng các bút danh có thể lớn hơn số tin, bài của tháng."
            ),
        ),
        (
            _("Số chữ"),
            _(
                "Số chữ (cách nhau bằng khoảng trắng) của sa-pô và nội dung, không kể chú thích ảnh;"
                " chỉ tính cho phần việc viết."
            ),
        ),
        (_("Số ảnh"), _("Số ảnh khác nhau trong tin, bài; chỉ tính cho phần việc ảnh.")),
        (_("Điểm"), _("Để trống cho người chấm.")),
    ]  # fmt: skip

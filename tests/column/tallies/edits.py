"""Random later edits of an archive, each through the door that people use; shared by the tests of what is proved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from wagtail.log_actions import LogContext
from wagtail.models import PageViewRestriction

from column.coverage.models import Criterion, Document
from column.coverage.recording import Row, record
from column.departments.models import Department
from column.enums import CoverageRole, Kind, Tone
from column.people.models import Byline, User
from column.signals import announce
from column.stories.models import Story
from column.stories.reclassify import reclassify
from column.stories.takedown import take_down
from tests.factories import make_news

UNITS = ("so-y-te", "cong-an-tp", "phong-csgt", "phuong-an-hai-tay", None)
CRITERIA = ("ky-cuong", "chong-tieu-cuc", "guong-mau", None)
DAYS = (date(2016, 12, 31), date(2017, 1, 1), date(2017, 2, 16), date(2017, 4, 1), date(2018, 1, 1))
NAMES = ("ĐOÀN LƯƠNG", "KIM LIÊN")
AT = datetime(2026, 1, 1, tzinfo=UTC)

#: What to do, to which story (its place), and by which of some numbers.
Edit = tuple[str, int, int, int]
EDITS = ("code", "code", "code", "date", "down", "back", "kind", "byline", "private", "document", "delete", "new")
edits = st.tuples(st.sampled_from(EDITS), st.integers(0, 7), st.integers(0, 7), st.integers(0, 7))


@contextmanager
def taken_back() -> Iterator[None]:
    """What an example does is undone after it: examples of one test share a database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Archive:
    """Eight stories and what is done to them, always by one person."""

    def __init__(self, user: User, stories: list[Story]) -> None:
        self.user, self.stories = user, stories
        self.keys = [story.pk for story in stories]
        self.units = dict(Department.objects.values_list("code", "pk"))
        self.criteria = dict(Criterion.objects.values_list("slug", "pk"))
        self.documents = list(Document.objects.order_by("pk").values_list("pk", flat=True))

    def again(self) -> Archive:
        """As it was before anything was done."""
        return Archive(self.user, self.stories)

    def do(self, edit: Edit) -> None:
        what, place, one, two = edit
        story = Story.objects.filter(pk=self.keys[place % len(self.keys)]).first()
        if story is None and what != "new":
            return
        doing: Callable[[Any, int, int], None] = getattr(self, f"_{what}")
        with LogContext(user=self.user):
            doing(story, one, two)

    def _code(self, story: Story, one: int, two: int) -> None:
        rows = {}
        for number in range(two % 4):
            unit, slug = UNITS[(one + number) % len(UNITS)], CRITERIA[(two + number * one) % len(CRITERIA)]
            if unit or slug:
                role = CoverageRole.MENTIONED if (one + number) % 5 == 0 else CoverageRole.SUBJECT
                tone = Tone.CRITICISM if (two + number) % 3 == 0 else Tone.UNSET
                row = Row(self.units[unit] if unit else None, self.criteria[slug] if slug else None, "", role, tone)
                rows[row.key] = row
        record(story, rows.values(), user=self.user, at=AT)

    def _date(self, story: Story, one: int, two: int) -> None:
        # As a slot does it (column.schedule.slots.assign).
        Story.objects.filter(pk=story.pk).update(issue_date=DAYS[one % len(DAYS)])
        announce([story.pk])

    def _down(self, story: Story, one: int, two: int) -> None:
        if story.live:
            take_down(story, self.user)

    def _back(self, story: Story, one: int, two: int) -> None:
        if not story.live:
            story.specific.save_revision(user=self.user).publish(user=self.user, skip_permission_checks=True)

    def _kind(self, story: Story, one: int, two: int) -> None:
        reclassify(story, (Kind.ARTICLE, Kind.NEWS, Kind.PHOTO)[one % 3], self.user)

    def _byline(self, story: Story, one: int, two: int) -> None:
        byline = Byline.objects.order_by("pk").first()
        assert byline is not None
        byline.name = f"{NAMES[one % 2]} {two}"
        byline.save()

    def _private(self, story: Story, one: int, two: int) -> None:
        known = PageViewRestriction.objects.filter(page=story.pk)
        if known.exists():
            for restriction in known:
                restriction.delete()
        else:
            PageViewRestriction.objects.create(page=story, restriction_type=PageViewRestriction.LOGIN)

    def _document(self, story: Story, one: int, two: int) -> None:
        rows = [
            Row(row.department_id, row.criterion_id, row.evidence, row.role, row.tone) for row in story.coverage.all()
        ]
        wanted = {self.documents[one % len(self.documents)]: "mentions"} if two % 2 else {}
        record(story, rows, user=self.user, at=AT, documents=wanted)

    def _delete(self, story: Story, one: int, two: int) -> None:
        if two == 0:
            story.specific.delete()

    def _new(self, story: Story, one: int, two: int) -> None:
        added = make_news(f"Tin thêm {len(self.keys)}", issue_date=DAYS[one % len(DAYS)])
        self.keys.append(added.pk)
        self._code(added, one, two)

"""What is still to come: drafts for the next Thursdays, each some steps on its way, through the functions that people
use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wagtail.blocks import StreamValue

from column.coverage import recording
from column.coverage.models import Criterion, Document
from column.enums import CoverageRole, DocumentRelation, Kind
from column.people.models import Byline, User
from column.people.roles import Role
from column.photos.models import Picture
from column.schedule import reserve, slots
from column.schedule.models import Slot
from column.schedule.scheduling import schedule_story
from column.stories.models import Article, BylineCredit, ColumnPage, NewsItem, Story
from column.transfer.body import parse
from column.transfer.bylines import parse_byline
from column.transfer.columns import split_list
from column.transfer.demo.composing import Composer
from column.transfer.stream import stream_data

#: How long the article in reserve may stand in for another.
KEEPS = timedelta(weeks=8)


@dataclass
class Desk:
    """The newsroom at work on the coming weeks."""

    column: ColumnPage
    users: Mapping[Role, User]
    pictures: Mapping[str, Picture]
    composer: Composer
    now: datetime
    published: Mapping[str, int]

    def work(self, thursdays: Sequence[date], skip: str) -> Iterator[int]:
        """The nearest Thursday scheduled, then one approved, one in review, one planned, one empty, one skipped; an
        article in reserve, and a news item that goes out tomorrow by itself. Yields after each."""
        scheduled, approved, in_review, planned, _empty, skipped = thursdays[:6]
        self._scheduled(scheduled)
        yield 1
        self._approve(self._article(approved))
        yield 2
        self._submit(self._article(in_review), Role.REPORTER)
        yield 3
        self._article(planned)
        yield 4
        slots.skip(Slot.objects.get(column=self.column, day=skipped), skip, self.users[Role.MANAGING_EDITOR])
        spare = self._draft(Article(), self.composer.article(planned), planned)
        self._approve(spare)
        reserve.add(
            spare, planned + KEEPS, "Không gắn với ngày nào, thay lúc nào cũng được",
            self.users[Role.MANAGING_EDITOR], self.now,
        )  # fmt: skip
        yield 5
        self._news()
        yield 6

    def _scheduled(self, day: date) -> None:
        article = self._article(day)
        slot = Slot.objects.get(column=self.column, day=day)
        slots.change(
            slot, publish_time=slot.publish_time, teaser=f"{article.title}.",
            user=self.users[Role.EDITOR],
        )  # fmt: skip
        self._approve(article)
        schedule_story(article, self.users[Role.MANAGING_EDITOR], self.now)

    def _news(self) -> None:
        day = (self.now + timedelta(days=1)).date()
        cells = self.composer.news(day, Kind.NEWS)
        item = self._draft(NewsItem(), cells, day)
        self._approve(item)
        at = (self.now + timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)
        schedule_story(item, self.users[Role.MANAGING_EDITOR], self.now, at=at)

    def _article(self, day: date) -> Story:
        """A draft on that Thursday."""
        article = self._draft(Article(), self.composer.article(day), day)
        slots.assign(Slot.objects.get(column=self.column, day=day), article, self.users[Role.EDITOR])
        return Story.objects.get(pk=article.pk).specific

    def _draft(self, story: Story, cells: Mapping[str, str], day: date) -> Story:
        """A draft by the reporter, coded, with everything that the check before publication asks for."""
        author = self.users[Role.REPORTER]
        body = parse(cells["body"])
        shown = {name: (picture.pk, "") for name, picture in self._named(cells).items()}
        story.public_id = self.composer.number()
        data, _missing = stream_data(body, str(story.public_id), shown, self.published)
        story.title, story.standfirst = cells["title"], cells.get("standfirst", "")
        story.owner, story.live = author, False
        story.body = StreamValue(Story._meta.get_field("body").stream_block, data, is_lazy=True)
        names = split_list(cells["photos"])
        story.lead_photo = self._named(cells)[names[0]] if names and names[0] else None
        story.byline_credits = [
            BylineCredit(byline=Byline.objects.named(name).get(), role=role, sort_order=order)
            for order, (name, role) in enumerate(parse_byline(cells["byline"]))
        ]
        self.column.add_child(instance=story)
        story.save_revision(user=author, log_action=True)
        self._code(story, cells, day)
        return story

    def _named(self, cells: Mapping[str, str]) -> dict[str, Picture]:
        return {name: self.pictures[name.removesuffix(".jpg")] for name in split_list(cells["photos"]) if name}

    def _code(self, story: Story, cells: Mapping[str, str], day: date) -> None:
        units = self.composer.roster.by_code
        criteria = dict(Criterion.objects.values_list("slug", "pk"))
        rows = []
        for item, passage in zip(split_list(cells["departments"]), split_list(cells["evidence"]), strict=True):
            name, bracket, _mark = item.partition(" [")
            code, _arrow, slug = name.partition(">")
            role = CoverageRole.MENTIONED if bracket else CoverageRole.SUBJECT
            rows.append(recording.Row(units[code].pk, criteria.get(slug), passage, role))
        documents = {
            document.pk: DocumentRelation.CARRIES_OUT if document.number == "29-CT/TU" else DocumentRelation.TIED_TO
            for document in Document.objects.filter(number__in=("29-CT/TU", "34-CT/TU"), issued_on__lt=day)
        }
        recording.record(story, rows, user=self.users[Role.EDITOR], at=self.now, documents=documents)

    def _submit(self, story: Story, role: Role = Role.EDITOR) -> None:
        workflow = self.column.get_workflow()
        assert workflow is not None, "the column has lost its approval workflow"
        workflow.start(story, self.users[role])

    def _approve(self, story: Story) -> None:
        self._submit(story, Role.EDITOR)
        state = story.current_workflow_task_state
        state.task.specific.on_action(state, self.users[Role.CHIEF], "approve")

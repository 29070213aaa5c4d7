"""New stories of an archive into the database, a batch at a time, as if each had been made and published by hand."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from modelcluster.models import get_all_child_relations
from wagtail.blocks import StreamValue
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import LogContext
from wagtail.models import Page, PageLogEntry, Revision

from column.coverage import recording
from column.enums import Kind
from column.inserting import allocate_ids, insert_rows, insert_values
from column.people.models import Byline, User, byline_key
from column.photos.models import Picture
from column.signals import announce
from column.stories.corrections import add_correction
from column.stories.identity import new_public_id, story_slug
from column.stories.models import (
    Article,
    BylineCredit,
    ColumnPage,
    NewsItem,
    Photo,
    Story,
    StoryPhoto,
)
from column.transfer.bulk import index_for_admin, insert_references, serialised
from column.transfer.bylines import Credit
from column.transfer.models import ImportRecord
from column.transfer.pictures import PhotoSpec
from column.transfer.story_row import StoryRow
from column.transfer.stream import named_stories, stream_data

Pictures = Mapping[PhotoSpec, Picture]
MODELS: dict[Kind, type[Story]] = {
    Kind.ARTICLE: Article, Kind.NEWS: NewsItem, Kind.POOLED: NewsItem, Kind.PHOTO: Photo,
}  # fmt: skip


@dataclass
class Written:
    """What became of one new row."""

    row: StoryRow
    story: Story
    revision: Revision
    #: External ids that the body names and that are not there yet.
    missing: set[str] = field(default_factory=set)


@dataclass
class BulkWriter:
    """Writes into one column page. ``write`` must be called inside a transaction."""

    column: ColumnPage
    user: User | None
    #: One action, one mark in the log: every entry of the import carries it.
    run: uuid.UUID
    _bylines: dict[str, Byline] = field(default_factory=dict)

    def write(self, rows: Sequence[StoryRow], pictures: Pictures, now: datetime) -> list[Written]:
        """Insert the stories of these rows (none of them known yet)."""
        if not rows:
            return []
        parent = Page.objects.select_for_update().get(pk=self.column.pk)
        written = self._build(rows, parent, pictures, now)
        self._insert(written, parent)
        self._beside(written, now)
        with LogContext(user=self.user):  # whoever listens can say by whom
            announce(one.story.pk for one in written)
        return written

    # Building -----------------------------------------------------------------------------------------------------

    def _build(self, rows: Sequence[StoryRow], parent: Page, pictures: Pictures, now: datetime) -> list[Written]:
        self._know_bylines(credit for row in rows for credit in row.credits)
        story_ids = dict(zip((row.external_id for row in rows), allocate_ids(Page, len(rows)), strict=True))
        credit_ids = iter(allocate_ids(BylineCredit, sum(len(row.credits) for row in rows)))
        photo_ids = iter(allocate_ids(StoryPhoto, sum(len(row.own_photos) for row in rows if row.kind == Kind.PHOTO)))
        revision_ids = allocate_ids(Revision, len(rows))
        stories = known_stories(set().union(*(named_stories(row.body) for row in rows))) | story_ids
        numbers = _free_numbers(rows)
        paths = _paths(parent, len(rows))
        written: list[Written] = []
        for place, row in enumerate(rows):
            model = MODELS[row.kind]
            data, missing = stream_data(row.body, row.external_id, body_pictures(row, pictures), stories)
            story = self._story(model, row, story_ids[row.external_id], numbers[place], parent, data)
            story.path = paths[place]
            set_photos(story, row, pictures)
            for photo in story.photos.all() if isinstance(story, Photo) else ():
                photo.pk, photo.story_id = next(photo_ids), story.pk
            story.byline_credits = [
                BylineCredit(pk=next(credit_ids), story_id=story.pk, sort_order=order,
                             byline=self._bylines[byline_key(name)], role=role)
                for order, (name, role) in enumerate(row.credits)
            ]  # fmt: skip
            revision = Revision(
                pk=revision_ids[place], content_type=_content_type(model), base_content_type=_content_type(Page),
                object_id=str(story.pk), created_at=now, user=self.user, object_str=str(story),
                content=serialised(story),
            )  # fmt: skip
            _make_live(story, row, revision)
            written.append(Written(row, story, revision, missing))
        return written

    def _story(
        self, model: type[Story], row: StoryRow, pk: int, number: int, parent: Page, data: list[dict[str, Any]]
    ) -> Story:
        slug = story_slug("", row.title, number)
        story = model(
            id=pk, page_ptr_id=pk, story_ptr_id=pk, title=row.title, draft_title=row.title, slug=slug,
            url_path=f"{parent.url_path}{slug}/",
            depth=parent.depth + 1, numchild=0, content_type=_content_type(model), locale_id=parent.locale_id,
            owner=self.user, live=False, **story_fields(row),
            public_id=number, external_id=row.external_id, kind=row.kind, issue_date=row.issue_date,
            from_archive=True, first_published_at=None,
        )  # fmt: skip
        story._cached_parent_obj = self.column
        story.body = StreamValue(Story._meta.get_field("body").stream_block, data, is_lazy=True)
        for relation in get_all_child_relations(model):
            # Without these, every relation of every story would be asked of the database.
            setattr(story, relation.get_accessor_name(), [])
        return story

    def _know_bylines(self, wanted: Iterable[Credit]) -> None:
        """Load or make the bylines of these names, without a query for those met before."""
        unknown = {byline_key(name): name for name, _role in wanted if byline_key(name) not in self._bylines}
        if not unknown:
            return
        self._bylines.update({byline.match_key: byline for byline in Byline.objects.filter(match_key__in=unknown)})
        fresh = [Byline(name=name) for key, name in unknown.items() if key not in self._bylines]
        for byline in fresh:
            byline.save()
            self._bylines[byline.match_key] = byline

    # Inserting ----------------------------------------------------------------------------------------------------

    def _insert(self, written: list[Written], parent: Page) -> None:
        stories = [one.story for one in written]
        insert_rows(Page, stories)
        insert_rows(Story, stories)
        for model in (Article, NewsItem, Photo):
            insert_rows(model, [story for story in stories if type(story) is model])
        insert_rows(Revision, [one.revision for one in written])
        insert_rows(BylineCredit, [credit for story in stories for credit in story.byline_credits.all()])
        insert_rows(
            StoryPhoto, [photo for story in stories if isinstance(story, Photo) for photo in story.photos.all()]
        )
        Page.objects.filter(pk=parent.pk).update(numchild=parent.numchild + len(stories))
        insert_references(stories)

    def _beside(self, written: list[Written], now: datetime) -> None:
        """Log, coverage, corrections, redirects, the importer's own record, the admin's index."""
        insert_values(
            PageLogEntry,
            ("page_id", "content_type_id", "label", "action", "revision_id"),
            (
                (one.story.pk, _content_type(type(one.story)).pk, one.story.title, action, revision)
                for one in written
                for action, revision in (("wagtail.create", None), ("wagtail.publish", one.revision.pk))
            ),
            timestamp=now, user_id=self.user.pk if self.user else None, uuid=self.run, content_changed=True,
        )  # fmt: skip
        recording.record_bulk(
            ((one.story.pk, row) for one in written for row in one.row.coverage),
            user=self.user, at=now, via=VIA, announced=True,
        )  # fmt: skip
        recording.relate_bulk(
            ((one.story.pk, one.row.documents) for one in written if one.row.documents),
            user=self.user, at=now, via=VIA,
        )  # fmt: skip
        for one in written:
            add_corrections(one.story, one.row, self.user)
        add_redirects([(one.story, one.row.old_paths) for one in written])
        insert_values(
            ImportRecord,
            ("story_id", "digest", "revision_id"),
            ((one.story.pk, "" if one.missing else one.row.digest, one.revision.pk) for one in written),
            imported_at=now,
        )
        for model in (Article, NewsItem, Photo):
            if stories := [one.story for one in written if type(one.story) is model]:
                index_for_admin(model, stories)


def story_fields(row: StoryRow) -> dict[str, Any]:
    """What a version of the story takes from its row as it stands."""
    return {
        "standfirst": row.standfirst, "kicker": row.kicker, "kicker_printed": row.kicker_printed,
        "printed_at": row.printed_at, "print_issue": row.print_issue, "print_page": row.print_page,
        "source_name": row.source_name, "source_url": row.source_url,
    }  # fmt: skip


def body_pictures(row: StoryRow, pictures: Pictures) -> dict[str, tuple[int, str]]:
    """The body's photos by name: key, and the caption of this story alone."""
    return {
        name: (pictures[spec].pk, own_caption(spec.caption, pictures[spec])) for name, spec in row.body_photos.items()
    }


def set_photos(story: Story, row: StoryRow, pictures: Pictures) -> None:
    """Give the story its own photos, in memory."""
    if isinstance(story, Photo):
        story.photos = [
            StoryPhoto(sort_order=order, image=pictures[spec], caption=own_caption(spec.caption, pictures[spec]))
            for order, spec in enumerate(row.own_photos)
        ]
        return
    lead = row.own_photos[0] if row.own_photos else None
    story.lead_photo = pictures[lead] if lead else None
    story.lead_caption = own_caption(lead.caption, pictures[lead]) if lead else ""


def own_caption(caption: str, picture: Picture) -> str:
    """The caption for this story alone: empty where the photo's own says the same."""
    return "" if caption == picture.caption else caption


def known_stories(names: set[str]) -> dict[str, int]:
    """Keys of stories by external id, or by the name that the export gives to those without one."""
    if not names:
        return {}
    found = dict(Story.objects.filter(external_id__in=names).values_list("external_id", "pk"))
    numbers = {name.removeprefix(EXPORTED): name for name in names if name.startswith(EXPORTED) and name not in found}
    wanted = [int(number) for number in numbers if number.isascii() and number.isdecimal()]
    for number, pk in Story.objects.filter(public_id__in=wanted, external_id=None).values_list("public_id", "pk"):
        found[numbers[str(number)]] = pk
    return found


#: How the coverage's history names what an import wrote.
VIA = "import"
#: Before the number of a story that was made here and has no external id, in an exported file.
EXPORTED = "so-"


def add_corrections(story: Story, row: StoryRow, user: User | None) -> None:
    """The corrections that the story does not have yet."""
    if not row.corrections or not story.live:
        return
    known = set(story.corrections.values_list("kind", "made_at", "text"))
    for kind, made_at, text in row.corrections:
        if (kind, made_at, text) not in known:
            add_correction(story, user, kind, text, made_at=made_at)


def add_redirects(wanted: Sequence[tuple[Story, list[str]]]) -> None:
    """Permanent redirects from the old addresses; an address that leads somewhere already stays as it is."""
    paths: dict[str, Story] = {}
    for story, old_paths in wanted:
        for path in old_paths:
            paths.setdefault(path, story)
    if not paths:
        return
    taken = set(Redirect.objects.filter(old_path__in=paths, site=None).values_list("old_path", flat=True))
    fresh = {path: story for path, story in paths.items() if path not in taken}
    redirects = [
        Redirect(pk=pk, old_path=path, redirect_page=story, is_permanent=True)
        for pk, (path, story) in zip(allocate_ids(Redirect, len(fresh)), fresh.items(), strict=True)
    ]
    insert_rows(Redirect, redirects)
    insert_references(redirects)


def _make_live(story: Story, row: StoryRow, revision: Revision) -> None:
    """What publishing sets; the times are those of the paper, not of the import."""
    story.live = True
    story.first_published_at = story.last_published_at = row.published_at
    story.latest_revision = story.live_revision = revision
    story.latest_revision_created_at = revision.created_at


def _content_type(model: type[Any]) -> ContentType:
    return ContentType.objects.get_for_model(model)


def _paths(parent: Page, count: int) -> list[str]:
    """The next places in the tree under the (locked) parent."""
    depth = parent.depth + 1
    last = Page.objects.filter(path__startswith=parent.path, depth=depth).order_by("-path").values_list("path").first()
    step = Page._str2int(last[0][-Page.steplen :]) if last else 0
    return [Page._get_path(parent.path, depth, step + place) for place in range(1, count + 1)]


def _free_numbers(rows: Sequence[StoryRow]) -> list[int]:
    """A number for each story: the one of its row where that is free, else a fresh one; none twice."""
    wanted = [row.number or new_public_id() for row in rows]
    taken = set(Story.objects.filter(public_id__in=wanted).values_list("public_id", flat=True))
    numbers: list[int] = []
    for number in wanted:
        while number in taken:
            number = new_public_id()  # noqa: PLW2901 - drawn until it is free
            if Story.objects.filter(public_id=number).exists():
                taken.add(number)
        taken.add(number)
        numbers.append(number)
    return numbers

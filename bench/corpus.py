"""A large archive made of our own words, put straight into the tables: what reading it costs is measured, not this."""

from __future__ import annotations

import itertools
import json
import uuid
from datetime import UTC, date, datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Page

from bench.writer import Writer, insert
from column.coverage.models import Coverage, Criterion
from column.departments.models import Department
from column.enums import Kind
from column.stories.identity import story_slug
from column.stories.models import Article, ColumnPage, NewsItem, Photo, Story


def make(count: int, *, size: int = 3000, seed: int = 20170216) -> ColumnPage:
    """Fill the column's page (made if there is none) with *count* published stories of about *size* bytes, coded.

    Nothing is announced: the archive index is empty afterwards. Needs departments and criteria, if rows of coverage
    are wanted.
    """
    writer = Writer(seed)
    column = ColumnPage.objects.first()
    if column is None:
        column = Page.objects.get(depth=1).add_child(instance=ColumnPage(title="5 xây, 3 chống", slug="do-thu"))
    units = list(Department.objects.values_list("pk", "name"))
    criteria = list(Criterion.objects.values_list("pk", flat=True))
    names = [name for _pk, name in units]
    types: dict[Kind, type[Story]] = {Kind.ARTICLE: Article, Kind.NEWS: NewsItem, Kind.PHOTO: Photo}
    content_types = {kind: ContentType.objects.get_for_model(model) for kind, model in types.items()}
    first_pk = (Page.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    offset = column.numchild
    by_type: dict[Kind, list[Story]] = {kind: [] for kind in types}
    rows: list[Coverage] = []
    for number in range(count):
        kind = writer.rng.choices(list(types), weights=[2, 6, 2])[0]
        day = date(2014, 1, 2) + timedelta(days=writer.rng.randrange(12 * 365))
        title = writer.words(12).capitalize()
        public_id = 500_000_000 + offset + number
        body = [
            {"type": "paragraph", "value": f"<p>{paragraph}</p>", "id": str(uuid.UUID(int=number))}
            for paragraph in writer.paragraphs(names, size)
        ]
        at = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
        slug = story_slug("", title, public_id)
        story = types[kind](
            id=first_pk + number, title=title, draft_title=title, slug=slug, public_id=public_id, kind=kind,
            path=ColumnPage._get_path(column.path, column.depth + 1, offset + number + 1), depth=column.depth + 1,
            url_path=f"{column.url_path}{slug}/", content_type=content_types[kind], live=True,
            standfirst=writer.sentence(names), body=json.dumps(body), issue_date=day, from_archive=True,
            first_published_at=at, last_published_at=at, locale_id=column.locale_id, translation_key=uuid.uuid4(),
        )  # fmt: skip
        story.page_ptr_id = story.story_ptr_id = first_pk + number
        by_type[kind].append(story)
        for unit, _name in writer.rng.sample(units, min(len(units), writer.rng.randint(1, 3))):
            criterion = writer.rng.choice(criteria) if criteria else None
            rows.append(Coverage(story_id=story.pk, department_id=unit, criterion_id=criterion))
    with transaction.atomic():
        everything = sorted(itertools.chain.from_iterable(by_type.values()), key=lambda story: story.pk)
        insert(Page, everything)
        insert(Story, everything)
        for kind, stories in by_type.items():
            insert(types[kind], stories)
        Coverage.objects.bulk_create(rows, batch_size=1000)
        Page.objects.filter(pk=column.pk).update(numchild=offset + count)
        column.refresh_from_db()
    return column

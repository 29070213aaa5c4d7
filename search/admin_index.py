"""What the admin is searched in: every object of every searchable model, drafts included."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Manager, Model
from django.utils.encoding import force_str
from wagtail.search.index import AutocompleteField, RelatedFields, SearchField

from column.text.tokens import Analysis, analyse
from search.admin_words import Row, admin_words
from search.models import AdminEntry
from search.reading import LONGEST, Description, digest


class Texts(NamedTuple):
    """An object's words: its title, its other texts, and what autocompletion offers."""

    title: str
    text: str
    starts: str


def stored_id(instance: Model) -> str:
    """The primary key as a database writes it in a text: a UUID has no hyphens in SQLite."""
    return str(instance._meta.pk.get_db_prep_value(instance.pk, connection))


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "\n".join(_plain(part) for part in value.values())
    if isinstance(value, (list, tuple)):
        return "\n".join(_plain(part) for part in value)
    return "" if value is None else force_str(value)


def _values(instance: Any, search_fields: Sequence[Any]) -> Iterator[tuple[Any, str]]:
    for field in search_fields:
        if isinstance(field, (SearchField, AutocompleteField)):
            yield field, _plain(field.get_value(instance))
        elif isinstance(field, RelatedFields):
            related = field.get_value(instance)
            if isinstance(related, Manager):
                related = related.all()
            elif callable(related):
                related = related()
            for one in related if hasattr(related, "__iter__") else [related] if related else []:
                yield from _values(one, field.fields)


def texts_of(instance: Any) -> Texts:
    """Read what the model's ``search_fields`` declare. A page's draft headline is offered beside the live one."""
    title: list[str] = []
    text: list[str] = []
    starts: list[str] = []
    for field, value in _values(instance, instance.get_search_fields()):
        if isinstance(field, AutocompleteField):
            starts.append(value)
        elif field.field_name == "title":
            title.append(value)
        else:
            text.append(value)
    draft_title = getattr(instance, "draft_title", "")
    if draft_title and draft_title not in title:
        title.append(draft_title)
        starts.append(draft_title)
    return Texts("\n".join(title), "\n".join(text)[:LONGEST], "\n".join(starts))


def _write(content_type: int, wanted: Mapping[str, str], row: Callable[[int, str], Row], *, anyway: bool) -> None:
    """*wanted* is the digest of each object; *row* makes the full-text row of ``(entry id, object id)``."""
    held = {
        object_id: (pk, known)
        for pk, object_id, known in AdminEntry.objects.filter(
            content_type_id=content_type, object_id__in=wanted
        ).values_list("pk", "object_id", "digest")
    }
    changed = [
        AdminEntry(pk=held[object_id][0], content_type_id=content_type, object_id=object_id, digest=digest)
        for object_id, digest in wanted.items()
        if object_id in held and (anyway or held[object_id][1] != digest)
    ]
    new = AdminEntry.objects.bulk_create(
        AdminEntry(content_type_id=content_type, object_id=object_id, digest=digest)
        for object_id, digest in wanted.items()
        if object_id not in held
    )
    if changed:
        AdminEntry.objects.bulk_update(changed, ["digest"])
    if changed or new:
        admin_words().replace([row(entry.pk, entry.object_id) for entry in (*changed, *new)])


def write_objects(model: type[Model], instances: Sequence[Any], *, anyway: bool = False) -> None:
    """Index objects of one model; those that have not changed are left alone, unless *anyway*."""
    texts = {stored_id(instance): texts_of(instance) for instance in instances}

    def row(entry_id: int, object_id: str) -> Row:
        return Row(entry_id, *(analyse(text) for text in texts[object_id]))

    wanted = {object_id: digest(found) for object_id, found in texts.items()}
    _write(ContentType.objects.get_for_model(model).pk, wanted, row, anyway=anyway)


def write_stories(
    described: Sequence[Description], analysed: Mapping[int, tuple[Analysis, Analysis]], *, anyway: bool = False
) -> None:
    """Index stories as the archive read them, so that a text is analysed once for both."""
    by_type: dict[int, dict[str, Description]] = defaultdict(dict)
    for story in described:
        by_type[story.content_type][str(story.story_id)] = story

    for content_type, stories in by_type.items():

        def row(entry_id: int, object_id: str, stories: dict[str, Description] = stories) -> Row:
            story = stories[object_id]
            title, text = analysed[story.story_id]
            if story.draft_title == story.title:
                return Row(entry_id, title, text, title)
            both = analyse(f"{story.title}\n{story.draft_title}")
            return Row(entry_id, both, text, both)

        wanted = {object_id: story.admin_digest for object_id, story in stories.items()}
        _write(content_type, wanted, row, anyway=anyway)


def forget(model: type[Model], object_id: str) -> None:
    """Drop an object's entry, if there is one."""
    AdminEntry.objects.filter(content_type=ContentType.objects.get_for_model(model), object_id=object_id).delete()

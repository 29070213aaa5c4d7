"""Rows into tables at the speed of the database, for models that Django's ``bulk_create`` refuses (pages).

What Wagtail writes beside a page (references, log entries, the admin's index) is written here too, in the same
transaction, from the same functions that Wagtail itself uses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from modelcluster.fields import ParentalKey
from wagtail.models import ReferenceIndex
from wagtail.search.backends import get_search_backends


def allocate_ids(model: type[models.Model], count: int) -> list[int]:
    """Fresh primary keys, ascending. Inside the transaction that inserts the rows.

    On SQLite that transaction holds the write lock already, so nobody else can take the same ones.
    """
    if not count:
        return []
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [f'"{table}"', column, count],
            )
            return sorted(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        highest = row[0] if row else 0
    return list(range(highest + 1, highest + count + 1))


def insert_rows(model: type[models.Model], objects: Sequence[models.Model]) -> None:
    """Insert rows of the model's own table, in one prepared statement; parents' tables are the caller's to fill.

    All objects carry a primary key, or none does. No signal is sent, no key comes back.
    """
    if not objects:
        return
    given = objects[0].pk is not None
    fields = [field for field in model._meta.local_concrete_fields if given or not field.primary_key]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608 - names of our own tables
    readers = [_reader(field) for field in fields]
    rows = [[read(one) for read in readers] for one in objects]
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


#: Fields whose plain values (texts, whole numbers, truth, nothing) go to the database as they are.
_AS_THEY_ARE = {
    models.CharField, models.TextField, models.SlugField, models.URLField, models.BooleanField, models.IntegerField,
    models.PositiveIntegerField, models.PositiveSmallIntegerField, models.AutoField, models.BigAutoField,
    models.ForeignKey, models.OneToOneField, ParentalKey,
}  # fmt: skip
_PLAIN = {str, int, bool, type(None)}


def _reader(field: Any) -> Callable[[models.Model], Any]:
    """What Django's own insert asks of a field for one object, without its detours where there is nothing to do."""

    def prepared(one: models.Model) -> Any:
        return field.get_db_prep_save(field.pre_save(one, True), connection)

    def as_it_is(one: models.Model) -> Any:
        value = getattr(one, field.attname)
        return value if value.__class__ in _PLAIN else prepared(one)

    return as_it_is if type(field) in _AS_THEY_ARE else prepared


def insert_references(objects: Iterable[models.Model]) -> None:
    """Entries of Wagtail's reference index for objects that have none yet."""
    entries: list[ReferenceIndex] = []
    for instance in objects:
        base = ReferenceIndex._get_base_content_type(instance)
        entries.extend(
            ReferenceIndex(
                content_type=_holder(type(instance), model_path.partition(".")[0]), base_content_type=base,
                object_id=instance.pk, to_content_type_id=to_type, to_object_id=to_id, model_path=model_path,
                content_path=content_path, content_path_hash=ReferenceIndex._get_content_path_hash(content_path),
            )
            for to_type, to_id, model_path, content_path in set(
                ReferenceIndex._extract_references_from_object(instance)
            )
        )  # fmt: skip
    insert_rows(ReferenceIndex, entries)


@cache
def _holder(model: type[models.Model], name: str) -> ContentType:
    """The type under which Wagtail files a reference: for rows of a child table, the model that they hang on."""
    field = model._meta.get_field(name)
    owner = field.model if isinstance(field, models.ForeignObjectRel) else model
    return ContentType.objects.get_for_model(owner, for_concrete_model=False)


def index_for_admin(model: type[models.Model], objects: Sequence[Any]) -> None:
    """Entries of the search indexes that the admin asks; they hold drafts too.

    A model that says it is not indexed by Wagtail's signals is indexed by whoever hears the announcement.
    """
    if not getattr(model, "search_auto_update", True):
        return
    for backend in get_search_backends(with_auto_update=True):
        backend.add_bulk(model, list(objects))

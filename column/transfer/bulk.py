"""Rows into tables at the speed of the database, for models that Django's ``bulk_create`` refuses (pages).

What Wagtail writes beside a page (references, log entries, the admin's index) is written here too, in the same
transaction, from the same functions that Wagtail itself uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import sql
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
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [f'"{table}"', column, count]
            )
            return sorted(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        highest = row[0] if row else 0
    return list(range(highest + 1, highest + count + 1))


def insert_rows(model: type[models.Model], objects: Sequence[models.Model]) -> None:
    """Insert the model's own table's rows, primary keys given; parents' tables are the caller's to fill."""
    if not objects:
        return
    fields = model._meta.local_concrete_fields
    size = connection.ops.bulk_batch_size(fields, objects)
    waiting = iter(objects)
    while batch := list(islice(waiting, size)):
        query = sql.InsertQuery(model)
        query.insert_values(fields, batch)
        query.get_compiler(connection=connection).execute_sql()


def insert_references(objects: Iterable[models.Model]) -> None:
    """Entries of Wagtail's reference index for objects that have none yet."""
    entries = []
    for instance in objects:
        content_type = ContentType.objects.get_for_model(instance, for_concrete_model=False)
        base = ReferenceIndex._get_base_content_type(instance)
        entries.extend(
            ReferenceIndex(
                content_type=content_type, base_content_type=base, object_id=instance.pk,
                to_content_type_id=to_type, to_object_id=to_id, model_path=model_path, content_path=content_path,
                content_path_hash=ReferenceIndex._get_content_path_hash(content_path),
            )
            for to_type, to_id, model_path, content_path in set(
                ReferenceIndex._extract_references_from_object(instance)
            )
        )  # fmt: skip
    ReferenceIndex.objects.bulk_create(entries)


def index_for_admin(model: type[models.Model], objects: Sequence[Any]) -> None:
    """Entries of the search indexes that the admin asks; they hold drafts too."""
    for backend in get_search_backends(with_auto_update=True):
        backend.add_bulk(model, list(objects))

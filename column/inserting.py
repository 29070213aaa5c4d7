"""Rows into tables at the speed of the database: a leaf, for the bulk paths of the rooms.

Django's ``bulk_create`` refuses models with parents (pages), and spends most of its time on what plain values do not
need.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, models
from modelcluster.fields import ParentalKey


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

#: Fields of which many rows hold the same few values: each is prepared once.
_REPEATED = {models.DateTimeField, models.DateField, models.UUIDField}


def _reader(field: Any) -> Callable[[models.Model], Any]:
    """What Django's own insert asks of a field for one object, without its detours where there is nothing to do."""
    met: dict[Any, Any] = {None: None}

    def prepared(one: models.Model) -> Any:
        return field.get_db_prep_save(field.pre_save(one, True), connection)

    def as_it_is(one: models.Model) -> Any:
        value = getattr(one, field.attname)
        if value.__class__ in _PLAIN:
            return value
        # A member of TextChoices is its text, whatever a driver would make of an enumeration.
        return str.__str__(value) if isinstance(value, str) else prepared(one)

    def once(one: models.Model) -> Any:
        value = getattr(one, field.attname)
        if value not in met:
            met[value] = prepared(one)
        return met[value]

    if type(field) in _REPEATED and not (getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)):
        return once
    return as_it_is if type(field) in _AS_THEY_ARE else prepared

"""Rows into tables at the speed of the database: a leaf, for the bulk paths of the rooms.

Django's ``bulk_create`` refuses models with parents (pages), and spends most of its time on what plain values do not
need.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
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
    _insert(model, fields, [_prepared(field, _of_objects(field, objects)) for field in fields])


def insert_values(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]], **same: Any) -> None:
    """Insert rows that nobody needs as objects: the values of the fields *names* (``story_id``), a tuple a row.

    All rows share the values *same*, and the defaults of the fields that are named nowhere.
    """
    lines = list(rows)
    if not lines:
        return
    fields = {field.attname: field for field in model._meta.local_concrete_fields}
    others = [field for name, field in fields.items() if name not in names and not field.primary_key]
    columns = [_prepared(fields[name], column) for name, column in zip(names, zip(*lines, strict=True), strict=True)]
    columns.extend(_prepared(field, [same.get(field.attname, field.get_default())]) * len(lines) for field in others)
    _insert(model, [*(fields[name] for name in names), *others], columns)


def _insert(model: type[models.Model], fields: Sequence[Any], columns: Sequence[Sequence[Any]]) -> None:
    quote = connection.ops.quote_name
    named = ", ".join(quote(str(field.column)) for field in fields)
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({named}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608 - names of our own tables
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(zip(*columns, strict=True)))


#: Fields whose plain values (texts, whole numbers, truth, nothing) go to the database as they are.
_AS_THEY_ARE = {
    models.CharField, models.TextField, models.SlugField, models.URLField, models.BooleanField, models.IntegerField,
    models.PositiveIntegerField, models.PositiveSmallIntegerField, models.AutoField, models.BigAutoField,
    models.ForeignKey, models.OneToOneField, ParentalKey,
}  # fmt: skip
_PLAIN = {str, int, bool, type(None)}

#: Fields of which many rows hold the same few values: each is prepared once.
_REPEATED = {models.DateTimeField, models.DateField, models.UUIDField}


def is_plain(field: models.Field[Any, Any], value: object) -> bool:
    """Whether a field holds its values as they are, for a database and for JSON alike."""
    return type(field) in _AS_THEY_ARE and value.__class__ in _PLAIN


def _sets_itself(field: Any) -> bool:
    return getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)


def _of_objects(field: Any, objects: Sequence[models.Model]) -> list[Any]:
    """A field's value of each object; fields that do something when they are saved are asked to."""
    if type(field) in _AS_THEY_ARE | _REPEATED and not _sets_itself(field):
        return list(map(attrgetter(field.attname), objects))
    return [field.pre_save(one, True) for one in objects]


def _prepared(field: Any, values: Sequence[Any]) -> list[Any]:
    """What Django's own insert makes of these values, without its detours where there is nothing to do."""
    if type(field) in _AS_THEY_ARE and _PLAIN.issuperset(map(type, values)):
        return list(values)
    if type(field) in _REPEATED:
        met = {value: field.get_db_prep_save(value, connection) for value in set(values)}
        return [met[value] for value in values]
    if type(field) in _AS_THEY_ARE:
        # A member of TextChoices is its text, whatever a driver would make of an enumeration.
        values = [str.__str__(value) if isinstance(value, str) else value for value in values]
    return [field.get_db_prep_save(value, connection) for value in values]

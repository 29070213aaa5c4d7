"""The full-text tables of the admin's search, in either database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from django.db import connection

from column.text.tokens import Analysis
from search.expressions import Expression, fts5, tsquery, tsvector

#: Where words are looked for: all texts, the title alone, the other texts alone, what autocompletion offers.
EVERYWHERE, TITLE, TEXT, STARTS = "everywhere", "title", "text", "starts"


class Row(NamedTuple):
    """An object's analysed texts. *starts*: those that autocompletion offers."""

    entry_id: int
    title: Analysis
    text: Analysis
    starts: Analysis


class AdminWords(Protocol):
    def replace(self, rows: Sequence[Row]) -> None:
        """Store the words of these entries, in place of those that were stored before."""

    def found(self, expression: Expression, where: str, types: Sequence[int], as_type: str) -> tuple[str, list[Any]]:
        """A sub-query for the ids, cast to *as_type*, of the objects of these content types that match."""

    def ranked(self, expression: Expression, where: str, types: Sequence[int]) -> list[tuple[str, float]]:
        """The same objects with their score, a higher one for a better hit, the best first."""

    def in_own_accents(self, expression: Expression, types: Sequence[int]) -> set[str]:
        """Objects whose title (or what else autocompletion offers) has the words with their diacritics."""

    def newest(self, expression: Expression, types: Sequence[int], most: int) -> list[str]:
        """At most *most* objects whose title has the words, those indexed last first."""


def _run(sql: str, parameters: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _marks(values: Sequence[int]) -> str:
    return ", ".join(["%s"] * len(values))


class SqliteAdminWords:
    def replace(self, rows: Sequence[Row]) -> None:
        tables = {
            "search_adminwords(rowid, title, text)": [(r.entry_id, r.title.folded, r.text.folded) for r in rows],
            "search_adminstarts(rowid, exact, folded)": [(r.entry_id, r.starts.exact, r.starts.folded) for r in rows],
        }
        with connection.cursor() as cursor:
            for table, values in tables.items():
                cursor.executemany(f"INSERT OR REPLACE INTO {table} VALUES (%s, %s, %s)", values)

    @staticmethod
    def _asked(expression: Expression, where: str) -> tuple[str, str]:
        """The table and what it is asked."""
        match = fts5(expression)
        if where == STARTS:
            return "search_adminstarts", f"{{folded}} : {match}"
        return "search_adminwords", match if where == EVERYWHERE else f"{{{where}}} : {match}"

    def found(self, expression: Expression, where: str, types: Sequence[int], as_type: str) -> tuple[str, list[Any]]:
        table, match = self._asked(expression, where)
        sql = (
            f"SELECT CAST(e.object_id AS {as_type}) FROM search_adminentry e"
            f" WHERE e.content_type_id IN ({_marks(types)})"
            f" AND e.id IN (SELECT rowid FROM {table} WHERE {table} MATCH %s)"
        )
        return sql, [*types, match]

    def ranked(self, expression: Expression, where: str, types: Sequence[int]) -> list[tuple[str, float]]:
        table, match = self._asked(expression, where)
        weights = "1.0, 1.0" if where == STARTS else "8.0, 1.0"
        # CROSS: the match drives; the other order would ask it once for every entry.
        return _run(
            f"SELECT e.object_id, -bm25({table}, {weights}) AS score FROM {table} CROSS JOIN search_adminentry e"
            f" ON e.id = {table}.rowid WHERE {table} MATCH %s AND e.content_type_id IN ({_marks(types)})"
            " ORDER BY score DESC, e.id DESC",
            [match, *types],
        )

    def in_own_accents(self, expression: Expression, types: Sequence[int]) -> set[str]:
        rows = _run(
            "SELECT e.object_id FROM search_adminstarts CROSS JOIN search_adminentry e"
            f" ON e.id = search_adminstarts.rowid WHERE search_adminstarts MATCH %s"
            f" AND e.content_type_id IN ({_marks(types)})",
            [f"{{exact}} : {fts5(expression)}", *types],
        )
        return {row[0] for row in rows}

    def newest(self, expression: Expression, types: Sequence[int], most: int) -> list[str]:
        rows = _run(
            "SELECT e.object_id FROM search_adminstarts CROSS JOIN search_adminentry e"
            f" ON e.id = search_adminstarts.rowid WHERE search_adminstarts MATCH %s"
            f" AND e.content_type_id IN ({_marks(types)}) ORDER BY search_adminstarts.rowid DESC LIMIT %s",
            [f"{{folded}} : {fts5(expression)}", *types, most],
        )
        return [row[0] for row in rows]


class PostgresqlAdminWords:
    """Title words weigh A, others D; both forms of a word stand at one place."""

    def replace(self, rows: Sequence[Row]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE search_adminentry SET words = %s::tsvector, starts = %s::tsvector WHERE id = %s",
                [
                    (
                        tsvector([(*row.title, "A"), (*row.text, "D")]),
                        tsvector([(*row.starts, "A")]),
                        row.entry_id,
                    )
                    for row in rows
                ],
            )

    @staticmethod
    def _asked(expression: Expression, where: str) -> tuple[str, str]:
        column = "starts" if where == STARTS else "words"
        weights = {TITLE: "A", TEXT: "D"}.get(where, "")
        return column, tsquery(expression, exact=False, weights=weights)

    def found(self, expression: Expression, where: str, types: Sequence[int], as_type: str) -> tuple[str, list[Any]]:
        column, match = self._asked(expression, where)
        sql = (
            f"SELECT CAST(e.object_id AS {as_type}) FROM search_adminentry e"
            f" WHERE e.content_type_id IN ({_marks(types)}) AND e.{column} @@ %s::tsquery"
        )
        return sql, [*types, match]

    def ranked(self, expression: Expression, where: str, types: Sequence[int]) -> list[tuple[str, float]]:
        column, match = self._asked(expression, where)
        return _run(
            f"SELECT e.object_id, ts_rank(e.{column}, asked, 1) AS score FROM search_adminentry e,"
            f" (SELECT %s::tsquery AS asked) AS query WHERE e.{column} @@ asked"
            f" AND e.content_type_id IN ({_marks(types)}) ORDER BY score DESC, e.id DESC",
            [match, *types],
        )

    def in_own_accents(self, expression: Expression, types: Sequence[int]) -> set[str]:
        rows = _run(
            "SELECT e.object_id FROM search_adminentry e WHERE e.starts @@ %s::tsquery"
            f" AND e.content_type_id IN ({_marks(types)})",
            [tsquery(expression, exact=True), *types],
        )
        return {row[0] for row in rows}

    def newest(self, expression: Expression, types: Sequence[int], most: int) -> list[str]:
        rows = _run(
            "SELECT e.object_id FROM search_adminentry e WHERE e.starts @@ %s::tsquery"
            f" AND e.content_type_id IN ({_marks(types)}) ORDER BY e.id DESC LIMIT %s",
            [tsquery(expression, exact=False), *types, most],
        )
        return [row[0] for row in rows]


def admin_words() -> AdminWords:
    """The words of the database in use."""
    return SqliteAdminWords() if connection.vendor == "sqlite" else PostgresqlAdminWords()

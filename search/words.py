"""The archive's full-text table in either database: the one place that speaks FTS5 or tsvector for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from django.db import connection

from column.text.tokens import Analysis, analyse, as_analysed
from search.expressions import Expression, fts5, tsquery, tsvector

_FETCHED = 2000


class Row(NamedTuple):
    """An entry's analysed texts."""

    story_id: int
    title: Analysis
    text: Analysis


class ArchiveWords(Protocol):
    """*exact* chooses the form of the words: with diacritics, or folded."""

    def replace(self, rows: Sequence[Row]) -> None:
        """Store the words of these entries, in place of those that were stored before."""

    def stored(self, ids: Collection[int]) -> dict[int, Row]:
        """The words of these entries as :meth:`replace` got them; of some neighbours, too, and not of all."""

    def differing(self, rows: Sequence[Row]) -> set[int]:
        """Of these entries, those whose stored words are others, or are not there."""

    def strays(self) -> list[int]:
        """Words stored for stories that have no entry."""

    def forget(self, ids: Collection[int]) -> None:
        """Drop the words of these stories."""

    def tidy(self) -> None:
        """Merge what many small writes left behind: searches are faster after it."""

    def matching(self, expression: Expression, *, exact: bool) -> list[int]:
        """Ids of all entries that match, in no order."""

    def titled(self, expression: Expression, most: int) -> list[int]:
        """Ids of entries whose title has the folded words, the newest first, at most *most*."""

    def count(self, expression: Expression, *, exact: bool) -> int:
        """How many entries match; a fraction of what fetching their ids takes."""

    def scored(self, expression: Expression, *, exact: bool) -> list[tuple[int, float]]:
        """All entries that match with their score, the lower the better, in no order."""

    def ranked(self, expression: Expression, *, exact: bool, most: int | None) -> Iterator[int]:
        """Ids of the entries that match, the best first, at most *most*."""


def _fetch(sql: str, parameters: Sequence[Any]) -> Iterator[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        while rows := cursor.fetchmany(_FETCHED):
            yield from (row[0] for row in rows)


def _among(column: str, ids: Collection[int]) -> tuple[str, list[int]]:
    """A condition for these ids and its values; of neighbours a range, which is read in one go."""
    first, last = min(ids, default=0), max(ids, default=0)
    if last - first < 4 * len(ids):
        return f"{column} BETWEEN %s AND %s", [first, last]
    return f"{column} IN ({', '.join(['%s'] * len(ids))})", list(ids)


class SqliteWords:
    """Two FTS5 tables. A word of the title weighs six times one of the text."""

    def replace(self, rows: Sequence[Row]) -> None:
        exact = [(row.story_id, row.title.exact, row.text.exact) for row in rows]
        folded = [(row.story_id, row.title.folded, row.text.folded) for row in rows]
        with connection.cursor() as cursor:
            for table, values in (("search_archiveexact", exact), ("search_archivefolded", folded)):
                cursor.executemany(f"INSERT OR REPLACE INTO {table}(rowid, title, text) VALUES (%s, %s, %s)", values)

    def stored(self, ids: Collection[int]) -> dict[int, Row]:
        where, values = _among("exact.rowid", ids)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT exact.rowid, exact.title, folded.title, exact.text, folded.text"
                " FROM search_archiveexact AS exact JOIN search_archivefolded AS folded ON folded.rowid = exact.rowid"
                f" WHERE {where}",
                values,
            )
            return {row[0]: Row(row[0], Analysis(row[1], row[2]), Analysis(row[3], row[4])) for row in cursor}

    def differing(self, rows: Sequence[Row]) -> set[int]:
        wanted = {
            "search_archiveexact": {row.story_id: (row.title.exact, row.text.exact) for row in rows},
            "search_archivefolded": {row.story_id: (row.title.folded, row.text.folded) for row in rows},
        }
        wrong: set[int] = set()
        with connection.cursor() as cursor:
            for table, texts in wanted.items():
                marks = ", ".join(["%s"] * len(texts))
                cursor.execute(f"SELECT rowid, title, text FROM {table} WHERE rowid IN ({marks})", list(texts))
                stored = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
                wrong |= {story_id for story_id, pair in texts.items() if stored.get(story_id) != pair}
        return wrong

    def strays(self) -> list[int]:
        entries = "SELECT story_id FROM search_archiveentry"
        return sorted(
            {
                story_id
                for table in ("search_archiveexact", "search_archivefolded")
                for story_id in _fetch(f"SELECT rowid FROM {table} WHERE rowid NOT IN ({entries})", [])
            }
        )

    def forget(self, ids: Collection[int]) -> None:
        with connection.cursor() as cursor:
            for table in ("search_archiveexact", "search_archivefolded"):
                cursor.executemany(f"DELETE FROM {table} WHERE rowid = %s", [(pk,) for pk in ids])

    def tidy(self) -> None:
        with connection.cursor() as cursor:
            for table in ("search_archiveexact", "search_archivefolded"):
                cursor.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")

    def matching(self, expression: Expression, *, exact: bool) -> list[int]:
        table = self._table(exact)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT rowid FROM {table} WHERE {table} MATCH %s", [fts5(expression)])
            return [row[0] for row in cursor.fetchall()]

    def titled(self, expression: Expression, most: int) -> list[int]:
        return list(
            _fetch(
                "SELECT rowid FROM search_archivefolded WHERE search_archivefolded MATCH %s"
                " ORDER BY rowid DESC LIMIT %s",
                [f"{{title}} : ({fts5(expression)})", most],
            )
        )

    def count(self, expression: Expression, *, exact: bool) -> int:
        table = self._table(exact)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {table} MATCH %s", [fts5(expression)])
            return int(cursor.fetchone()[0])

    def scored(self, expression: Expression, *, exact: bool) -> list[tuple[int, float]]:
        table = self._table(exact)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT rowid, bm25({table}, 6.0, 1.0) FROM {table} WHERE {table} MATCH %s", [fts5(expression)]
            )
            return cursor.fetchall()

    def ranked(self, expression: Expression, *, exact: bool, most: int | None) -> Iterator[int]:
        table = self._table(exact)
        # bm25() and not FTS5's hidden column rank: that one sorts whole rows, and takes twice the time.
        return _fetch(
            f"SELECT rowid FROM {table} WHERE {table} MATCH %s ORDER BY bm25({table}, 6.0, 1.0), rowid DESC LIMIT %s",
            [fts5(expression), -1 if most is None else most],
        )

    @staticmethod
    def _table(exact: bool) -> str:
        return "search_archiveexact" if exact else "search_archivefolded"


class PostgresqlWords:
    """The column ``words`` of the entries' own table; a title's words weigh A, the text's D.

    A ``tsvector`` forgets where a word stands that stands in 255 places before, so the column ``said`` has the exact
    words in order: the title's, then in a second line the text's. It is empty in rows that are older than itself.
    """

    def replace(self, rows: Sequence[Row]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE search_archiveentry SET words = %s::tsvector, said = %s WHERE story_id = %s",
                [(*self._kept(row), row.story_id) for row in rows],
            )

    @staticmethod
    def _kept(row: Row) -> tuple[str, str]:
        return tsvector([(*row.title, "A"), (*row.text, "D")]), f"{row.title.exact}\n{row.text.exact}"

    def stored(self, ids: Collection[int]) -> dict[int, Row]:
        where, values = _among("story_id", ids)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT story_id, said FROM search_archiveentry WHERE {where} AND said <> ''", values)
            return {pk: Row(pk, *map(as_analysed, said.split("\n"))) for pk, said in cursor}

    def differing(self, rows: Sequence[Row]) -> set[int]:
        wrong = set()
        with connection.cursor() as cursor:
            for row in rows:
                cursor.execute(
                    "SELECT 1 FROM search_archiveentry WHERE story_id = %s AND words = %s::tsvector AND said = %s",
                    [row.story_id, *self._kept(row)],
                )
                if cursor.fetchone() is None:
                    wrong.add(row.story_id)
        return wrong

    def strays(self) -> list[int]:
        return []  # words and entry are one row

    def forget(self, ids: Collection[int]) -> None:
        """They went with their rows."""

    def tidy(self) -> None:
        """PostgreSQL's vacuum does."""

    def matching(self, expression: Expression, *, exact: bool) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT story_id FROM search_archiveentry WHERE words @@ %s::tsquery",
                [tsquery(expression, exact=exact)],
            )
            return [row[0] for row in cursor.fetchall()]

    def titled(self, expression: Expression, most: int) -> list[int]:
        return list(
            _fetch(
                "SELECT story_id FROM search_archiveentry WHERE words @@ %s::tsquery ORDER BY story_id DESC LIMIT %s",
                [tsquery(expression, exact=False, weights="A"), most],
            )
        )

    def count(self, expression: Expression, *, exact: bool) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM search_archiveentry WHERE words @@ %s::tsquery",
                [tsquery(expression, exact=exact)],
            )
            return int(cursor.fetchone()[0])

    def scored(self, expression: Expression, *, exact: bool) -> list[tuple[int, float]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT story_id, -ts_rank(words, asked, 1) FROM search_archiveentry,"
                " (SELECT %s::tsquery AS asked) AS query WHERE words @@ asked",
                [tsquery(expression, exact=exact)],
            )
            return cursor.fetchall()

    def ranked(self, expression: Expression, *, exact: bool, most: int | None) -> Iterator[int]:
        # 1: a long text says each word sooner or later. The id makes pages of equals steady.
        return _fetch(
            "SELECT story_id FROM search_archiveentry, (SELECT %s::tsquery AS asked) AS query WHERE words @@ asked"
            " ORDER BY ts_rank(words, asked, 1) DESC, story_id DESC LIMIT %s",
            [tsquery(expression, exact=exact), most],
        )


@lru_cache(maxsize=30_000)
def words_of(title: str) -> Analysis:
    """A title's words; the same few titles are looked at again and again."""
    return analyse(title)


def titles(ids: Collection[int]) -> dict[int, str]:
    """The titles of these entries. Asked several times in a search, so without the ORM, which takes ten times that."""
    if not ids:
        return {}
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT story_id, title FROM search_archiveentry WHERE story_id IN ({marks})", list(ids))
        return dict(cursor.fetchall())


def texts(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Title and text of these entries."""
    if not ids:
        return {}
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT story_id, title, text FROM search_archiveentry WHERE story_id IN ({marks})", list(ids))
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}


def archive_words() -> ArchiveWords:
    """The words of the database in use."""
    return SqliteWords() if connection.vendor == "sqlite" else PostgresqlWords()

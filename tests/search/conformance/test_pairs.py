"""Every row of search_pairs.tsv, through the real index of the database in use."""

import csv
import io
from pathlib import Path

import pytest

from tests.factories import make_news
from tests.search.conftest import Search

TEXT = (Path(__file__).parent / "search_pairs.tsv").read_text(encoding="utf-8")
ROWS = list(csv.DictReader(io.StringIO(TEXT), delimiter="\t", quoting=csv.QUOTE_NONE))


def named(kind: str) -> list[tuple[str, str]]:
    return [(row["query"], row["document"]) for row in ROWS if row["expect"] == kind]


@pytest.mark.parametrize(("query", "document"), named("must"))
@pytest.mark.parametrize("where", ["title", "paragraphs", "standfirst"])
def test_must_match(search: Search, query: str, document: str, where: str) -> None:
    story = make_news(**{where: (document,) if where == "paragraphs" else document})
    make_news("Chuyện khác hẳn")
    result = search(query)
    assert [hit.story_id for hit in result.hits] == [story.pk]
    assert not result.relaxed
    assert "<mark>" in result.hits[0].title + result.hits[0].snippet


@pytest.mark.parametrize(("query", "document"), named("mustnot"))
def test_must_not_match(search: Search, query: str, document: str) -> None:
    make_news(document, paragraphs=(document,))
    assert search(query).total == 0


@pytest.mark.parametrize(("query", "document"), named("rank"))
def test_own_accents_come_first(search: Search, query: str, document: str) -> None:
    """The look-alike stands in title and text, again and again; the word itself once, in a long text."""
    lookalike = make_news(document, standfirst=document, paragraphs=(document,) * 5)
    words = query.split()
    scattered = f"{words[0]} có mặt, " + "rồi sau đó nhiều việc khác nữa, " * 40 + " ".join(words[1:])
    story = make_news("Bài thử", paragraphs=(scattered,))
    assert [hit.story_id for hit in search(query).hits] == [story.pk, lookalike.pk]


def test_the_rows_are_all_there() -> None:
    assert len(ROWS) == 31
    assert {row["expect"] for row in ROWS} == {"must", "mustnot", "rank"}

"""What is typed and what is asked for: pure, but for the two databases' parsers at the end."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from column.text.tokens import tokenize
from search.expressions import AllOf, AnyOf, Expression, Words, fts5, tsquery, tsvector
from search.query import MOST_CHARACTERS, MOST_WORDS, parse
from search.synonyms import Synonyms


def asked(text: str) -> str:
    return fts5(parse(text).matching())


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("thuế", '"thue"'),
        ("thuế đất", '("thue" AND "dat")'),
        ("UBND", '("ubnd" OR "uy ban nhan dan")'),
        ("ubnd phường", '(("ubnd" OR "uy ban nhan dan") AND "phuong")'),
        ("ủy ban nhân dân", '(("uy" AND "ban" AND "nhan" AND "dan") OR "ubnd")'),
        ("29-CT/TU", '"vb29cttu"'),
        ('"cải cách" thuế', '("cai cach" AND "thue")'),
        ("“cải cách” thuế", '("cai cach" AND "thue")'),
        ('cải cách" thuế', '("cai" AND "cach" AND "thue")'),
        ('""', ""),
        ("", ""),
        ("!?*", ""),
    ],
)
def test_matching(text: str, expression: str) -> None:
    parsed = parse(text)
    assert (fts5(parsed.matching()) if parsed else "") == expression


def test_nested_forms_of_the_city() -> None:
    expression = asked("thành phố Đà Nẵng")
    for form in ('"tpdn"', '"tp dn"', '"tp da nang"'):
        assert form in expression
    # Its own words keep their own synonyms: “TP. … Đà Nẵng” scattered is found, too.
    assert '(("thanh" AND "pho") OR "tp")' in expression


def test_abbreviations_that_mean_something_else_without_marks() -> None:
    assert asked("giám đốc") == '("giam" AND "doc")'
    assert parse("giám đốc").only_exact
    assert fts5(parse("giám đốc").matching(exact=True)) == '(("giám" AND "đốc") OR "gđ")'
    assert asked("gd") == '"gd"'
    assert asked("GĐ") == '("gd" OR "giam doc")'


def test_one_way_rows_stay_one_way() -> None:
    assert "chi so" in asked("PAPI")
    assert "papi" not in asked("chỉ số hiệu quả quản trị và hành chính công cấp tỉnh")


def test_case_rows_are_no_synonyms() -> None:
    assert asked("Thành ủy") == '("thanh" AND "uy")'
    assert asked("TU") == '"tu"'


def test_phrases_take_the_spellings() -> None:
    phrase = parse("UBND thành phố").phrase(exact=False)
    assert phrase is not None
    assert fts5(phrase) == ('("ubnd thanh pho" OR "ubnd tp" OR "uy ban nhan dan thanh pho" OR "uy ban nhan dan tp")')
    assert parse("thuế").phrase(exact=True) is None


def test_words_typed_with_and_without_marks() -> None:
    assert parse("thuế đất").typed_marks is None
    assert parse("thue dat").typed_marks is None
    marked = parse("Đảng bo").typed_marks
    assert marked is not None
    assert fts5(marked) == '"đảng"'


def test_limits() -> None:
    long = parse("từ " * 50)
    assert len(long.tokens) == MOST_WORDS
    assert long.shortened
    assert parse("x" * 10_000).shortened
    assert len(parse("một hai " * 1000).text) <= MOST_CHARACTERS
    assert not parse("một hai").shortened


def test_what_may_lack() -> None:
    assert parse("An Hải Đông").may_lack == 0
    assert parse("một hai ba bốn").may_lack == 1
    assert parse("một hai ba bốn năm sáu bảy").may_lack == 2
    kept = parse('thực hiện 29-CT/TU ngày 06/11/2013 "công khai"').indispensable
    assert [segment.tokens[0].exact for segment in kept] == ["vb29cttu", "ng20131106", "công"]


def test_synonym_lists_of_ones_own() -> None:
    own = Synonyms([("AB", ["an bình"], False, False), ("ABC", ["AB con"], False, False)])
    tokens = tokenize("abc")
    assert own.at(tokens, 0)[0] == 1
    assert {" ".join(form.exact) for form in own.at(tokens, 0)[1]} == {"ab con", "an bình con"}
    assert own.at(tokenize("an bình con"), 0)[0] == 3
    assert own.at(tokenize("an binh"), 0)[0] == 2
    assert own.at(tokenize("àn bình"), 0) == (0, [])
    assert own.at([], 0) == (0, [])


words = st.lists(st.text("aăàđ9'\\\"*:&|!<>()", min_size=1, max_size=5), min_size=1, max_size=3)
expressions: st.SearchStrategy[Expression] = st.recursive(
    st.builds(lambda w, p: Words(tuple(w), prefix=p), words, st.booleans()),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AllOf(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
    ),
    max_leaves=8,
)


@pytest.mark.django_db
@given(expression=expressions)
def test_no_expression_is_a_syntax_error(expression: Expression) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT rowid FROM search_archivefolded WHERE search_archivefolded MATCH %s", [fts5(expression)]
            )
        else:
            cursor.execute("SELECT %s::tsquery", [tsquery(expression, exact=True, weights="AD")])
            cursor.execute(
                "SELECT 1 FROM search_archiveentry WHERE words @@ %s::tsquery", [tsquery(expression, exact=False)]
            )
        cursor.fetchall()


@pytest.mark.django_db
@given(st.lists(st.text("aàđ9'\\:,", min_size=1, max_size=5), max_size=30))
def test_no_word_breaks_a_tsvector(found: list[str]) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL's own form")
    text = " ".join(found)
    with connection.cursor() as cursor:
        cursor.execute("SELECT length(%s::tsvector)", [tsvector([(text, text, "A"), (text, text, "D")])])
        assert cursor.fetchone()[0] <= 2 * len(found)

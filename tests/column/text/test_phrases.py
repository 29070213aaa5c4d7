from hypothesis import given
from hypothesis import strategies as st

from column.text.phrases import Match, PhraseMatcher

UNITS = PhraseMatcher(
    [
        ("ca-tp", "Công an thành phố"),
        ("ca", "Công an"),
        ("tp", "thành phố Đà Nẵng"),
        ("so-ct", "Sở Công Thương"),
        ("hai-chau-1", "Hải Châu"),
        ("hai-chau-2", "Hải Châu"),
        ("hoa-minh", "phường Hòa Minh"),
        ("tttt", "Trung tâm Thông tin dịch vụ công"),
    ]
)


def found(text: str) -> list[tuple[str, str]]:
    return [(match.key, text[match.start : match.end]) for match in UNITS.find(text)]


def test_the_longest_name_wins() -> None:
    assert found("Cảnh sát giao thông (Công an thành phố), Sở Công thương") == [
        ("ca-tp", "Công an thành phố"),
        ("so-ct", "Sở Công thương"),
    ]
    # Overlap: “thành phố Đà Nẵng” has four words, as many as “Công an thành phố”; the earlier one stands.
    assert found("Công an thành phố Đà Nẵng") == [("ca-tp", "Công an thành phố")]


def test_a_shorter_name_comes_back_where_a_longer_neighbour_took_its_end() -> None:
    matcher = PhraseMatcher([("ab", "a b"), ("a", "a"), ("bcd", "b c d")])
    assert matcher.find("a b c d") == [Match("a", 0, 1), Match("bcd", 2, 7)]


def test_one_name_of_several_bodies() -> None:
    assert found("quận Hải Châu.") == [("hai-chau-1", "Hải Châu"), ("hai-chau-2", "Hải Châu")]


def test_spelling_case_and_abbreviated_rank() -> None:
    assert found("PHƯỜNG HOÀ MINH") == [("hoa-minh", "PHƯỜNG HOÀ MINH")]
    assert found("UBND P.Hòa Minh") == [("hoa-minh", "P.Hòa Minh")]
    assert found("phường Hoa Minh") == []
    assert found("công\nan") == []


def test_folded_matching_is_asked_for() -> None:
    loose = PhraseMatcher([("so-ct", "Sở Công Thương")], folded=True)
    assert [match.key for match in loose.find("so cong thuong")] == ["so-ct"]


def test_empty_names_match_nothing() -> None:
    assert PhraseMatcher([("x", ""), ("y", "…")]).find("bất kỳ") == []


@given(st.lists(st.sampled_from(["công", "an", "thành", "phố", "đà", "nẵng", "sở", ".", "\n"]), max_size=30))
def test_matches_never_overlap_and_slice_back(words: list[str]) -> None:
    text = " ".join(words)
    end = 0
    for match in UNITS.find(text):
        assert match.start >= end
        end = match.end
        assert text[match.start : match.end].split()[0] in {"công", "thành", "sở"}

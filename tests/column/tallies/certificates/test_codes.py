from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from column.tallies.certificates.codes import SIGNS, new_code, read_code, with_checks

drawn = st.text(SIGNS, min_size=6, max_size=6)


def test_no_two_signs_look_alike_and_no_code_is_a_word() -> None:
    assert len(SIGNS) == len(set(SIGNS)) == 23
    assert set(SIGNS).isdisjoint("0O1ILZSGBAEUY")
    assert len({new_code() for _ in range(200)}) == 200


@given(drawn)
def test_a_code_is_read_however_it_is_typed(six: str) -> None:
    code = with_checks(six)
    assert code.replace("-", "").startswith(six)
    for typed in (code, code.lower(), code.replace("-", ""), f"  {code[:4]} {code[5:]} ", code.replace("-", "–")):
        assert read_code(typed) == code


@given(drawn, st.integers(0, 7), st.integers(0, 7), st.sampled_from(SIGNS), st.sampled_from(SIGNS))
def test_one_or_two_wrong_signs_are_noticed(six: str, one: int, two: int, sign: str, other: str) -> None:
    right = with_checks(six).replace("-", "")
    wrong = list(right)
    wrong[one], wrong[two] = sign, other
    if "".join(wrong) != right:
        assert read_code("".join(wrong)) is None


@given(drawn)
def test_signs_that_changed_places_are_noticed(six: str) -> None:
    right = with_checks(six).replace("-", "")
    for one, two in itertools.combinations(range(8), 2):
        wrong = list(right)
        wrong[one], wrong[two] = right[two], right[one]
        assert right[one] == right[two] or read_code("".join(wrong)) is None


def test_what_cannot_be_a_code() -> None:
    assert [read_code(text) for text in ("", "ABC", "K4M7-2QX", "K4M7-2QXWW", "đơn vị", "A" * 8, "²²²²²²²²")] == [
        None
    ] * 7

"""Whatever is done later, a certificate comes out again as it was frozen, and differences are told to the last one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from column.tallies.asked import Asked
from column.tallies.certificates.counter import WHOLE
from column.tallies.certificates.freezing import freeze
from column.tallies.certificates.frozen import Frozen
from column.tallies.certificates.models import Certificate
from column.tallies.certificates.proving import prove
from column.tallies.explaining.explain import explain
from column.tallies.explaining.rules import Cause
from column.tallies.explaining.sides import frozen_side, present_side
from tests.column.tallies.edits import Archive, edits, taken_back
from tests.factories import make_news, make_user

pytestmark = pytest.mark.django_db

#: Tallies of every sort; each is frozen over the same random archive.
TALLIES = (
    "hang=loai-don-vi&cot=nhom", "hang=nhanh-don-vi&cot=thang&dem=luot", "hang=but-danh&cot=loai",
    "hang=van-ban&cot=nam", "hang=vai-tro&cot=chieu&theo=tuan", "hang=giai-phap&cot=tong",
    "hang=loai&cot=nua-nam", "hang=nam-thu:1&cot=loai",
    "co-cau=nay&theo=nam", "thuoc=cong-an-tp&hang=nhanh-don-vi", "but-danh=chua-gan&hang=loai&cot=tong",
    "nhom-don-vi=4&hang=nhom-don-vi&cot=giai-phap&dem=luot", "loai-don-vi=cong-an&thuoc=cong-an-tp&cot=nhom-don-vi",
    "don-vi=so-y-te&don-vi=chua-gan&co-cau=nay&cot=loai", "bang-0=1&ky=2017",
    "", "theo=quy", "dem=luot&theo=quy", "ky=2017", "ky=2017-Q1&dem=luot", "loai=tin", "vai-tro=tat-ca&dem=luot",
    "don-vi=cong-an-tp&nhanh=1", "tieu-chi=ky-cuong&tieu-chi=chua-gan", "nhom=chong", "chieu=phe-binh",
)  # fmt: skip


def asked(query: str) -> Asked:
    found, problems = Asked.parse(QueryDict(query))
    assert problems == []
    return found


@pytest.fixture
def archive() -> Archive:
    return Archive(make_user("bien-tap"), [make_news(f"Tin {n}", issue_date=date(2017, 1, n + 1)) for n in range(5)])


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(
    before=st.lists(edits, min_size=3, max_size=8),
    between=st.lists(edits, min_size=1, max_size=6),
    after=st.lists(edits, max_size=4),
    queries=st.lists(st.sampled_from(TALLIES), min_size=3, max_size=3, unique=True),
)
def test_frozen_proved_and_explained(
    archive: Archive, before: list[Any], between: list[Any], after: list[Any], queries: list[str]
) -> None:
    with taken_back():
        archive = archive.again()
        for edit in before:
            archive.do(edit)
        first = [freeze(asked(query), title=query or "tất cả", user=archive.user) for query in queries]
        for edit in between:
            archive.do(edit)
        second = [freeze(asked(query), title=query or "tất cả", user=archive.user) for query in queries]
        for edit in after:
            archive.do(edit)
        for one, two in zip(first, second, strict=True):
            for certificate in (one, two):
                proof = prove(Certificate.objects.get(pk=certificate.pk))
                assert proof.same, (proof, certificate.address)
            check_difference(one, two)
            check_difference(two, one)
            check_present(two)
        # Another question altogether: by definition different, and still to the last one.
        check_difference(first[0], second[1])


def cells(*certificates: Certificate) -> list[Any]:
    found = {cell for one in certificates for cell in Frozen(one).figures}
    return sorted(found | {(WHOLE, WHOLE, WHOLE)})


def check_difference(one: Certificate, two: Certificate) -> None:
    one, two = Certificate.objects.get(pk=one.pk), Certificate.objects.get(pk=two.pk)
    old, new = frozen_side(one), frozen_side(two)
    for cell in cells(one, two)[:12]:
        found = explain(old, new, cell)
        assert (found.old, found.new) == (Frozen(one).number(cell), Frozen(two).number(cell))
        assert sum(part.change for part in found.parts) == found.change
        assert all(part.change for part in found.parts)
        assert [part for part in found.parts if part.cause == Cause.UNKNOWN] == []
        told = [part for part in found.parts if part.cause != Cause.DEFINITION]
        assert all(part.by_name == "bien-tap" and part.at for part in told)


def check_present(two: Certificate) -> None:
    one = Certificate.objects.get(pk=two.pk)
    old, new = frozen_side(one), present_side(asked(one.address.partition("?")[2]))
    found = explain(old, new)
    assert sum(part.change for part in found.parts) == found.change
    assert found.unknown == 0

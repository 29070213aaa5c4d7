"""Versions of a codebook: copied, mapped, and never silently another meaning."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import ModelLogEntry

from column.coverage.codebooks import Wording
from column.coverage.models import Codebook, Coverage, Criterion, CriterionGroup, CriterionMapping
from column.coverage.versions import map_criterion, new_version
from column.people.roles import Role
from tests.factories import make_article, make_coverage, make_user

pytestmark = pytest.mark.django_db

DAY = date(2026, 1, 1)


@pytest.fixture
def first() -> Codebook:
    return Codebook.objects.get()


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_user("lan", Role.EDITOR))
    return client


def one(slug: str) -> Criterion:
    return Criterion.objects.select_related("group__codebook").get(slug=slug)


def test_a_new_version_copies_and_ends_the_old(first: Codebook):
    story = make_article("Bài")
    row = make_coverage(story, None, one("ky-cuong"))
    made = new_version(first, title="5 xây, 3 chống (sửa đổi)", in_use_from=DAY, user=None)
    first.refresh_from_db()
    assert (made.version, made.in_use_from, first.in_use_to) == (2, DAY, date(2025, 12, 31))
    old = [(c.label, c.group.family, c.order) for c in Criterion.objects.filter(group__codebook=first).in_order()]
    new = [(c.label, c.group.family, c.order) for c in Criterion.objects.filter(group__codebook=made).in_order()]
    assert len(new) == 8
    assert new == old
    assert one("chong-tieu-cuc-v2").label == "Chống tiêu cực"
    assert [c.slug for c in Criterion.objects.in_use(date(2025, 12, 31)).in_order()][:2] == [
        "trach-nhiem",
        "trung-thuc",
    ]
    assert {c.slug[-3:] for c in Criterion.objects.in_use(DAY)} == {"-v2"}
    assert made.solution_groups.count() == 6
    row.refresh_from_db()
    assert row.criterion == one("ky-cuong")
    assert Wording.load(made).by_slug()["ky-cuong"] == "ky-cuong-v2"
    assert Wording.load(made).undecided == frozenset()
    third = new_version(made, title="Ba", in_use_from=date(2027, 1, 1), user=None)
    assert Wording.load(third).by_slug()["ky-cuong"] == "ky-cuong-v3"
    with pytest.raises(ValidationError, match="phiên bản mới nhất"):
        new_version(first, title="x", in_use_from=date(2028, 1, 1), user=None)
    with pytest.raises(ValidationError, match="bắt đầu sau"):
        new_version(third, title="x", in_use_from=date(2027, 1, 1), user=None)


def test_mapping_and_its_refusals(first: Codebook):
    with pytest.raises(ValidationError, match="chưa có phiên bản sau"):
        map_criterion(one("ky-cuong"), None, reason="x", user=None)
    made = new_version(first, title="Hai", in_use_from=DAY, user=None)
    assert map_criterion(one("ky-cuong"), one("trach-nhiem-v2"), reason="", user=None)
    assert not map_criterion(one("ky-cuong"), one("trach-nhiem-v2"), reason="", user=None)
    assert Wording.load(made).members(one("trach-nhiem-v2").pk) == {
        one(slug).pk for slug in ("ky-cuong", "trach-nhiem", "trach-nhiem-v2")
    }
    with pytest.raises(ValidationError, match="hãy ghi lý do"):
        map_criterion(one("ky-cuong"), None, reason=" ", user=None)
    with pytest.raises(ValidationError, match="không thuộc phiên bản kế tiếp"):
        map_criterion(one("ky-cuong"), one("trung-thuc"), reason="", user=None)
    assert map_criterion(one("ky-cuong"), None, reason="Bỏ", user=None)
    assert Wording.load(made).dropped == {one("ky-cuong").pk: "Bỏ"}
    entries = ModelLogEntry.objects.filter(action="column.criterion.mapped").order_by("pk")
    assert [entry.data["after"] for entry in entries] == ["trach-nhiem-v2", None]


def test_the_screens(desk: Client, first: Codebook):
    base = f"/admin/bo-tieu-chi/{first.pk}"
    assert "chưa có phiên bản sau" in desk.get(f"{base}/quy-doi/").content.decode()
    assert desk.post(f"{base}/phien-ban-moi/", {"title": "Hai", "in_use_from": "1.1.2000"}).status_code == 400
    response = desk.post(f"{base}/phien-ban-moi/", {"title": "Hai", "in_use_from": "1.1.2026"})
    assert response["Location"] == f"{base}/quy-doi/"
    old = one("ky-cuong")
    page = BeautifulSoup(desk.get(f"{base}/quy-doi/").content, "html.parser")
    chosen = page.select_one(f"#moi-{old.pk} option[selected]")
    assert chosen is not None
    assert (chosen["value"], chosen.text) == (str(one("ky-cuong-v2").pk), "Kỷ cương")
    refused = desk.post(
        f"{base}/quy-doi/", {f"moi-{old.pk}": "khong", f"moi-{one('trung-thuc').pk}": "khong", f"ly-do-{old.pk}": "Bỏ"}
    )
    assert refused.status_code == 400
    assert CriterionMapping.objects.get(old=old).new == one("ky-cuong-v2")
    desk.post(f"{base}/quy-doi/", {f"moi-{old.pk}": "khong", f"ly-do-{old.pk}": "Bỏ"})
    assert CriterionMapping.objects.values_list("new", "reason").get(old=old) == (None, "Bỏ")


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.EDITOR, 200), (Role.CHIEF, 200), (Role.ADMINISTRATOR, 200), (Role.REPORTER, 302), (Role.COMMITTEE, 302)],
)
def test_who_may(client: Client, first: Codebook, role: Role, status: int):
    client.force_login(make_user("", role))
    for path in ("phien-ban-moi", "quy-doi"):
        assert client.get(f"/admin/bo-tieu-chi/{first.pk}/{path}/").status_code == status


def sent_of(desk: Client, address: str) -> dict[str, Any]:
    soup = BeautifulSoup(desk.get(address).content, "html.parser")
    sent: dict[str, Any] = {}
    for tag in soup.select(
        "form[method=post] input[name], form[method=post] select[name], form[method=post] textarea[name]"
    ):
        chosen = [str(option["value"]) for option in tag.select("option[selected]")]
        sent[str(tag["name"])] = (chosen or [""])[0] if tag.name == "select" else tag.get("value", tag.text.strip())
    return sent


def test_a_coded_criterion_keeps_its_meaning(desk: Client):
    old, other = one("ky-cuong"), CriterionGroup.objects.get(family="chong")
    address = f"/admin/snippets/column/criterion/edit/{old.pk}/"
    make_coverage(make_article("Bài"), None, old)
    sent = sent_of(desk, address) | {"name": "kỷ cương, kỷ luật", "group": str(other.pk)}
    assert "hãy ghi lý do sửa chữ" in desk.post(address, sent).content.decode()
    assert desk.post(address, sent | {"reason": "Sai chữ"}).status_code == 302
    old.refresh_from_db()
    assert (old.name, old.group.family, old.slug) == ("kỷ cương, kỷ luật", "xay", "ky-cuong")
    entry = ModelLogEntry.objects.get(action="column.criterion.relabelled")
    assert entry.data == {"changed": {"name": ["kỷ cương", "kỷ cương, kỷ luật"]}, "reason": "Sai chữ"}
    assert entry.user is not None
    history = desk.get(f"/admin/snippets/column/criterion/history/{old.pk}/").content.decode()
    assert "Sửa chữ: “kỷ cương” → “kỷ cương, kỷ luật” (Sai chữ)" in history
    group = f"/admin/snippets/column/criteriongroup/edit/{other.pk}/"
    assert desk.post(group, sent_of(desk, group) | {"prefix": "Không"}).status_code == 302
    other.refresh_from_db()
    assert other.prefix == "Không"  # nothing of it is coded yet
    Coverage.objects.update(criterion=one("chong-tieu-cuc"))
    desk.post(group, sent_of(desk, group) | {"prefix": "Xây"})
    other.refresh_from_db()
    assert other.prefix == "Không"

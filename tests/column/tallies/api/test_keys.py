"""Keys of people's programs: shown once, kept as a digest, revocable by their owner alone."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from column.people.roles import Role
from column.tallies.api.keys import MOST, TooManyKeys, key_of, make_key, revoke_key
from column.tallies.api.models import ApiKey
from tests.factories import make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2017, 2, 16, 7, 12, tzinfo=UTC)
PAGE = "/tong-hop/khoa-api/"


def test_a_secret_opens_until_it_is_revoked_or_expires():
    user = make_user("", Role.COMMITTEE)
    key, secret = make_key(user, "Báo cáo tháng", 30, NOW)
    assert re.fullmatch(r"xc_[\w-]{43}", secret)
    assert (key.digest, key.begins) == (hashlib.sha256(secret.encode()).hexdigest(), secret[:8])
    assert key_of(secret, NOW + timedelta(days=29, hours=23)) == key
    assert key_of(secret, NOW + timedelta(days=30)) is None
    assert key_of(secret[:-1], NOW) is None
    assert key_of("", NOW) is None
    forever, other = make_key(user, "Khác", None, NOW)
    assert key_of(other, NOW + timedelta(days=5000)) == forever
    assert revoke_key(make_user(), forever.pk, NOW) is None
    assert revoke_key(user, forever.pk, NOW) == forever
    assert revoke_key(user, forever.pk, NOW + timedelta(days=1)) == forever
    assert ApiKey.objects.get(pk=forever.pk).revoked_at == NOW
    assert key_of(other, NOW) is None


def test_the_last_use_is_kept_to_ten_minutes_and_costs_no_write_in_between(django_assert_num_queries: Any):
    key, secret = make_key(make_user("", Role.COMMITTEE), "Báo cáo", None, NOW)
    with django_assert_num_queries(2):
        key_of(secret, NOW)
    with django_assert_num_queries(1):
        key_of(secret, NOW + timedelta(minutes=9))
    assert ApiKey.objects.get().last_used_at == NOW
    key_of(secret, NOW + timedelta(minutes=10))
    assert ApiKey.objects.get().last_used_at == NOW + timedelta(minutes=10)
    key.user.is_active = False
    key.user.save()
    assert key_of(secret, NOW) is None


def test_so_many_working_keys_and_no_more():
    user = make_user()
    made = [make_key(user, f"Việc {number}", 30, NOW)[0] for number in range(MOST)]
    with pytest.raises(TooManyKeys):
        make_key(user, "Thêm", 30, NOW)
    make_key(make_user(), "Của người khác", 30, NOW)
    revoke_key(user, made[0].pk, NOW)
    make_key(user, "Thêm", 30, NOW)
    make_key(user, "Sau khi hết hạn", 30, NOW + timedelta(days=31))


@time_machine.travel(NOW, tick=False)
def test_a_person_makes_sees_and_revokes_their_own(client: Client):
    user = make_user("can-bo", Role.COMMITTEE)
    make_key(make_user("", Role.COMMITTEE), "Của người khác", 30, NOW)
    client.force_login(user)
    assert "Chưa có khóa nào" in client.get(PAGE).content.decode()
    answer = client.post(PAGE, {"name": "  Báo cáo\x00 tháng ", "lifetime": "90"})
    page = BeautifulSoup(answer.content, "html.parser")
    secret = page.select("code.secret")[0].text
    key = ApiKey.objects.get(user=user)
    assert (key.name, key.expires_at) == ("Báo cáo tháng", NOW + timedelta(days=90))
    assert key_of(secret, NOW) == key
    assert "no-store" in answer["Cache-Control"]
    again = client.get(PAGE).content.decode()
    assert secret not in again
    assert "Của người khác" not in again
    assert "hết hạn 14:12, 17/05/2017 (GMT+7)" in " ".join(again.split())
    answer = client.post(f"{PAGE}{key.pk}/thu-hoi/", follow=True)
    assert "Đã thu hồi khóa “Báo cáo tháng”." in answer.content.decode()
    assert key_of(secret, NOW) is None
    for sent in ({"name": "", "lifetime": "90"}, {"name": "x", "lifetime": "7"}, {"name": "x" * 81, "lifetime": "30"}):
        assert client.post(PAGE, sent).status_code == 422
    assert ApiKey.objects.filter(user=user).count() == 1


def test_nobody_revokes_anothers_key_nor_by_looking(client: Client):
    key, _secret = make_key(make_user("", Role.COMMITTEE), "Báo cáo", None, NOW)
    client.force_login(make_user("", Role.CHIEF))
    assert client.post(f"{PAGE}{key.pk}/thu-hoi/").status_code == 404
    assert client.get(f"{PAGE}{key.pk}/thu-hoi/").status_code == 405
    assert ApiKey.objects.get().revoked_at is None


@pytest.mark.parametrize("role", [*Role, "", None], ids=str)
def test_who_may_have_keys(client: Client, role: Role | str | None):
    if role is not None:
        client.force_login(make_user("", role))
    allowed = role in {Role.EDITOR, Role.MANAGING_EDITOR, Role.CHIEF, Role.COMMITTEE, Role.ADMINISTRATOR}
    expected = 200 if allowed else 302 if role is None else 403
    assert client.get(PAGE).status_code == expected
    assert client.post(PAGE, {"name": "x", "lifetime": "30"}).status_code == expected
    assert ApiKey.objects.count() == (1 if allowed else 0)

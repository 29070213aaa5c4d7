"""No address of the workflow or of delegation is answered with a fault, whatever stands in it."""

from __future__ import annotations

import pytest
from django.test import Client

from column.people.roles import Role
from tests.column.schedule.workflow.way import person
from tests.test_no_500 import VALUES, WORST, ask, faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person("tong", Role.CHIEF))
    return client


@pytest.mark.parametrize("path", ["/admin/duyet/{}/", "/admin/duyet/{}/ban-xem/", "/admin/duyet/W.a.{}/"])
def test_tokens(client: Client, path: str) -> None:
    assert faults(client, ((path.replace("{}", value), "") for value in VALUES)) == []


def test_queries_and_keys(client: Client) -> None:
    asked = [
        *(("/admin/uy-quyen/", f"p={value}") for value in (*WORST, "-1", "abc", "")),
        ("/admin/cho-xu-ly/", "p=%00"),
        ("/admin/uy-quyen/moi/", "x=%00"),
    ]
    assert faults(client, asked) == []
    for value in ("0", "9" * 5000, "9223372036854775808", "abc"):
        assert ask(client, f"/admin/uy-quyen/{value}/thu-hoi/", method="post").status_code in {302, 404}, value


@pytest.mark.parametrize("value", ["\x00", "9" * 5000, "31/02/2017", "0001-01-01", "9999-12-31", "đ" * 3000, "[]"])
def test_the_form(client: Client, value: str) -> None:
    names = ("function", "delegate", "first_day", "last_day", "reason")
    response = client.post("/admin/uy-quyen/moi/", dict.fromkeys(names, value))
    assert response.status_code == 200
    assert response.context["form"].errors.keys() - {"reason"} == {"function", "delegate", "first_day", "last_day"}

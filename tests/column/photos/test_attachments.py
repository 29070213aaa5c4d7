"""A scan of a printed page is the newsroom's: nobody else gets it, not even the word that it exists."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from column.people.roles import Role
from column.photos.models import Attachment
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def scan() -> Attachment:
    return Attachment.objects.create(title="Trang 1", file=ContentFile(b"%PDF-1.4 scan", name="trang-1.pdf"))


@pytest.mark.parametrize("role", [*Role, "", None], ids=str)
def test_who_gets_a_private_scan(client: Client, scan: Attachment, role: Any):
    if role is not None:
        client.force_login(make_user("", role))
    response = client.get(scan.url)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if role in set(Role) - {Role.COMMITTEE}:
        assert (response.status_code, body) == (200, b"%PDF-1.4 scan")
    else:
        nothing = client.get(f"/tep-dinh-kem/{scan.pk + 1}/trang-1.pdf")
        assert (response.status_code, nothing.status_code) == (404, 404)
        assert b"scan" not in body

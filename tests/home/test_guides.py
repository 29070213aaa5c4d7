"""The manual inside the product."""

from __future__ import annotations

import pytest
from django.template.loader import get_template
from django.test import Client

from home.guides import GUIDES
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_readers_see_their_own_guide_and_no_other(client: Client) -> None:
    body = client.get("/huong-dan/").content.decode()
    assert [
        guide.slug for guide in GUIDES if f"/huong-dan/{guide.slug}/" in body.split("<main")[1].split("</main")[0]
    ] == ["ban-doc"]
    statuses = {guide.slug: client.get(f"/huong-dan/{guide.slug}/").status_code for guide in GUIDES}
    assert statuses == {guide.slug: 200 if guide.slug == "ban-doc" else 302 for guide in GUIDES}


def test_an_account_reads_every_guide(client: Client) -> None:
    client.force_login(make_user())
    for guide in GUIDES:
        assert str(guide.title) in client.get(f"/huong-dan/{guide.slug}/").content.decode()
    assert client.get("/huong-dan/khong-co/").status_code == 404


def test_every_command_that_the_manual_names_exists() -> None:
    from django.core.management import get_commands

    source = get_template("guides/quan-tri.html").template.source  # type: ignore[attr-defined]
    named = {part.split("<")[0].split()[0] for part in source.split("manage.py ")[1:]}
    assert named == {"export_archive", "check_ledger", "check_search", "rebuild_search", "publish_due"}
    assert named <= set(get_commands())

"""The test databases themselves: what one test commits, no other sees, and what migrations wrote comes back."""

import sqlite3
from contextlib import closing

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from wagtail.models import Page, Site

from tests.databases import SqliteDatabases, databases


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_committing_test_begins_with_what_migrations_wrote(turn: int) -> None:
    assert Site.objects.filter(is_default_site=True).count() == 1
    assert set(Page.objects.values_list("slug", flat=True)) == {"root", "trang-nhat", "5-xay-3-chong"}
    assert not get_user_model().objects.exists()
    Site.objects.all().delete()
    get_user_model().objects.create_user("an")


@pytest.mark.django_db
def test_a_connection_left_open_is_no_obstacle(worker_name: str) -> None:
    kind, name = databases(), f"{worker_name}_open"
    kind.create(name)
    query = "SELECT count(*) FROM wagtailcore_site"
    if isinstance(kind, SqliteDatabases):
        assert connection.vendor == "sqlite"
        with closing(sqlite3.connect(kind.url(name).removeprefix("sqlite:///"))) as other:
            other.execute("PRAGMA journal_mode=WAL")
            other.execute("DELETE FROM wagtailcore_site")
            other.commit()
            assert other.execute(query).fetchone()[0] == 0
            kind.create(name)
            assert other.execute(query).fetchone()[0] == 1
    else:
        with psycopg.connect(kind.url(name)) as other:
            assert other.execute(query).fetchone() == (1,)
            kind.create(name)
            with pytest.raises(psycopg.OperationalError):
                other.execute(query)
    kind.drop(name)

"""What every test gets: a database copied from a migrated template, and empty caches."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TypeVar

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as Settings  # noqa: N812 - beside Django's
from pytest_django.plugin import DjangoDbBlocker

from tests.databases import databases, use

#: Several workers share two processors: that drawing an example takes long says nothing about the code.
Settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
Settings.load_profile("house")

Made = TypeVar("Made")


def pytest_unconfigure() -> None:
    """xdist's processes end without ``atexit``."""
    shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


def pytest_collection_finish(session: pytest.Session) -> None:
    if any("elastic_server" in getattr(item, "fixturenames", ()) for item in session.items):
        _start_elasticsearch(session.config)
    # What stands now stands to the end: the garbage collector need not look through it again and again. A tenth of
    # a run's processor time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _start_elasticsearch(config: pytest.Config) -> None:
    """It takes its time to start; meanwhile the template database is made, on the other processor."""
    from tests.elastic import run_folder  # needs Django's applications
    from tests.elasticsearch import shared
    from tests.elasticsearch_parts import Missing

    def start() -> None:
        with suppress(Missing):  # those who need it will hear
            shared(*run_folder(config))

    Thread(target=start, daemon=True).start()


@pytest.fixture(scope="session")
def worker_name(request: pytest.FixtureRequest) -> str:
    """Unique among the processes of this run."""
    return f"{getattr(request.config, 'workerinput', {}).get('workerid', 'main')}_{os.getpid()}"


@pytest.fixture(scope="session")
def django_db_setup(worker_name: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Instead of Django's own: see ``tests.databases``."""
    with django_db_blocker.unblock():
        kind = databases()
        use(kind, worker_name)

    def copy_anew(case: TransactionTestCase) -> None:
        use(kind, worker_name)

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", copy_anew)
    yield
    patch.undo()
    with django_db_blocker.unblock():
        from django.db import connections

        connections.close_all()
        kind.drop(worker_name)


@pytest.fixture(scope="module")
def once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Callable[[Callable[[], Made]], Made]]:
    """``once(make)`` in a fixture of a file's scope: what all its tests stand on, made in one transaction around them.

    Each test begins with it as it was made: its own changes are rolled back to there. Only for files whose tests all
    use it and none of which really commits; each takes its own ``deepcopy``.
    """
    around = transaction.atomic()

    def make(maker: Callable[[], Made]) -> Made:
        with django_db_blocker.unblock():
            return maker()

    with django_db_blocker.unblock():
        around.__enter__()
    try:
        yield make
    finally:
        with django_db_blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def _empty_caches() -> None:
    cache.clear()


@pytest.fixture
def process_environment(
    worker_name: str, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[Callable[..., dict[str, str]]]:
    """For tests that start real processes: an environment with a migrated database and data folder of their own.

    Called with further variables: ``process_environment(PORT="8123")``. Nothing of the caller's configuration
    leaks in.
    """
    name = f"{worker_name}_process"
    with django_db_blocker.unblock():
        kind = databases()
        kind.create(name)
    ours = {
        "DATABASE_URL",
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "SITE_URL",
        "EMAIL_URL",
        "EMAIL_FROM",
        "ALARM_WEBHOOK_URL",
        "ELASTICSEARCH_URL",
        "ELASTICSEARCH_API_KEY",
        "ELASTICSEARCH_CA",
        "ELASTICSEARCH_SHARDS",
        "ELASTICSEARCH_REPLICAS",
        "DEBUG",
        "PORT",
    }

    def environment(**more: str) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if key not in ours and not key.startswith("PYTEST_")}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "newsroom.settings.dev",
            "DATABASE_URL": kind.url(name),
            "DATA_DIR": str(tmp_path / "data"),
            "PYTHONUNBUFFERED": "1",
            **more,
        }

    yield environment
    with django_db_blocker.unblock():
        kind.drop(name)

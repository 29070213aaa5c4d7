"""``manage.py prepare``: the first time it makes all that is missing, the second time it finds nothing to do."""

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from wagtail.models import Page

from newsroom.preparation import is_empty

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
def test_a_new_installation_is_empty() -> None:
    assert is_empty()


@pytest.mark.django_db
def test_an_account_makes_it_anothers() -> None:
    get_user_model().objects.create_user("an")
    assert not is_empty()


@pytest.mark.django_db
def test_a_story_makes_it_anothers() -> None:
    column = Page.objects.get(depth=3)
    column.add_child(instance=Page(title="Bài viết", slug="bai-viet"))
    assert not is_empty()


@pytest.mark.slow
def test_the_second_run_has_nothing_to_do(process_environment: Callable[..., dict[str, str]], tmp_path: Path) -> None:
    def prepare() -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", "prepare"],
            cwd=ROOT,
            env=process_environment(),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    assert prepare() == "Đang tạo hoặc nâng cấp cơ sở dữ liệu…\nĐang gom các tệp giao diện…\n"
    static = tmp_path / "data" / "static"
    assert (static / "staticfiles.json").exists()
    assert list(static.rglob("*.css.br")), "compressed once, served as they are"
    started = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert prepare() == ""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert used.ru_utime - started.ru_utime < 10, "seconds of work; how long others keep the processor is not ours"

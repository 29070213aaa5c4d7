"""Where ``seed_demo`` must not write, and that a demo stopped half-way leaves nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from column.people.models import User
from column.photos.models import Picture
from column.stories.models import Story
from column.text.dates import TZ
from column.transfer.demo.seeding import Seeding
from column.transfer.importing import the_column
from home.models import Masthead
from tests.factories import make_news

pytestmark = pytest.mark.django_db


def test_real_stories_are_never_mixed_with_a_demo():
    make_news("Một tin thật")
    with pytest.raises(CommandError, match=r"^Cơ sở dữ liệu đã có tin, bài thật nên không tạo dữ liệu minh họa\."):
        call_command("seed_demo")
    assert Story.objects.count() == 1
    assert not Masthead.load().is_demo
    assert not User.objects.filter(username="phongvien").exists()


def test_a_clock_that_is_years_behind_is_told():
    with (
        time_machine.travel(datetime(2016, 5, 1, tzinfo=TZ), tick=False),
        pytest.raises(CommandError, match=r"^Đồng hồ của máy chạy sai ngày; "),
    ):
        call_command("seed_demo")
    assert not Masthead.load().is_demo


@pytest.mark.slow
def test_a_demo_that_is_stopped_leaves_nothing():
    def mark() -> None:
        Masthead.objects.update(is_demo=True)

    seeding = Seeding(the_column(), timezone.now(), before=mark)
    originals = Path(settings.MEDIA_ROOT) / "original_images"
    kept: set[Any] = set(originals.iterdir()) if originals.exists() else set()
    steps = seeding.run()
    for step in steps:
        if step.label == "Nhập tin, bài":
            break
    assert Picture.objects.count() >= 40
    steps.close()  # type: ignore[attr-defined]
    assert (Story.objects.count(), Picture.objects.count(), User.objects.count()) == (0, 0, 0)
    assert not Masthead.load().is_demo
    assert set(originals.iterdir()) == kept

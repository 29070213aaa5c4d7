"""The settings as production runs them, and what they promise to readers and editors."""

import os
import subprocess
import sys
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.utils import formats
from wagtail.admin.localization import get_available_admin_languages, get_available_admin_time_zones

ROOT = Path(__file__).resolve().parents[2]
TIME = datetime(2017, 2, 16, 14, 12)  # noqa: DTZ001 - a form's naive value


@pytest.mark.slow
def test_production_settings_pass_the_deployment_check(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "newsroom.settings.production",
        "SECRET_KEY": "0123456789abcdefghijABCDEFGHIJ0123456789abcdefghij",
        "ALLOWED_HOSTS": "chuyenmuc.example.vn",
        "SITE_URL": "https://chuyenmuc.example.vn",
        "DATA_DIR": str(tmp_path),
        "PYTHONWARNINGS": "error::UserWarning",
    }
    (tmp_path / "static").mkdir()
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "no issues (0 silenced)" in done.stdout


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("03/02/2017", date(2017, 2, 3)),
        ("16/02/2017", date(2017, 2, 16)),
        ("16-2-2017", date(2017, 2, 16)),
        ("16.2.2017", date(2017, 2, 16)),
        ("2017-02-16", date(2017, 2, 16)),
    ],
)
def test_a_date_is_read_day_first(typed: str, meant: date) -> None:
    assert forms.DateField().clean(typed) == meant


@pytest.mark.parametrize("typed", ["02/16/2017", "16/02/17", "31/02/2017", "16 tháng 2"])
def test_a_date_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        forms.DateField().clean(typed)


@pytest.mark.parametrize("typed", ["16/02/2017 14:12", "14:12, 16/02/2017", "16-2-2017 14h12", "2017-02-16T14:12"])
def test_a_moment_is_read_day_first(typed: str) -> None:
    field = forms.DateTimeField()
    assert field.clean(typed).replace(tzinfo=None) == TIME


def test_dates_and_numbers_are_written_the_vietnamese_way() -> None:
    written = Template(
        "{{ day }}|{{ moment }}|{{ clock }}|{{ day|date:'SHORT_DATE_FORMAT' }}|{{ day|date:'YEAR_MONTH_FORMAT' }}"
    ).render(Context({"day": date(2017, 2, 3), "moment": TIME, "clock": time(7, 5)}))
    assert written == "03/02/2017|14:12, 03/02/2017|07:05|03/02/2017|tháng 02/2017".replace("14:12, 03", "14:12, 16")
    assert formats.localize(Decimal("1234.5"), use_l10n=True) == "1234,5"
    assert formats.number_format(1234567.5, decimal_pos=1, force_grouping=True) == "1.234.567,5"
    assert formats.get_format("FIRST_DAY_OF_WEEK") == 1


def test_what_wagtail_prints_by_itself_can_be_read_back() -> None:
    assert TIME.strftime(settings.WAGTAIL_DATE_FORMAT) == "16/02/2017"
    assert forms.DateField().clean(TIME.strftime(settings.WAGTAIL_DATE_FORMAT)) == TIME.date()
    moment = forms.DateTimeField().clean(TIME.strftime(settings.WAGTAIL_DATETIME_FORMAT))
    assert moment.replace(tzinfo=None) == TIME


def test_the_admin_offers_one_language_and_one_time_zone() -> None:
    assert [code for code, name in get_available_admin_languages()] == ["vi"]
    assert list(get_available_admin_time_zones()) == ["Asia/Ho_Chi_Minh"]


@pytest.mark.django_db
def test_sqlite_is_set_up_for_two_writing_processes() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    with connection.cursor() as cursor:
        values = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert values == {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1, "busy_timeout": 20_000}
    assert connection.transaction_mode == "IMMEDIATE"


@pytest.mark.django_db
def test_every_answer_carries_the_safety_headers(client: Client) -> None:
    headers = client.get("/health").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_no_svg_and_no_executable_is_accepted() -> None:
    assert set(settings.WAGTAILIMAGES_EXTENSIONS) == {"avif", "gif", "heic", "jpg", "jpeg", "png", "webp"}
    assert set(settings.WAGTAILDOCS_EXTENSIONS) == {
        "csv", "doc", "docx", "odt", "pdf", "rtf", "txt", "xls", "xlsx", "zip",
    }  # fmt: skip

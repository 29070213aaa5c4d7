"""The demo's days, words and pictures: exact numbers, and the same every time. Seeding as a whole is tested in
``tests/home/test_seed_demo.py``."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import random
import re
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from column.departments.models import Department
from column.departments.rules import existed_on
from column.enums import Kind
from column.text.dates import TZ
from column.text.normalize import nfc
from column.transfer.columns import split_list
from column.transfer.demo import grammar
from column.transfer.demo.composing import Composer
from column.transfer.demo.days import FIRST_DAY, LANDMARK, Calendar, make_calendar, tet_break
from column.transfer.demo.grammar import SUBJECTS, Voice, acting, briefly, load_subject, spoken
from column.transfer.demo.scenes.canvas import HEIGHT, WIDTH
from column.transfer.demo.scenes.gallery import SCENES, draw
from column.transfer.demo.units import GROUPS, PARTNERS, Roster

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=TZ)


def roster() -> Roster:
    """The units of our own list, without a database."""
    text = (ROOT / "column" / "data" / "departments.csv").read_text(encoding="utf-8-sig")
    units = {}
    for row in csv.DictReader(text.splitlines()):
        unit = Department(
            code=row["code"], name=row["name"], kind=row["kind"], valid_from=row["valid_from"], valid_to=row["valid_to"]
        )
        unit.fill_keys()
        units[unit.code] = unit
    return Roster(units)


def compose() -> tuple[Calendar, list[dict[str, str]]]:
    calendar = make_calendar(random.Random(2), NOW, ["Nhường trang"])
    composer = Composer(random.Random(1), roster())
    return calendar, [composer.row(one) for one in calendar.appearances]


def digest() -> str:
    """Of all rows and of one picture."""
    _calendar, rows = compose()
    text = json.dumps(rows, ensure_ascii=False).encode()
    return hashlib.sha256(text + draw("cau-rong-binh-minh")).hexdigest()


@pytest.fixture(scope="module")
def made() -> tuple[Calendar, list[dict[str, str]]]:
    return compose()


@pytest.fixture(scope="module")
def rows(made: tuple[Calendar, list[dict[str, str]]]) -> list[dict[str, str]]:
    return made[1]


def words(html: str) -> int:
    return len(re.sub(r"<[^>]+>", " ", html).split())


# --- days -------------------------------------------------------------------------------------------------------


def test_before_the_landmark_stand_94_articles_and_238_news_items_and_photos(rows: list[dict[str, str]]):
    before = Counter(row["kind"] for row in rows if date.fromisoformat(row["issue_date"]) < LANDMARK)
    assert before == {"article": 94, "news": 166, "photo": 58, "tin_anh": 14}
    assert sum(before.values()) - before["article"] == 238


def test_the_landmark_itself_is_an_empty_thursday(made: tuple[Calendar, list[dict[str, str]]]):
    calendar, _rows = made
    assert date(2017, 2, 16) == LANDMARK
    assert not [one for one in calendar.appearances if one.day == LANDMARK]
    assert LANDMARK not in calendar.skips


def test_articles_come_out_on_thursdays_once_each_and_never_in_a_tet_week(made: tuple[Calendar, list[dict[str, str]]]):
    calendar, _rows = made
    days = [one.day for one in calendar.appearances if one.kind == Kind.ARTICLE]
    assert {day.weekday() for day in days} == {3}
    assert len(set(days)) == len(days)
    assert min(day for day in days) >= FIRST_DAY
    assert not [one for one in calendar.appearances if tet_break(one.day)]
    assert not set(days) & calendar.skips.keys()


def test_tet_weeks_are_named_after_their_years():
    assert tet_break(date(2017, 1, 26)) == "Nghỉ Tết Nguyên đán Đinh Dậu"
    assert tet_break(date(2015, 2, 19)) == "Nghỉ Tết Nguyên đán Ất Mùi"
    assert tet_break(date(2026, 2, 19)) == "Nghỉ Tết Nguyên đán Bính Ngọ"
    assert tet_break(LANDMARK) == ""


def test_nothing_is_dated_today_or_later_but_this_thursdays_article(made: tuple[Calendar, list[dict[str, str]]]):
    calendar, _rows = made
    assert max(one.published_at for one in calendar.appearances) < NOW.replace(hour=0)
    thursday = NOW + timedelta(days=3)
    later = make_calendar(random.Random(2), thursday, ["Nhường trang"])
    assert later.appearances[-1].published_at == thursday.replace(hour=6, minute=0)
    early = make_calendar(random.Random(2), thursday.replace(hour=5), ["Nhường trang"])
    assert early.ahead[0] == thursday.date()


def test_since_go_live_every_thursday_is_filled_or_skipped(made: tuple[Calendar, list[dict[str, str]]]):
    calendar, _rows = made
    assert calendar.go_live == date(2026, 5, 1)
    filled = {one.day for one in calendar.appearances if one.kind == Kind.ARTICLE}
    recent = [calendar.go_live + timedelta(days=step) for step in range((NOW.date() - calendar.go_live).days)]
    thursdays = [day for day in recent if day.weekday() == 3]
    assert [day for day in thursdays if day not in filled] == [date(2026, 10, 15)]
    assert calendar.skips[date(2026, 10, 15)] == "Nhường trang"


# --- words ------------------------------------------------------------------------------------------------------


def test_the_same_day_makes_the_same_stories_whatever_the_order_of_hashes():
    code = "import django; django.setup(); from tests.column.transfer.test_demo import digest; print(digest())"
    environment = {**os.environ, "PYTHONHASHSEED": "4242", "DJANGO_SETTINGS_MODULE": "newsroom.settings.test"}
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.split()[-1] == digest()


def test_headlines_and_numbers_never_repeat(rows: list[dict[str, str]]):
    assert len({row["title"] for row in rows}) == len(rows)
    assert len({row["number"] for row in rows}) == len(rows)
    assert len({row["external_id"] for row in rows}) == len(rows)
    assert max(len(row["title"]) for row in rows) <= 130


def test_texts_have_the_length_of_a_newspapers(rows: list[dict[str, str]]):
    articles = [words(row["standfirst"]) + words(row["body"]) for row in rows if row["kind"] == "article"]
    news = [words(row["standfirst"]) + words(row["body"]) for row in rows if row["kind"] in {"news", "tin_anh"}]
    assert min(articles) >= 350
    assert max(articles) <= 620
    assert min(news) >= 80
    assert max(news) <= 150


def test_every_template_can_be_said_in_full():
    units = roster().by_code
    ward, office = units["phuong-tho-quang"], units["so-y-te"]
    texts = []
    for name in (*SUBJECTS, "chung"):
        for lines in load_subject(name).sections.values():
            texts += [Voice(random.Random(3), unit, office).say(line.text) for line in lines for unit in (ward, office)]
    assert len(set(texts)) > 1000
    assert [text for text in texts if re.search(r"[\[\]{}]|\s\s|\s[,.;]", text)] == []
    assert [text for text in texts if text != nfc(text)] == []
    assert all(text[0] == text[0].upper() for text in texts)


def test_numbers_are_printed_the_vietnamese_way(rows: list[dict[str, str]]):
    text = " ".join(row.get("body", "") for row in rows)
    assert re.search(r"\d,\d%", text)
    assert re.search(r"\b\d\.\d{3} hồ sơ", text)
    assert not re.search(r"\d\.\d%", text)


def test_units_speak_as_they_should():
    units = roster().by_code
    assert acting(units["phuong-tho-quang"]) == "UBND phường Thọ Quang"
    assert spoken(units["quan-hai-chau"]) == "quận Hải Châu"
    assert acting(units["cuc-thue"]) == "Cục Thuế thành phố"
    assert spoken(units["vp-ubnd-tp"]) == "Văn phòng UBND thành phố"
    assert [briefly(units[code]) for code in ("xa-hoa-tien", "so-y-te", "cong-an-tp")] == ["xã", "sở", "đơn vị"]


# --- coverage ---------------------------------------------------------------------------------------------------


def test_units_are_those_of_the_day_and_the_evidence_is_in_the_text(rows: list[dict[str, str]]):
    units = roster().by_code
    slugs = set(grammar.CRITERIA.values())
    counted: Counter[str] = Counter()
    for row in rows:
        day = date.fromisoformat(row["issue_date"])
        items, passages = split_list(row["departments"]), split_list(row["evidence"])
        assert len(items) == len(passages)
        text = row["standfirst"] + re.sub(r"<[^>]+>", "", row.get("body", ""))
        for item, passage in zip(items, passages, strict=True):
            code, arrow, slug = item.removesuffix(" [nhắc đến]").partition(">")
            assert existed_on(units[code], day), (row["title"], code)
            assert not arrow or slug in slugs
            assert passage in text
            counted[code] += 1
    common = counted.most_common()
    assert common[0][1] > 20 * common[-1][1]
    assert len(counted) < len(units) / 2


def test_every_unit_and_scene_that_the_files_name_exists():
    known = set(roster().by_code)
    named = {code for members in GROUPS.values() for code in members} | set(PARTNERS)
    tags = {tag for scene in SCENES for tag in scene.tags}
    for name in SUBJECTS:
        subject = load_subject(name)
        named |= {code for code, _weight in subject.units if not code.startswith("*")}
        assert {code for code, _weight in subject.units if code.startswith("*")} <= GROUPS.keys()
        assert subject.scenes <= tags
        assert any(scene.tags & subject.scenes for scene in SCENES)
    assert named <= known


def test_the_second_directive_only_after_it_was_issued(rows: list[dict[str, str]]):
    early = [row for row in rows if row["issue_date"] <= "2023-10-27"]
    assert not [row for row in early if "34-CT/TU" in row.get("documents", "") + row.get("body", "")]
    articles = [row for row in rows if row["kind"] == "article" and row["issue_date"] > "2023-10-27"]
    assert all(
        split_list(row["documents"]) == ["thực hiện: 29-CT/TU (06/11/2013)", "gắn với: 34-CT/TU (27/10/2023)"]
        for row in articles
    )


def test_related_stories_are_older_ones_that_exist(rows: list[dict[str, str]]):
    seen: set[str] = set()
    linked = 0
    for row in rows:
        named = re.findall(r'data-story="([^"]+)"', row.get("body", ""))
        assert set(named) <= seen
        linked += bool(named)
        seen.add(row["external_id"])
    assert linked > 100


# --- pictures ---------------------------------------------------------------------------------------------------


def test_scenes_say_what_a_photo_must():
    assert len(SCENES) >= 40
    assert len({scene.name for scene in SCENES}) == len(SCENES)
    assert len({scene.caption for scene in SCENES}) == len(SCENES)
    for scene in SCENES:
        assert scene.alt.startswith("Tranh minh họa: ")
        assert len(scene.alt) <= 300
        assert scene.tags


@pytest.mark.parametrize("name", ["thanh-pho-ve-dem", "mot-cua-ba-quay"])
def test_a_picture_is_a_light_jpeg_of_the_right_size(name: str, tmp_path: Path):
    data = draw(name)
    assert len(data) < 150_000
    path = tmp_path / "anh.jpg"
    path.write_bytes(data)
    with Image.open(path) as image:
        assert (image.format, image.size) == ("JPEG", (WIDTH, HEIGHT)) == ("JPEG", (1600, 1067))


def test_a_gallery_has_four_to_six_different_pictures():
    calendar = make_calendar(random.Random(2), NOW, ["Nhường trang"])
    composer = Composer(random.Random(1), roster())
    photo: Any = next(one for one in calendar.appearances if one.kind == Kind.PHOTO)
    for _ in range(20):
        names = split_list(composer.row(photo, gallery=True)["photos"])
        assert 4 <= len(names) <= 6
        assert len(set(names)) == len(names)

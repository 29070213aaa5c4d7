"""The web fonts hold every Vietnamese letter, are small, and name their licences."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

SITE = Path(__file__).parents[2] / "home" / "static" / "site"
FONTS = sorted((SITE / "fonts").glob("*.woff2"))
BASES = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
LETTERS = {unicodedata.normalize("NFC", base + tone) for base in BASES for tone in TONES} | {"đ"}
VIETNAMESE = LETTERS | {letter.upper() for letter in LETTERS}
PRINTED = set("0123456789“”‘’…–—₫%→−«»§ABCabc.,;:!?()/")


@pytest.mark.parametrize("path", FONTS, ids=lambda path: path.stem)
def test_every_vietnamese_letter_is_drawn(path: Path):
    characters = {chr(code) for code in TTFont(path).getBestCmap()}
    wanted = VIETNAMESE | (PRINTED - ({"→"} if "vietnam" in path.stem else set()))
    assert wanted - characters == set()


def test_they_are_small_and_all_are_used():
    css = (SITE / "css" / "fonts.css").read_text(encoding="utf-8")
    assert {path.name for path in FONTS} == set(re.findall(r"fonts/([\w.-]+\.woff2)", css))
    assert sum(path.stat().st_size for path in FONTS) < 250_000


def test_each_web_font_swaps_in_for_a_twin_of_its_size():
    css = (SITE / "css" / "fonts.css").read_text(encoding="utf-8")
    faces = re.findall(r"@font-face \{(.*?)\}", css, re.DOTALL)
    web = [face for face in faces if "url(" in face]
    twins = [face for face in faces if "local(" in face]
    assert len(web) == len(twins) == len(FONTS)
    assert all("font-display: swap" in face for face in web)
    assert all(re.search(r"size-adjust: \d+\.\d+%; ascent-override", face) for face in twins)


def test_a_cut_down_font_does_not_carry_a_reserved_name():
    for path in FONTS:
        names = {record.toUnicode() for record in TTFont(path)["name"].names if record.nameID in (1, 4, 6, 16)}
        assert not any("Source" in name for name in names), path.name


def test_licences_lie_beside_them():
    for name in ("BeVietnamPro-OFL.txt", "SourceSerif4-OFL.txt"):
        assert "SIL OPEN FONT LICENSE" in (SITE / "fonts" / name).read_text(encoding="utf-8")

"""The words that Wagtail's own Vietnamese lacks: compiled as written, and each still one of Wagtail's."""

from __future__ import annotations

import ast
import gettext
import re
from pathlib import Path

import wagtail
from django.conf import settings
from django.utils import translation

FOLDER = Path(settings.BASE_DIR) / "locale" / "wagtail" / "vi" / "LC_MESSAGES"
_ENTRY = re.compile(r'^msgid ((?:".*"\n)+)(?:msgstr ((?:".*"\n)+))?', re.MULTILINE)


def joined(lines: str) -> str:
    return "".join(ast.literal_eval(line) for line in lines.strip().splitlines())


def written() -> dict[str, str]:
    entries = _ENTRY.findall((FOLDER / "django.po").read_text(encoding="utf-8"))
    return {key: joined(words) for source, words in entries if (key := joined(source))}


def test_the_compiled_words_are_the_written_ones() -> None:
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    words = written()
    assert len(words) > 80
    assert {key: compiled.gettext(key) for key in words} == words


def test_wagtail_still_says_these() -> None:
    theirs: set[str] = set()
    for catalogue in Path(wagtail.__file__).parent.rglob("locale/en/LC_MESSAGES/django.po"):
        text = catalogue.read_text(encoding="utf-8")
        theirs |= {joined(source) for source, _words in _ENTRY.findall(text)}
    assert written().keys() - theirs == set()


def test_what_is_filled_in_is_there_to_fill_in() -> None:
    for key, words in written().items():
        assert set(re.findall(r"%\(\w+\)s", words)) <= set(re.findall(r"%\(\w+\)s", key)), key


def test_the_desk_reads_them() -> None:
    with translation.override("vi"):
        assert translation.gettext("In Moderation") == "Đang chờ duyệt"

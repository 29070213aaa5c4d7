"""What docs/ name of our code exists; a document that lies is a defect."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("newsroom", "home", "search", "column", "bench", "tests")
_ANY = "|".join(PACKAGES)
NAMED = re.compile(rf"`((?:{_ANY})(?:\.\w+)+)`")
PATH = re.compile(rf"`((?:{_ANY}|templates|docs|locale)/[\w./-]+)`")
DOCUMENTS = sorted([*(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])


def resolve(name: str) -> object:
    """The module, class, function or attribute of that dotted name; raises where there is none."""
    if ".settings." in name:  # to import settings is to be configured by them
        if find_spec(name) is None:
            raise ModuleNotFoundError(name)
        return name
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: object = import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            found = getattr(found, part)
        return found
    raise ModuleNotFoundError(name)


@pytest.mark.parametrize("document", DOCUMENTS, ids=[path.name for path in DOCUMENTS])
def test_every_name_and_path_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    wrong = []
    for name in sorted(set(NAMED.findall(text))):
        try:
            resolve(name)
        except (ModuleNotFoundError, AttributeError) as problem:
            wrong.append(f"{name}: {problem}")
    wrong += [path for path in sorted(set(PATH.findall(text))) if not (ROOT / path).exists()]
    assert wrong == []


def test_the_architecture_names_much_of_the_house() -> None:
    named = set(NAMED.findall((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")))
    assert len(named) > 30

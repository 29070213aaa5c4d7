"""The operator's table of settings names exactly the variables that the program reads."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_settings_table_is_complete() -> None:
    code = (ROOT / "newsroom" / "environment.py").read_text(encoding="utf-8")
    read = set(re.findall(r'values\.get\("([A-Z_]+)"', code))
    table = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))
    assert len(read) == 17
    assert documented == read | {"DJANGO_SETTINGS_MODULE"}


def test_what_the_readme_points_to_exists() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/operations.md"):
        path = ROOT / name
        targets = re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8"))
        assert [target for target in targets if not (path.parent / target).exists()] == [], name


def test_the_make_targets_named_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for name in ("README.md", "CONTRIBUTING.md", "docs/operations.md"):
        named = set(re.findall(r"make ([a-z]+)", (ROOT / name).read_text(encoding="utf-8")))
        named -= {"alone", "are", "once", "sure"}
        assert named <= targets, name

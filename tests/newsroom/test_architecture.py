"""What the import contracts in pyproject.toml cannot say."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("newsroom", "home", "search", "column")
IMPURE = ("django.http", "wagtail.admin", "feedparser", "elasticsearch", "django.test", "django.views")
VAGUE = {"utils", "common", "core", "helpers", "misc"}


def modules() -> list[Path]:
    return sorted(
        path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts
    )


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


@pytest.mark.parametrize("path", sorted(ROOT.glob("*/**/rules.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_rules_are_pure(path: Path) -> None:
    assert {name for name in imported(path) if name.startswith(IMPURE)} == set()


def test_a_file_stays_readable_in_one_sitting() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 450
    }
    assert long == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert {str(path.relative_to(ROOT)) for path in modules() if {path.stem, *path.parent.parts} & VAGUE} == set()


def test_only_rooms_are_imported_never_what_gathers_them() -> None:
    """By name, inline imports and strings to import_module included."""
    gathering = {ROOT / "column" / name for name in ("apps.py", "models.py", "urls.py", "wagtail_hooks.py")}
    offenders = {
        str(path.relative_to(ROOT))
        for path in modules()
        if path not in gathering and any(name.startswith("column.models") for name in imported(path))
    }
    assert offenders == set()

"""The palette keeps its promises: contrast in light and dark, one dark set in two places, nothing clipped."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "home" / "static" / "site" / "css"
TOKENS = (CSS / "tokens.css").read_text(encoding="utf-8")

SURFACES = ["paper", "raised", "sunk"]
TEXT_ON_SURFACES = ["ink", "ink-soft", "red", "blue", "amber", "green"]
WASHES = {
    "red-wash": ["red", "ink", "ink-soft"],
    "blue-wash": ["blue", "ink", "ink-soft"],
    "amber-wash": ["amber", "ink", "ink-soft"],
    "green-wash": ["green", "ink", "ink-soft"],
    "fill": ["on-fill"],
    "fill-hover": ["on-fill"],
    **{f"heat-{step}": ["heat-ink"] for step in range(1, 7)},
}


def block(pattern: str) -> dict[str, str]:
    found = re.search(pattern + r"\s*\{(.*?)\}", TOKENS, re.DOTALL)
    assert found, pattern
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6}|rgb\([^)]*\))", found[1]))


LIGHT = block(r":root")
DARK_BY_SYSTEM = block(r":root:not\(\[data-theme=\"light\"\]\)")


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2: from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK_BY_SYSTEM], ids=["light", "dark"])
def test_text_reaches_seven_to_one_and_controls_three(palette: dict[str, str]):
    pairs = [(text, surface) for surface in SURFACES for text in TEXT_ON_SURFACES]
    pairs += [(text, wash) for wash, texts in WASHES.items() for text in texts]
    weak = {
        (a, b): round(contrast(palette[a], palette[b]), 2) for a, b in pairs if contrast(palette[a], palette[b]) < 7
    }
    assert weak == {}
    edges = {s: round(contrast(palette["control"], palette[s]), 2) for s in SURFACES}
    assert {surface for surface, ratio in edges.items() if ratio < 3} == set()


def oklab(colour: str) -> tuple[float, float, float]:
    """Lightness and two axes of colour, in which equal distances look equal (Ottosson 2020)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


@pytest.mark.parametrize("palette", [LIGHT, DARK_BY_SYSTEM], ids=["light", "dark"])
def test_the_steps_of_a_heat_map_are_even_and_told_by_lightness_alone(palette: dict[str, str]):
    scale = [oklab(palette[f"heat-{step}"]) for step in range(1, 7)]
    steps = [math.dist(one, other) for one, other in pairwise(scale)]
    assert max(steps) / min(steps) < 1.08, steps
    lightness = [one[0] for one in scale]
    assert lightness == sorted(lightness, reverse=palette is LIGHT)
    assert min(abs(one - other) for one, other in pairwise(lightness)) > 0.03


def test_the_dark_set_is_the_same_by_system_and_by_hand():
    rules = re.findall(
        r":root(?::not\(\[data-theme=\"light\"\]\)|\[data-theme=\"dark\"\])\s*\{(.*?)\}", TOKENS, re.DOTALL
    )
    by_system, by_hand = (re.sub(r"\s+", " ", rule).strip() for rule in rules)
    assert by_system == by_hand
    assert set(DARK_BY_SYSTEM) == set(LIGHT)


def test_lines_leave_room_for_stacked_marks():
    sizes = dict(re.findall(r"--(leading[\w-]*):\s*([\d.]+)", TOKENS))
    assert float(sizes["leading"]) >= 1.5
    assert float(sizes["leading-ui"]) >= 1.5
    for name in ("components.css", "reading.css"):
        text = (CSS / name).read_text(encoding="utf-8")
        ratios = [float(value) for value in re.findall(r"line-height:\s*([\d.]+)\b", text)]
        assert [value for value in ratios if 1 < value < 1.25] == [], name


def test_body_text_is_eighteen_to_twenty_pixels():
    found = re.search(r"--size-body:\s*([\d.]+)rem", TOKENS)
    assert found
    assert 18 <= float(found[1]) * 16 <= 20


def test_every_name_that_is_used_is_defined():
    defined = set(re.findall(r"--([\w-]+):", TOKENS))
    used = {
        name for path in CSS.glob("*.css") for name in re.findall(r"var\(--([\w-]+)", path.read_text(encoding="utf-8"))
    }
    assert used - defined == set()

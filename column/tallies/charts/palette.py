"""The colours of the pictures: the site's tokens. ``tests/column/tallies/test_charts.py`` holds them to tokens.css.

Pictures are drawn in the light set. For a page every colour is exchanged for its token's name, so that one picture
follows the reader's choice of light or dark.
"""

from __future__ import annotations

from typing import Final

LIGHT: Final[dict[str, str]] = {
    "paper": "#fbf8f1",
    "raised": "#ffffff",
    "ink": "#1c1a17",
    "ink-soft": "#4b463e",
    "rule": "#d8d0c0",
    "control": "#7d7567",
    "red": "#8a1a1c",
    "blue": "#0b4669",
    "amber": "#6b4200",
    "green": "#14532d",
    "heat-1": "#e7f2f7",
    "heat-2": "#cbe4f1",
    "heat-3": "#b1d6eb",
    "heat-4": "#97c8e5",
    "heat-5": "#7ebadf",
    "heat-6": "#65abda",
    "heat-ink": "#16150f",
}
#: Six steps, even to the eye (OKLab) and one dark ink on all of them: the order is told by lightness alone.
HEAT: Final = tuple(LIGHT[f"heat-{step}"] for step in range(1, 7))
STEPS: Final = len(HEAT)
FAMILY: Final = "Be Vietnam Pro"
#: What a picture names: the site's font, then what any machine has.
FAMILIES: Final = f"{FAMILY}, Arial, Liberation Sans, sans-serif"


def by_token(svg: str) -> str:
    """The picture with tokens in place of colours."""
    for name, colour in LIGHT.items():
        svg = svg.replace(f'"{colour}"', f'"var(--{name})"')
    return svg

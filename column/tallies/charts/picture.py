"""A picture of plain figures: the same on the screen, in a PDF (SVG), in a DOCX (PNG), and as the table it shows."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from column.tallies.charts.drawing import draw, png_of
from column.tallies.charts.palette import FAMILIES, FAMILY, LIGHT, by_token
from column.text.dates import format_number

Cell = str | int
_CLASSES = re.compile(r' (?:class|role|aria-[a-z]+)="[^"]*"')
_OPENING = re.compile(r"<svg [^>]*?width=\"([\d.]+)\" height=\"([\d.]+)\"[^>]*>")
#: Lines one way, one in six units: ink on any ground, and seen in print too.
_HATCH = (
    '<defs><pattern id="{key}-gach" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="6" height="6" fill="{LIGHT["raised"]}"/><path d="M0,0V6" stroke="{LIGHT["control"]}"/>'
    "</pattern></defs>"
)
#: How a specification says “hatched”.
HATCHED: Final = "url(#gach)"
#: From one line of a label to the next.
LINE: Final = 17


@dataclass(frozen=True)
class Picture:
    """What is drawn (``spec``, Vega-Lite), how it is called, what it says in a sentence, and its numbers.

    ``key`` names the picture on a page and in file names: ASCII. ``rows`` are the lines of the table under
    ``headings``: all that the picture shows, and what it had no room for.
    """

    key: str
    title: str
    description: str
    spec: dict[str, Any]
    headings: list[str]
    rows: list[list[Cell]]

    def svg(self) -> str:
        """A document of its own, light on white, without any reference to anything outside. Raises ``NotDrawn``."""
        return self._finished(draw([self.spec])[0])

    def inline(self) -> str:
        """For a page: the site's tokens are its colours. Raises ``NotDrawn``."""
        return by_token(self.svg())

    def png(self, scale: float = 2) -> bytes:
        """The same as pixels, *scale* to a unit. Raises ``NotDrawn``."""
        return png_of(self.svg(), scale)

    def _finished(self, drawn: str) -> str:
        """Named and described for those who do not see it; without the engine's own remarks."""
        opening = _OPENING.match(drawn)
        assert opening, "the engine writes the size first"
        width, height = opening.groups()
        body = _CLASSES.sub("", drawn[opening.end() :])
        body = body.replace(HATCHED, f"url(#{self.key}-gach)").replace(f'"{FAMILY}"', f'"{FAMILIES}"')
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
            f' role="img" aria-labelledby="{self.key}-ten {self.key}-mo-ta">'
            f'<title id="{self.key}-ten">{escape(self.title)}</title>'
            f'<desc id="{self.key}-mo-ta">{escape(self.description)}</desc>'
            f"{_HATCH.format(key=self.key)}{body}"
        )


def draw_all(pictures: Sequence[Picture]) -> None:
    """Have several drawn at once: one process instead of one each. Raises ``NotDrawn``."""
    draw([one.spec for one in pictures])


def wrapped(label: str, width: int, lines: int = 3) -> list[str]:
    """A label in lines of about *width* characters; too long a one ends in an ellipsis, and whole in the table."""
    return textwrap.wrap(label, width, max_lines=lines, placeholder=" …") or [""]


def labels(words: Sequence[list[str]]) -> str:
    """An axis expression that names the values 0, 1, 2 … by their lines. JSON is what the expressions are read as."""
    return f"{json.dumps(words)}[datum.value]"


def centred(lines: Sequence[list[str]]) -> Any:
    """Labels of two lines beside a row stand around its middle, as those of one line do."""
    two = [at for at, one in enumerate(lines) if len(one) == 2]
    return {"condition": {"test": f"indexof({two}, datum.value) >= 0", "value": -LINE / 2}, "value": 0}


def words(number: int) -> str:
    return format_number(number)


def spec(**parts: Any) -> dict[str, Any]:
    """A specification in the site's type and colours."""
    text = {"labelColor": LIGHT["ink"], "labelFontSize": 13, "titleColor": LIGHT["ink-soft"], "titleFontSize": 13}
    config: dict[str, Any] = {
        "font": FAMILY,
        "background": LIGHT["raised"],
        "aria": False,
        "view": {"stroke": None},
        "padding": 6,
        "axis": {
            **text, "labelLimit": 0, "labelLineHeight": LINE, "titleFontWeight": 400, "domainColor": LIGHT["control"],
            "tickColor": LIGHT["control"], "gridColor": LIGHT["rule"],
        },
        "legend": {**text, "symbolSize": 120, "titleFontWeight": 600, "labelLimit": 0},
        "text": {"fontSize": 13, "color": LIGHT["ink"]},
    }  # fmt: skip
    return {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "config": config, **parts}

"""A drawing surface for flat-colour scenes: points of the finished picture, drawn at twice the size, then halved.

Drawing at 2 × and averaging each four dots into one is all the antialiasing that flat shapes need.
"""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable, Iterable, Sequence

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1600, 1067
SCALE = 2
#: Bytes of a finished picture, and the qualities tried until it fits.
MOST_BYTES = 140_000
QUALITIES = (86, 80, 74, 66, 58)

Colour = tuple[int, int, int]
Point = tuple[float, float]
#: Colours from the top (0) to the bottom (1).
Stops = Sequence[tuple[float, Colour]]


def rgb(text: str) -> Colour:
    """``"f4c95d"`` as a colour."""
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """*one* with that share (0 to 1) of *other*."""
    share = min(max(share, 0.0), 1.0)
    return (
        round(one[0] + (other[0] - one[0]) * share),
        round(one[1] + (other[1] - one[1]) * share),
        round(one[2] + (other[2] - one[2]) * share),
    )


def smooth(points: Sequence[Point], steps: int = 12) -> list[Point]:
    """A curve through the points (Catmull-Rom)."""
    if len(points) < 3:
        return list(points)
    ends = [points[0], *points, points[-1]]
    curve: list[Point] = []
    for (ax, ay), (bx, by), (cx, cy), (dx, dy) in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(steps):
            t = step / steps
            t2, t3 = t * t, t * t * t
            curve.append(
                (
                    0.5
                    * (
                        2 * bx + (cx - ax) * t + (2 * ax - 5 * bx + 4 * cx - dx) * t2 + (3 * bx - ax - 3 * cx + dx) * t3
                    ),
                    0.5
                    * (
                        2 * by + (cy - ay) * t + (2 * ay - 5 * by + 4 * cy - dy) * t2 + (3 * by - ay - 3 * cy + dy) * t3
                    ),
                )
            )
    return [*curve, points[-1]]


def ribbon(spine: Sequence[Point], width: Callable[[float], float]) -> tuple[list[Point], list[Point]]:
    """Both edges of a band along a curve; *width* gives half its breadth at 0 (start) to 1 (end)."""
    left: list[Point] = []
    right: list[Point] = []
    for place, (x, y) in enumerate(spine):
        ax, ay = spine[max(place - 1, 0)]
        bx, by = spine[min(place + 1, len(spine) - 1)]
        length = math.hypot(bx - ax, by - ay) or 1.0
        half = width(place / (len(spine) - 1))
        nx, ny = (ay - by) / length * half, (bx - ax) / length * half
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return left, right


class Canvas:
    """What the scenes draw on. ``chance`` is the picture's own source of chance: the same picture every time."""

    def __init__(self, name: str) -> None:
        self.chance = random.Random(name)  # noqa: S311 - drawing, not secrets
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE))
        self._pen = ImageDraw.Draw(self.image, "RGBA")

    # Planes -------------------------------------------------------------------------------------------------------

    def gradient(
        self, stops: Stops, top: float = 0, bottom: float = HEIGHT, left: float = 0, right: float = WIDTH
    ) -> None:
        """Fill a rectangle from top to bottom."""
        height = max(round((bottom - top) * SCALE), 1)
        column = Image.new("RGB", (1, height))
        pixels = []
        for y in range(height):
            at = y / height
            (low, one), (high, other) = _around(stops, at)
            pixels.append(mix(one, other, (at - low) / (high - low) if high > low else 0))
        column.putdata(pixels)
        width = round((right - left) * SCALE)
        self.image.paste(column.resize((width, height)), (round(left * SCALE), round(top * SCALE)))

    def rect(
        self, left: float, top: float, right: float, bottom: float, fill: Colour, *, radius: float = 0, alpha: int = 255
    ) -> None:
        box = (left * SCALE, top * SCALE, right * SCALE, bottom * SCALE)
        if radius:
            self._pen.rounded_rectangle(box, radius * SCALE, (*fill, alpha))
        else:
            self._pen.rectangle(box, (*fill, alpha))

    def polygon(self, points: Iterable[Point], fill: Colour, *, alpha: int = 255) -> None:
        self._pen.polygon([(x * SCALE, y * SCALE) for x, y in points], (*fill, alpha))

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: Colour, *, alpha: int = 255) -> None:
        self._pen.ellipse(((x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE), (*fill, alpha))

    def circle(self, x: float, y: float, radius: float, fill: Colour, *, alpha: int = 255) -> None:
        self.ellipse(x, y, radius, radius, fill, alpha=alpha)

    def slice(self, x: float, y: float, rx: float, ry: float, start: float, end: float, fill: Colour) -> None:
        """A piece of an ellipse, from angle to angle (degrees, clockwise from the right)."""
        box = ((x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE)
        self._pen.chord(box, start, end, fill)

    def line(self, points: Sequence[Point], width: float, fill: Colour, *, alpha: int = 255) -> None:
        self._pen.line(
            [(x * SCALE, y * SCALE) for x, y in points], (*fill, alpha), max(round(width * SCALE), 1), joint="curve"
        )

    def arc(
        self, x: float, y: float, rx: float, ry: float, start: float, end: float, width: float, fill: Colour
    ) -> None:
        box = ((x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE)
        self._pen.arc(box, start, end, fill, max(round(width * SCALE), 1))

    def blend(self, ellipses: Iterable[tuple[float, float, float, float]], fill: Colour, alpha: int) -> None:
        """Several ellipses (centre, radii) as one see-through shape: where they overlap nothing shows."""
        shapes = list(ellipses)
        left = min(x - rx for x, _y, rx, _ry in shapes)
        top = min(y - ry for _x, y, _rx, ry in shapes)
        right = max(x + rx for x, _y, rx, _ry in shapes)
        bottom = max(y + ry for _x, y, _rx, ry in shapes)
        mask = Image.new("L", (round((right - left) * SCALE), round((bottom - top) * SCALE)))
        pen = ImageDraw.Draw(mask)
        for x, y, rx, ry in shapes:
            pen.ellipse(
                ((x - rx - left) * SCALE, (y - ry - top) * SCALE, (x + rx - left) * SCALE, (y + ry - top) * SCALE),
                alpha,
            )
        self.image.paste(fill, (round(left * SCALE), round(top * SCALE)), mask)

    # Light --------------------------------------------------------------------------------------------------------

    def glow(
        self, x: float, y: float, radius: float, colour: Colour, strength: float = 1.0, *, squash: float = 1.0
    ) -> None:
        """Light around a point, fading out at the radius."""
        width, height = round(radius * 2 * SCALE), round(radius * 2 * SCALE * squash)
        mask = Image.radial_gradient("L").point(
            [max(0, round((255 - v * 1.0) ** 2 / 255 * strength)) for v in range(256)]
        )
        # The gradient's corners lie beyond the radius: keep the inscribed circle dark at its rim.
        mask = mask.point([max(0, v - round(20 * strength)) for v in range(256)]).resize((width, height))
        self.image.paste(colour, (round((x - radius) * SCALE), round((y - radius * squash) * SCALE)), mask)

    def veil(self, stops: Sequence[tuple[float, int]], colour: Colour, top: float = 0, bottom: float = HEIGHT) -> None:
        """A see-through layer: opacity (0 to 255) from the top (0) to the bottom (1)."""
        height = max(round((bottom - top) * SCALE), 1)
        column = Image.new("L", (1, height))
        greys: list[tuple[float, Colour]] = [(at, (value, value, value)) for at, value in stops]
        values = []
        for y in range(height):
            at = y / height
            (low, one), (high, other) = _around(greys, at)
            values.append(mix(one, other, (at - low) / (high - low) if high > low else 0)[0])
        column.putdata(values)
        mask = column.resize((WIDTH * SCALE, height))
        self.image.paste(colour, (0, round(top * SCALE)), mask)

    def reflect(self, line: float, depth: float, *, strength: int = 110, squeeze: float = 1.0) -> None:
        """Mirror what stands above a waterline into the water below it, fading with depth."""
        tall = min(depth / squeeze, line)
        above = self.image.crop((0, round((line - tall) * SCALE), WIDTH * SCALE, round(line * SCALE)))
        mirrored = above.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize(
            (WIDTH * SCALE, round(tall * squeeze * SCALE))
        )
        fade = Image.linear_gradient("L").point([round((255 - v) * strength / 255) for v in range(256)])
        self.image.paste(mirrored, (0, round(line * SCALE)), fade.resize(mirrored.size))

    def ripples(self, top: float, bottom: float, fill: Colour, *, count: int = 120, alpha: int = 40) -> None:
        """Short level strokes on water, longer and farther apart towards the viewer."""
        for _ in range(count):
            share = self.chance.random() ** 1.4
            y = top + (bottom - top) * share
            length = 20 + 150 * share * self.chance.random() + 20 * share
            x = self.chance.uniform(-60, WIDTH)
            thick = 1 + 3.2 * share
            self._pen.rounded_rectangle(
                (x * SCALE, y * SCALE, (x + length) * SCALE, (y + thick) * SCALE), thick * SCALE / 2,
                (*fill, round(alpha * self.chance.uniform(0.5, 1))),
            )  # fmt: skip

    # Done ---------------------------------------------------------------------------------------------------------

    def jpeg(self) -> bytes:
        """The finished picture, in the best quality that is light enough."""
        finished = self.image.reduce(SCALE)
        data = b""
        for quality in QUALITIES:
            out = io.BytesIO()
            finished.save(out, "JPEG", quality=quality, optimize=True)
            data = out.getvalue()
            if len(data) <= MOST_BYTES:
                break
        return data


def _around(stops: Stops, at: float) -> tuple[tuple[float, Colour], tuple[float, Colour]]:
    """The stops before and after a place."""
    before = max((stop for stop in stops if stop[0] <= at), key=lambda stop: stop[0], default=stops[0])
    after = min((stop for stop in stops if stop[0] > at), key=lambda stop: stop[0], default=stops[-1])
    return before, after

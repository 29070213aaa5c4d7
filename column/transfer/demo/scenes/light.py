"""Times of day: what colour the sky, the distance, the water and the lamps have."""

from __future__ import annotations

from dataclasses import dataclass

from column.transfer.demo.scenes.canvas import HEIGHT, WIDTH, Canvas, Colour, Stops, mix, rgb


@dataclass(frozen=True)
class Light:
    sky: Stops
    #: What is far away takes this colour.
    haze: Colour
    water: Stops
    #: Colour that everything is mixed with, and how much.
    ambient: Colour
    dim: float
    #: Centre and radius of the sun or moon; no radius, none to see.
    sun: tuple[float, float, float]
    sun_colour: Colour
    dark: bool = False

    def shade(self, colour: Colour, distance: float = 0.0) -> Colour:
        """A thing's own colour as it looks at this time, so far away (0 near, 1 on the horizon)."""
        return mix(mix(colour, self.ambient, self.dim), self.haze, distance)


DAWN = Light(
    sky=((0, rgb("4a7ba8")), (0.35, rgb("9fb6c8")), (0.52, rgb("f3c9a0")), (0.62, rgb("fde2b8")), (1, rgb("fbead0"))),
    haze=rgb("e9c3a6"), water=((0, rgb("e3c7ae")), (0.4, rgb("8fa9b8")), (1, rgb("466a85"))), ambient=rgb("8a5a5c"),
    dim=0.18, sun=(1090, 520, 62), sun_colour=rgb("fff0c4"),
)  # fmt: skip
DAY = Light(
    sky=((0, rgb("3f8fce")), (0.45, rgb("92c6ea")), (0.65, rgb("d8eef8")), (1, rgb("eef8fb"))),
    haze=rgb("c5e0ec"), water=((0, rgb("8cc6d6")), (0.5, rgb("3f95b3")), (1, rgb("22698f"))), ambient=rgb("ffffff"),
    dim=0.0, sun=(1300, 170, 58), sun_colour=rgb("fffbe6"),
)  # fmt: skip
SUNSET = Light(
    sky=((0, rgb("3b3f74")), (0.25, rgb("87537f")), (0.45, rgb("dc7a63")), (0.6, rgb("f9b265")), (1, rgb("fcd48a"))),
    haze=rgb("d98f72"), water=((0, rgb("eba56f")), (0.4, rgb("9c6178")), (1, rgb("3a3562"))), ambient=rgb("432a55"),
    dim=0.38, sun=(560, 500, 74), sun_colour=rgb("ffe2a0"),
)  # fmt: skip
NIGHT = Light(
    sky=((0, rgb("0b1531")), (0.45, rgb("16264d")), (0.65, rgb("2a3b68")), (1, rgb("3a4a75"))),
    haze=rgb("2b3b68"), water=((0, rgb("24365f")), (0.5, rgb("14244a")), (1, rgb("0a1430"))), ambient=rgb("101c40"),
    dim=0.68, sun=(1270, 180, 40), sun_colour=rgb("f4f1df"), dark=True,
)  # fmt: skip
RAIN = Light(
    sky=((0, rgb("6d7f8c")), (0.5, rgb("9aaab3")), (0.7, rgb("bcc8cc")), (1, rgb("ccd5d6"))),
    haze=rgb("b3c0c5"), water=((0, rgb("a3b3b9")), (0.5, rgb("71858f")), (1, rgb("4a5d69"))), ambient=rgb("6c7b85"),
    dim=0.32, sun=(0, 0, 0), sun_colour=rgb("ffffff"),
)  # fmt: skip
GOLDEN = Light(
    sky=((0, rgb("6fa9cf")), (0.4, rgb("bfd9dd")), (0.6, rgb("fbe3b4")), (1, rgb("fdeccb"))),
    haze=rgb("f0d8ac"), water=((0, rgb("e9d7a8")), (0.45, rgb("8cb0ac")), (1, rgb("3f7385"))), ambient=rgb("c98b3c"),
    dim=0.14, sun=(350, 400, 66), sun_colour=rgb("fff3c9"),
)  # fmt: skip


def sky(canvas: Canvas, light: Light, bottom: float = HEIGHT) -> None:
    """Sky with its sun or moon, clouds by day, stars by night."""
    canvas.gradient(light.sky, 0, bottom)
    x, y, radius = light.sun
    if light.dark:
        _stars(canvas)
    if radius:
        canvas.glow(x, y, radius * (5 if light.dark else 7), light.sun_colour, 0.35 if light.dark else 0.75)
        canvas.circle(x, y, radius, light.sun_colour)
    if not light.dark:
        _clouds(canvas, light)


def _stars(canvas: Canvas) -> None:
    for _ in range(140):
        x, y = canvas.chance.uniform(0, WIDTH), canvas.chance.uniform(0, HEIGHT * 0.45)
        canvas.circle(x, y, canvas.chance.uniform(0.7, 2.0), rgb("ffffff"), alpha=canvas.chance.randint(60, 190))


def _clouds(canvas: Canvas, light: Light) -> None:
    tint = mix(rgb("ffffff"), light.haze, 0.25 if light.dim < 0.3 else 0.6)
    for _ in range(5):
        x, y = canvas.chance.uniform(60, WIDTH - 60), canvas.chance.uniform(60, HEIGHT * 0.3)
        wide = canvas.chance.uniform(90, 210)
        puffs = [(x, y, wide * 1.2, wide * 0.055)]
        for puff in range(6):
            at = (puff / 5 - 0.5) * 1.7
            lift = (1 - at * at) * wide * canvas.chance.uniform(0.12, 0.2)
            puffs.append((x + at * wide, y - lift * 0.4, wide * 0.3, wide * 0.06 + max(lift, 0) * 0.5))
        canvas.blend(puffs, tint, 120)


def rain(canvas: Canvas, count: int = 420) -> None:
    """Slanting strokes over the finished scene."""
    for _ in range(count):
        x, y = canvas.chance.uniform(-40, WIDTH + 60), canvas.chance.uniform(-40, HEIGHT)
        length = canvas.chance.uniform(16, 44)
        canvas.line([(x, y), (x - length * 0.28, y + length)], 1.2, rgb("ffffff"), alpha=canvas.chance.randint(40, 100))

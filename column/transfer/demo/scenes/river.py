"""The Hàn river: a bridge like a golden dragon, at several times of day, and the city along the banks."""

from __future__ import annotations

import math

from column.transfer.demo.scenes.canvas import HEIGHT, WIDTH, Canvas, Colour, Point, mix, rgb, ribbon, smooth
from column.transfer.demo.scenes.figures import WARM, boat, hills, lamp, skyline, standing, tree
from column.transfer.demo.scenes.light import Light, rain, sky

_GOLD = rgb("e9b23c")
_SPINE: list[Point] = [
    (-60, 560), (60, 505), (170, 500), (290, 590), (400, 596), (560, 400), (760, 300), (950, 395), (1080, 592),
    (1180, 598), (1290, 480), (1390, 415), (1450, 400),
]  # fmt: skip


def bridge(canvas: Canvas, light: Light, *, wet: bool = False, boats: bool = False) -> None:
    """The bridge from the promenade."""
    water = 660
    sky(canvas, light, water)
    hills(canvas, water, 210, light.shade(rgb("5d7f73"), 0.72), left=820, right=1760, peaks=7)
    hills(canvas, water, 120, light.shade(rgb("6f8d7c"), 0.82), left=-100, right=700, peaks=6)
    skyline(canvas, water, 190, light, distance=0.52)
    canvas.veil([(0, 0), (1, 120)], light.haze, 480, water)
    _deck(canvas, light, 604)
    _dragon(canvas, light)
    canvas.gradient(light.water, water, HEIGHT)
    canvas.reflect(water, 330, strength=140 if light.dark else 105, squeeze=0.8)
    canvas.ripples(water + 4, HEIGHT - 110, mix(light.sun_colour, light.haze, 0.35), count=170, alpha=70)
    if boats:
        boat(canvas, 430, 800, 230, light)
        boat(canvas, 1190, 742, 130, light, rgb("3f7f6f"))
    _promenade(canvas, light)
    if wet:
        rain(canvas)


def _deck(canvas: Canvas, light: Light, y: float) -> None:
    steel = light.shade(rgb("dfe4e6"))
    for x in (130, 345, 1130, 1345):
        canvas.polygon([(x - 16, y + 8), (x + 16, y + 8), (x + 26, 664), (x - 26, 664)], light.shade(rgb("b5bcc0")))
    canvas.rect(-10, y, WIDTH + 10, y + 17, steel)
    canvas.rect(-10, y + 17, WIDTH + 10, y + 24, light.shade(rgb("8f9aa1")))
    for x in range(0, WIDTH, 26):
        canvas.rect(x, y - 9, x + 2, y, light.shade(rgb("aab3b8")))
    canvas.rect(-10, y - 11, WIDTH + 10, y - 8, light.shade(rgb("c7ced2")))
    if light.dark:
        for x in range(20, WIDTH, 64):
            canvas.glow(x, y - 6, 34, WARM, 0.6)
            canvas.circle(x, y - 8, 3.2, rgb("fff4d2"))


def _dragon(canvas: Canvas, light: Light) -> None:
    gold = mix(_GOLD, rgb("ffb52e"), 0.4) if light.dark else light.shade(_GOLD)
    shadow, shine = mix(gold, rgb("7a3d10"), 0.42), mix(gold, rgb("fff0b8"), 0.55)
    spine = smooth(_SPINE, 22)
    if light.dark:
        for x, y in spine[::9]:
            canvas.glow(x, y, 80, rgb("ff9d2e"), 0.32)
    for x, y in spine[::4]:
        if y < 585:
            canvas.line([(x, y), (x, 604)], 1.6, light.shade(rgb("e8ecee")), alpha=150)

    def width(share: float) -> float:
        return 4 + 25 * min(share * 3.2, 1) if share < 0.85 else 29 - (share - 0.85) * 40

    below, above = ribbon(spine, width)
    for place in range(14, len(spine) - 16, 12):
        _fin(canvas, above[place], above[place + 7], spine[place + 3], gold)
    canvas.polygon([*above, *reversed(below)], gold)
    belly, _ = ribbon(spine, lambda share: width(share) * 0.3)
    canvas.polygon([*belly, *reversed(below)], shadow)
    _, back = ribbon(spine, lambda share: width(share) * 0.62)
    canvas.polygon([*above, *reversed(back)], shine)
    for place in range(8, len(spine) - 8, 5):
        canvas.line([back[place], below[place]], 2, shadow, alpha=150)
    _head(canvas, spine[-1], gold, shadow, shine)


def _fin(canvas: Canvas, start: Point, end: Point, inner: Point, colour: Colour) -> None:
    mx, my = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    out = (mx + (mx - inner[0]) * 0.9 - 8, my + (my - inner[1]) * 0.9)
    canvas.polygon([start, out, end], mix(colour, rgb("d46a1f"), 0.3))


def _head(canvas: Canvas, neck: Point, gold: Colour, shadow: Colour, shine: Colour) -> None:
    x, y = neck[0] - 6, neck[1]
    for far, up in ((66, 66), (40, 84), (12, 80)):
        canvas.polygon([(x + 4, y - 14), (x + 30, y - 18), (x - far + 20, y - up)], mix(gold, rgb("d46a1f"), 0.35))
    canvas.polygon(smooth([(x - 18, y + 26), (x - 6, y - 24), (x + 34, y - 36), (x + 72, y - 26), (x + 118, y - 20),
                           (x + 134, y - 2), (x + 110, y + 8), (x + 66, y + 8), (x + 40, y + 26), (x + 4, y + 36),
                           (x - 18, y + 26)], 6), gold)  # fmt: skip
    canvas.polygon(smooth([(x + 20, y + 24), (x + 62, y + 18), (x + 102, y + 34), (x + 92, y + 46), (x + 44, y + 46),
                           (x + 10, y + 34)], 6), shadow)  # fmt: skip
    canvas.polygon([(x + 60, y + 8), (x + 110, y + 9), (x + 100, y + 33), (x + 62, y + 19)], rgb("9c2f24"))
    canvas.polygon([(x + 98, y + 8), (x + 107, y + 9), (x + 102, y + 20)], rgb("fff6dd"))
    canvas.circle(x + 54, y - 13, 9, rgb("fffaf0"))
    canvas.circle(x + 56, y - 12, 4.5, rgb("2a1a12"))
    canvas.line(smooth([(x + 126, y - 4), (x + 150, y - 24), (x + 140, y - 52), (x + 160, y - 70)], 8), 3, shine)
    canvas.line(smooth([(x + 96, y + 40), (x + 110, y + 62), (x + 98, y + 78)], 8), 3, shine)


def _promenade(canvas: Canvas, light: Light) -> None:
    canvas.polygon([(0, 985), (WIDTH, 940), (WIDTH, HEIGHT), (0, HEIGHT)], light.shade(rgb("cbbfae")))
    canvas.polygon([(0, 985), (WIDTH, 940), (WIDTH, 951), (0, 997)], light.shade(rgb("a89a86")))
    for x in range(-20, WIDTH + 40, 58):
        y = 985 - 45 * x / WIDTH
        canvas.rect(x, y - 52, x + 5, y + 4, light.shade(rgb("4f5f69")))
    for lift in (50, 26):
        canvas.line([(0, 985 - lift), (WIDTH, 940 - lift)], 4.5, light.shade(rgb("5f707b")))
    for x, height in ((205, 250), (980, 240)):
        lamp(canvas, x, 1010 - 45 * x / WIDTH, height, light)
    standing(canvas, 640, 1040, 170, rgb("c8553d"), light=light, back=True, long_hair=True)
    standing(canvas, 705, 1043, 186, rgb("2f6f8f"), light=light, back=True)
    tree(canvas, 1480, 1020, 330, light)
    tree(canvas, 60, 1050, 260, light)


def cable_bridge(canvas: Canvas, light: Light) -> None:
    """The swing bridge's fan of cables, after dark or in the evening."""
    water = 650
    sky(canvas, light, water)
    hills(canvas, water, 250, light.shade(rgb("4d6b6a"), 0.7), left=-200, right=900, peaks=7)
    skyline(canvas, water, 260, light, distance=0.45, left=700, lit=0.5)
    skyline(canvas, water, 130, light, distance=0.6, right=720)
    deck, top = 590, 215
    lights = (rgb("6fd6ff"), rgb("b78bff"), rgb("ffd166")) if light.dark else (rgb("e7ecef"),) * 3
    for tower in (520, 1080):
        for step in range(1, 11):
            for side in (-1, 1):
                shade = lights[step % 3]
                canvas.line([(tower, top + 18 * step * 0.4), (tower + side * step * 29, deck)], 2.2, light.shade(shade)
                            if not light.dark else shade, alpha=215)  # fmt: skip
        canvas.polygon([(tower - 13, 668), (tower - 7, top - 20), (tower + 7, top - 20), (tower + 13, 668)],
                       light.shade(rgb("f0f2f3"), 0.05 if light.dark else 0))  # fmt: skip
        if light.dark:
            canvas.glow(tower, top - 10, 110, lights[0], 0.6)
    canvas.rect(-10, deck, WIDTH + 10, deck + 16, light.shade(rgb("d4dadd")))
    canvas.rect(-10, deck + 16, WIDTH + 10, deck + 23, light.shade(rgb("7e8a92")))
    if light.dark:
        for x in range(14, WIDTH, 46):
            canvas.glow(x, deck + 4, 30, lights[(x // 46) % 3], 0.7)
    canvas.gradient(light.water, water, HEIGHT)
    canvas.reflect(water, 360, strength=165, squeeze=0.85)
    canvas.ripples(water + 4, HEIGHT, mix(lights[0], light.haze, 0.4), count=200, alpha=60)
    boat(canvas, 300, 900, 330, light, rgb("7d3b3b"))


def night_city(canvas: Canvas, light: Light) -> None:
    """Towers, a big wheel and their lights in the water."""
    water = 700
    sky(canvas, light, water)
    skyline(canvas, water, 300, light, distance=0.62, lit=0.25)
    wheel_x, wheel_y, radius = 430, 470, 200
    canvas.glow(wheel_x, wheel_y, 330, rgb("4fc3ff"), 0.4)
    for step in range(24):
        angle = math.tau * step / 24
        ex, ey = wheel_x + math.cos(angle) * radius, wheel_y + math.sin(angle) * radius
        colour = (rgb("62d0ff"), rgb("c38bff"), rgb("ff8ec7"), rgb("ffd166"))[step % 4]
        canvas.line([(wheel_x, wheel_y), (ex, ey)], 2.4, colour, alpha=150)
        canvas.circle(ex, ey, 8, colour)
    canvas.arc(wheel_x, wheel_y, radius, radius, 0, 360, 5, rgb("9fe4ff"))
    canvas.arc(wheel_x, wheel_y, radius * 0.72, radius * 0.72, 0, 360, 3, rgb("c9a6ff"))
    for side in (-1, 1):
        canvas.line([(wheel_x, wheel_y), (wheel_x + side * 120, water)], 12, rgb("3c5288"))
    skyline(canvas, water, 360, light, distance=0.1, left=760, right=1660, lit=0.62)
    skyline(canvas, water, 110, light, distance=0.2, right=780, lit=0.6)
    canvas.gradient(light.water, water, HEIGHT)
    canvas.reflect(water, 360, strength=190, squeeze=0.9)
    canvas.ripples(water + 3, HEIGHT, rgb("ffd98a"), count=150, alpha=46)
    canvas.ripples(water + 3, HEIGHT, rgb("7fd4ff"), count=110, alpha=46)


def park(canvas: Canvas, light: Light) -> None:
    """Morning exercise in the park along the river."""
    water = 560
    sky(canvas, light, water)
    hills(canvas, water, 180, light.shade(rgb("5d7f73"), 0.7), left=500, right=1800, peaks=7)
    skyline(canvas, water, 170, light, distance=0.6)
    canvas.gradient(light.water, water, HEIGHT)
    canvas.reflect(water, 170, strength=90)
    canvas.ripples(water + 2, 750, rgb("ffffff"), count=80, alpha=60)
    canvas.polygon([*smooth([(-10, 770), (400, 744), (900, 756), (1610, 728)], 8), (1610, HEIGHT), (-10, HEIGHT)],
                   light.shade(rgb("86a85d")))  # fmt: skip
    canvas.polygon(smooth([(-10, 900), (500, 868), (1000, 900), (1610, 850)], 8) + smooth(
        [(1610, 960), (1000, 1010), (500, 975), (-10, 1020)], 8), light.shade(rgb("d9cbb2")))  # fmt: skip
    for x, height in ((120, 400), (1400, 430), (1130, 300)):
        tree(canvas, x, 800 + height * 0.1, height, light)
    for number, x in enumerate((430, 560, 690, 820, 950)):
        shirt = (rgb("e0a458"), rgb("81b29a"), rgb("c8553d"), rgb("f2efe9"), rgb("6d8ea0"))[number]
        standing(canvas, x, 880 + (number % 2) * 26, 205, shirt, light=light, long_hair=number % 2 == 0, arm=0.95)
    canvas.rect(1240, 900, 1420, 914, light.shade(rgb("8a5a36")), radius=4)
    for x in (1262, 1392):
        canvas.rect(x, 914, x + 10, 952, light.shade(rgb("5b3c26")))

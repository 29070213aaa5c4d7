"""The sea: the hills of a green headland, beaches, fishing boats, harbours."""

from __future__ import annotations

from column.transfer.demo.scenes.canvas import HEIGHT, WIDTH, Canvas, mix, rgb, smooth
from column.transfer.demo.scenes.figures import (
    WARM,
    basket_boat,
    boat,
    hills,
    lamp,
    motorbike,
    palm,
    skyline,
    standing,
    tree,
)  # fmt: skip
from column.transfer.demo.scenes.light import Light, rain, sky

_GREEN = rgb("3f7a4f")


def headland(canvas: Canvas, light: Light) -> None:
    """Layered hills falling into the sea, boats, a beach in front."""
    water = 560
    sky(canvas, light, water)
    hills(canvas, water, 170, light.shade(_GREEN, 0.78), left=-200, right=1100, peaks=7)
    hills(canvas, water, 300, light.shade(_GREEN, 0.55), left=250, right=1900, peaks=6, rough=0.3)
    hills(
        canvas, water, 250, light.shade(mix(_GREEN, rgb("7aa05a"), 0.2), 0.3), left=640, right=2000, peaks=6, rough=0.3
    )
    canvas.gradient(light.water, water, HEIGHT)
    canvas.reflect(water, 200, strength=70, squeeze=0.6)
    canvas.ripples(water + 3, 850, mix(light.sun_colour, light.haze, 0.2), count=190, alpha=80)
    for x, y, size in ((330, 640, 120), (560, 610, 80), (980, 700, 210)):
        boat(canvas, x, y, size, light, canvas.chance.choice((rgb("2d6da3"), rgb("2f8f83"))))
    _beach(canvas, light)
    basket_boat(canvas, 380, 955, 210, light)
    basket_boat(canvas, 640, 1005, 170, light)
    palm(canvas, 1350, 1010, 620, light, lean=-0.2)
    palm(canvas, 1480, 1050, 520, light, lean=0.14)


def _beach(canvas: Canvas, light: Light) -> None:
    shore = smooth([(-10, 880), (300, 862), (700, 900), (1100, 872), (1620, 830)], 10)
    canvas.polygon(
        [*((x, y - 16) for x, y in shore), (1620, HEIGHT), (-10, HEIGHT)], light.shade(rgb("ffffff")), alpha=110
    )
    canvas.polygon([*shore, (1620, HEIGHT), (-10, HEIGHT)], light.shade(rgb("e6cfa0")))
    canvas.polygon([*((x, y + 55) for x, y in shore), (1620, HEIGHT), (-10, HEIGHT)], light.shade(rgb("f1e0b8")))


def harbour(canvas: Canvas, light: Light, *, wet: bool = False) -> None:
    """A fishing harbour: many boats side by side, people on the quay."""
    water = 520
    sky(canvas, light, water)
    hills(canvas, water, 260, light.shade(_GREEN, 0.62), left=-100, right=1750, peaks=8)
    skyline(canvas, water, 70, light, distance=0.55, right=760)
    canvas.gradient(light.water, water, HEIGHT)
    canvas.reflect(water, 220, strength=90, squeeze=0.8)
    canvas.ripples(water + 3, 900, mix(light.sun_colour, light.haze, 0.3), count=140, alpha=70)
    hulls = (rgb("2d6da3"), rgb("2f8f83"), rgb("3b5ba5"), rgb("b0452f"))
    for row, (y, size, step) in enumerate(((590, 150, 178), (680, 230, 262), (800, 350, 400))):
        for column in range(int(1750 / step)):
            boat(canvas, 40 + row * 60 + column * step + canvas.chance.uniform(-12, 12), y, size, light,
                 hulls[(row + column) % 4])  # fmt: skip
    canvas.rect(0, 905, WIDTH, HEIGHT, light.shade(rgb("b9b2a6")))
    canvas.rect(0, 905, WIDTH, 925, light.shade(rgb("8f887c")))
    for x in range(60, WIDTH, 240):
        canvas.rect(x, 884, x + 34, 912, light.shade(rgb("4b5157")), radius=8)
    for x, hat in ((360, True), (470, True), (1080, False), (1190, True)):
        standing(canvas, x, 1030, 215, canvas.chance.choice((rgb("2f6f8f"), rgb("b56576"), rgb("588157"))), light=light,
                 hat=hat, long_hair=hat, arm=0.3)  # fmt: skip
    for x in (410, 1130):
        for at in (-22, 22):
            canvas.ellipse(x + at, 1022, 34, 13, light.shade(rgb("a4753f")))
            for _ in range(9):
                canvas.ellipse(x + at + canvas.chance.uniform(-24, 24), 1013 + canvas.chance.uniform(-6, 4), 11, 4,
                               light.shade(rgb("b9c8d3")))  # fmt: skip
    if wet:
        rain(canvas)


def sea_road(canvas: Canvas, light: Light) -> None:
    """The road along the beach, with its palms and hotels."""
    water = 540
    sky(canvas, light, water)
    hills(canvas, water, 240, light.shade(_GREEN, 0.66), left=-300, right=900, peaks=6, lean=1)
    canvas.gradient(light.water, water, 720)
    canvas.ripples(water + 3, 700, rgb("ffffff"), count=90, alpha=80)
    skyline(canvas, 706, 440, light, distance=0.16, left=980, right=1700)
    canvas.polygon([(-10, 690), (900, 640), (1610, 690), (1610, 800), (-10, 800)], light.shade(rgb("ecd9ae")))
    canvas.polygon([(-10, 780), (1610, 720), (1610, HEIGHT), (-10, HEIGHT)], light.shade(rgb("c9bda9")))
    canvas.polygon([(-10, 850), (1610, 770), (1610, 985), (-10, HEIGHT)], light.shade(rgb("5d6469")))
    for x in range(-40, WIDTH, 150):
        y = 952 - 76 * (x + 40) / WIDTH
        canvas.polygon([(x, y), (x + 84, y - 4), (x + 84, y + 4), (x, y + 9)], light.shade(rgb("f3efe4")))
    for x in (90, 420, 760, 1100, 1440):
        palm(canvas, x, 842 - 70 * x / WIDTH, 430, light, lean=0.08)
    for x in (250, 930):
        lamp(canvas, x, 840 - 70 * x / WIDTH, 330, light)
    motorbike(canvas, 400, 960, 190, light, rgb("c8553d"), rider=True)
    motorbike(canvas, 1010, 905, 165, light, rgb("3d6f8f"), rider=True)


def lighthouse(canvas: Canvas, light: Light) -> None:
    """A lighthouse on a rocky cape."""
    water = 610
    sky(canvas, light, water)
    hills(canvas, water, 130, light.shade(_GREEN, 0.8), left=-100, right=900, peaks=7)
    canvas.gradient(light.water, water, HEIGHT)
    canvas.ripples(water + 3, HEIGHT, mix(light.sun_colour, light.haze, 0.2), count=210, alpha=80)
    cape = smooth([(760, 1080), (830, 820), (930, 640), (1080, 520), (1240, 455), (1430, 430), (1640, 380)], 8)
    canvas.polygon([*cape, (1640, 1080)], light.shade(_GREEN))
    canvas.polygon(smooth([(740, 1080), (800, 930), (900, 790), (980, 850), (1080, 900), (1200, 1080)], 8),
                   light.shade(rgb("6e665c")))  # fmt: skip
    canvas.polygon(smooth([(1000, 1080), (1120, 930), (1270, 890), (1400, 960), (1620, 1010), (1620, 1080)], 8),
                   light.shade(rgb("55734a")))  # fmt: skip
    for x, height in ((1480, 250), (1560, 300), (1060, 150)):
        tree(canvas, x, 470 + height * 0.35, height, light, crown=rgb("44753f"))
    x, foot = 1260, 468
    canvas.polygon([(x - 40, foot), (x + 40, foot), (x + 25, 190), (x - 25, 190)], light.shade(rgb("f4f1ea")))
    for band in (0, 2):
        top = 225 + band * 62
        spread = 26 + (top - 190) * 0.054
        canvas.polygon([(x - spread, top), (x + spread, top), (x + spread + 3, top + 56), (x - spread - 3, top + 56)],
                       light.shade(rgb("c0563f")))  # fmt: skip
    canvas.polygon([(x + 8, 190), (x + 25, 190), (x + 40, foot), (x + 14, foot)], rgb("000000"), alpha=34)
    canvas.rect(x - 36, 180, x + 36, 192, light.shade(rgb("454b50")))
    canvas.rect(x - 21, 138, x + 21, 180, WARM if light.dim > 0.2 else light.shade(rgb("cfe4ea")))
    canvas.polygon([(x - 28, 138), (x + 28, 138), (x, 100)], light.shade(rgb("a3452f")))
    if light.dim > 0.2:
        canvas.polygon([(x, 150), (-20, 40), (-20, 190), (x, 168)], rgb("fff1c4"), alpha=46)
        canvas.glow(x, 160, 150, WARM, 0.7)
    boat(canvas, 320, 830, 290, light)
    boat(canvas, 590, 690, 120, light, rgb("2f8f83"))

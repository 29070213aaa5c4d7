"""Streets: shop-houses under trees, markets, traffic, pavements, building sites, a fire station."""

from __future__ import annotations

import math

from column.transfer.demo.scenes.canvas import HEIGHT, WIDTH, Canvas, Colour, mix, rgb
from column.transfer.demo.scenes.figures import (
    CLOTHES,
    TROUSERS,
    WARM,
    anyone,
    hills,
    lamp,
    motorbike,
    skyline,
    standing,
    tree,
)  # fmt: skip
from column.transfer.demo.scenes.light import Light, rain, sky

_WALLS = (rgb("f0d9a8"), rgb("e6b89c"), rgb("a9c5bd"), rgb("f3ece0"), rgb("c9d3dc"), rgb("e8c76a"), rgb("d9a9a0"))
_FLAME = rgb("e4472f")


def street(canvas: Canvas, light: Light, *, bloom: bool = False, wet: bool = False, tidy: bool = False) -> None:
    """A row of shop-houses with trees and motorbikes; *tidy* shows marked parking and a free pavement."""
    pavement = 770
    sky(canvas, light, pavement)
    skyline(canvas, pavement, 520, light, distance=0.6)
    _houses(canvas, light, pavement)
    canvas.rect(0, pavement, WIDTH, 885, light.shade(rgb("cbbfae")))
    for x in range(0, WIDTH, 64):
        canvas.line([(x, pavement), (x - 46, 885)], 1.5, light.shade(rgb("a89c8a")), alpha=140)
    canvas.rect(0, 826, WIDTH, 828, light.shade(rgb("a89c8a")), alpha=140)
    canvas.rect(0, 885, WIDTH, 902, light.shade(rgb("e5ded2")))
    canvas.gradient(((0, light.shade(rgb("666d73"))), (1, light.shade(rgb("4d5459")))), 902, HEIGHT)
    for x in range(-30, WIDTH, 210):
        canvas.rect(x, 1006, x + 118, 1015, light.shade(rgb("f0ede4")))
    for x in (150, 790, 1450):
        tree(canvas, x, 868, 560, light, bloom=_FLAME if bloom else None)
    for x in (470, 1130):
        lamp(canvas, x, 872, 420, light)
    if tidy:
        canvas.line([(240, 862), (720, 862)], 5, light.shade(rgb("f4c430")))
        for x in range(250, 720, 52):
            motorbike(canvas, x + 20, 858, 92, light, canvas.chance.choice(CLOTHES))
        standing(canvas, 1010, 872, 190, rgb("5b8fa8"), light=light, arm=0.6)
        standing(canvas, 1260, 870, 182, rgb("e0a458"), light=light, long_hair=True, hat=True)
    else:
        for x in (330, 620, 1010, 1290):
            anyone(canvas, x, 870, 180, light, hat=canvas.chance.random() < 0.4)
    motorbike(canvas, 360, 985, 180, light, rgb("3d6f8f"), rider=True)
    motorbike(canvas, 930, 1040, 205, light, rgb("b8433a"), rider=True)
    if not tidy:
        motorbike(canvas, 1330, 975, 175, light, rgb("e0a458"), rider=True)
    if wet:
        canvas.veil([(0, 20), (1, 80)], rgb("c7d3d9"), 902, HEIGHT)
        rain(canvas)


def _houses(canvas: Canvas, light: Light, foot: float) -> None:
    x = -30.0
    while x < WIDTH:
        wide = canvas.chance.uniform(165, 235)
        floors = canvas.chance.choice((2, 3, 3, 4))
        wall = canvas.chance.choice(_WALLS)
        _house(canvas, light, x, foot, wide, floors, wall)
        x += wide


def _house(canvas: Canvas, light: Light, x: float, foot: float, wide: float, floors: int, wall: Colour) -> None:
    storey = 128.0
    top = foot - 150 - storey * floors
    canvas.rect(x, top, x + wide, foot, light.shade(wall))
    canvas.rect(x, top - 16, x + wide, top, light.shade(mix(wall, rgb("6b4a35"), 0.3)))
    if canvas.chance.random() < 0.45:
        canvas.polygon(
            [(x - 6, top - 14), (x + wide + 6, top - 14), (x + wide * 0.5, top - 84)], light.shade(rgb("b9563e"))
        )
    for floor in range(floors):
        y = top + 26 + floor * storey
        for column in range(2):
            left = x + wide * (0.13 + 0.42 * column)
            right = left + wide * 0.3
            on = light.dark and canvas.chance.random() < 0.7
            canvas.rect(left - 5, y - 5, right + 5, y + 73, light.shade(rgb("fbf8f1")))
            canvas.rect(left, y, right, y + 70, WARM if on else light.shade(rgb("5f7f92")))
            if canvas.chance.random() < 0.5:
                canvas.rect(left - 16, y - 3, left - 3, y + 71, light.shade(rgb("4f7a63")))
                canvas.rect(right + 3, y - 3, right + 16, y + 71, light.shade(rgb("4f7a63")))
            canvas.line([((left + right) / 2, y), ((left + right) / 2, y + 70)], 3, light.shade(rgb("fbf8f1")))
        canvas.rect(x + wide * 0.06, y + 82, x + wide * 0.94, y + 89, light.shade(mix(wall, rgb("6b4a35"), 0.35)))
        for bar in range(14):
            bx = x + wide * (0.08 + 0.063 * bar)
            canvas.rect(bx, y + 60, bx + 3, y + 84, light.shade(rgb("4b4f55")), alpha=170)
    _shop(canvas, light, x, foot, wide)


def _shop(canvas: Canvas, light: Light, x: float, foot: float, wide: float) -> None:
    canvas.rect(x + wide * 0.08, foot - 122, x + wide * 0.92, foot, WARM if light.dark else light.shade(rgb("6d5a4d")))
    canvas.rect(x + wide * 0.12, foot - 112, x + wide * 0.52, foot - 30, light.shade(rgb("8fb0bd"), 0.1))
    canvas.rect(x + wide * 0.6, foot - 112, x + wide * 0.86, foot, light.shade(rgb("3f4f5a")))
    stripes = canvas.chance.choice((rgb("c8553d"), rgb("2f6f8f"), rgb("588157"), rgb("d99a2b")))
    pieces = 8
    for piece in range(pieces):
        left = x + wide * (0.03 + 0.94 * piece / pieces)
        right = left + wide * 0.94 / pieces
        colour = stripes if piece % 2 else rgb("f6efe2")
        canvas.polygon([(left, foot - 146), (right, foot - 146), (right + 2, foot - 108), (left - 2, foot - 108)],
                       light.shade(colour))  # fmt: skip
        canvas.slice((left + right) / 2, foot - 108, (right - left) / 2 + 2, 9, 0, 180, light.shade(colour))


def market(canvas: Canvas, light: Light, *, kind: str = "fruit") -> None:
    """A covered market: stalls with awnings, heaps of goods, vendors in conical hats."""
    canvas.gradient(
        ((0, light.shade(rgb("5b4a3f"))), (0.6, light.shade(rgb("a58a6d"))), (1, light.shade(rgb("c7b08f"))))
    )
    for x in range(-40, WIDTH + 60, 200):
        canvas.polygon([(x, 0), (x + 24, 0), (x + 12 + (x - 800) * 0.12, 190)], light.shade(rgb("3f332b")))
    canvas.rect(0, 170, WIDTH, 190, light.shade(rgb("4d3f35")))
    canvas.rect(0, 190, WIDTH, 660, light.shade(rgb("b9a183")))
    for x in range(60, WIDTH, 290):
        canvas.rect(x, 190, x + 20, 780, light.shade(rgb("6f5b4b")))
    for number, x in enumerate(range(90, WIDTH, 235)):
        anyone(canvas, x + canvas.chance.uniform(-40, 40), 700, 270, light, hat=number % 3 == 0)
    heaps = {
        "fruit": (rgb("e9a13b"), rgb("c7402f"), rgb("7ea83f"), rgb("f2cf63"), rgb("8c4a7a")),
        "fish": (rgb("aebfca"), rgb("8da4b3"), rgb("d5a48f"), rgb("c9d3d8"), rgb("7f95a5")),
        "green": (rgb("5f9a45"), rgb("86b556"), rgb("3f7d46"), rgb("c7402f"), rgb("e9a13b")),
    }[kind]
    for number in range(4):
        x = -60 + number * 440
        canvas.line([(x + 22, 330), (x + 22, 790)], 10, light.shade(rgb("5b4636")))
        canvas.line([(x + 398, 330), (x + 398, 790)], 10, light.shade(rgb("5b4636")))
        colour = (rgb("c8553d"), rgb("2f7f8f"), rgb("d99a2b"), rgb("588157"))[number]
        for piece in range(10):
            left = x + piece * 42
            canvas.polygon([(left + 8, 268), (left + 50, 268), (left + 42, 366), (left, 366)],
                           light.shade(colour if piece % 2 else rgb("f7f0e3")))  # fmt: skip
            canvas.slice(left + 21, 366, 21, 16, 0, 180, light.shade(colour if piece % 2 else rgb("f7f0e3")))
        canvas.glow(x + 210, 430, 130, WARM, 0.5)
        canvas.circle(x + 210, 412, 11, rgb("fff3cf"))
        standing(
            canvas,
            x + 130 + 60 * (number % 2),
            800,
            330,
            CLOTHES[number * 2 % len(CLOTHES)],
            light=light,
            hat=True,
            long_hair=True,
            arm=0.4,
        )
        canvas.rect(x + 4, 720, x + 416, 900, light.shade(rgb("7a5a3f")))
        canvas.rect(x - 4, 706, x + 424, 730, light.shade(rgb("98724f")))
        for tray in range(4):
            _heap(canvas, light, x + 58 + tray * 102, 712, heaps[(tray + number) % 5], fish=kind == "fish")
        for crate in range(3):
            canvas.rect(x + 30 + crate * 130, 780, x + 140 + crate * 130, 880, light.shade(rgb("8d6a4a")))
            for slat in range(3):
                canvas.rect(x + 30 + crate * 130, 800 + slat * 28, x + 140 + crate * 130, 805 + slat * 28,
                            light.shade(rgb("6a4d34")))  # fmt: skip
    canvas.gradient(((0, light.shade(rgb("9d9488"))), (1, light.shade(rgb("857b6f")))), 900, HEIGHT)
    standing(canvas, 520, 1040, 400, rgb("e8e3d8"), light=light, long_hair=True, back=True, arm=0.35)
    standing(canvas, 1180, 1050, 420, rgb("3d6f8f"), light=light, back=True)
    canvas.rect(1236, 905, 1300, 985, light.shade(rgb("d99a2b")), radius=8)


def _heap(canvas: Canvas, light: Light, x: float, foot: float, colour: Colour, *, fish: bool) -> None:
    canvas.ellipse(x, foot, 50, 12, light.shade(rgb("caa86e")))
    for row in range(4):
        for piece in range(5 - row):
            px = x - (4 - row) * 10 + piece * 20
            py = foot - 8 - row * 15
            shade = light.shade(mix(colour, rgb("ffffff"), canvas.chance.uniform(0, 0.28)))
            if fish:
                canvas.ellipse(px, py, 18, 6, shade)
                canvas.polygon([(px - 15, py), (px - 26, py - 6), (px - 26, py + 6)], shade)
            else:
                canvas.circle(px, py, 11.5, shade)
                canvas.circle(px - 3, py - 4, 3, rgb("ffffff"), alpha=90)


def crossing(canvas: Canvas, light: Light) -> None:
    """Motorbikes waiting at a light."""
    sky(canvas, light, 640)
    hills(canvas, 640, 180, light.shade(rgb("5d7f73"), 0.7), peaks=7)
    skyline(canvas, 660, 420, light, distance=0.35)
    for x in (70, 1510):
        tree(canvas, x, 720, 430, light)
    canvas.polygon([(-10, 660), (1610, 660), (1610, HEIGHT), (-10, HEIGHT)], light.shade(rgb("5c6368")))
    canvas.polygon([(-10, 660), (560, 660), (300, 720), (-10, 740)], light.shade(rgb("c6baa8")))
    canvas.polygon([(1040, 660), (1610, 660), (1610, 740), (1300, 720)], light.shade(rgb("c6baa8")))
    for number in range(12):
        x = -40 + number * 145
        canvas.polygon([(x, 760), (x + 74, 760), (x + 66, 812), (x - 14, 812)], light.shade(rgb("f0ede4")))
    pole = light.shade(rgb("3c454b"))
    canvas.rect(1300, 250, 1314, 790, pole)
    canvas.rect(1010, 250, 1310, 262, pole)
    for x in (1010, 1250):
        canvas.rect(x, 262, x + 54, 404, rgb("23292d"), radius=14)
        for number, colour in enumerate((rgb("5a2f2c"), rgb("5c4a24"), rgb("4fd07a"))):
            canvas.circle(x + 27, 292 + number * 42, 16, colour)
        canvas.glow(x + 27, 376, 60, rgb("6df09a"), 0.6)
    standing(canvas, 1400, 800, 230, rgb("c9a66b"), light=light, arm=0.95)
    for row, (y, size, count) in enumerate(((870, 165, 7), (1000, 225, 5))):
        for column in range(count):
            motorbike(canvas, 120 + column * (1500 / count) + row * 60, y + canvas.chance.uniform(-8, 8), size, light,
                      CLOTHES[(row * 3 + column) % len(CLOTHES)], rider=True)  # fmt: skip


def building_site(canvas: Canvas, light: Light) -> None:
    """A frame going up, a crane, workers."""
    ground = 870
    sky(canvas, light, ground)
    skyline(canvas, ground, 260, light, distance=0.6)
    concrete = light.shade(rgb("b3aca2"))
    for floor in range(6):
        y = 790 - floor * 104
        canvas.rect(150, y, 830, y + 20, concrete)
        for column in range(6):
            x = 165 + column * 128
            if floor < 5 or column < 3:
                canvas.rect(x, y - 84, x + 22, y, light.shade(rgb("9d968b")))
        if floor < 3:
            for bay in range(5):
                if canvas.chance.random() < 0.75:
                    x = 187 + bay * 128
                    canvas.rect(x, y - 84, x + 106, y, light.shade(rgb("c98a5e")))
                    canvas.rect(x + 28, y - 66, x + 78, y - 14, light.shade(rgb("7f9bab")))
    canvas.rect(150, 810, 830, ground, light.shade(rgb("a39a8d")))
    for y in range(300, 860, 52):
        canvas.line([(846, y), (924, y)], 4, light.shade(rgb("5f8f7a")))
    for x in (848, 886, 924):
        canvas.line([(x, 262), (x, ground)], 5, light.shade(rgb("5f8f7a")))
    _crane(canvas, light, 1160, ground)
    canvas.gradient(((0, light.shade(rgb("b79a72"))), (1, light.shade(rgb("8d7450")))), ground, HEIGHT)
    for x in range(0, WIDTH, 160):
        canvas.rect(x, 846, x + 152, 900, light.shade(rgb("3f7fa0") if x % 320 else rgb("e9e4d8")))
    for number, x in enumerate((420, 560, 980, 1110)):
        standing(canvas, x, 1010 + number % 2 * 22, 230, rgb("f08a24"), light=light, arm=0.5 * (number % 2))
        canvas.slice(x, 1010 + number % 2 * 22 - 212, 26, 24, 180, 360, light.shade(rgb("f6cf3a")))


def _crane(canvas: Canvas, light: Light, x: float, foot: float) -> None:
    steel = light.shade(rgb("e2a32b"))
    top = 120.0
    for side in (-16, 16):
        canvas.line([(x + side, foot), (x + side, top)], 6, steel)
    y = top
    while y < foot:
        canvas.line([(x - 16, y), (x + 16, y + 32)], 3, steel)
        canvas.line([(x + 16, y), (x - 16, y + 32)], 3, steel)
        y += 32
    canvas.line([(x - 660, top + 14), (x + 260, top + 14)], 6, steel)
    canvas.line([(x - 620, top - 14), (x + 60, top - 20)], 4, steel)
    for step in range(22):
        ax = x - 650 + step * 32
        canvas.line([(ax, top + 14), (ax + 16, top - 14)], 2.4, steel)
        canvas.line([(ax + 16, top - 14), (ax + 32, top + 14)], 2.4, steel)
    canvas.line([(x, top - 84), (x - 560, top - 10)], 2.4, steel)
    canvas.line([(x, top - 84), (x + 250, top + 12)], 2.4, steel)
    canvas.polygon([(x - 16, top), (x + 16, top), (x, top - 90)], steel)
    canvas.rect(x + 160, top + 14, x + 250, top + 78, light.shade(rgb("6b737a")))
    canvas.rect(x - 34, top + 22, x + 14, top + 78, light.shade(rgb("dfe7ea")), radius=5)
    canvas.line([(x - 400, top + 16), (x - 400, 330)], 2, light.shade(rgb("33383c")))
    canvas.rect(x - 460, 330, x - 340, 348, light.shade(rgb("7a4f35")))


def fire_station(canvas: Canvas, light: Light) -> None:
    """A fire engine in front of its station."""
    ground = 800
    sky(canvas, light, ground)
    skyline(canvas, ground, 240, light, distance=0.6)
    canvas.rect(120, 260, 1480, ground, light.shade(rgb("efe3cf")))
    canvas.rect(120, 236, 1480, 270, light.shade(rgb("b9a58a")))
    canvas.rect(600, 130, 780, 260, light.shade(rgb("e5d6bd")))
    for door in range(3):
        x = 180 + door * 440
        canvas.rect(x, 400, x + 380, ground, light.shade(rgb("49545c")))
        for slat in range(5):
            canvas.rect(x, 400 + slat * 22, x + 380, 402 + slat * 22, light.shade(rgb("39434a")))
        for window in range(3):
            canvas.rect(x + 20 + window * 122, 296, x + 110 + window * 122, 366, light.shade(rgb("8fb3c4")), radius=4)
    canvas.gradient(((0, light.shade(rgb("a7a199"))), (1, light.shade(rgb("86807a")))), ground, HEIGHT)
    _engine(canvas, light, 330, 930)
    for x in (150, 1250, 1370):
        standing(canvas, x, 960, 260, rgb("c9a227"), light=light, arm=0.2)
        canvas.slice(x, 960 - 240, 30, 28, 180, 360, light.shade(rgb("2e3b52")))
    tree(canvas, 60, 850, 380, light)
    tree(canvas, 1550, 860, 420, light)


def _engine(canvas: Canvas, light: Light, x: float, foot: float) -> None:
    red, pale, black = light.shade(rgb("c5322b")), light.shade(rgb("f1ece2")), light.shade(rgb("23272b"))
    canvas.ellipse(x + 420, foot + 4, 460, 18, rgb("000000"), alpha=60)
    canvas.rect(x, foot - 310, x + 560, foot - 70, red, radius=12)
    canvas.rect(x + 570, foot - 280, x + 820, foot - 70, red, radius=22)
    canvas.rect(x, foot - 172, x + 820, foot - 150, pale)
    canvas.rect(x + 600, foot - 256, x + 690, foot - 176, light.shade(rgb("a9cdda")), radius=8)
    canvas.polygon([(x + 706, foot - 256), (x + 776, foot - 256), (x + 806, foot - 176), (x + 706, foot - 176)],
                   light.shade(rgb("a9cdda")))  # fmt: skip
    for bay in range(4):
        canvas.rect(
            x + 24 + bay * 134, foot - 286, x + 140 + bay * 134, foot - 184, light.shade(rgb("c9ced1")), radius=5
        )
        for slat in range(6):
            canvas.rect(
                x + 24 + bay * 134, foot - 272 + slat * 15, x + 140 + bay * 134, foot - 270 + slat * 15, black, alpha=70
            )
    canvas.rect(x + 640, foot - 304, x + 750, foot - 280, light.shade(rgb("3f83c9")), radius=8)
    canvas.line([(x + 10, foot - 330), (x + 600, foot - 330)], 8, light.shade(rgb("b9bec2")))
    canvas.line([(x + 10, foot - 352), (x + 600, foot - 352)], 8, light.shade(rgb("b9bec2")))
    for rung in range(16):
        canvas.line([(x + 20 + rung * 38, foot - 352), (x + 20 + rung * 38, foot - 330)], 5, light.shade(rgb("b9bec2")))
    canvas.rect(x, foot - 80, x + 830, foot - 52, black)
    for wheel in (120, 400, 690):
        canvas.circle(x + wheel, foot - 46, 56, black)
        canvas.circle(x + wheel, foot - 46, 28, light.shade(rgb("b9bec2")))
    canvas.circle(x + 812, foot - 112, 15, rgb("fff2c9"))


def countryside(canvas: Canvas, light: Light, *, season: str = "green") -> None:
    """Rice fields under the hills, a concrete lane, farmers."""
    horizon = 470
    sky(canvas, light, horizon)
    hills(canvas, horizon, 270, light.shade(rgb("41705a"), 0.7), peaks=6, rough=0.55)
    hills(canvas, horizon, 150, light.shade(rgb("4b7d5a"), 0.45), peaks=8, rough=0.6)
    tones = (rgb("7fae4e"), rgb("5f9a45")) if season == "green" else (rgb("e0b84a"), rgb("c99a35"))
    canvas.gradient(
        ((0, light.shade(mix(tones[0], rgb("ffffff"), 0.2), 0.25)), (1, light.shade(tones[1]))), horizon, HEIGHT
    )
    for row in range(13):
        share = (row / 12) ** 1.7
        y = horizon + 12 + (HEIGHT - horizon) * share
        canvas.line(
            [(-10, y + math.sin(row) * 8), (WIDTH + 10, y + math.cos(row * 1.7) * 10)],
            2 + share * 6,
            light.shade(mix(tones[1], rgb("3b5a2a"), 0.35)),
            alpha=150,
        )
    for step in range(-6, 12):
        canvas.line([(800 + (step - 3) * 60, horizon), (800 + (step - 3) * 420, HEIGHT)], 2.5,
                    light.shade(mix(tones[1], rgb("3b5a2a"), 0.35)), alpha=110)  # fmt: skip
    canvas.polygon([(930, horizon), (950, horizon), (1330, HEIGHT), (1010, HEIGHT)], light.shade(rgb("d8cfbf")))
    for x, foot, height in ((1080, 640, 260), (1010, 560, 150), (970, 515, 84)):
        canvas.rect(x, foot - height, x + 6, foot, light.shade(rgb("5c5148")))
        canvas.rect(x - 24, foot - height + 8, x + 30, foot - height + 13, light.shade(rgb("5c5148")))
    for x, foot, size in ((320, 900, 220), (480, 850, 190), (640, 960, 240)):
        standing(canvas, x, foot, size, canvas.chance.choice(CLOTHES), light=light, hat=True, long_hair=True, arm=0.4)
    for x, foot, height in ((140, 640, 190), (210, 620, 150), (1480, 700, 280)):
        tree(canvas, x, foot, height, light, distance=0.1)
    canvas.rect(1250, 560, 1420, 640, light.shade(rgb("f0e6d2")))
    canvas.polygon([(1232, 560), (1438, 560), (1400, 506), (1270, 506)], light.shade(rgb("b9563e")))
    canvas.rect(1310, 588, 1350, 640, light.shade(TROUSERS[2]))
    motorbike(canvas, 1130, 850, 130, light, rgb("c8553d"), rider=True)

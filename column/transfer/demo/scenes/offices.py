"""Where people meet their administration: office fronts, the one-stop desk, meetings, screens."""

from __future__ import annotations

from column.transfer.demo.scenes.canvas import HEIGHT, WIDTH, Canvas, Colour, mix, rgb
from column.transfer.demo.scenes.figures import CLOTHES, WARM, anyone, bust, lamp, motorbike, standing, tree
from column.transfer.demo.scenes.light import DAY, Light, rain, sky

_SHIRTS = (rgb("f2efe9"), rgb("a9c7dd"), rgb("f2efe9"), rgb("8fb3c9"))
_INK = rgb("34424c")


def front(
    canvas: Canvas, light: Light, wall: Colour, *, floors: int = 3, columns: bool = True, wet: bool = False
) -> None:
    """A public office from its forecourt: a plain building with many windows, steps and flower beds."""
    ground = 800
    sky(canvas, light, ground)
    for x, height in ((40.0, 500), (1570.0, 540), (210.0, 380), (1420.0, 400)):
        tree(canvas, x, 800, height, light, distance=0.12)
    top = ground - 160 - floors * 125
    left, right = 270.0, 1330.0
    trim = mix(wall, rgb("ffffff"), 0.55)
    canvas.rect(left, top, right, ground, light.shade(wall))
    canvas.rect(left - 18, top - 24, right + 18, top, light.shade(mix(wall, rgb("5b4a3a"), 0.35)))
    for floor in range(floors + 1):
        y = top + 28 + floor * 125
        if floor < floors:
            canvas.rect(left, y + 92, right, y + 100, light.shade(trim))
        for column in range(11):
            x = left + 34 + column * 92
            if 4 <= column <= 6 and floor == floors:
                continue
            on = light.dark and canvas.chance.random() < 0.6
            canvas.rect(x - 5, y - 5, x + 65, y + 77, light.shade(trim))
            canvas.rect(x, y, x + 60, y + 72, WARM if on else light.shade(rgb("7fa3b5")))
            canvas.polygon([(x, y + 40), (x + 34, y), (x + 52, y), (x, y + 62)], rgb("ffffff"), alpha=0 if on else 46)
            canvas.line([(x + 30, y), (x + 30, y + 72)], 3, light.shade(trim))
    middle = (left + right) / 2
    _entrance(canvas, light, wall, middle, top, ground, columns=columns)
    canvas.gradient(((0, light.shade(rgb("cfc6b8"))), (1, light.shade(rgb("b3a998")))), ground, HEIGHT)
    for step in range(3):
        canvas.rect(middle - 210 - step * 22, ground - 2 + step * 15, middle + 210 + step * 22, ground + 14 + step * 15,
                    light.shade(mix(rgb("e7e0d4"), rgb("a59b8c"), step * 0.3)))  # fmt: skip
    for side in (-1, 1):
        _flower_bed(canvas, light, middle + side * 480)
    if light.dark:
        for x in (380, 1220):
            lamp(canvas, x, 900, 320, light)
    for number in range(5):
        motorbike(canvas, 150 + number * 58, 960, 110, light, canvas.chance.choice(CLOTHES))
    anyone(canvas, middle - 90, 940, 210, light)
    anyone(canvas, middle + 40, 980, 222, light)
    anyone(canvas, middle + 330, 1010, 230, light)
    if wet:
        canvas.veil([(0, 10), (1, 70)], rgb("d5dfe4"), 860, HEIGHT)
        rain(canvas)


def _entrance(
    canvas: Canvas, light: Light, wall: Colour, middle: float, top: float, ground: float, *, columns: bool
) -> None:
    pale = light.shade(mix(wall, rgb("ffffff"), 0.72))
    canvas.rect(middle - 175, ground - 205, middle + 175, ground, light.shade(mix(wall, rgb("3d4a55"), 0.55)))
    for pane in range(4):
        x = middle - 160 + pane * 82
        canvas.rect(x, ground - 168, x + 74, ground, WARM if light.dark else light.shade(rgb("a6c6d2")))
        canvas.rect(x + 66, ground - 96, x + 69, ground - 60, light.shade(_INK))
    if columns:
        for x in (middle - 190, middle - 72, middle + 54, middle + 172):
            canvas.rect(x, ground - 215, x + 22, ground, pale)
            canvas.rect(x - 5, ground - 12, x + 27, ground, pale)
        canvas.polygon([(middle - 250, ground - 222), (middle + 250, ground - 222), (middle, ground - 320)], pale)
        canvas.polygon([(middle - 190, ground - 232), (middle + 190, ground - 232), (middle, ground - 306)],
                       light.shade(mix(wall, rgb("ffffff"), 0.3)))  # fmt: skip
    canvas.rect(middle - 250, ground - 226, middle + 250, ground - 204, pale)
    canvas.rect(middle - 170, top - 78, middle + 170, top - 22, light.shade(mix(wall, rgb("5b4a3a"), 0.2)))
    canvas.rect(middle - 150, top - 68, middle + 150, top - 36, light.shade(rgb("3f6f8f")), radius=6)
    canvas.rect(middle - 120, top - 58, middle + 120, top - 52, light.shade(rgb("eef3f5")), radius=3)
    canvas.rect(middle - 80, top - 47, middle + 80, top - 42, light.shade(rgb("eef3f5")), radius=2)


def _flower_bed(canvas: Canvas, light: Light, x: float) -> None:
    canvas.ellipse(x, 872, 190, 34, light.shade(rgb("8a8073")))
    canvas.ellipse(x, 864, 184, 32, light.shade(rgb("5f8f4e")))
    for _ in range(60):
        fx, fy = canvas.chance.uniform(-160, 160), canvas.chance.uniform(-20, 18)
        colour = canvas.chance.choice((rgb("e4574f"), rgb("f2c14e"), rgb("f6e7ef"), rgb("d9789f")))
        canvas.circle(x + fx, 860 + fy, 6.5, light.shade(colour))


def tower(canvas: Canvas, light: Light) -> None:
    """A round glass tower of offices above a park."""
    ground = 850
    sky(canvas, light, ground)
    glass = mix(rgb("7fb2c8"), rgb("ffffff"), 0.1)
    top, left, right = 120.0, 620.0, 980.0
    for row in range(46):
        share = row / 45
        bulge = 1 + 0.16 * (1 - (2 * share - 0.75) ** 2)
        y = top + (ground - top) * share
        half = (right - left) / 2 * bulge
        if row % 2 == 0:
            for column in range(18):
                x = 800 - half + 2 * half * column / 18
                tone = mix(glass, rgb("2f5f7d"), 0.15 + 0.5 * abs(column - 6) / 12)
                on = light.dark and canvas.chance.random() < 0.5
                canvas.rect(x, y, x + 2 * half / 18 - 2, y + 17, WARM if on else light.shade(tone))
        canvas.rect(800 - half, y + 16, 800 + half, y + 19, light.shade(rgb("e9f0f2")))
    canvas.ellipse(800, top, 205, 30, light.shade(rgb("dfe9ec")))
    canvas.rect(430, 730, 1170, ground, light.shade(rgb("e6e0d4")))
    for column in range(13):
        canvas.rect(
            452 + column * 55, 752, 490 + column * 55, ground, WARM if light.dark else light.shade(rgb("86a9b8"))
        )
    canvas.rect(410, 712, 1190, 734, light.shade(rgb("c4bba9")))
    canvas.gradient(((0, light.shade(rgb("8db267"))), (1, light.shade(rgb("6a9050")))), ground, HEIGHT)
    canvas.polygon([(700, ground), (900, ground), (1150, HEIGHT), (450, HEIGHT)], light.shade(rgb("ddd2bf")))
    for x, height in ((120, 420), (330, 330), (1290, 360), (1480, 450)):
        tree(canvas, x, 890, height, light)
    for x, foot in ((720, 930), (800, 960), (880, 1000), (640, 1030)):
        anyone(canvas, x, foot, 130 + (foot - 900) * 0.6, light)


def desk(canvas: Canvas, wall: Colour, *, counters: int = 3, seated: bool = False, queue: bool = True) -> None:
    """The one-stop desk: officials behind the counter, people in front of it, numbers on the screens."""
    canvas.gradient(((0, mix(wall, rgb("ffffff"), 0.55)), (1, wall)), 0, 905)
    canvas.rect(0, 0, WIDTH, 60, mix(wall, rgb("ffffff"), 0.8))
    for tube in range(120, WIDTH, 340):
        canvas.rect(tube, 22, tube + 190, 40, rgb("fffdf4"), radius=9)
        canvas.polygon(
            [(tube + 6, 42), (tube + 184, 42), (tube + 300, 330), (tube - 110, 330)], rgb("ffffff"), alpha=20
        )
    canvas.rect(90, 110, 1510, 330, mix(wall, rgb("2f4f60"), 0.68), radius=10)
    wide = 1420 / counters
    for number in range(counters):
        x = 90 + wide * number
        canvas.rect(x + wide * 0.14, 135, x + wide * 0.86, 235, rgb("12212b"), radius=8)
        for digit in range(3):
            _digit(
                canvas, x + wide * 0.5 - 62 + digit * 46, 155, (7 * number + 3 * digit + counters) % 10, rgb("ff9f43")
            )
        canvas.rect(x + wide * 0.2, 256, x + wide * 0.8, 268, rgb("e8eef0"), radius=5)
        canvas.rect(x + wide * 0.3, 284, x + wide * 0.7, 294, rgb("b9cbd3"), radius=5)
    for number in range(counters):
        x = 90 + wide * (number + 0.5)
        bust(canvas, x - wide * 0.08, 690, min(wide * 0.44, 200), _SHIRTS[number % 4], long_hair=number % 2 == 0)
        _screen(canvas, x + wide * 0.24, 690)
    canvas.rect(40, 660, 1560, 690, mix(rgb("c9a77a"), rgb("ffffff"), 0.2), radius=6)
    canvas.rect(60, 690, 1540, 905, rgb("b98f61"))
    for number in range(counters + 1):
        x = 90 + wide * number
        canvas.rect(x - 7, 420, x + 7, 664, rgb("dfe9ec"), alpha=150)
        canvas.rect(x - 10, 690, x + 10, 905, rgb("a57d52"))
    for number in range(counters):
        x = 90 + wide * number
        canvas.rect(x + 16, 430, x + wide - 16, 660, rgb("ffffff"), alpha=26)
        canvas.polygon([(x + 40, 440), (x + 90, 440), (x + 30, 640), (x + 18, 640)], rgb("ffffff"), alpha=36)
        canvas.rect(x + wide * 0.33, 770, x + wide * 0.67, 830, rgb("f4ead8"), radius=8)
        _digit(canvas, x + wide * 0.5 - 15, 780, number + 1, rgb("7a4f2a"), size=0.62)
        for sheet in range(3):
            canvas.polygon(
                [
                    (x + wide * 0.2, 656 - sheet * 4),
                    (x + wide * 0.38, 656 - sheet * 4),
                    (x + wide * 0.36, 646 - sheet * 4),
                    (x + wide * 0.22, 646 - sheet * 4),
                ],
                rgb("fbfaf5"),
            )
    canvas.gradient(((0, rgb("d9d2c6")), (1, rgb("bdb4a5"))), 905, HEIGHT)
    for x in range(-200, WIDTH + 200, 160):
        canvas.line([(800 + (x - 800) * 0.9, 905), (800 + (x - 800) * 1.3, HEIGHT)], 2, rgb("a89f90"), alpha=130)
    _plant(canvas, 52, 905)
    _plant(canvas, 1552, 905)
    if queue:
        for number in range(counters):
            x = 90 + wide * (number + 0.5) + canvas.chance.uniform(-20, 20)
            standing(canvas, x, 1040, 420, CLOTHES[(number * 3 + counters) % len(CLOTHES)], back=True,
                     long_hair=number % 2 == 1, arm=0.3)  # fmt: skip
    if seated:
        for number in range(4):
            x = 230 + number * 380
            canvas.rect(x - 92, 930, x + 92, 1068, rgb("4d6f86"), radius=16)
            bust(canvas, x, 1000, 180, CLOTHES[(number * 2 + 1) % len(CLOTHES)], back=True, long_hair=number % 2 == 0)
            canvas.rect(x - 92, 985, x + 92, 1068, rgb("5d829b"), radius=16)


_SEGMENTS = ("abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abcdfg")


def _digit(canvas: Canvas, x: float, y: float, value: int, colour: Colour, *, size: float = 1.0) -> None:
    """A seven-segment figure."""
    w, h, t = 30 * size, 60 * size, 7 * size
    bars = {
        "a": (0, 0, w, t), "b": (w - t, 0, w, h / 2), "c": (w - t, h / 2, w, h), "d": (0, h - t, w, h),
        "e": (0, h / 2, t, h), "f": (0, 0, t, h / 2), "g": (0, h / 2 - t / 2, w, h / 2 + t / 2),
    }  # fmt: skip
    for segment in _SEGMENTS[value]:
        left, top, right, bottom = bars[segment]
        canvas.rect(x + left, y + top, x + right, y + bottom, colour, radius=t / 3)


def _screen(canvas: Canvas, x: float, foot: float) -> None:
    canvas.rect(x - 12, foot - 60, x + 12, foot - 24, rgb("3a444b"))
    canvas.rect(x - 74, foot - 160, x + 74, foot - 52, rgb("2b343a"), radius=8)
    canvas.rect(x - 30, foot - 30, x + 30, foot - 22, rgb("3a444b"), radius=4)


def _plant(canvas: Canvas, x: float, foot: float) -> None:
    for step in range(-4, 5):
        canvas.polygon([(x - 5, foot - 70), (x + step * 17, foot - 230 + abs(step) * 22), (x + 5, foot - 70)],
                       mix(rgb("3f7d4a"), rgb("86b556"), (step + 4) % 3 * 0.3))  # fmt: skip
    canvas.polygon([(x - 38, foot - 80), (x + 38, foot - 80), (x + 28, foot + 8), (x - 28, foot + 8)], rgb("c27a52"))


def meeting(canvas: Canvas, wall: Colour, light: Light = DAY, *, host: bool = True) -> None:
    """People around a long table; a window onto the city."""
    canvas.gradient(((0, mix(wall, rgb("ffffff"), 0.4)), (1, wall)), 0, 780)
    _window(canvas, 240, 110, 700, 420, light)
    _window(canvas, 900, 110, 1360, 420, light)
    canvas.rect(0, 760, WIDTH, 785, mix(wall, rgb("5b4a3a"), 0.5))
    canvas.gradient(((0, rgb("b98d62")), (1, rgb("96704a"))), 785, HEIGHT)
    for number in range(6):
        x = 180 + number * 248
        canvas.rect(x - 88, 470, x + 88, 720, rgb("5a4334"), radius=24)
        bust(canvas, x, 700, 205, CLOTHES[(number * 3 + (1 if host else 4)) % len(CLOTHES)], long_hair=number % 3 == 1)
    canvas.polygon([(40, 690), (1560, 690), (1640, 880), (-40, 880)], rgb("8a5a38"))
    canvas.polygon([(60, 690), (1540, 690), (1610, 858), (-10, 858)], rgb("a8714a"))
    canvas.rect(-40, 876, 1640, 920, rgb("6f4529"))
    for number in range(6):
        x = 150 + number * 260
        canvas.polygon([(x - 64, 760), (x + 40, 760), (x + 52, 806), (x - 70, 806)], rgb("fbfaf4"))
        for row in range(3):
            canvas.line([(x - 50, 771 + row * 11), (x + 30, 771 + row * 11)], 2, rgb("aab4ba"))
        canvas.rect(x + 76, 742, x + 104, 800, rgb("dcebf0"), radius=4, alpha=210)
        canvas.rect(x + 78, 764, x + 102, 799, rgb("9cc9dc"), radius=3, alpha=210)
    for x in (400, 920):
        canvas.ellipse(x, 735, 46, 15, rgb("f2efe6"))
        for _ in range(14):
            canvas.circle(
                x + canvas.chance.uniform(-40, 40),
                712 + canvas.chance.uniform(-18, 14),
                12,
                canvas.chance.choice((rgb("e4574f"), rgb("f2c14e"), rgb("f6e7ef"), rgb("5f9a45"))),
            )
    for number in range(3):
        x = 330 + number * 470
        canvas.rect(x - 110, 930, x + 110, 1080, rgb("4a372b"), radius=26)
        bust(canvas, x, 1067, 260, CLOTHES[(number * 2 + 6) % len(CLOTHES)], back=True, long_hair=number == 1)


def _window(canvas: Canvas, left: float, top: float, right: float, bottom: float, light: Light) -> None:
    canvas.rect(left - 14, top - 14, right + 14, bottom + 14, rgb("fbf8f1"), radius=6)
    canvas.gradient(light.sky, top, bottom, left, right)
    x = left
    while x < right - 20:
        wide = min(canvas.chance.uniform(34, 70), right - x)
        tall = canvas.chance.uniform(0.15, 0.55) * (bottom - top)
        canvas.rect(x, bottom - tall, x + wide, bottom, light.shade(rgb("9fb0bd"), 0.45))
        x += wide + canvas.chance.uniform(2, 16)
    canvas.rect((left + right) / 2 - 5, top, (left + right) / 2 + 5, bottom, rgb("fbf8f1"))
    for side, edge in ((-1, left), (1, right)):
        canvas.polygon([(edge - side * 6, top - 22), (edge + side * -70, top - 22), (edge - side * 30, bottom + 60),
                        (edge + side * 26, bottom + 60), (edge + side * 26, top - 22)], rgb("d9c7a3"))  # fmt: skip


def laptop(canvas: Canvas, wood: Colour, accent: Colour) -> None:
    """An online form on a laptop, seen from above: papers, a cup, a telephone."""
    canvas.gradient(((0, mix(wood, rgb("ffffff"), 0.2)), (1, mix(wood, rgb("000000"), 0.08))))
    for y in range(0, HEIGHT, 178):
        canvas.rect(0, y, WIDTH, y + 2, mix(wood, rgb("000000"), 0.25), alpha=110)
        for _ in range(10):
            x = canvas.chance.uniform(0, WIDTH)
            canvas.rect(x, y + canvas.chance.uniform(15, 160), x + canvas.chance.uniform(80, 320),
                        y + canvas.chance.uniform(161, 162), mix(wood, rgb("000000"), 0.12), alpha=26)  # fmt: skip
    canvas.rect(398, 152, 1220, 950, rgb("000000"), radius=30, alpha=50)
    canvas.rect(380, 120, 1220, 650, rgb("2d343a"), radius=26)
    canvas.rect(404, 144, 1196, 626, rgb("f7f9fa"), radius=6)
    canvas.rect(404, 144, 1196, 204, accent)
    canvas.circle(440, 174, 15, rgb("ffffff"))
    canvas.rect(470, 166, 700, 182, rgb("ffffff"), radius=7)
    for step in range(4):
        x = 470 + step * 190
        done = step < 2
        canvas.circle(x, 250, 20, accent if done else rgb("d3dce1"))
        if done:
            canvas.line([(x - 9, 250), (x - 2, 258), (x + 10, 242)], 5, rgb("ffffff"))
        if step < 3:
            canvas.rect(x + 26, 247, x + 164, 253, accent if step < 1 else rgb("d3dce1"), radius=3)
    for row in range(4):
        y = 300 + row * 66
        canvas.rect(440, y, 440 + (150, 190, 130, 170)[row], y + 12, rgb("9aa8b1"), radius=5)
        canvas.rect(440, y + 20, 860, y + 50, rgb("e6ecef"), radius=6)
        canvas.rect(454, y + 30, 454 + (240, 320, 180, 280)[row], y + 40, rgb("7f8f99"), radius=4)
    canvas.rect(900, 300, 1160, 470, rgb("eef3f5"), radius=10)
    canvas.line([(1030, 420), (1030, 350), (1004, 376), (1030, 350), (1056, 376)], 9, accent)
    canvas.rect(900, 500, 1160, 556, accent, radius=28)
    canvas.rect(970, 522, 1090, 534, rgb("ffffff"), radius=6)
    canvas.rect(360, 650, 1240, 930, rgb("c7ced2"), radius=24)
    canvas.rect(376, 660, 1224, 918, rgb("d8dee1"), radius=20)
    for row in range(4):
        for key in range(14):
            x, y = 420 + key * 55, 680 + row * 38
            canvas.rect(x, y, x + 47, y + 30, rgb("3a444b"), radius=6)
    canvas.rect(660, 840, 940, 906, rgb("c3cacf"), radius=10)
    canvas.circle(1400, 260, 118, rgb("000000"), alpha=40)
    canvas.circle(1392, 250, 116, rgb("f4f1ea"))
    canvas.circle(1392, 250, 92, rgb("6b4028"))
    canvas.arc(1372, 232, 60, 60, 190, 280, 6, rgb("8d5d3d"))
    canvas.polygon([(70, 190), (310, 150), (356, 560), (110, 600)], rgb("000000"), alpha=40)
    canvas.polygon([(60, 180), (300, 140), (346, 550), (100, 590)], rgb("fffdf6"))
    for row in range(9):
        share = row / 9
        canvas.line([(96 + share * 36, 226 + row * 36), (280 + share * 38, 196 + row * 36)], 6, rgb("b9c4ca"))
    _telephone(canvas, 1320, 560, 170, 330, accent)
    canvas.line([(150, 700), (300, 900)], 16, rgb("34424c"))
    canvas.line([(296, 895), (312, 916)], 9, rgb("d9a066"))


def _telephone(canvas: Canvas, x: float, y: float, wide: float, tall: float, accent: Colour) -> None:
    canvas.rect(x + 12, y + 14, x + wide + 12, y + tall + 14, rgb("000000"), radius=26, alpha=46)
    canvas.rect(x, y, x + wide, y + tall, rgb("20272c"), radius=26)
    canvas.rect(x + 9, y + 12, x + wide - 9, y + tall - 12, rgb("f3f7f8"), radius=18)
    canvas.circle(x + wide / 2, y + tall * 0.36, wide * 0.25, accent)
    r = wide * 0.11
    canvas.line([(x + wide / 2 - r, y + tall * 0.36), (x + wide / 2 - r * 0.2, y + tall * 0.36 + r * 0.7),
                 (x + wide / 2 + r * 1.1, y + tall * 0.36 - r * 0.8)], wide * 0.05, rgb("ffffff"))  # fmt: skip
    for row in range(3):
        canvas.rect(
            x + wide * 0.2,
            y + tall * (0.6 + row * 0.09),
            x + wide * (0.8 - row * 0.1),
            y + tall * (0.63 + row * 0.09),
            rgb("bccad1"),
            radius=4,
        )


def phone(canvas: Canvas, cloth: Colour, accent: Colour) -> None:
    """A hand with a telephone: the file is done."""
    canvas.gradient(((0, rgb("dfe9e4")), (1, rgb("b9d0c8"))))
    for x, y, size in ((260, 250, 210), (1320, 760, 260), (1280, 210, 120), (330, 850, 140)):
        canvas.circle(x, y, size, rgb("ffffff"), alpha=50)
    skin, shade = rgb("d9a37c"), rgb("c08a63")
    canvas.polygon([(700, 1100), (745, 800), (1010, 790), (1120, 1100)], skin)
    canvas.polygon([(640, 1100), (690, 985), (1120, 970), (1190, 1100)], cloth)
    for finger in range(4):
        y = 470 + finger * 82
        canvas.line([(1010, y + 60), (1042, y + 14), (1004, y - 6)], 58, shade)
    _telephone(canvas, 620, 110, 380, 760, accent)
    for finger in range(4):
        y = 470 + finger * 82
        canvas.line([(1030, y + 30), (984, y)], 50, skin)
    canvas.line([(700, 880), (612, 760), (640, 620)], 78, skin)
    canvas.circle(641, 612, 37, skin)
    for x, y, text in ((170, 420, 260), (1140, 380, 290), (210, 660, 200)):
        canvas.rect(x, y, x + text, y + 84, rgb("ffffff"), radius=20)
        canvas.circle(x + 44, y + 42, 22, accent)
        canvas.rect(x + 82, y + 24, x + text - 26, y + 36, rgb("9fb0b8"), radius=6)
        canvas.rect(x + 82, y + 50, x + text - 60, y + 60, rgb("cdd8dd"), radius=5)

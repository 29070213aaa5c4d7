"""Schools, clinics, libraries: rooms in which the city serves its people."""

from __future__ import annotations

from column.transfer.demo.scenes.canvas import HEIGHT, WIDTH, Canvas, mix, rgb
from column.transfer.demo.scenes.figures import CLOTHES, bust, standing, tree
from column.transfer.demo.scenes.light import Light, sky

_WHITE = rgb("f6f4ee")


def classroom(canvas: Canvas) -> None:
    """A lesson: the board, the teacher, the pupils from behind."""
    canvas.gradient(((0, rgb("f3e9d2")), (1, rgb("e3d3b2"))), 0, 700)
    canvas.rect(330, 110, 1270, 520, rgb("8a6240"), radius=8)
    canvas.rect(350, 130, 1250, 500, rgb("2f6b55"))
    for row, wide in enumerate((380, 520, 300, 460)):
        canvas.rect(430, 200 + row * 66, 430 + wide, 207 + row * 66, rgb("dfeee6"), radius=3, alpha=190)
    canvas.line([(1020, 300), (1100, 220), (1180, 300), (1020, 300)], 5, rgb("f6e39a"))
    canvas.arc(1100, 385, 52, 52, 0, 360, 5, rgb("f3b6a8"))
    canvas.rect(330, 520, 1270, 536, rgb("6f4c30"))
    for x in (40.0, 1380.0):
        canvas.rect(x - 8, 122, x + 188, 470, rgb("fbf8f1"))
        canvas.gradient(((0, rgb("9ccbe6")), (1, rgb("e5f3f7"))), 130, 462, x, x + 180)
        canvas.slice(x + 62, 463, 60, 76, 180, 360, rgb("6fa35a"))
        canvas.slice(x + 122, 463, 57, 58, 180, 360, rgb("5c9150"))
        canvas.rect(x + 86, 130, x + 94, 462, rgb("fbf8f1"))
    canvas.polygon([(220, 130), (220, 462), (900, 1067), (420, 1067)], rgb("fff6d8"), alpha=36)
    canvas.gradient(((0, rgb("c9a77c")), (1, rgb("a07c54"))), 700, HEIGHT)
    standing(canvas, 560, 745, 420, rgb("f0e3ee"), long_hair=True, arm=0.9, dress=True)
    canvas.rect(880, 600, 1180, 624, rgb("8a5a38"), radius=5)
    canvas.rect(905, 624, 1155, 745, rgb("a06c44"))
    canvas.rect(940, 566, 1010, 600, rgb("c8553d"))
    canvas.rect(946, 556, 1016, 566, rgb("2f6f8f"))
    for row, (y, size, count) in enumerate(((830, 150, 6), (960, 190, 5), (1090, 235, 4))):
        for column in range(count):
            x = 800 + (column - (count - 1) / 2) * (1500 / count)
            bust(canvas, x, y, size, _WHITE, back=True, long_hair=(row + column) % 2 == 0)
            canvas.polygon([(x - size * 0.16, y - size * 0.5), (x + size * 0.16, y - size * 0.5), (x, y - size * 0.36)],
                           rgb("c8402f"))  # fmt: skip
            canvas.rect(x - size * 0.72, y - 12, x + size * 0.72, y + 14, rgb("c8935c"), radius=5)
            canvas.rect(x - size * 0.68, y + 14, x + size * 0.68, y + 60, rgb("a97645"))


def schoolyard(canvas: Canvas, light: Light) -> None:
    """The yard before the bell: a two-storey school, trees, children."""
    ground = 760
    sky(canvas, light, ground)
    canvas.rect(120, 300, 1480, ground, light.shade(rgb("f1d48e")))
    canvas.polygon([(90, 300), (1510, 300), (1440, 220), (160, 220)], light.shade(rgb("b9563e")))
    for floor in range(2):
        y = 340 + floor * 215
        canvas.rect(120, y + 150, 1480, y + 166, light.shade(rgb("fbf3df")))
        for bay in range(9):
            x = 150.0 + bay * 149
            canvas.rect(x, y, x + 116, y + 150, light.shade(rgb("d9b668")))
            if bay % 3 == 1:
                canvas.rect(x + 28, y + 12, x + 88, y + 150, light.shade(rgb("5f86a0")))
            else:
                canvas.rect(x + 14, y + 20, x + 102, y + 100, light.shade(rgb("8fb6c8")))
                canvas.rect(x + 55, y + 20, x + 61, y + 100, light.shade(rgb("fbf3df")))
            canvas.rect(x + 124, y - 22, x + 138, y + 166, light.shade(rgb("fbf3df")))
        for rail in range(0, 1360, 22):
            canvas.rect(120 + rail, y + 108, 124 + rail, y + 150, light.shade(rgb("8d9a9f")), alpha=150)
    canvas.gradient(((0, light.shade(rgb("d8b98c"))), (1, light.shade(rgb("bf9c6c")))), ground, HEIGHT)
    for trunk, height in ((90, 470), (1520, 500), (800, 420)):
        tree(canvas, trunk, 830, height, light, bloom=rgb("e4472f") if trunk == 800 else None)
    for number in range(13):
        x = 150 + number * 106 + canvas.chance.uniform(-24, 24)
        standing(canvas, x, 900 + (number * 37) % 120, 150 + (number % 3) * 12, _WHITE, light=light,
                 long_hair=number % 2 == 0, arm=(0.0, 0.5, 0.9)[number % 3])  # fmt: skip


def clinic(canvas: Canvas, *, ward: bool = False) -> None:
    """The clinic's reception, or its examination room."""
    canvas.gradient(((0, rgb("eef6f4")), (1, rgb("cfe5e0"))), 0, 780)
    canvas.rect(0, 640, WIDTH, 650, rgb("8fc0b4"))
    canvas.rect(0, 650, WIDTH, 780, rgb("b5d8cf"))
    canvas.gradient(((0, rgb("d5dcda")), (1, rgb("b3bfbd"))), 780, HEIGHT)
    canvas.circle(800, 210, 92, rgb("ffffff"))
    canvas.rect(778, 150, 822, 270, rgb("3fa07f"), radius=6)
    canvas.rect(740, 188, 860, 232, rgb("3fa07f"), radius=6)
    if ward:
        canvas.rect(90, 120, 470, 560, rgb("ffffff"), radius=6)
        canvas.gradient(((0, rgb("a6d3ea")), (1, rgb("eaf6f8"))), 134, 546, 104, 456)
        canvas.slice(200, 547, 92, 110, 180, 360, rgb("6fa35a"))
        canvas.slice(356, 547, 98, 84, 180, 360, rgb("5c9150"))
        canvas.rect(276, 134, 284, 546, rgb("ffffff"))
        for fold in range(7):
            x = 1290 + fold * 46
            canvas.polygon([(x, 60), (x + 46, 60), (x + 40 + fold % 2 * 6, 800), (x + 4, 800)],
                           mix(rgb("8fc7d6"), rgb("ffffff"), 0.25 * (fold % 2)))  # fmt: skip
        canvas.rect(960, 700, 1560, 760, rgb("ffffff"), radius=20)
        canvas.rect(960, 740, 1560, 800, rgb("7fb2c4"), radius=10)
        canvas.rect(1430, 650, 1550, 706, rgb("f6f4ee"), radius=20)
        for x in (990, 1520):
            canvas.rect(x, 800, x + 14, 940, rgb("7d8a8f"))
        standing(canvas, 640, 990, 560, rgb("fdfdfb"), long_hair=True, arm=0.35, dress=True)
        standing(canvas, 880, 1000, 520, rgb("d99a5b"), back=False, arm=0.1)
        canvas.rect(300, 700, 540, 722, rgb("c9a77a"), radius=5)
        for x in (312, 516):
            canvas.rect(x, 722, x + 12, 950, rgb("9c7d55"))
        canvas.rect(340, 640, 400, 700, rgb("dfe9ec"), radius=6)
        canvas.rect(420, 660, 490, 700, rgb("3fa07f"), radius=6)
        return
    for side in (0, 1):
        x = 120 + side * 1130
        canvas.rect(x, 170, x + 230, 470, rgb("ffffff"), radius=8)
        for row in range(6):
            canvas.rect(
                x + 24, 204 + row * 42, x + (200, 170, 190, 150, 196, 130)[row], 214 + row * 42, rgb("a9c2bd"), radius=5
            )
    for number, x in enumerate((520, 800, 1080)):
        bust(canvas, x, 660, 200, rgb("fdfdfb"), long_hair=number != 1)
        canvas.rect(x - 30, 560 - 4, x + 30, 586, rgb("bfe0ea"), radius=9)
    canvas.rect(330, 640, 1270, 668, rgb("ffffff"), radius=10)
    canvas.rect(350, 668, 1250, 850, rgb("5fae95"))
    canvas.rect(350, 720, 1250, 732, rgb("ffffff"), alpha=120)
    for x in (120, 1420):
        for seat in range(3):
            canvas.rect(x - 100 + seat * 84, 800, x - 26 + seat * 84, 900, rgb("4d8fa3"), radius=12)
            canvas.rect(x - 100 + seat * 84, 890, x - 26 + seat * 84, 915, rgb("3f7b8d"), radius=8)
        canvas.rect(x - 110, 912, x + 170, 922, rgb("7d8a8f"))
    bust(canvas, 104, 900, 130, rgb("b56576"), long_hair=True)
    bust(canvas, 1404, 900, 130, rgb("588157"))
    bust(canvas, 1490, 900, 126, rgb("e0a458"), long_hair=True)
    standing(canvas, 640, 1030, 430, rgb("c8553d"), back=True, long_hair=True, arm=0.3)
    standing(canvas, 980, 1035, 445, rgb("3d405b"), back=True, arm=0.2)


def library(canvas: Canvas) -> None:
    """Training: a screen, rows of listeners, shelves along the wall."""
    canvas.gradient(((0, rgb("e9e2d3")), (1, rgb("d3c6ae"))), 0, 720)
    for shelf in range(4):
        y = 150 + shelf * 130
        for block in (0, 1):
            left = 40 + block * 1190
            canvas.rect(left, y + 104, left + 330, y + 116, rgb("8a6240"))
            x = left + 6.0
            while x < left + 312:
                wide = canvas.chance.uniform(12, 30)
                tall = canvas.chance.uniform(66, 98)
                canvas.rect(x, y + 104 - tall, x + wide, y + 104, canvas.chance.choice(CLOTHES))
                x += wide + 2
    for left in (30, 1220):
        canvas.rect(left, 110, left + 10, 680, rgb("6f4c30"))
        canvas.rect(left + 340, 110, left + 350, 680, rgb("6f4c30"))
    canvas.rect(440, 90, 1160, 500, rgb("2b343a"), radius=10)
    canvas.rect(456, 106, 1144, 484, rgb("f4f8f9"))
    canvas.rect(500, 146, 800, 168, rgb("2f6f8f"), radius=8)
    for bar, tall in enumerate((90, 130, 110, 180, 220)):
        canvas.rect(520 + bar * 72, 440 - tall, 566 + bar * 72, 440, (rgb("81b29a"), rgb("2f6f8f"))[bar % 2], radius=5)
    for row in range(4):
        canvas.rect(920, 230 + row * 52, 1100 - row * 22, 244 + row * 52, rgb("b3c2ca"), radius=6)
    canvas.gradient(((0, rgb("b98d62")), (1, rgb("8f6a45"))), 720, HEIGHT)
    standing(canvas, 1230, 800, 430, rgb("a9c7dd"), arm=0.0)
    canvas.rect(1160, 560, 1300, 580, rgb("6f4c30"), radius=4)
    canvas.polygon([(1175, 580), (1285, 580), (1270, 800), (1190, 800)], rgb("8a5a38"))
    for row, (y, size, count) in enumerate(((850, 170, 6), (965, 205, 5), (1085, 250, 4))):
        for column in range(count):
            x = 800 + (column - (count - 1) / 2) * (1540 / count)
            canvas.rect(x - size * 0.46, y - size * 0.3, x + size * 0.46, y + 40, rgb("5d4a3c"), radius=14)
            bust(
                canvas,
                x,
                y,
                size,
                CLOTHES[(row * 4 + column * 3) % len(CLOTHES)],
                back=True,
                long_hair=(row + column) % 2 == 1,
            )
            canvas.rect(x - size * 0.46, y - size * 0.18, x + size * 0.46, y + 60, rgb("6d5747"), radius=14)

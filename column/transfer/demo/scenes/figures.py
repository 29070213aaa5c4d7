"""What stands in the scenes: people without faces, trees, houses, boats, motorbikes. Heights are in points."""

from __future__ import annotations

import math

from column.transfer.demo.scenes.canvas import Canvas, Colour, Point, mix, rgb, smooth
from column.transfer.demo.scenes.light import Light

SKIN = rgb("d9a37c")
HAIR = rgb("2b2326")
CLOTHES = (
    rgb("2f6f8f"), rgb("c8553d"), rgb("e0a458"), rgb("588157"), rgb("7b5e7b"), rgb("f2efe9"), rgb("3d405b"),
    rgb("81b29a"), rgb("b56576"), rgb("6d8ea0"),
)  # fmt: skip
TROUSERS = (rgb("2d3142"), rgb("4a4e69"), rgb("5b5f53"), rgb("3b3a3e"))
WARM = rgb("ffd98a")
LEAVES = rgb("4f8a4a")
BLUE_HULL = rgb("2d6da3")


def standing(
    canvas: Canvas, x: float, foot: float, height: float, shirt: Colour, *, light: Light | None = None,
    long_hair: bool = False, hat: bool = False, back: bool = False, arm: float = 0.0, dress: bool = False,
) -> None:  # fmt: skip
    """A person from head to foot; *arm* lifts the right arm (0 hanging, 1 level)."""
    tone = light.shade if light else (lambda colour, distance=0.0: colour)
    head = height * 0.085
    top = foot - height
    shoulder, hip = top + height * 0.22, top + height * 0.55
    wide = height * 0.125
    legs = tone(canvas.chance.choice(TROUSERS))
    cloth, skin = tone(shirt), tone(SKIN)
    canvas.ellipse(x, foot, wide * 1.5, height * 0.018, rgb("000000"), alpha=42)
    if long_hair and not back:
        _long_hair(canvas, x, top + head, head, tone(HAIR))
    if dress:
        canvas.polygon(
            [
                (x - wide * 0.75, hip - height * 0.1),
                (x + wide * 0.75, hip - height * 0.1),
                (x + wide * 1.05, foot - height * 0.03),
                (x - wide * 1.05, foot - height * 0.03),
            ],
            cloth,
        )
    else:
        for side in (-1, 1):
            canvas.polygon([(x + side * wide * 0.04, hip - 4), (x + side * wide * 0.82, hip - 4),
                            (x + side * wide * 0.66, foot), (x + side * wide * 0.16, foot)], legs)  # fmt: skip
    canvas.polygon(smooth([(x - wide, shoulder + wide * 0.35), (x - wide * 0.6, shoulder), (x, shoulder - wide * 0.16),
                           (x + wide * 0.6, shoulder), (x + wide, shoulder + wide * 0.35), (x + wide * 0.84, hip + 4),
                           (x - wide * 0.84, hip + 4), (x - wide, shoulder + wide * 0.35)], 5), cloth)  # fmt: skip
    sleeve = mix(cloth, rgb("000000"), 0.14)
    thick = wide * 0.42
    canvas.line([(x - wide * 0.88, shoulder + wide * 0.4), (x - wide * 1.06, hip - wide * 0.35)], thick, sleeve)
    canvas.circle(x - wide * 1.06, hip - wide * 0.28, thick * 0.46, skin)
    reach = height * 0.3
    angle = math.pi / 2 * (1 - arm)
    hand = (x + wide * 0.9 + math.cos(angle) * reach, shoulder + wide * 0.4 + math.sin(angle) * reach)
    canvas.line([(x + wide * 0.88, shoulder + wide * 0.4), hand], thick, sleeve)
    canvas.circle(*hand, thick * 0.46, skin)
    canvas.rect(
        x - head * 0.32,
        top + head * 1.7,
        x + head * 0.32,
        shoulder + head * 0.1,
        mix(skin, HAIR, 0.16),
        radius=head * 0.2,
    )
    _head(canvas, x, top + head, head, light=light, long_hair=long_hair, hat=hat, back=back)


def bust(
    canvas: Canvas,
    x: float,
    base: float,
    size: float,
    shirt: Colour,
    *,
    light: Light | None = None,
    long_hair: bool = False,
    back: bool = False,
    hat: bool = False,
    collar: bool = True,
) -> None:
    """Head and shoulders, cut off level at *base*; *size* is the breadth of the shoulders."""
    tone = light.shade if light else (lambda colour, distance=0.0: colour)
    cloth = tone(shirt)
    head = size * 0.27
    shoulder = base - size * 0.55
    if long_hair and not back:
        _long_hair(canvas, x, shoulder - head * 1.35, head, tone(HAIR))
    canvas.polygon(smooth([(x - size * 0.52, base), (x - size * 0.5, shoulder + size * 0.2),
                           (x - size * 0.3, shoulder + size * 0.02), (x, shoulder - size * 0.05),
                           (x + size * 0.3, shoulder + size * 0.02), (x + size * 0.5, shoulder + size * 0.2),
                           (x + size * 0.52, base)], 6), cloth)  # fmt: skip
    canvas.rect(
        x - head * 0.36,
        shoulder - head * 0.75,
        x + head * 0.36,
        shoulder + head * 0.12,
        tone(mix(SKIN, HAIR, 0.16)),
        radius=head * 0.3,
    )
    if collar and not back:
        pale = mix(cloth, rgb("ffffff"), 0.45)
        canvas.polygon(
            [(x - head * 0.5, shoulder - head * 0.12), (x, shoulder + head * 0.72), (x - head * 0.06, shoulder)], pale
        )
        canvas.polygon(
            [(x + head * 0.5, shoulder - head * 0.12), (x, shoulder + head * 0.72), (x + head * 0.06, shoulder)], pale
        )
    _head(canvas, x, shoulder - head * 1.35, head, light=light, long_hair=long_hair, hat=hat, back=back)


def _long_hair(canvas: Canvas, x: float, y: float, radius: float, colour: Colour) -> None:
    canvas.rect(x - radius * 1.14, y - radius * 0.6, x + radius * 1.14, y + radius * 2.0, colour, radius=radius * 0.75)


def _head(
    canvas: Canvas, x: float, y: float, radius: float, *, light: Light | None, long_hair: bool, hat: bool, back: bool
) -> None:
    tone = light.shade if light else (lambda colour, distance=0.0: colour)
    hair, skin = tone(HAIR), tone(SKIN)
    if long_hair and back:
        _long_hair(canvas, x, y, radius, hair)
    canvas.ellipse(x, y, radius * 0.92, radius * 1.1, hair if back else skin)
    if not back:
        canvas.slice(x, y - radius * 0.06, radius * 1.02, radius * 1.14, 178, 362, hair)
        canvas.ellipse(x - radius * 0.25, y - radius * 0.42, radius * 0.72, radius * 0.34, hair)
    if hat:
        brim = radius * 2.15
        straw = tone(rgb("ecd9a0"))
        canvas.polygon([(x - brim, y - radius * 0.28), (x, y - radius * 1.9), (x + brim, y - radius * 0.28)], straw)
        canvas.polygon([(x, y - radius * 1.9), (x + brim, y - radius * 0.28), (x + brim * 0.2, y - radius * 0.28)],
                       mix(straw, rgb("7a5a20"), 0.22))  # fmt: skip
        canvas.ellipse(x, y - radius * 0.28, brim, radius * 0.2, mix(straw, rgb("7a5a20"), 0.3))


def anyone(canvas: Canvas, x: float, foot: float, height: float, light: Light | None = None, **more: bool) -> None:
    """Somebody: clothes and hair by chance."""
    shirt, long_hair = canvas.chance.choice(CLOTHES), canvas.chance.random() < 0.45
    standing(
        canvas,
        x,
        foot,
        height,
        shirt,
        light=light,
        long_hair=long_hair,
        arm=canvas.chance.choice((0.0, 0.1, 0.35)),
        **more,
    )


def tree(canvas: Canvas, x: float, foot: float, height: float, light: Light, *, crown: Colour = LEAVES,
         distance: float = 0.0, bloom: Colour | None = None) -> None:  # fmt: skip
    """A round-crowned street tree; *bloom* sprinkles flowers over the crown."""
    wood = light.shade(rgb("6b4a35"), distance)
    spread = height * 0.36
    canvas.ellipse(x, foot, spread * 0.8, height * 0.02, rgb("000000"), alpha=30)
    canvas.polygon([(x - height * 0.035, foot), (x + height * 0.035, foot), (x + height * 0.018, foot - height * 0.5),
                    (x - height * 0.018, foot - height * 0.5)], wood)  # fmt: skip
    for side in (-1, 1):
        canvas.line([(x, foot - height * 0.38), (x + side * spread * 0.5, foot - height * 0.6)], height * 0.022, wood)
    middle = foot - height * 0.68
    blobs = [(canvas.chance.uniform(-0.72, 0.72), canvas.chance.uniform(-0.5, 0.5)) for _ in range(9)]
    blobs += [(0.0, 0.0), (-0.55, 0.12), (0.55, 0.1), (0.0, -0.45)]
    layers = (
        (0.07, mix(crown, rgb("1d3a2a"), 0.35), 1.0),
        (0.0, crown, 0.9),
        (-0.09, mix(crown, rgb("d8e27a"), 0.3), 0.55),
    )
    for shift, colour, size in layers:
        for bx, by in blobs:
            canvas.circle(
                x + bx * spread * (0.7 + 0.3 * size) + shift * spread * 0.8,
                middle + (by + shift) * spread * 0.9,
                spread * 0.46 * size,
                light.shade(colour, distance),
            )
    if bloom is not None:
        for _ in range(90):
            angle, far = canvas.chance.uniform(0, math.tau), canvas.chance.random() ** 0.5
            canvas.circle(x + math.cos(angle) * spread * 0.95 * far, middle + math.sin(angle) * spread * 0.75 * far - 6,
                          spread * canvas.chance.uniform(0.025, 0.06), light.shade(bloom, distance))  # fmt: skip


def palm(canvas: Canvas, x: float, foot: float, height: float, light: Light, lean: float = 0.12) -> None:
    """A coconut palm."""
    trunk = smooth(
        [(x, foot), (x + lean * height * 0.35, foot - height * 0.45), (x + lean * height, foot - height * 0.88)], 8
    )
    canvas.line(trunk, height * 0.035, light.shade(rgb("7d6148")))
    tipx, tipy = trunk[-1]
    for step in range(9):
        angle = math.radians(200 + step * 17.5 + canvas.chance.uniform(-5, 5))
        length = height * canvas.chance.uniform(0.34, 0.42)
        ex, ey = tipx + math.cos(angle) * length, tipy + math.sin(angle) * length * 0.55 + length * 0.3
        mx, my = (tipx + ex) / 2, (tipy + ey) / 2 - length * 0.22
        upper = smooth([(tipx, tipy), (mx, my), (ex, ey)], 8)
        lower = [
            (px, py + height * 0.05 * math.sin(place / len(upper) * math.pi)) for place, (px, py) in enumerate(upper)
        ]
        canvas.polygon([*upper, *reversed(lower)], light.shade(mix(rgb("3f7d4a"), rgb("8fae4f"), step % 3 * 0.25)))


def hills(
    canvas: Canvas,
    base: float,
    height: float,
    colour: Colour,
    *,
    rough: float = 0.4,
    left: float = -260,
    right: float = 1860,
    peaks: int = 6,
    lean: float = 0.0,
) -> None:
    """A range of hills; *lean* makes it fall towards the right (1) or the left (-1)."""
    points: list[Point] = []
    for step in range(peaks + 1):
        share = step / peaks
        bend = math.sin(share * math.pi) if not lean else (1 - share if lean > 0 else share)
        rise = height * bend * (1 - rough + canvas.chance.random() * rough * 1.4)
        points.append((left + (right - left) * share, base - rise))
    canvas.polygon([(left, base + 2), *smooth(points, 14), (right, base + 2)], colour)


def skyline(canvas: Canvas, base: float, height: float, light: Light, *, distance: float = 0.55, left: float = 0,
            right: float = 1600, lit: float = 0.4) -> None:  # fmt: skip
    """Towers along the horizon, with windows that are lit after dark."""
    x = left
    while x < right:
        wide = canvas.chance.uniform(38, 92)
        tall = height * canvas.chance.choice((0.3, 0.4, 0.45, 0.55, 0.65, 0.8, 1.0)) * canvas.chance.uniform(0.85, 1.1)
        wall = canvas.chance.choice((rgb("b9c4cc"), rgb("d8cfc0"), rgb("9fb0bd"), rgb("c9b7a6"), rgb("e4ddd1")))
        top = base - tall
        canvas.rect(x, top, x + wide, base + 2, light.shade(wall, distance))
        if canvas.chance.random() < 0.3:
            canvas.rect(x + wide * 0.3, top - tall * 0.07, x + wide * 0.7, top, light.shade(wall, distance))
        glass = light.shade(mix(wall, rgb("33475b"), 0.35), distance)
        for row in range(max(int(tall // 15), 1)):
            for column in range(max(int(wide // 15), 1)):
                on = light.dark and canvas.chance.random() < lit
                wx, wy = x + 5 + column * 15, top + 7 + row * 15
                if wx + 7 < x + wide and wy + 8 < base:
                    canvas.rect(wx, wy, wx + 7, wy + 8, WARM if on else glass, alpha=230 if on else 130)
        x += wide + canvas.chance.uniform(-6, 26)


def boat(canvas: Canvas, x: float, water: float, length: float, light: Light, hull: Colour = BLUE_HULL) -> None:
    """A wooden fishing boat seen from the side, bow to the right."""
    deck = water - length * 0.12
    body = [(x - length * 0.5, deck - length * 0.03), (x - length * 0.44, water + length * 0.03),
            (x + length * 0.36, water + length * 0.03), (x + length * 0.56, deck - length * 0.13),
            (x + length * 0.3, deck - length * 0.015), (x - length * 0.3, deck)]  # fmt: skip
    canvas.ellipse(x, water + length * 0.045, length * 0.55, length * 0.035, rgb("0a1a2a"), alpha=60)
    canvas.polygon(body, light.shade(hull))
    canvas.polygon(
        [
            (x - length * 0.49, deck),
            (x + length * 0.53, deck - length * 0.1),
            (x + length * 0.5, deck - length * 0.06),
            (x - length * 0.475, deck + length * 0.035),
        ],
        light.shade(rgb("d9493a")),
    )
    canvas.rect(x - length * 0.36, deck - length * 0.2, x - length * 0.02, deck, light.shade(rgb("e8dcc0")), radius=4)
    canvas.rect(
        x - length * 0.4, deck - length * 0.225, x + length * 0.02, deck - length * 0.19, light.shade(rgb("37657a"))
    )
    for window in range(3):
        left = x - length * (0.32 - window * 0.1)
        canvas.rect(
            left,
            deck - length * 0.15,
            left + length * 0.06,
            deck - length * 0.09,
            WARM if light.dark else light.shade(rgb("4c6a78")),
            radius=2,
        )
    mast = light.shade(rgb("5a4332"))
    canvas.line([(x + length * 0.1, deck), (x + length * 0.1, deck - length * 0.5)], length * 0.014, mast)
    canvas.line(
        [(x + length * 0.1, deck - length * 0.46), (x + length * 0.53, deck - length * 0.11)], length * 0.006, mast
    )
    canvas.line(
        [(x + length * 0.1, deck - length * 0.46), (x - length * 0.36, deck - length * 0.22)], length * 0.006, mast
    )


def basket_boat(canvas: Canvas, x: float, ground: float, size: float, light: Light) -> None:
    """A round woven boat on the sand."""
    reed = light.shade(rgb("9a6b3f"))
    canvas.ellipse(x, ground + size * 0.1, size * 0.62, size * 0.12, rgb("000000"), alpha=50)
    canvas.slice(x, ground - size * 0.18, size * 0.6, size * 0.32, 0, 180, reed)
    canvas.ellipse(x, ground - size * 0.18, size * 0.6, size * 0.16, light.shade(rgb("6b4527")))
    canvas.arc(x, ground - size * 0.18, size * 0.6, size * 0.16, 0, 360, size * 0.035, light.shade(rgb("c4935a")))


def motorbike(
    canvas: Canvas, x: float, foot: float, size: float, light: Light, paint: Colour, *, rider: bool = False
) -> None:
    """A motorbike seen from the side, heading right; *size* from wheel to wheel."""
    rubber, steel = light.shade(rgb("25272b")), light.shade(rgb("8d949b"))
    wheel = size * 0.19
    canvas.ellipse(x, foot, size * 0.72, size * 0.05, rgb("000000"), alpha=55)
    for side in (-1, 1):
        wx, wy = x + side * size * 0.5, foot - wheel
        canvas.circle(wx, wy, wheel, rubber)
        canvas.circle(wx, wy, wheel * 0.52, steel)
        canvas.circle(wx, wy, wheel * 0.22, rubber)
    body = light.shade(paint)
    canvas.line([(x + size * 0.5, foot - wheel), (x + size * 0.36, foot - size * 0.62)], size * 0.06, steel)
    canvas.polygon(
        smooth(
            [
                (x - size * 0.58, foot - size * 0.46),
                (x - size * 0.1, foot - size * 0.42),
                (x, foot - size * 0.24),
                (x + size * 0.26, foot - size * 0.26),
                (x + size * 0.36, foot - size * 0.6),
                (x + size * 0.42, foot - size * 0.58),
                (x + size * 0.34, foot - size * 0.14),
                (x - size * 0.24, foot - size * 0.12),
                (x - size * 0.58, foot - size * 0.46),
            ],
            6,
        ),
        body,
    )
    canvas.rect(x - size * 0.5, foot - size * 0.53, x - size * 0.04, foot - size * 0.44, rubber, radius=size * 0.04)
    canvas.line([(x + size * 0.26, foot - size * 0.68), (x + size * 0.38, foot - size * 0.62)], size * 0.05, rubber)
    if rider:
        bx, by = x - size * 0.2, foot - size * 0.5
        cloth = light.shade(canvas.chance.choice(CLOTHES))
        canvas.line(
            [(bx, by + size * 0.02), (x + size * 0.1, by + size * 0.02), (x + size * 0.12, foot - size * 0.2)],
            size * 0.13,
            light.shade(TROUSERS[0]),
        )
        canvas.line([(bx, by), (bx + size * 0.06, by - size * 0.42)], size * 0.27, cloth)
        canvas.line(
            [(bx + size * 0.08, by - size * 0.34), (x + size * 0.28, by - size * 0.16)],
            size * 0.09,
            mix(cloth, HAIR, 0.2),
        )
        hx, hy = bx + size * 0.1, by - size * 0.66
        canvas.circle(hx, hy, size * 0.115, light.shade(SKIN))
        canvas.slice(
            hx, hy - size * 0.01, size * 0.135, size * 0.14, 170, 370, light.shade(canvas.chance.choice(CLOTHES))
        )


def lamp(canvas: Canvas, x: float, foot: float, height: float, light: Light) -> None:
    """A street lamp; after dark it shines."""
    steel = light.shade(rgb("59656e"))
    canvas.rect(x - 3, foot - height, x + 3, foot, steel)
    canvas.line([(x, foot - height + 2), (x + height * 0.16, foot - height - 6)], 5, steel)
    canvas.rect(x + height * 0.1, foot - height - 12, x + height * 0.24, foot - height - 4, steel, radius=4)
    if light.dark:
        canvas.glow(x + height * 0.17, foot - height, height * 0.5, WARM, 0.55)

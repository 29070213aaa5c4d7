"""The short code of a certificate: read aloud, typed from paper, and wrong ones are noticed. Pure.

Twenty-three signs, none of which looks like another (no 0 O, 1 I L, 2 Z, 5 S, 6 G, 8 B) and no vowels, so that no
word comes out. Six are drawn, two check them: as 23 is a prime number, two sums with different weights tell every one
or two wrong signs, and every two that changed places.
"""

from __future__ import annotations

import secrets

SIGNS = "23456789CDFHJKMNPQRTVWX"
_DRAWN = 6
LENGTH = _DRAWN + 2
#: What people type for a sign that no code has.
_MEANT = str.maketrans({"0": "D", "O": "D", "S": "5", "G": "6", "B": "8", "Z": "2"})


def new_code() -> str:
    """A fresh code, ``K4M7-2QXW``; 148 million of them, so whoever stores one looks whether it is taken."""
    return with_checks("".join(secrets.choice(SIGNS) for _ in range(_DRAWN)))


def with_checks(drawn: str) -> str:
    values = [SIGNS.index(sign) for sign in drawn]
    # Solves: the sum of all eight is 0, and the sum weighted by place is 0 (modulo 23).
    plain = sum(values)
    weighted = sum(place * value for place, value in enumerate(values, start=1))
    last = (weighted - (_DRAWN + 1) * plain) * -1 % len(SIGNS)
    before = (-plain - last) % len(SIGNS)
    whole = drawn + SIGNS[before] + SIGNS[last]
    return f"{whole[:4]}-{whole[4:]}"


def read_code(typed: str) -> str | None:
    """The code that somebody typed, with or without hyphen, spaces and capitals; None when it cannot be one."""
    signs = "".join(typed.upper().split()).replace("-", "").replace("–", "").translate(_MEANT)
    if len(signs) != LENGTH or any(sign not in SIGNS for sign in signs):
        return None
    values = [SIGNS.index(sign) for sign in signs]
    if sum(values) % len(SIGNS) or sum(place * value for place, value in enumerate(values, start=1)) % len(SIGNS):
        return None
    return f"{signs[:4]}-{signs[4:]}"

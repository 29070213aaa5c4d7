"""Has pictures drawn by a process of its own (``drawer.py``), and keeps those drawn last."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any, Final

import fontpkg_be_vietnam_pro

_PROGRAM: Final = Path(__file__).with_name("drawer.py")
_FONTS: Final = Path(str(fontpkg_be_vietnam_pro.__file__)).parent / "files"
#: Drawing takes well under a second; a machine in trouble is not waited for.
_SECONDS: Final = 60
#: Pictures kept in memory, of some 30 KB each.
_MOST_KEPT: Final = 48


class NotDrawn(Exception):
    """The picture cannot be drawn now; its numbers stand in the table beside it."""


_kept: OrderedDict[str, str] = OrderedDict()
_lock = Lock()


def draw(specs: Sequence[dict[str, Any]]) -> list[str]:
    """SVG of Vega-Lite specifications, all new ones by one process. Raises :class:`NotDrawn`."""
    keys = [json.dumps(spec, sort_keys=True) for spec in specs]
    with _lock:
        known = {key: _kept[key] for key in keys if key in _kept}
    missing = [key for key in dict.fromkeys(keys) if key not in known]
    if missing:
        known |= zip(missing, _run([{"spec": json.loads(key)} for key in missing]), strict=True)
    with _lock:
        for key in keys:
            _kept[key] = known[key]
            _kept.move_to_end(key)
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return [known[key] for key in keys]


def png_of(svg: str, scale: float) -> bytes:
    """A finished picture as PNG, *scale* pixels to its unit. Raises :class:`NotDrawn`."""
    return base64.b64decode(_run([{"svg": svg, "scale": scale}])[0])


def _run(jobs: list[dict[str, Any]]) -> list[str]:
    try:
        # -I: nothing of the environment, nothing of the current folder is read as code.
        done = subprocess.run(  # noqa: S603 - our own program; what is drawn comes as data
            [sys.executable, "-I", str(_PROGRAM), str(_FONTS)],
            input=json.dumps(jobs), capture_output=True, text=True, encoding="utf-8", timeout=_SECONDS, check=True,
        )  # fmt: skip
        drawn: list[str] = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as problem:
        said = getattr(problem, "stderr", "") or ""
        raise NotDrawn(f"{problem} {said[-400:]}") from problem
    return drawn

"""The photos of a row: its own, those that its body places, and what the row says of each."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from column.enums import Kind, Rights
from column.text.dates import DateProblem, parse_moment
from column.text.normalize import fold
from column.transfer.body import Block, Body, PhotoRef
from column.transfer.cells import Cells
from column.transfer.columns import PHOTO_COLUMNS, split_list
from column.transfer.pictures import PhotoSpec
from column.transfer.problems import BadCell
from column.transfer.story_row import RowRules

_PHOTO_LENGTHS = {"captions": 1000, "credits": 160, "alts": 300, "places": 160, "people": 300}
_CREDIT_LABEL = re.compile(r"^(?:Ảnh|Nguồn ảnh)\s*:\s*", re.IGNORECASE)
_RIGHTS = {fold(word): right for right in Rights for word in (right.value, str(right.label))}


def photos(cells: Cells, rules: RowRules, kind: Kind, body: Body) -> tuple[list[PhotoSpec], dict[str, PhotoSpec]]:
    """The story's own photos and those of its body.

    Photos before the first empty value are the story's own: all of a photo story's, else the first is the lead
    photo. The others belong to the body; those that the body does not place go to its end.
    """
    names = split_list(cells["photos"])
    columns = {name: split_list(cells[name]) for name in PHOTO_COLUMNS}
    for column, values in columns.items():
        if len(values) > len(names):
            cells.error(
                column, _("Có %(values)d giá trị cho %(photos)d ảnh.") % {"values": len(values), "photos": len(names)},
                _("Mỗi ảnh một giá trị, ngăn bằng |; dấu | ở trong chữ viết là \\|."),
            )  # fmt: skip
    before = names.index("") if "" in names else len(names)
    owned = before if kind == Kind.PHOTO else min(before, 1)
    own: list[PhotoSpec] = []
    placed: dict[str, PhotoSpec] = {}
    for place, name in enumerate(names):
        texts = {column: values[place] if place < len(values) else "" for column, values in columns.items()}
        if name and (spec := _photo(cells, rules, name, texts)) is not None:
            if place < owned:
                own.append(spec)
            else:
                placed.setdefault(name, spec)
    shown = {spec.name: spec for spec in own}
    for ref in body.photos:
        if ref.name not in placed:
            spec = shown.get(ref.name) or _photo(cells, rules, ref.name, {"alts": ref.alt[:300]})
            if spec is not None:
                placed[ref.name] = spec
    _keep_usable(body, set(placed))
    _append(body, [name for name in placed if name not in {ref.name for ref in body.photos}])
    return own, placed


def _photo(cells: Cells, rules: RowRules, name: str, texts: dict[str, str]) -> PhotoSpec | None:
    credit = _CREDIT_LABEL.sub("", texts.get("credits", ""))
    for column, most in _PHOTO_LENGTHS.items():
        if len(texts.get(column, "")) > most:
            cells.error(column, _("Dài hơn %(most)d ký tự.") % {"most": most}, _("Hãy rút gọn."), value=texts[column])
    rights = _RIGHTS.get(fold(texts.get("rights", "")))
    if rights is None:
        cells.error(
            "rights", _("Bản quyền không có trong danh sách."),
            _("Hãy viết một trong: %(values)s.") % {"values": ", ".join(value for value in Rights.values if value)},
            value=texts["rights"],
        )  # fmt: skip
    taken_at = None
    if taken := texts.get("taken_at"):
        try:
            taken_at = parse_moment(taken)
        except DateProblem as problem:
            cells.error("taken_at", str(problem), _("Hãy viết: 14:12, 16/02/2017."), value=taken)
    try:
        rules.pictures.look(name)
    except BadCell as problem:
        if rules.lenient_photos:
            cells.warn(
                "photos",
                problem.reason,
                _("Đã nhập bài mà không có ảnh này. %(mend)s") % {"mend": problem.mend},
                value=name,
            )
        else:
            cells.error("photos", problem.reason, problem.mend, value=name)
        return None
    return PhotoSpec(
        name, texts.get("captions", ""), credit, texts.get("alts", ""), rights or "", taken_at,
        texts.get("places", ""), texts.get("people", ""),
    )  # fmt: skip


def _keep_usable(body: Body, usable: set[str]) -> None:
    """Drop photos that are not there from the body (only when the caller allows it)."""
    if all(ref.name in usable for ref in body.photos):
        return
    kept = []
    for block in body.blocks:
        if block.type == "photo" and block.value.name not in usable:
            continue
        if block.type == "gallery":
            block.value = [ref for ref in block.value if ref.name in usable]
            if len(block.value) == 1:
                block.type, block.value = "photo", block.value[0]
            elif not block.value:
                continue
        kept.append(block)
    body.blocks = kept


def _append(body: Body, names: list[str]) -> None:
    """Photos that the row lists and the body does not place."""
    refs = [PhotoRef(name) for name in names]
    if len(refs) > 1:
        body.blocks.append(Block("gallery", refs))
    elif refs:
        body.blocks.append(Block("photo", refs[0]))

"""What a row says beside its text: coverage, documents, corrections, old addresses."""

from __future__ import annotations

import re
from datetime import date, datetime
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect

from column.coverage.recording import MAX_EVIDENCE, Row
from column.enums import CorrectionKind, CoverageRole, DocumentRelation, Tone
from column.text.dates import DateProblem, parse_moment
from column.text.normalize import fold
from column.transfer.cells import Cells
from column.transfer.columns import split_list
from column.transfer.problems import BadCell
from column.transfer.story_row import RowRules, StoryRow

_MARKED_ITEM = re.compile(r"^(.*?)\s*\[([^\]]*)\]$")
_ROLES = {
    **{fold(word): role for role in CoverageRole for word in (role.value, str(role.label))},
    "nhac den": CoverageRole.MENTIONED, "doi tuong": CoverageRole.SUBJECT,
}  # fmt: skip
_TONES = {fold(word): tone for tone in Tone if tone for word in (tone.value, str(tone.label))}
_RELATIONS = {fold(word): relation for relation in DocumentRelation for word in (relation.value, str(relation.label))}
_CORRECTIONS = {fold(word): kind for kind in CorrectionKind for word in (kind.value, str(kind.label))}
_url = URLValidator(schemes=["http", "https"])


def coverage(cells: Cells, rules: RowRules, day: date) -> list[Row]:
    """``unit``, ``unit>criterion`` in departments, bare criteria in criteria; nothing is multiplied."""
    evidence = split_list(cells["evidence"])
    items = [("departments", item) for item in split_list(cells["departments"]) if item]
    items += [("criteria", item) for item in split_list(cells["criteria"]) if item]
    if len(evidence) > len(items):
        cells.error(
            "evidence", _("Có nhiều đoạn dẫn chứng hơn số đơn vị, tiêu chí."),
            _("Mỗi đoạn ứng với một mục, theo thứ tự của departments rồi criteria."),
        )  # fmt: skip
    rows: dict[tuple[int | None, int | None], Row] = {}
    for place, (column, item) in enumerate(items):
        passage = evidence[place] if place < len(evidence) else ""
        row = cells.attempt(column, lambda c=column, i=item, p=passage: _coverage_row(cells, rules, c, i, p, day))  # type: ignore[misc]
        if row is None:
            continue
        if row.key in rows:
            cells.warn(column, _("Mục này ghi hai lần."), _("Đã giữ mục đầu."), value=item)
        rows.setdefault(row.key, row)
    return list(rows.values())


def _coverage_row(cells: Cells, rules: RowRules, column: str, item: str, evidence: str, day: date) -> Row:
    name, role, tone = item, CoverageRole.SUBJECT, Tone.UNSET
    if match := _MARKED_ITEM.match(item):
        name = match[1]
        for mark in re.split(r"\s*[;,]\s*", match[2].strip()):
            if fold(mark) in _ROLES:
                role = _ROLES[fold(mark)]
            elif fold(mark) in _TONES:
                tone = _TONES[fold(mark)]
            else:
                raise BadCell(
                    _("Trong ngoặc vuông có chữ không hiểu được: “%(mark)s”.") % {"mark": mark},
                    _("Chỉ viết: nhắc đến, biểu dương, phê bình, thông tin."), value=item,
                )  # fmt: skip
    if len(evidence) > MAX_EVIDENCE:
        raise BadCell(
            _("Đoạn dẫn chứng dài quá %(most)d ký tự.") % {"most": MAX_EVIDENCE}, _("Hãy rút gọn."), value=evidence
        )
    if column == "criteria":
        return Row(None, rules.words.criterion(name)[1], evidence, role, tone)
    unit_name, arrow, criterion_name = name.partition(">")
    unit, warning = rules.words.unit(unit_name, day)
    if warning:
        cells.warn(column, warning, _("Nếu đúng là đơn vị này thì không cần sửa."), value=unit_name)
    criterion = rules.words.criterion(criterion_name)[1] if arrow else None
    return Row(unit.pk, criterion, evidence, role, tone)


def documents(cells: Cells, rules: RowRules) -> dict[int, str]:
    found: dict[int, str] = {}
    for item in split_list(cells["documents"]):
        relation_name, colon, name = item.partition(":")
        relation = _RELATIONS.get(fold(relation_name))
        if not colon or relation is None:
            cells.error(
                "documents", _("Không rõ quan hệ với văn bản."),
                _("Hãy viết: thực hiện: 29-CT/TU (06/11/2013); các quan hệ: thực hiện, gắn với, nhắc đến."), value=item,
            )  # fmt: skip
            continue
        document = cells.attempt("documents", lambda n=name: rules.words.document(n.strip()))  # type: ignore[misc]
        if document is not None:
            found[document.pk] = relation
    return found


def corrections(cells: Cells) -> list[tuple[CorrectionKind, datetime, str]]:
    found = []
    for item in split_list(cells["corrections"]):
        head, at, rest = item.partition(" @ ")
        when, colon, text = rest.partition(" = ")
        kind = _CORRECTIONS.get(fold(head))
        try:
            moment = parse_moment(when)
        except DateProblem:
            moment = None
        if not (at and colon and kind and moment and text) or len(text) > 2000:
            cells.error(
                "corrections", _("Đính chính viết không đúng dạng."),
                _("Hãy viết: đính chính @ 09:00, 20/02/2017 = nội dung (nhiều nhất 2000 ký tự)."), value=item,
            )  # fmt: skip
        else:
            found.append((kind, moment, text.strip()))
    return found


def addresses(cells: Cells, rules: RowRules, story: StoryRow) -> None:
    for address in split_list(cells["source_url"]):
        if not address:
            continue
        try:
            _url(address)
            parts = urlsplit(address)
        except (ValidationError, ValueError):
            cells.error("source_url", _("Địa chỉ không đúng."), _("Hãy viết đủ, bắt đầu bằng https://."), value=address)
            continue
        if (parts.hostname or "").lower() in rules.own_hosts:
            _own_address(cells, story, address)
        elif story.source_url:
            cells.error("source_url", _("Có hai địa chỉ nguồn ở nơi khác."), _("Hãy giữ một."), value=address)
        elif len(address) > 500:
            cells.error("source_url", _("Địa chỉ dài quá 500 ký tự."), _("Hãy rút gọn."), value=address)
        else:
            story.source_url = address


def _own_address(cells: Cells, story: StoryRow, address: str) -> None:
    # The redirect app's own form of a path, so that its middleware finds it.
    path = Redirect.normalise_path(address)
    if path == "/":
        cells.warn("source_url", _("Địa chỉ cũ là trang nhất, không chuyển hướng được."), value=address)
    elif len(path) > 255:
        cells.warn("source_url", _("Địa chỉ cũ dài quá 255 ký tự, không chuyển hướng được."), value=address)
    else:
        story.old_paths.append(path)

"""Rows out of a CSV or JSON Lines file, one at a time; a broken row is told and the next one read.

Nothing here knows what a cell means. Memory holds one row, whatever the size of the file.
"""

from __future__ import annotations

import csv
import difflib
import io
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from column.transfer.columns import COLUMNS, REQUIRED_COLUMNS, join_list, unescape_cell
from column.transfer.encoding import SAMPLE, Recognised, recognise
from column.transfer.problems import BadFile, Problem, Severity

#: Characters of one line or one cell; what is longer is a broken file, not a story.
LONGEST = 16 * 1024 * 1024
csv.field_size_limit(LONGEST)

JSON_SUFFIXES = {".jsonl", ".ndjson", ".json"}
CSV_SUFFIXES = {".csv", ".tsv", ".txt"}
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(slots=True)
class RawRow:
    """One row as written: ``row`` as a spreadsheet numbers it, ``line`` as an editor does."""

    row: int
    line: int
    cells: dict[str, str]


@dataclass
class ArchiveReader:
    """Iterate over it: each item is a :class:`RawRow`, or the :class:`Problem` of a row that cannot be read.

    Raises :class:`BadFile` when the file as a whole is no archive.
    """

    path: Path
    size: int = 0
    notices: list[Problem] = field(default_factory=list)
    _file: IO[bytes] | None = None

    @property
    def position(self) -> int:
        """Bytes read so far, for a progress bar."""
        return self._file.tell() if self._file and not self._file.closed else self.size

    def __iter__(self) -> Iterator[RawRow | Problem]:
        try:
            self.size = self.path.stat().st_size
            self._file = self.path.open("rb")
        except OSError as problem:
            raise BadFile(_("Không mở được tệp “%(path)s”: %(why)s.") % {
                "path": self.path.name, "why": problem.strerror,
            }) from None  # fmt: skip
        with self._file as raw:
            sample = raw.read(SAMPLE)
            raw.seek(0)
            if not sample.strip(b"\x00\t\r\n \xef\xbb\xbf"):
                raise BadFile(_("Tệp trống; hãy xem lại tệp đã chọn."))
            found = recognise(sample, complete=len(sample) < SAMPLE)
            if found.notice:
                self.notices.append(Problem(0, "", self.path.name, found.notice, "", Severity.WARNING))
            lines = self._lines(raw, found)
            if self._is_json(sample, found):
                yield from self._json_rows(lines)
            else:
                yield from self._csv_rows(lines)

    def _is_json(self, sample: bytes, found: Recognised) -> bool:
        suffix = self.path.suffix.lower()
        start = sample[:400].decode(found.codec, errors="ignore").lstrip("\ufeff \t\r\n")[:1]
        if suffix in JSON_SUFFIXES and start == "[":
            raise BadFile(_("Tệp là một danh sách JSON; hãy lưu thành JSON Lines: mỗi dòng một đối tượng {…}."))
        return suffix in JSON_SUFFIXES or (suffix not in CSV_SUFFIXES and start == "{")

    @staticmethod
    def _lines(raw: IO[bytes], found: Recognised) -> Iterator[str]:
        # A byte that is no character of UTF-8 spoils its own row alone; other encodings lose step after one.
        errors = "surrogateescape" if found.codec.startswith("utf-8") else "strict"
        text = io.TextIOWrapper(raw, encoding=found.codec, errors=errors, newline="")
        try:
            while line := text.readline(LONGEST + 1):
                if len(line) > LONGEST:
                    raise BadFile(
                        _("Tệp có một dòng dài hơn 16 triệu ký tự, có lẽ thiếu dấu xuống dòng; hãy xuất lại tệp.")
                    )
                yield unicodedata.normalize("NFC", line) if found.codec == "cp1258" else line
        except UnicodeDecodeError:
            raise BadFile(
                _("Tệp bị cắt ngang hoặc lẫn hai bảng mã, từ byte %(place)d không đọc được; hãy lấy lại tệp.")
                % {"place": raw.tell()}
            ) from None
        finally:
            if not raw.closed:
                text.detach()

    # CSV --------------------------------------------------------------------------------------------------------

    def _csv_rows(self, lines: Iterator[str]) -> Iterator[RawRow | Problem]:
        first = next((line for line in lines if line.strip(" \t\r\n\ufeff")), "")
        delimiter = _delimiter(first)
        header = self._header(next(csv.reader([first], delimiter=delimiter)))
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        row = 1
        while True:
            line = reader.line_num + 2
            row += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as problem:
                yield _csv_problem(row, line, reader.line_num + 1, str(problem))
                continue
            if not any(cells):
                continue
            if len(cells) != len(header):
                yield Problem(
                    row, "", cells[0],
                    _("Dòng có %(found)d ô, tiêu đề có %(wanted)d cột.") % {"found": len(cells), "wanted": len(header)},
                    _("Dòng bị cắt ngang, hoặc một ô có dấu ngăn mà thiếu ngoặc kép bao quanh; hãy sửa dòng này."),
                )  # fmt: skip
                continue
            yield _checked(
                RawRow(row, line, {name: unescape_cell(cell) for name, cell in zip(header, cells, strict=True) if name})
            )

    def _header(self, names: list[str]) -> list[str]:
        """The columns by their place; an empty name for one that is left out."""
        header = [name.strip("\ufeff \t\r\n").lower().replace(" ", "_") for name in names]
        while header and not header[-1]:
            header.pop()
        known = [name for name in header if name in COLUMNS]
        if len(set(known)) < len(known):
            twice = next(name for name in known if known.count(name) > 1)
            raise BadFile(_("Cột “%(name)s” có hai lần; hãy xóa bớt một cột.") % {"name": twice})
        self._unknown(sorted({name for name in header if name not in COLUMNS}), set(known))
        missing = [name for name in REQUIRED_COLUMNS if name not in known]
        if missing:
            raise BadFile(
                _("Thiếu cột %(names)s; dòng đầu của tệp phải ghi tên các cột (xem hướng dẫn nhập kho).")
                % {"names": ", ".join(f"“{name}”" for name in missing)}
            )
        return [name if name in COLUMNS else "" for name in header]

    def _unknown(self, names: list[str], known: set[str]) -> None:
        """A misspelt column would lose its data in silence, so it stops the file; a foreign one is left out."""
        for name in names:
            near = difflib.get_close_matches(name, [c for c in COLUMNS if c not in known], n=1, cutoff=0.8)
            if near:
                raise BadFile(
                    _("Không có cột “%(name)s”; có phải là “%(near)s”? Hãy sửa tên cột, hoặc xóa cột này.")
                    % {"name": name, "near": near[0]}
                )
            self.notices.append(
                Problem(
                    1,
                    name,
                    "",
                    _("Cột lạ, không được nhập."),
                    _("Nếu cần cột này, hãy đổi sang tên trong hướng dẫn nhập kho."),
                    Severity.WARNING,
                )
            )

    # JSON Lines -------------------------------------------------------------------------------------------------

    def _json_rows(self, lines: Iterator[str]) -> Iterator[RawRow | Problem]:
        told: set[str] = set()
        for row, line in enumerate(lines, start=1):
            if not line.strip(" \t\r\n\ufeff"):
                continue
            try:
                record = json.loads(line.lstrip("\ufeff"))
            except (ValueError, RecursionError):
                yield Problem(
                    row, "", line, _("Dòng này không phải một đối tượng JSON trọn vẹn."),
                    _("Dòng bị cắt ngang hoặc thiếu dấu ngoặc; hãy sửa dòng này hoặc xuất lại tệp."),
                )  # fmt: skip
                continue
            if not isinstance(record, dict):
                yield Problem(
                    row,
                    "",
                    line,
                    _("Dòng này không phải một đối tượng {…}."),
                    _("Mỗi dòng phải là một đối tượng JSON."),
                )
                continue
            unknown = [str(name) for name in record if name not in COLUMNS and name not in told]
            if unknown:
                told.update(unknown)
                self._unknown(unknown, {name for name in record if name in COLUMNS})
            yield _from_json(row, record)


def _delimiter(header: str) -> str:
    """The separator that makes the most known columns of the first line."""

    def known(delimiter: str) -> int:
        try:
            names = next(csv.reader([header], delimiter=delimiter))
        except (csv.Error, StopIteration):
            return 0
        return sum(name.strip("\ufeff \t\r\n").lower().replace(" ", "_") in COLUMNS for name in names)

    return max(",;\t", key=known)


def _csv_problem(row: int, line: int, last_line: int, technical: str) -> Problem:
    if "unexpected end" in technical:
        reason = _("Dấu ngoặc kép mở ở dòng %(line)d của tệp không được đóng: tệp bị cắt ngang.") % {"line": line}
        mend = _("Hãy xuất lại tệp, hoặc đóng dấu ngoặc kép ở cuối ô.")
    elif "field larger" in technical:
        reason = _("Có một ô dài hơn 16 triệu ký tự, bắt đầu ở dòng %(line)d của tệp.") % {"line": line}
        mend = _("Có lẽ thiếu một dấu ngoặc kép đóng; hãy xem lại từ dòng đó.")
    else:
        reason = _("Dấu ngoặc kép đặt sai chỗ, từ dòng %(line)d đến dòng %(last)d của tệp.") % {
            "line": line, "last": last_line,
        }  # fmt: skip
        mend = _('Dấu ngoặc kép ở trong ô phải viết hai lần (""); hãy sửa các dòng đó.')
    return Problem(row, "", "", reason, mend)


def _from_json(row: int, record: dict[str, Any]) -> RawRow | Problem:
    cells: dict[str, str] = {}
    for name, value in record.items():
        if name not in COLUMNS or value is None:
            continue
        if isinstance(value, str):
            cells[name] = value
        elif isinstance(value, bool) or not isinstance(value, int | float | list):
            return Problem(
                row, name, json.dumps(value, ensure_ascii=False), _("Giá trị không phải chữ, số hay danh sách."),
                _("Hãy viết giá trị thành chữ, trong dấu ngoặc kép."),
            )  # fmt: skip
        elif isinstance(value, list):
            if not all(isinstance(item, str) for item in value):
                return Problem(
                    row, name, json.dumps(value, ensure_ascii=False), _("Danh sách có phần tử không phải chữ."),
                    _("Mỗi phần tử của danh sách phải là chữ, trong dấu ngoặc kép."),
                )  # fmt: skip
            cells[name] = join_list(value)
        else:
            cells[name] = str(value)
    return _checked(RawRow(row, row, cells))


def _checked(raw: RawRow) -> RawRow | Problem:
    """The row, or its problem when a cell holds what no text holds."""
    for name, cell in raw.cells.items():
        if "\x00" in cell:
            return Problem(
                raw.row, name, cell, _("Ô có ký tự NUL (byte 0): dữ liệu bị hỏng khi xuất."),
                _("Hãy xóa ký tự đó, hoặc xuất lại dòng này từ hệ thống cũ."),
                external_id=raw.cells.get("external_id", "")[:SHOWN_ID],
            )  # fmt: skip
        if not cell.isascii() and _SURROGATE.search(cell):
            return Problem(
                raw.row, name, _SURROGATE.sub("�", cell), _("Ô có byte không phải UTF-8: dòng này viết bằng mã khác."),
                _("Hãy lưu lại tệp bằng mã UTF-8, rồi xem lại dấu của dòng này."),
                external_id=_SURROGATE.sub("�", raw.cells.get("external_id", ""))[:SHOWN_ID],
            )  # fmt: skip
    return raw


#: Characters of an id shown in a report.
SHOWN_ID = 80

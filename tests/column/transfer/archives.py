"""Small archives for tests: rows, files, photos, and one call that imports them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from PIL import Image

from column.transfer.columns import COLUMNS
from column.transfer.importing import import_archive
from column.transfer.report import Report

ROW = {
    "external_id": "cu-1",
    "kind": "article",
    "title": "Một cửa hiện đại ở phường",
    "standfirst": "Sau một năm, thời gian giải quyết hồ sơ rút ngắn.",
    "body": "Đoạn thứ nhất.\n\nĐoạn thứ hai.",
    "byline": "ĐOÀN LƯƠNG",
    "published_at": "14:12, 16/02/2017 (GMT+7)",
}


def row(place: int = 1, /, **cells: Any) -> dict[str, Any]:
    return {**ROW, "external_id": f"cu-{place}", **cells}


def write_csv(path: Path, rows: list[dict[str, Any]], *, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    names = [name for name in COLUMNS if any(name in one for one in rows)]
    names += sorted({name for one in rows for name in one} - set(names))
    with path.open("w", encoding=encoding, newline="") as file:
        table = csv.DictWriter(file, names, delimiter=delimiter)
        table.writeheader()
        table.writerows(rows)
    return path


def write_jsonl(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in rows), encoding="utf-8")
    return path


def run(path: Path, **options: Any) -> Report:
    """Import to the end; the report holds counts and problems."""
    with Report(options.pop("report_path", None)) as report:
        for _progress in import_archive(path, report=report, **options):
            pass
    return report


def bring_in(folder: Path, *rows: dict[str, Any], **options: Any) -> Report:
    return run(write_csv(folder / "kho.csv", list(rows)), **options)


def told(report: Report) -> list[tuple[int, str, str]]:
    """Row, column and reason of each problem."""
    return [(problem.row, problem.column, problem.reason) for problem in report.shown]


def jpeg(colour: tuple[int, int, int] = (120, 60, 40), size: tuple[int, int] = (64, 48)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "JPEG")
    return buffer.getvalue()

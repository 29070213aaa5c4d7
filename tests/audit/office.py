"""LibreOffice opens what the exports write, and shows the same figures: ``python -m tests.audit.office``.

Each file is made from the report of ``tests.column.tallies.exports.made``, opened by a headless LibreOffice and saved
by it in another format, which is read back. Without LibreOffice it is skipped (in CI that is a fault).
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from pypdf import PdfReader
from rich.console import Console

console = Console()
#: Seconds that LibreOffice may take to open and save one file.
PATIENCE = 180


def converted(office: str, file: Path, ending: str, options: str = "") -> Path:
    """The file as LibreOffice saves it; RuntimeError where it cannot open it."""
    profile = file.parent / "profile"
    subprocess.run(
        [office, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", f"{ending}{options}",
         "--outdir", str(file.parent / "out"), str(file)],
        check=True, timeout=PATIENCE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    made = file.parent / "out" / f"{file.stem}.{ending}"
    if not made.exists():
        raise RuntimeError(f"LibreOffice cannot open {file.name}")
    return made


def figures_of(rows: list[list[Any]], columns: int) -> list[list[int]]:
    """The numbers of each line, without its number and its note."""
    return [[int(str(cell).replace(".", "").replace(",", "")) for cell in row[2 : 2 + columns]] for row in rows]


Read = Callable[[], list[list[int]]]


def reads(office: str, folder: Path) -> tuple[list[list[int]], dict[str, Read]]:
    """The figures that went in, and by the format's name how to read those that LibreOffice shows."""
    from column.tallies.exports.formats import FORMATS, Making
    from tests.column.tallies.exports.made import layout, report

    made = report()
    wanted = [[*line.numbers, line.total] for line in made.all_lines()]
    width = len(wanted[0])

    def write(ending: str, name: str, form: str = "party") -> Path:
        file = folder / f"{name}.{ending}"
        with file.open("wb") as opened:
            FORMATS[ending].write(made, Making(layout(form)), opened)
        return file

    def of_xlsx() -> list[list[int]]:
        saved = converted(office, write("xlsx", "bang"), "csv", ":Text - txt - csv (StarCalc):44,34,76,1")
        rows = list(csv.reader(io.StringIO(saved.read_text("utf-8-sig"))))
        return figures_of(rows[1 : 1 + len(wanted)], width)

    def of_csv() -> list[list[int]]:
        sheet = openpyxl.load_workbook(converted(office, write("csv", "chu"), "xlsx")).worksheets[0]
        rows = [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
        return figures_of(rows[: len(wanted)], width)

    def of_docx(form: str) -> Read:
        def read() -> list[list[int]]:
            saved = PdfReader(converted(office, write("docx", form, form), "pdf"))
            text = "".join("".join(page.extract_text().split()) for page in saved.pages)
            found, at = [], 0
            for line in wanted:
                printed = "".join(f"{number:,}".replace(",", ".") for number in line)
                at = text.find(printed, at)
                if at < 0:
                    break
                found.append(line)
            return found

        return read

    return wanted, {
        "XLSX": of_xlsx, "CSV": of_csv, "DOCX (party)": of_docx("party"), "DOCX (state)": of_docx("state"),
    }  # fmt: skip


def audit(office: str, folder: Path) -> list[str]:
    """What is wrong, in words."""
    wrong = []
    wanted, checks = reads(office, folder)
    for name, read in checks.items():
        try:
            found = read()
        except (RuntimeError, subprocess.SubprocessError, ValueError) as problem:
            wrong.append(f"{name}: {problem}")
            continue
        console.print(f"{name}: {len(found)} of {len(wanted)} lines")
        if found != wanted:
            wrong.append(f"{name}: other figures")
    return wrong


def main() -> int:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        console.print("LibreOffice: skipped, it is not installed")
        return 1 if os.environ.get("CI") else 0
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings.test"
    import django

    django.setup()
    with tempfile.TemporaryDirectory(prefix="audit-office-") as folder:
        wrong = audit(office, Path(folder))
    for one in wrong:
        console.print(f"[bold red]{one}[/bold red]")
    console.print("[green]LibreOffice shows what was written[/green]" if not wrong else f"{len(wrong)} faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

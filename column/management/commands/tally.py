"""``manage.py tally``: the committee's table from a terminal, with the figures of the screen /tong-hop/."""

from __future__ import annotations

import errno
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict
from django.utils import timezone

from column.tallies.asked import MEASURES
from column.tallies.dimensions import DIMENSIONS
from column.tallies.exports.formats import FORMATS, Format, Making
from column.tallies.exports.models import ReportLayout
from column.tallies.exports.paper import TooLong
from column.tallies.exports.pdf import PageFailed
from column.tallies.exports.tallied import CERTIFICATE, BadDefinition, report_of

#: Exit codes: what was asked for makes no table; the file cannot be written.
BAD_DEFINITION, NOT_WRITTEN = 2, 3
#: Options of the terminal and the words of the address that they stand for.
_WORDS = {"rows": "hang", "columns": "cot", "split": "theo", "measure": "dem", "monitored": "danh-sach"}


class Command(BaseCommand):
    help = (
        "Lập bảng tổng hợp, cùng số liệu với màn hình /tong-hop/. Mã kết thúc: 0 xong, 2 yêu cầu sai, 3 không ghi được."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        known = ", ".join(DIMENSIONS)
        parser.add_argument("--rows", metavar="CHIỀU", help=f"Hàng theo gì: {known}.")
        parser.add_argument("--columns", metavar="CHIỀU", help="Cột theo gì; cùng các giá trị ấy.")
        parser.add_argument("--split", metavar="CHIỀU", help="Dòng con trong mỗi hàng, ví dụ quy.")
        parser.add_argument("--measure", metavar="ĐẾM", help=f"Đếm gì: {', '.join(MEASURES)}.")
        parser.add_argument("--monitored", metavar="MÃ", help="Danh sách đơn vị theo dõi: đơn vị bằng 0 cũng có dòng.")
        parser.add_argument("--zeros", action="store_true", help="Hiện mọi đơn vị trong danh mục, kể cả bằng 0.")
        parser.add_argument(
            "--filter", default="", metavar="ĐIỀU-KIỆN",
            help='Như phần sau dấu hỏi của địa chỉ màn hình: "ky=2017-Q1&don-vi=so-y-te"; cả địa chỉ cũng được.',
        )  # fmt: skip
        parser.add_argument(
            "--certificate", metavar="MÃ", help="Số liệu của một phiếu đã chốt, thay cho các yêu cầu trên."
        )
        parser.add_argument("--format", choices=list(FORMATS), default="json", help="Dạng tệp; không ghi thì là json.")
        parser.add_argument("--layout", default="", metavar="MẪU", help="Mẫu trình bày của docx, pdf: dang, nha-nuoc.")
        parser.add_argument("--out", metavar="TỆP", help="Ghi vào tệp này; không có thì ra màn hình (json, csv).")

    def handle(self, *args: Any, **options: Any) -> None:
        made, out = FORMATS[options["format"]], options["out"]
        if out is None and made.ending not in {"json", "csv"}:
            raise _refused(f"Dạng {made.ending} không in ra màn hình được; hãy thêm --out tệp.{made.ending}.")
        try:
            report = report_of(_params(options), at=timezone.now(), pictures=made.is_printed)
        except BadDefinition as problem:
            raise _refused(str(problem)) from problem
        making = Making(_layout(options["layout"]) if made.is_printed else None)
        try:
            if out is None:
                made.write(report, making, sys.stdout.buffer)
                sys.stdout.flush()
            else:
                _write(Path(out), made, report, making)
        except (TooLong, PageFailed) as problem:
            raise _refused(str(problem)) from problem
        except OSError as problem:
            raise CommandError(_why(problem, out), returncode=NOT_WRITTEN) from problem


def _params(options: dict[str, Any]) -> QueryDict:
    """What the options say, as the address of the screen says it; an option goes before the same word of the filter."""
    text = options["filter"].strip()
    params = QueryDict(urlsplit(text).query or text.lstrip("?"), mutable=True)
    if options["certificate"]:
        params[CERTIFICATE] = options["certificate"]
    for option, word in _WORDS.items():
        if options[option] is not None:
            params[word] = options[option]
    if options["zeros"]:
        params["bang-0"] = "1"
    return params


def _layout(slug: str) -> ReportLayout:
    layouts = {one.slug: one for one in ReportLayout.objects.all()}
    if not layouts:
        raise _refused("Chưa có mẫu trình bày báo cáo nào; hãy chạy lệnh migrate.")
    if slug and slug not in layouts:
        raise _refused(f"Không có mẫu trình bày “{slug}”; các mẫu có thể dùng: {', '.join(layouts)}.")
    return layouts[slug] if slug else next(iter(layouts.values()))


def _write(path: Path, made: Format, report: Any, making: Making) -> None:
    """The whole file or none: it is written beside its place and moved there at the end."""
    beside = path.with_name(f".{path.name}.tam")
    try:
        with beside.open("wb") as file:
            made.write(report, making, file)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _refused(why: str) -> CommandError:
    return CommandError(why, returncode=BAD_DEFINITION)


def _why(problem: OSError, out: str | None) -> str:
    words = {
        errno.ENOSPC: "ổ đĩa đã hết chỗ trống", errno.EACCES: "không có quyền ghi", errno.EROFS: "ổ đĩa chỉ cho đọc",
        errno.ENOENT: "thư mục không tồn tại", errno.ENOTDIR: "đường dẫn đi qua một tệp",
        errno.EISDIR: "đó là một thư mục", errno.EPIPE: "chương trình nhận đã dừng",
    }  # fmt: skip
    return f"Không ghi được {out or 'ra màn hình'}: {words.get(problem.errno or 0, problem.strerror)}."

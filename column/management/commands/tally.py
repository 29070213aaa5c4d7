"""``manage.py tally``: the committee's table from a terminal, by the address that its screen shows."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict
from django.utils import timezone

from column.tallies import plain, xlsx
from column.tallies.asked import Asked
from column.tallies.table import Tally


class Command(BaseCommand):
    help = "In bảng tổng hợp, cùng số liệu với màn hình /tong-hop/."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "filter", nargs="?", default="", help='Phần sau dấu hỏi của địa chỉ, ví dụ "ky=2017-Q1&don-vi=so-y-te".'
        )
        parser.add_argument("--format", choices=["json", "csv", "xlsx"], default="json")
        parser.add_argument("--output", help="Tệp kết quả; không có thì in ra màn hình (trừ xlsx).")

    def handle(self, *args: Any, **options: Any) -> None:
        query = urlsplit(options["filter"]).query or options["filter"]
        asked, problems = Asked.parse(QueryDict(query))
        made = Tally.make(asked, problems, today=timezone.localdate(), at=timezone.now())
        if made.chosen.problems:
            raise CommandError("\n".join(made.chosen.problems))
        output = options["output"]
        if options["format"] == "xlsx":
            if not output:
                raise CommandError("Định dạng xlsx cần --output tệp.xlsx.")
            with Path(output).open("wb") as file:
                xlsx.write(made, file)
            return
        text = plain.as_csv(made) if options["format"] == "csv" else json.dumps(plain.as_data(made), ensure_ascii=False)
        if output:
            Path(output).write_text(text, encoding="utf-8", newline="")
        else:
            sys.stdout.write(f"{text}\n")

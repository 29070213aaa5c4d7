"""The archive goes out: every published story in the format that the import reads, with its photos beside it."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from column.photos.models import Picture
from column.schedule.models import Slot
from column.schedule.rhythm import Rhythm
from column.stories.models import ColumnPage, Story
from column.transfer.columns import COLUMNS, escape_cell
from column.transfer.problems import BadFile
from column.transfer.reading import CSV_SUFFIXES, JSON_SUFFIXES
from column.transfer.story_cells import Archivist

_BATCH = 200
#: The time that ZIP entries carry: the same stories make the same bytes.
_ZIP_TIME = (2017, 2, 16, 14, 12, 0)


@dataclass(frozen=True)
class Exported:
    """How much went out; ``lost`` names the stories that show a photo whose file is gone."""

    stories: int
    photos: int
    lost: tuple[str, ...]


def export_archive(
    path: Path, *, photos: Path | None = None, progress: Callable[[int, int], None] | None = None
) -> Exported:
    """Write all published stories to a .csv or .jsonl file, and their photos to a folder or .zip.

    Without ``photos`` no photo is written, but the file names them. ``progress`` hears (stories done, of how many).
    Raises :class:`BadFile`.
    """
    if path.suffix.lower() not in CSV_SUFFIXES | JSON_SUFFIXES:
        raise BadFile(_("Đuôi tệp phải là .csv hoặc .jsonl."))
    archivist = archivist_here()
    with path.open("w", encoding="utf-8", newline="") as file:
        stories = write_stories(file, archivist, as_json=path.suffix.lower() in JSON_SUFFIXES, progress=progress)
    if photos is not None:
        write_photos(photos, archivist.photos)
    return Exported(stories, len(archivist.photos), tuple(archivist.lost))


def archivist_here() -> Archivist:
    column = ColumnPage.objects.first()
    rhythm = Rhythm.of(column.pk if column else 0)
    return Archivist(settings.ARCHIVE_HOSTS, rhythm.usual_time)


def write_stories(
    file: IO[str], archivist: Archivist, *, as_json: bool, progress: Callable[[int, int], None] | None = None
) -> int:
    """Write the rows to an open text file; returns how many. Memory holds one batch."""
    rows = _rows(archivist, progress)
    count = 0
    if as_json:
        for row in rows:
            file.write(f"{json.dumps(row, ensure_ascii=False)}\n")
            count += 1
        return count
    # The mark by which spreadsheets know UTF-8.
    file.write("\ufeff")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([escape_cell(row.get(name, "")) for name in COLUMNS])
        count += 1
    return count


def _rows(archivist: Archivist, progress: Callable[[int, int], None] | None) -> Iterator[dict[str, str]]:
    # A slot's article before the day's others, so that the import gives the slot to it again.
    keys = list(
        Story.objects.live()
        .annotate(
            shown=Coalesce("printed_at", "first_published_at"), held=Exists(Slot.objects.filter(story=OuterRef("pk")))
        )
        .order_by("issue_date", "-held", "shown", "public_id")
        .values_list("pk", flat=True)
    )  # fmt: skip
    waiting, done = iter(keys), 0
    while batch := list(islice(waiting, _BATCH)):
        found = Story.objects.in_bulk(batch)
        yield from archivist.rows([found[pk] for pk in batch if pk in found])
        done += len(batch)
        if progress:
            progress(done, len(keys))


def write_photos(target: Path, photos: dict[str, int]) -> None:
    """The photos' files under their names in the archive."""
    pictures = Picture.objects.in_bulk(photos.values())
    if target.suffix.lower() != ".zip":
        target.mkdir(parents=True, exist_ok=True)
        for name, key in photos.items():
            (target / name).write_bytes(_bytes(pictures[key]))
        return
    with zipfile.ZipFile(target, "w") as packed:
        add_photos(packed, photos)


def add_photos(packed: zipfile.ZipFile, photos: dict[str, int], folder: str = "") -> None:
    """Add the photos to an open ZIP, in the order of their names. They are compressed already."""
    pictures = Picture.objects.in_bulk(photos.values())
    for name, key in sorted(photos.items()):
        packed.writestr(zipfile.ZipInfo(f"{folder}{name}", _ZIP_TIME), _bytes(pictures[key]))


def _bytes(picture: Picture) -> bytes:
    with picture.open_file() as file:
        data: bytes = file.read()
        return data


def is_as_exported(pk: int, cells: dict[str, str]) -> bool:
    """Whether the story already is what a row says of it: an export that comes back changes nothing."""
    story = Story.objects.get(pk=pk)
    row = next(archivist_here().rows([story]))
    return all(row.get(name, "") == cell.strip() for name, cell in cells.items())

"""The drawn scenes as photos of the system: drawn on every core, kept as records, renditions made ahead."""

from __future__ import annotations

import hashlib
import io
import multiprocessing
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field

from django.core.files.base import ContentFile, File
from PIL import Image
from wagtail.images.models import Filter

from column.enums import Rights
from column.people.models import User
from column.photos.models import Picture, Rendition
from column.photos.shapes import specs
from column.transfer.demo.scenes.canvas import HEIGHT, WIDTH
from column.transfer.demo.scenes.gallery import BY_NAME, CREDIT, SCENES, draw

#: More would only wait for one another.
_MOST_WORKERS = 8
#: Renditions written at once.
_ROWS = 20
#: Where a photo is shown small, on its story's page and when it is shared.
_EVERYWHERE = ("story", "card", "thumb", "share")


def _workers() -> int:
    return min(os.cpu_count() or 1, _MOST_WORKERS)


def draw_all() -> Iterator[tuple[str, bytes]]:
    """Name and JPEG of every scene, as they get ready; the order of the list."""
    names = [scene.name for scene in SCENES]
    # Spawned, not forked: the children know nothing of the database connection.
    with ProcessPoolExecutor(_workers(), mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from zip(names, pool.map(draw, names), strict=True)


@dataclass
class Darkroom:
    """The demo's pictures: bytes for the importer, records, and renditions. Files are told in ``stored``."""

    files: dict[str, bytes] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    #: What lies in the storage and must go when the transaction fails.
    stored: list[File[bytes]] = field(default_factory=list)

    def read(self, name: str) -> bytes:
        """The bytes of “<scene>.jpg”, for the importer."""
        return self.files[name.removesuffix(".jpg")]

    def keep(self, user: User) -> None:
        """Make the records. The importer finds them again by file, credit and description."""
        for name, data in self.files.items():
            scene = BY_NAME[name]
            picture = Picture(
                title=scene.caption[:255], caption=scene.caption, credit=CREDIT, rights=Rights.OWN, alt_text=scene.alt,
                place=scene.place, uploaded_by_user=user, file_size=len(data),
                file_hash=hashlib.sha1(data, usedforsecurity=False).hexdigest(),
            )  # fmt: skip
            picture.file.save(f"{name}.jpg", ContentFile(data), save=False)
            self.stored.append(picture.file)
            picture.width, picture.height = WIDTH, HEIGHT
            picture.save()
            self.pictures[name] = picture

    def develop(self, large: Iterable[str]) -> Development:
        """Start making the renditions that readers ask for; those of the front page for the scenes of *large*."""
        return Development(self, set(large))

    def discard(self) -> None:
        """Delete every file that was stored."""
        for file in self.stored:
            file.storage.delete(file.name)  # type: ignore[attr-defined]


class Development:
    """Renditions in the making: pictures are scaled in threads, rows are written by whoever calls :meth:`finish`."""

    def __init__(self, room: Darkroom, large: set[str]) -> None:
        self._room = room
        self._pool = ThreadPoolExecutor(_workers())
        self._waiting: list[Future[Rendition]] = []
        for name, picture in room.pictures.items():
            shapes = (*_EVERYWHERE, "front") if name in large else _EVERYWHERE
            for spec in specs(*shapes):
                self._waiting.append(self._pool.submit(_scale, picture, Filter(spec), room.files[name]))

    def __len__(self) -> int:
        return len(self._waiting)

    def finish(self) -> Iterator[int]:
        """Write the rows, a few at a time; how many renditions are done."""
        batch: list[Rendition] = []
        for done, scaled in enumerate(self._waiting, start=1):
            batch.append(scaled.result())
            self._room.stored.append(batch[-1].file)
            if done % _ROWS == 0 or done == len(self._waiting):
                Rendition.objects.bulk_create(batch)
                batch = []
                yield done

    def stop(self) -> None:
        """End the threads; what is not scaled yet stays undone."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _scale(picture: Picture, wanted: Filter, data: bytes) -> Rendition:
    """One rendition, its file stored, not yet a row: the database is the main thread's alone."""
    # Each from its own copy of the bytes: an open file has one place to read from.
    file = picture.generate_rendition_file(wanted, source=File(io.BytesIO(data), name=picture.file.name))
    with Image.open(file) as opened:
        width, height = opened.size
    file.seek(0)
    made = {"image": picture, "filter_spec": wanted.spec, "focal_point_key": wanted.get_cache_key(picture)}
    field = Rendition._meta.get_field("file")
    stored = field.storage.save(field.generate_filename(Rendition(**made), file.name), file)
    # With its sizes given, the record does not decode the file again.
    return Rendition(**made, file=stored, width=width, height=height)

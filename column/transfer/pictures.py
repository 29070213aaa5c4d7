"""Photos of an import as records: one record for one file with one credit, however many stories show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.db import transaction

from column.people.models import User
from column.photos.models import Picture
from column.transfer.photo_files import Inspected, PhotoFiles, inspect
from column.transfer.problems import BadCell


@dataclass(frozen=True, slots=True)
class PhotoSpec:
    """One photo of a row: its file and what the row says of it."""

    name: str
    caption: str = ""
    credit: str = ""
    alt: str = ""
    rights: str = ""
    taken_at: datetime | None = None
    place: str = ""
    people: str = ""


@dataclass
class PictureStore:
    """Looks at each file once; makes the record when the first story needs it."""

    files: PhotoFiles
    user: User | None = None
    _looked_at: dict[str, Inspected | BadCell] = field(default_factory=dict)
    _made: dict[tuple[str, PhotoSpec], Picture] = field(default_factory=dict)

    def look(self, name: str) -> Inspected:
        """What the file is. :class:`BadCell` when it is no usable photo."""
        if name not in self._looked_at:
            try:
                self._looked_at[name] = inspect(self.files.read(name), name)
            except BadCell as problem:
                self._looked_at[name] = problem
        found = self._looked_at[name]
        if isinstance(found, BadCell):
            raise found
        return found

    def picture(self, spec: PhotoSpec) -> Picture:
        """The record of the photo: one that says the same of the same file, or a new one.

        Captions do not tell records apart: a story may show its own.
        """
        found = self.look(spec.name)
        same = PhotoSpec("", "", spec.credit, spec.alt, spec.rights, spec.taken_at, spec.place, spec.people)
        key = (found.sha1, same)
        if key not in self._made:
            self._made[key] = self._known(found, spec) or self._make(found, spec)
        return self._made[key]

    @staticmethod
    def _known(found: Inspected, spec: PhotoSpec) -> Picture | None:
        return (
            Picture.objects.filter(
                file_hash=found.sha1, credit=spec.credit, alt_text=spec.alt, rights=spec.rights,
                taken_at=spec.taken_at, place=spec.place, people=spec.people,
            )
            .order_by("pk")
            .first()
        )  # fmt: skip

    def _make(self, found: Inspected, spec: PhotoSpec) -> Picture:
        data = self.files.read(spec.name)
        stem = PurePosixPath(spec.name).stem
        picture = Picture(
            title=(spec.caption or stem)[:255], file_size=len(data), file_hash=found.sha1,
            caption=spec.caption, credit=spec.credit, alt_text=spec.alt, rights=spec.rights,
            taken_at=spec.taken_at, place=spec.place, people=spec.people, uploaded_by_user=self.user,
            from_archive=True,
        )  # fmt: skip
        # The file's own kind, whatever the archive called it.
        picture.file.save(f"{stem[:80]}{found.suffix}", ContentFile(data), save=False)
        # Attaching a file makes Django forget the sizes that were given with the record.
        picture.width, picture.height = found.width, found.height
        try:
            with transaction.atomic():
                picture.save()
        except BaseException:
            picture.file.delete(save=False)
            raise
        return picture

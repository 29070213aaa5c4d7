"""A row of the archive that can be written, and what rows are checked against."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time

from column.coverage.recording import Row
from column.enums import CorrectionKind, Kind
from column.schedule.rhythm import Rhythm
from column.transfer.body import Body
from column.transfer.bylines import Credit
from column.transfer.pictures import PhotoSpec, PictureStore
from column.transfer.vocabulary import Vocabulary


@dataclass
class StoryRow:
    """A row that can be written. Every datetime is aware."""

    row: int
    external_id: str
    kind: Kind
    title: str
    published_at: datetime
    issue_date: date
    digest: str
    #: The printed time; None when the file gives only the day.
    printed_at: datetime | None = None
    standfirst: str = ""
    body: Body = field(default_factory=Body)
    credits: list[Credit] = field(default_factory=list)
    coverage: list[Row] = field(default_factory=list)
    documents: dict[int, str] = field(default_factory=dict)
    #: Addresses on our own domain, to be redirected.
    old_paths: list[str] = field(default_factory=list)
    source_url: str = ""
    source_name: str = ""
    #: The photo story's photos; elsewhere the lead photo alone, or none.
    own_photos: list[PhotoSpec] = field(default_factory=list)
    #: Every photo that the body shows, by the name of its file.
    body_photos: dict[str, PhotoSpec] = field(default_factory=dict)
    kicker: str = ""
    kicker_printed: str = ""
    print_issue: str = ""
    print_page: str = ""
    number: int | None = None
    corrections: list[tuple[CorrectionKind, datetime, str]] = field(default_factory=list)


@dataclass
class RowRules:
    """What a row is checked against."""

    words: Vocabulary
    pictures: PictureStore
    own_hosts: frozenset[str]
    now: datetime
    rhythm: Rhythm
    default_time: time
    #: A photo that cannot be used is left out with a warning instead of holding its row back.
    lenient_photos: bool = False

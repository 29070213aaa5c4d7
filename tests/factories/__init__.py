"""Objects for tests; every factory makes the smallest valid thing, published unless said otherwise."""

from __future__ import annotations

import io
import itertools
from datetime import date, datetime, time
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.images import ImageFile
from PIL import Image as PillowImage

from column.coverage.models import Codebook, Coverage, Criterion, CriterionGroup, Document
from column.departments.models import Department
from column.enums import CoverageRole, Family
from column.people.models import Byline, User
from column.photos.models import Picture
from column.stories.models import Article, BylineCredit, ColumnPage, NewsItem, Photo, Story, StoryPhoto
from column.text.dates import TZ

_counter = itertools.count(1)


def make_user(username: str = "", *groups: str, **fields: Any) -> User:
    """An account in the named groups (their names as ``column.people.roles`` makes them)."""
    user = User.objects.create_user(username or f"user{next(_counter)}", password="mat-khau-thu", **fields)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def column_page() -> ColumnPage:
    return ColumnPage.objects.get()


def make_picture(title: str = "Ảnh thử", *, size: tuple[int, int] = (1200, 800), **fields: Any) -> Picture:
    buffer = io.BytesIO()
    PillowImage.new("RGB", size, (180, 60, 40)).save(buffer, "JPEG")
    defaults = {
        "caption": "Cán bộ hướng dẫn người dân làm thủ tục.", "credit": "KIM LIÊN", "rights": "own",
        "alt_text": "Hai người ngồi bên bàn tiếp dân.",
    }  # fmt: skip
    return Picture.objects.create(
        title=title, file=ImageFile(buffer, name=f"anh-{next(_counter)}.jpg"), **(defaults | fields)
    )


def make_story(
    cls: type[Story] = Article,
    title: str = "",
    *,
    issue_date: date | None = None,
    live: bool = True,
    paragraphs: tuple[str, ...] = ("Nội dung thử của bài viết.",),
    byline: str = "ĐOÀN LƯƠNG",
    parent: ColumnPage | None = None,
    **fields: Any,
) -> Any:
    """A story of ``cls`` under the column page, published through its own path on its issue date."""
    number = next(_counter)
    story = cls(
        title=title or f"Bài thử số {number}",
        body=[("paragraph", f"<p>{text}</p>") for text in paragraphs],
        issue_date=issue_date,
        live=False,
        **fields,
    )
    if byline:
        record = Byline.objects.named(byline).first() or Byline.objects.create(name=byline)
        story.byline_credits = [BylineCredit(byline=record)]
    (parent or column_page()).add_child(instance=story)
    revision = story.save_revision()
    if live:
        if issue_date:
            at = datetime.combine(issue_date, time(6, 0), tzinfo=TZ)
            type(story).objects.filter(pk=story.pk).update(first_published_at=at)
            story.first_published_at = at
            revision = story.save_revision()
        revision.publish()
    return cls.objects.get(pk=story.pk)


def make_article(title: str = "", **fields: Any) -> Article:
    return make_story(Article, title, **fields)


def make_news(title: str = "", **fields: Any) -> NewsItem:
    return make_story(NewsItem, title, **fields)


def make_photo_story(title: str = "", *, pictures: int = 1, **fields: Any) -> Photo:
    photos = [StoryPhoto(image=make_picture(), sort_order=i) for i in range(pictures)]
    return make_story(Photo, title, photos=photos, **fields)


def make_department(name: str = "", **fields: Any) -> Department:
    number = next(_counter)
    defaults = {"code": f"don-vi-{number}", "kind": "so", "report_group": 4}
    return Department.objects.create(name=name or f"Đơn vị thử {number}", **(defaults | fields))


def make_criterion(name: str = "", *, family: str = Family.BUILD, prefix: str = "", **fields: Any) -> Criterion:
    number = next(_counter)
    document = Document.objects.create(type="chi_thi", number=f"{number}-CT/TT", issuer="Cơ quan thử")
    codebook = Codebook.objects.create(document=document, title=f"Bộ tiêu chí thử {number}")
    group = CriterionGroup.objects.create(codebook=codebook, family=family, name="Nhóm thử", prefix=prefix)
    return Criterion.objects.create(
        group=group, name=name or f"tiêu chí thử {number}", slug=f"tieu-chi-thu-{number}", **fields
    )


def make_coverage(
    story: Story,
    department: Department | None = None,
    criterion: Criterion | None = None,
    *,
    role: str = CoverageRole.SUBJECT,
    **fields: Any,
) -> Coverage:
    """A bare row, without history; tests of recording go through ``column.coverage.recording``."""
    return Coverage.objects.create(story=story, department=department, criterion=criterion, role=role, **fields)

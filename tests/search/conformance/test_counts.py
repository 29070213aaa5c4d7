"""Counts are what they say: against counting by hand, through every page; and what is not public counts nowhere."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from column.coverage.models import Document, StoryDocument
from column.enums import Family
from column.signals import announce
from column.stories.models import ColumnPage, NewsItem, Story
from search.outbox.bumping import in_use
from search.outbox.draining import drain
from search.port import (
    BYLINE,
    CRITERION,
    DOCUMENT,
    FAMILY,
    FILTERS,
    KIND,
    PERIOD,
    PHOTOS,
    UNIT,
    Archive,
    Order,
    SearchQuery,
)
from tests.factories import (
    make_article,
    make_coverage,
    make_criterion,
    make_department,
    make_news,
    make_photo_story,
    make_picture,
)

pytestmark = pytest.mark.django_db

STORIES, QUESTIONS = 24, 40


@dataclass
class Told:
    """What was put into a story, as a filter would name it."""

    pk: int
    words: frozenset[str]
    values: dict[str, frozenset[str]]


@dataclass
class Known:
    stories: list[Told]
    #: Units by what they stand for: alone, with those that became them, with those below them, with both.
    units: dict[tuple[bool, bool], dict[str, frozenset[str]]]


@pytest.fixture
def known(db: None) -> Known:
    rng = random.Random(2017)
    old, new, below, other = (make_department(f"Sở {name}", code=name) for name in ("cu", "moi", "duoi", "khac"))
    old.successors.add(new)
    below.parent = new
    below.save()
    criteria = {
        make_criterion("kỷ cương").slug: "xay",
        make_criterion("tiêu cực", prefix="Chống", family=Family.FIGHT).slug: "chong",
    }
    by_slug = {criterion.slug: criterion for criterion in type(make_criterion()).objects.filter(slug__in=criteria)}
    document = Document.objects.create(type="chi_thi", number="29-CT/TU", issuer="Thành ủy")
    told = []
    for number in range(STORIES):
        day = date(2015 + number % 3, 1 + number % 4, 5)
        kind, make = (("bai", make_article), ("tin", make_news), ("anh", make_photo_story))[number % 3]
        words = frozenset(rng.sample(["cải", "cách", "phường", "quận", "đường"], rng.randint(1, 4)))
        byline = rng.choice(["ĐOÀN LƯƠNG", "Phan Chung"])
        lead = {"lead_photo": make_picture()} if number % 5 == 0 and kind != "anh" else {}
        story = make(" ".join(sorted(words)).capitalize(), issue_date=day, byline=byline, **lead)
        units = frozenset(unit.code for unit in rng.sample([old, new, below, other], rng.randint(0, 2)))
        slugs = frozenset(rng.sample(sorted(criteria), rng.randint(0, 2)))
        for unit in (old, new, below, other):
            if unit.code in units:
                make_coverage(story, unit)
        for slug in slugs:
            make_coverage(story, None, by_slug[slug])
        documents = frozenset[str]()
        if number % 4 == 0:
            StoryDocument.objects.create(story_id=story.pk, document=document, relation="carries_out")
            documents = frozenset({str(document.pk)})
        photo = "1" if lead or kind == "anh" else "0"
        values = {
            KIND: frozenset({kind}), UNIT: units, CRITERION: slugs, FAMILY: frozenset(criteria[one] for one in slugs),
            DOCUMENT: documents, BYLINE: frozenset({byline}), PHOTOS: frozenset({photo}),
            PERIOD: frozenset({f"{day:%Y}", f"{day:%Y-%m}", f"{day:%Y}-Q{(day.month + 2) // 3}"}),
        }  # fmt: skip
        told.append(Told(story.pk, words, values))
    announce(one.pk for one in told)
    alone = {code: frozenset({code}) for code in ("cu", "moi", "duoi", "khac")}
    return Known(
        told,
        {
            (False, False): alone,
            (True, False): alone | {"moi": frozenset({"moi", "cu"})},
            (False, True): alone | {"moi": frozenset({"moi", "duoi"})},
            (True, True): alone | {"moi": frozenset({"moi", "cu", "duoi"})},
        },
    )


def by_hand(known: Known, query: SearchQuery, *, but: str = "") -> set[int]:
    """The stories that answer *query*, the filter *but* left aside."""
    asked = set(query.text.split())
    units = known.units[query.lineage, query.branch]

    def has(one: Told, name: str, value: str) -> bool:
        if name == UNIT:
            return bool(units.get(value, frozenset()) & one.values[UNIT])
        return value in one.values[name]

    return {
        one.pk
        for one in known.stories
        if asked <= one.words
        and all(
            any(has(one, name, value) for value in values)
            for name, values in query.chosen.items()
            if values and name != but
        )
    }


def questions(known: Known) -> list[SearchQuery]:
    rng = random.Random(29)
    there = {name: sorted({value for one in known.stories for value in one.values[name]}) for name in FILTERS}
    made = []
    for _number in range(QUESTIONS):
        chosen = {
            # A year beside a part of it stands for that part: one period is clear by itself.
            name: frozenset(rng.sample(there[name], 1 if name == PERIOD else min(rng.randint(1, 2), len(there[name]))))
            for name in rng.sample(FILTERS, rng.choice((0, 1, 1, 2, 3)))
        }
        words = rng.sample(["cải", "cách", "phường", "quận", "đường"], rng.choice((0, 0, 1, 1, 2)))
        widened = bool(chosen.get(UNIT))
        made.append(
            SearchQuery(
                " ".join(words),
                chosen,
                rng.choice(list(Order)),
                size=5,
                lineage=widened and rng.random() < 0.5,
                branch=widened and rng.random() < 0.5,
            )
        )
    return made


def test_every_count_is_what_counting_by_hand_gives(archive: Archive, known: Known) -> None:
    for query in questions(known):
        wanted = by_hand(known, query)
        result = archive.search(query)
        assert result.total == len(wanted), query
        for facet in result.facets:
            counts = {value.value: value.count for value in facet.values}
            for value, count in counts.items():
                one = replace(query, chosen={**query.chosen, facet.name: frozenset({value})})
                assert count == len(by_hand(known, one)), (query, facet.name, value)
            if not facet.overlaps:
                among = by_hand(known, query, but=facet.name)
                counted = sum(value.count for value in facet.values if not value.within)
                assert counted == len(among), (query, facet.name)
        pages = [archive.search(replace(query, page=page)) for page in range(1, STORIES // 5 + 3)]
        reached = [hit.story_id for page in pages for hit in page.hits]
        assert len(reached) == len(set(reached))
        assert set(reached) == wanted, query


# --- what is not public -----------------------------------------------------------------------------------------------

SECRET = "tuyệtmật"


@pytest.fixture
def secrets(db: None) -> list[int]:
    """Stories with a word, a unit, a criterion, a byline, a paper and a year that no public story has, hidden in
    every way there is; one that is public stands beside them."""
    unit, criterion = make_department("Sở Kín", code="so-kin"), make_criterion("điều kín")
    document = Document.objects.create(type="chi_thi", number="77-CT/KIN", issuer="Thành ủy")
    column = ColumnPage.objects.get()
    closed = column.get_parent().add_child(instance=ColumnPage(title="Chuyên mục kín", slug="kin"))
    gone = column.get_parent().add_child(instance=ColumnPage(title="Chuyên mục gỡ", slug="go"))
    here = {"parent": column, "issue_date": date(1999, 2, 4), "byline": "Người Kín", "paragraphs": (f"Lời {SECRET}.",)}
    hidden: list[Story] = [
        make_news(f"Nháp {SECRET}", live=False, **here),
        make_news(f"Đã gỡ {SECRET}", **here),
        make_news(f"Có khóa {SECRET}", **here),
        make_article(f"Trong chuyên mục khóa {SECRET}", **{**here, "parent": closed}),
        make_article(f"Trong chuyên mục gỡ {SECRET}", **{**here, "parent": gone}),
        make_photo_story(f"Hết hạn {SECRET}", **here),
        make_news(f"Bị xóa {SECRET}", **here),
    ]
    for story in hidden:
        make_coverage(story, unit, criterion)
        StoryDocument.objects.create(story_id=story.pk, document=document, relation="carries_out")
    announce(story.pk for story in hidden)
    hidden[1].unpublish()
    PageViewRestriction.objects.create(page=hidden[2], restriction_type=PageViewRestriction.PASSWORD, password="x")
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    Page.objects.get(pk=gone.pk).unpublish(user=None)
    for below in Page.objects.descendant_of(gone):
        below.specific.unpublish()
    hidden[5].expire_at = timezone.now() - timedelta(days=1)
    hidden[5].unpublish(set_expired=True)
    hidden[6].delete()
    # Its newer version, not published, says the word.
    public = make_news("Tin mở", parent=column, issue_date=date(2017, 2, 16))
    public.title = f"Tin sửa {SECRET}"
    public.save_revision()
    # A live story restricted again after it was open, and moved below what is closed.
    moved = NewsItem.objects.get(pk=make_news(f"Chuyển đi {SECRET}", **here).pk)
    moved.move(ColumnPage.objects.get(pk=closed.pk), pos="last-child")
    return [story.pk for story in hidden]


def test_what_is_not_public_counts_nowhere(client: Client, archive: Archive, secrets: list[int]) -> None:
    cache.clear()
    if in_use():
        drain()
    result = archive.search(SearchQuery())
    assert result.total == 1
    for text in (SECRET, "tuyetmat", "sở kín", "Lời"):
        assert archive.search(SearchQuery(text)).total == 0
    for facet in result.facets:
        for value in facet.values:
            assert value.value not in {"so-kin", "1999", "Người Kín", "77-CT/KIN"}, facet.name
            assert value.count <= 1
    for facet in archive.search(SearchQuery(chosen={UNIT: frozenset({"so-kin"})})).facets:
        for value in facet.values:
            assert not (value.chosen and value.count)
    # The pages say no more than the adapter: not in words, not in numbers.
    for asked in ({"q": SECRET}, {"q": "tuyet mat"}, {"q": "sở kín"}, {"don-vi": "so-kin"}, {"ky": "1999"}, {}):
        answer = json.loads(client.get("/api/v1/search/", asked).content)
        assert answer["adapter"] == archive.name
        assert answer["total"] == (0 if asked else 1)
        assert {hit["title"] for hit in answer["hits"]} == (set() if asked else {"Tin mở"})
        html = client.get("/tim-kiem/", asked).content.decode()
        feed = client.get("/tim-kiem/rss/", asked).content.decode()
        soup = BeautifulSoup(html, "html.parser")
        for typed in soup.select("input, .sentence, title, .notice, link"):
            typed.decompose()
        assert SECRET not in soup.get_text()
        assert f"Lời {SECRET}" not in html + feed
        assert "Chuyển đi" not in html + feed
        assert "Người Kín" not in html + feed
        assert 'value="1999"' not in html or "ky" in asked
    card = BeautifulSoup(client.get("/tim-kiem/", {"q": "sở kín"}).content, "html.parser").select_one(".unit-card")
    assert "Chưa có tin, bài phản ánh đơn vị này" in card.get_text()
    offered = [
        json.loads(client.get("/tim-kiem/goi-y/", {"q": typed}).content)["suggestions"]
        for typed in (SECRET, "tuyet", "sở kín", "người kín", "chuyển", "đã gỡ", "nháp", "tin sửa")
    ]
    # Units and criteria are nobody's secret; stories and bylines are not offered.
    notes = [one["note"] for found in offered for one in found]
    assert "Đơn vị · 0 tin, bài" in notes
    assert set(notes) <= {"Đơn vị · 0 tin, bài", "Tiêu chí"}

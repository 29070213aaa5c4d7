"""The archive answers: order, filters whose counts add up, pages, near misses. On the database in use."""

from datetime import date

import pytest

from column.coverage.models import Document, StoryDocument
from column.enums import CoverageRole, Family, Kind
from column.signals import announce
from column.stories.models import Story
from search.port import Order
from tests.factories import (
    make_article,
    make_coverage,
    make_criterion,
    make_department,
    make_news,
    make_photo_story,
    make_picture,
)
from tests.search.conftest import Search

pytestmark = pytest.mark.django_db


def ids(search: Search, text: str = "", **more: object) -> list[int]:
    return [hit.story_id for hit in search(text, **more).hits]


def test_order_of_ranks(search: Search) -> None:
    filler = "việc khác " * 30
    folded = make_news("Bài", paragraphs=(f"thu {filler} tuc",))
    folded_row = make_news("Bài", paragraphs=(f"thu tuc {filler}",))
    exact = make_news("Bài", paragraphs=(f"tục {filler} thủ",))
    exact_row = make_news("Bài", paragraphs=(f"thủ tục {filler}",))
    titled = make_news("Thủ tục", paragraphs=(filler,))
    assert ids(search, "thủ tục") == [titled.pk, exact_row.pk, exact.pk, folded_row.pk, folded.pk]


def test_half_typed_marks_count(search: Search) -> None:
    other = make_news("đang bộ thành phố", paragraphs=("đang bộ thành phố",) * 4)
    meant = make_news("Bài", paragraphs=("Đảng ta và bộ đội ở thành này, phố kia",))
    assert ids(search, "Đảng bo thanh pho") == [meant.pk, other.pk]


def test_giam_doc_finds_gd_in_its_own_accents_only(search: Search) -> None:
    director = make_news("GĐ Sở Y tế")
    make_news("Sở GD và gd nhỏ")
    assert ids(search, "giám đốc") == [director.pk]


def test_sorted_by_date(search: Search) -> None:
    days = [date(2016, 5, 5), date(2014, 1, 2), date(2017, 2, 16)]
    stories = [make_news(f"Tin {day:%Y}", issue_date=day) for day in days]
    newest = [stories[2].pk, stories[0].pk, stories[1].pk]
    assert ids(search, "tin", order=Order.NEWEST) == newest
    assert ids(search, "tin", order=Order.OLDEST) == newest[::-1]
    assert ids(search) == newest


def test_pages_cover_every_hit_once(search: Search) -> None:
    stories = {make_news(f"Tin cải cách {n}").pk for n in range(7)}
    for order in Order:
        seen = [pk for page in (1, 2, 3, 4) for pk in ids(search, "cải cách", page=page, size=2, order=order)]
        assert len(seen) == 7
        assert set(seen) == stories
        assert ids(search, "cải cách", page=9, size=2, order=order) == []


@pytest.fixture
def coded(db: None) -> str:
    """Twelve units, so that a limit of ten would show; the value is the slug of the criterion of odd stories."""
    units = [make_department(f"Sở số {n}", code=f"so-{n}") for n in range(12)]
    one, two = make_criterion("một"), make_criterion("hai")
    stories: list[Story] = []
    for number, unit in enumerate(units):
        make = (make_article, make_news, make_photo_story)[number % 3]
        story = make(f"Cải cách {number}", issue_date=date(2014 + number % 4, 3, 6))
        make_coverage(story, unit, one if number % 2 else two)
        stories.append(story)
    make_coverage(stories[0], units[1], one)
    make_coverage(stories[0], units[2], None, role=CoverageRole.MENTIONED)
    announce(story.pk for story in stories)
    return one.slug


def test_counts_add_up_and_each_is_what_choosing_gives(search: Search, coded: str) -> None:
    for chosen in ({}, {"loai": {"bai"}}, {"ky": {"2014", "2015"}, "tieu_chi": {coded}}):
        result = search("cải cách", **chosen)
        facets = {facet.name: facet for facet in result.facets}
        for facet in result.facets:
            for value in facet.values:
                widened = {**chosen, facet.name.replace("-", "_"): {value.value}}
                assert search("cải cách", **widened).total == value.count, (chosen, value)
        for name in ("loai", "ky", "co-anh"):
            picked = chosen.get(name)
            total = sum(v.count for v in facets[name].values if not v.within and (not picked or v.value in picked))
            assert total == result.total
            assert not facets[name].overlaps
        assert facets["don-vi"].overlaps


def test_values_of_a_filter_widen_and_filters_narrow(search: Search, coded: str) -> None:
    assert search(don_vi={"so-3"}).total == 1
    assert search(don_vi={"so-3", "so-4"}).total == 2
    assert search(don_vi={"so-1"}).total == 2
    assert search(don_vi={"so-1"}, loai={"bai"}).total == 1
    assert search(don_vi={"so-1"}, loai={"bai", "tin"}).total == 2
    assert search(don_vi={"so-2"}).total == 1
    assert len({f.name: f for f in search().facets}["don-vi"].values) == 12


def test_filtered_results_keep_their_order(search: Search, coded: str) -> None:
    everything = ids(search, "cải cách 4", size=50)
    some = ids(search, "cải cách", size=50, loai={"tin"})
    assert len(some) == 4
    assert set(some) < set(ids(search, "cải cách", size=50))
    assert everything


def test_zero_is_shown(search: Search, coded: str) -> None:
    make_department("Sở chưa có bài", code="so-trong")
    facets = {f.name: {v.value: (v.count, v.chosen) for v in f.values} for f in search("không có", loai={"anh"}).facets}
    assert facets["loai"] == {"bai": (0, False), "tin": (0, False), "anh": (0, True), "tin-anh": (0, False)}
    assert facets["don-vi"] == {f"so-{n}": (0, False) for n in range(12)}
    assert set(facets["tieu-chi"]) >= {coded}
    assert facets["ky"] == dict.fromkeys(("2017", "2016", "2015", "2014"), (0, False))
    assert facets["nhom"] == dict.fromkeys(("xay", "chong"), (0, False))
    assert facets["co-anh"] == dict.fromkeys(("1", "0"), (0, False))
    assert {v for values in facets.values() for v, (_n, chosen) in values.items() if chosen} == {"anh"}


def test_values_that_do_not_exist_find_nothing(search: Search, coded: str) -> None:
    for chosen in ({"don_vi": {"khong-co"}}, {"ky": {"1999"}}, {"loai": {"video"}}):
        result = search(**chosen)
        assert result.total == 0
        (shown,) = [v for f in result.facets for v in f.values if v.chosen]
        assert (shown.count, shown.label) == (0, "năm 1999" if shown.value == "1999" else shown.value)


def test_periods(search: Search) -> None:
    days = [date(2016, 1, 7), date(2016, 5, 5), date(2017, 2, 2), date(2017, 2, 16), date(2017, 3, 2)]
    stories = [make_news(f"Tin {day:%d%m%Y}", issue_date=day) for day in days]

    def found(**chosen: object) -> set[int]:
        return {days.index(day) for day in days if stories[days.index(day)].pk in ids(search, "tin", **chosen)}

    assert found(ky={"2016"}) == {0, 1}
    assert found(ky={"2017-02"}) == {2, 3}
    # A year beside a part of it stands for that part; other years stay whole.
    assert found(ky={"2017", "2017-02", "2016"}) == {0, 1, 2, 3}
    assert found(ky={"2017-Q1", "2016-H1"}) == {0, 1, 2, 3, 4}
    assert found(ky={"1e9", "2017-13"}) == set()
    assert found(since=date(2017, 2, 2), until=date(2017, 2, 16)) == {2, 3}
    assert found(since=date(2017, 2, 3), ky={"2017"}) == {3, 4}
    assert found(until=date(2016, 1, 7)) == {0}
    facet = {f.name: f for f in search("tin", ky={"2017-02"}).facets}["ky"]
    assert [(v.value, v.count, v.within) for v in facet.values if v.count] == [
        ("2017", 3, ""), ("2017-02", 2, "2017"), ("2017-03", 1, "2017"), ("2016", 2, ""),
    ]  # fmt: skip
    assert len(facet.values) == 14


def test_lineage_and_branch(search: Search) -> None:
    old, new, below = make_department("Sở Cũ"), make_department("Sở Mới"), make_department("Chi cục Thử")
    old.successors.add(new)
    below.parent = new
    below.save()
    of = {}
    for unit in (old, new, below):
        story = make_news(f"Tin của {unit.name}")
        make_coverage(story, unit)
        announce([story.pk])
        of[story.pk] = unit

    def found(**widened: bool) -> set[object]:
        return {of[pk] for pk in ids(search, don_vi={new.code}, **widened)}

    assert found() == {new}
    assert found(lineage=True) == {old, new}
    assert found(branch=True) == {new, below}
    assert found(branch=True, lineage=True) == {old, new, below}
    units = {f.name: f for f in search(don_vi={old.code}, lineage=True, branch=True).facets}["don-vi"]
    assert {v.value: v.count for v in units.values} == {old.code: 1, new.code: 3, below.code: 1}


def test_family_document_byline_and_photos(search: Search) -> None:
    build, fight = make_criterion("kỷ cương"), make_criterion("tiêu cực", prefix="Chống", family=Family.FIGHT)
    one = make_news("Một", byline="ĐOÀN LƯƠNG", lead_photo=make_picture())
    two = make_news("Hai", byline="Phan Chung")
    make_coverage(one, None, build)
    make_coverage(two, None, fight)
    document = Document.objects.create(type="chi_thi", number="29-CT/TU", issuer="Thành ủy")
    StoryDocument.objects.create(story_id=two.pk, document=document, relation="carries_out")
    announce([one.pk, two.pk])
    assert ids(search, nhom={"xay"}) == [one.pk]
    assert ids(search, nhom={"chong"}) == [two.pk]
    assert set(ids(search, nhom={"xay", "chong"})) == {one.pk, two.pk}
    assert ids(search, van_ban={str(document.pk)}) == [two.pk]
    assert ids(search, but_danh={"đoàn lương"}) == [one.pk]
    assert ids(search, co_anh={"1"}) == [one.pk]
    assert ids(search, co_anh={"0"}) == [two.pk]
    facets = {f.name: [(v.label, v.count, v.chosen) for v in f.values] for f in search(but_danh={"phan chung"}).facets}
    assert facets["but-danh"] == [("Phan Chung", 1, True), ("ĐOÀN LƯƠNG", 1, False)] or facets["but-danh"] == [
        ("ĐOÀN LƯƠNG", 1, False), ("Phan Chung", 1, True),
    ]  # fmt: skip
    assert facets["van-ban"] == [("Chỉ thị 29-CT/TU", 1, False)]
    assert facets["co-anh"] == [("Có ảnh", 0, False), ("Không có ảnh", 1, False)]


def test_words_that_are_not_wanted(search: Search) -> None:
    street, park = make_news("Đi bộ trên phố"), make_news("Đi bộ trong công viên")
    assert ids(search, "đi bộ -phố") == [park.pk]
    assert ids(search, '"đi bộ" -"công viên"') == [street.pk]
    assert ids(search, "-pho") == [park.pk]
    # Typed with marks, only that word is unwanted.
    assert set(ids(search, "đi bộ -phở")) == {street.pk, park.pk}
    assert search("đi bộ -đi").total == 0
    assert search("đi - bộ").total == 2


def test_every_hit_is_reached_whatever_the_order(search: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.embedded.RANKED", 5)
    stories = {make_news(f"Tin cải cách {n}").pk for n in range(13)}
    result = search("cải cách", size=4)
    assert (result.total, result.ranked) == (13, 5 if result.adapter == "embedded" else 13)
    seen = [pk for page in range(1, 6) for pk in ids(search, "cải cách", page=page, size=4)]
    assert len(seen) == 13
    assert set(seen) == stories


def test_pooled_kind_is_its_own(search: Search) -> None:
    story = make_news("Tin ảnh cũ")
    Story.objects.filter(pk=story.pk).update(kind=Kind.POOLED)
    announce([story.pk])
    assert search(loai={"tin-anh"}).total == 1
    assert search(loai={"tin"}).total == 0


def test_nearly(search: Search) -> None:
    story = make_news("Cải cách thủ tục ở phường")
    make_news("Cải tạo hồ")
    result = search("cải cách thủ tục quận")
    assert [hit.story_id for hit in result.hits] == [story.pk]
    assert result.relaxed
    assert result.total == 1
    assert not search("cải cách quận").relaxed
    assert search("cải cách quận").total == 0
    # What names a paper is never given up.
    assert search("cải cách thủ tục phường 29-CT/TU").total == 0
    assert search("cải cách thủ tục quận", loai={"anh"}).total == 0


def test_signs_alone_find_nothing(search: Search) -> None:
    make_news()
    assert search("?!").total == 0
    assert search("").total == 1
    assert search("  ").total == 1


SIGNS = ['"', '""', '"a', "*", "a*", "(", "a OR", "NEAR(", "-x", "a:b", "{title}", "'", "\\", "^a", "%s", "%(x)s"]
ODD = [
    "\x00",
    "\ud7ff\ue000",
    "🙂",
    "a AND NOT b",
    "' OR 1=1 --",
    "\u202eevil",
    "\u0301\u0301",
    "x" * 10_000,
    "ế " * 5000,
]


@pytest.mark.parametrize("text", SIGNS + ODD)
def test_whatever_is_typed(search: Search, text: str) -> None:
    make_news("Một tin")
    result = search(text)
    assert result.total >= len(result.hits) >= 0


def test_gives_the_shortened_away(search: Search) -> None:
    assert search("từ " * 60).shortened
    assert not search("từ").shortened

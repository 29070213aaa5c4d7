"""What a reader meant: keys, slips of a letter, readings, units by name; and help where nothing is found."""

from collections.abc import Callable
from datetime import date

import pytest

from column.signals import announce
from search import asking
from search.catalogue import current
from search.finding import Finding, find
from search.port import DAYS, SearchQuery
from search.units import cards
from search.vocabulary import Vocabulary, one_letter_off
from tests.factories import make_article, make_coverage, make_department, make_news, make_picture

pytestmark = pytest.mark.django_db
Find = Callable[..., Finding]


def ids(answer: Finding) -> list[int]:
    return [hit.story_id for hit in answer.result.hits]


def ask(text: str, **more: object) -> Finding:
    return find(SearchQuery(text, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "typed",
    ["thur tucj hanhf chinhs", "thủ tục hành chínhs", "thu3 tuc5 hanh2 chinh1", "thñ tôc hµnh chÝnh", "TTHC gonf nhej"],
)
def test_keys_and_old_fonts(typed: str) -> None:
    story = make_news("Thủ tục hành chính gọn nhẹ")
    make_news("Chuyện khác")
    answer = ask(typed)
    assert ids(answer) == [story.pk]
    assert answer.corrected


def test_words_as_typed_come_first_and_can_be_insisted_on() -> None:
    meant = make_news("Có tôm")
    typed = make_news("Quán tên Toom")
    assert ids(ask("toom")) == [typed.pk]
    assert not ask("toom").corrected
    assert ids(ask("cos toom")) == [meant.pk]
    assert ids(ask("cos toom", as_typed=True)) == []


@pytest.mark.parametrize(
    "typed",
    ["trách nhim giải trình", "trach nhiem gai trinh", "trách nhiệm giải trnh", "trach nheim giai trinh",
     "trách nhiệmm giải trình", "trác hnhiệm giải trình", "trach nhiem giải trìn"],
)  # fmt: skip
def test_one_letter_off(typed: str) -> None:
    story = make_news("Nâng cao trách nhiệm giải trình")
    make_news("Chuyện khác")
    answer = ask(typed)
    assert ids(answer) == [story.pk]
    assert answer.query.text == "trách nhiệm giải trình"


def test_a_slip_that_is_a_word_is_mended_where_only_the_other_stands_in_a_row() -> None:
    meant = make_news("Thăm hỏi thành phố kết nghĩa")
    make_news("Chuyện khác", paragraphs=("hỏi thăm bản thân, kết quả ở phố ấy là tình nghĩa",))
    assert ids(ask("thăm hỏi thân phố kết nghĩa"))[0] == meant.pk
    # What stands somewhere in a row is taken as it is typed.
    scattered = ask("bản thân kết quả")
    assert not scattered.corrected


def test_quoted_words_are_never_changed() -> None:
    make_news("Trách nhiệm giải trình")
    assert ids(ask('"trách nhim"')) == []


def test_filters_that_leave_nothing_are_not_taken_for_a_slip() -> None:
    make_news("Trách nhiệm giải trình", issue_date=date(2017, 2, 16))
    answer = ask("trách nhiệm", chosen={"loai": frozenset({"bai"}), "ky": frozenset({"2017"})})
    assert not answer.corrected
    assert [(one.name, one.count) for one in answer.dropped] == [("loai", 1)]
    assert asking.address(answer.dropped[0].query) == "/tim-kiem/?q=tr%C3%A1ch+nhi%E1%BB%87m&ky=2017"
    assert [(one.name, one.count) for one in ask("trách nhiệm", since=date(2018, 1, 1)).dropped] == [(DAYS, 1)]
    # A filter and a slip: the slip is mended, the filter stays.
    slip = ask("trách nhim", chosen={"ky": frozenset({"2017"})})
    assert slip.corrected
    assert slip.result.total == 1


def test_suggestions_are_our_own_titles_and_units() -> None:
    make_news("Siết chặt kỷ luật, kỷ cương hành chính")
    make_department("Sở Thông tin và Truyền thông thử")
    assert ask("siết chặc kĩ luật kĩ cương hành chánh công sở").suggestions == [
        "Siết chặt kỷ luật, kỷ cương hành chính"
    ]
    story = make_news("Việc của sở")
    make_coverage(story, make_department("Thanh tra lâm nghiệp thử"))
    announce([story.pk])
    assert ask("thank tra lam nghiep thu").suggestions[0] == "Thanh tra lâm nghiệp thử"
    hidden = make_news("Bí mật tuyệt đối không ai biết", live=False)
    assert hidden.title not in ask("bí mật tuyệt đối hông ai biết gì").suggestions
    assert ask("qwertyuiop").suggestions == []


def test_readings_with_their_counts() -> None:
    for title in ("Đường phố", "Con đường mới", "Đương nhiên", "Dương liễu"):
        make_news(title)
    readings = ask("duong").readings
    assert [(one.words, one.count) for one in readings] == [("đường", 2), ("dương", 1), ("đương", 1)] or [
        (one.words, one.count) for one in readings
    ] == [("đường", 2), ("đương", 1), ("dương", 1)]
    for one in readings:
        assert ask(one.words, exact=True).result.total == one.count
    assert ask("đường").readings == []
    assert ask("nhien").readings == []


def test_readings_of_two_words() -> None:
    make_news("Thanh tra công vụ")
    make_news("Thanh trà vào mùa")
    make_news("Thanh tra xây dựng")
    assert [(one.words, one.count) for one in ask("thanh tra").readings] == [("thanh tra", 2), ("thanh trà", 1)]
    assert ask("thanh tra", exact=True).result.total == 2
    assert ask("cong vu").readings == []


def test_exact_finds_nothing_else() -> None:
    tax, rent = make_news("Thu thuế"), make_news("Cho thuê")
    assert set(ids(ask("thuế"))) == {tax.pk, rent.pk}
    assert ids(ask("thuế", exact=True)) == [tax.pk]
    assert ask("thuế", exact=True).result.total == 1


def test_a_unit_by_name() -> None:
    old, new = make_department("Phường Hòa Thử", kind="phuong"), make_department("Phường Hải Thử", kind="phuong")
    old.successors.add(new)
    for unit, count in ((old, 2), (new, 1)):
        for _number in range(count):
            story = make_news("Tin")
            make_coverage(story, unit)
            announce([story.pk])

    def named(text: str) -> list[tuple[str, int, int]]:
        return [(card.unit.name, card.stories, card.with_former) for card in cards(current(), text)]

    assert named("phường hải thử") == [("Phường Hải Thử", 1, 3)]
    assert named("PHUONG HAI THU") == [("Phường Hải Thử", 1, 3)]
    assert named("rác thải ở phường Hoà Thử") == [("Phường Hòa Thử", 2, 2)]
    assert named("hải") == []
    assert named("") == []
    (card,) = cards(current(), "phường hòa thử")
    assert [unit.name for unit in card.after] == ["Phường Hải Thử"]
    old.name = "Phường Đổi Tên"
    old.save()
    assert named("phường hòa thử") == []


def test_vocabulary() -> None:
    known = Vocabulary()
    known.learn(["Trách nhiệm giải trình", "Trách nhiệm công vụ", "Giải thưởng"])
    assert known.corrections(["trach", "nhim", "giai"])[0] == ("trach", "nhiem", "giai")
    assert known.corrections(["x", "y"]) == []
    assert known.spelled(("trach", "nhiem", "giai", "trinh")) == "trách nhiệm giải trình"
    assert one_letter_off("an") >= {"a", "n", "na", "ban", "ang", "en"}
    assert "an" not in one_letter_off("an")


def test_one_photo_is_enough(django_assert_max_num_queries: Callable[[int], object]) -> None:
    make_article("Bài có ảnh", lead_photo=make_picture())
    ask("bai co anh")
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        ask("bai co anh")


def test_the_nearest_mending_in_its_own_accents() -> None:
    wanted = make_news("Mẫu tuần đến phê sinh").pk
    for other in ("Mẫu tuần đến phê ánh", "Mẫu tuần đến phê sánh"):
        make_news(other)
    assert [hit.story_id for hit in find(SearchQuery("Mẫu tuần đến phê snh")).result.hits] == [wanted]


def test_what_was_typed_is_mended_not_how_it_is_read() -> None:
    wanted = make_news("Trực tiếp đối thoại rất hay").pk
    assert [hit.story_id for hit in find(SearchQuery("trực tiếp đối thoại rất hy")).result.hits] == [wanted]

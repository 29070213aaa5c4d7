"""Ten thousand random questions to each adapter: never an error, answers that hold together, both adapters agree."""

import re
import string
import unicodedata
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from column.stories.models import Story
from column.text.normalize import fold
from search.embedded import EmbeddedArchive
from search.port import Archive, Order, SearchQuery
from search.query import parse
from tests.factories import make_article, make_news

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

#: Questions of one example; four ways to make them times so many examples are ten thousand.
AT_ONCE, EXAMPLES = 50, 50

TITLES = (
    "Cải cách thủ tục hành chính ở phường Hòa Quý",
    "Thanh tra công vụ: 29-CT/TU sau một năm",
    "Đường Nguyễn Văn Linh thông suốt",
    "Trách nhiệm giải trình của người đứng đầu",
    "UBND quận Liên Chiểu “trễ hẹn”",
    "Ngày 16-2-2017: bí thư đối thoại",
    "Điểm 10 cho TP.Đà Nẵng",
)
WORDS = sorted({word for title in TITLES for word in title.split()} | {"-phường", '"hành chính"', "thuỷ", "Ðà", "🙂"})
SIGNS = {*string.punctuation, *string.whitespace, "\x00"}
TONES = "\u0300\u0301\u0303\u0309\u0323"


def _typed(words: list[str], how: int) -> str:
    """As people send them: in other forms, without marks, in capitals, without blanks."""
    text = " ".join(words)
    ways = (text, unicodedata.normalize("NFD", text), fold(text), text.upper(), text.replace(" ", "\u00a0"))
    return ways[how % len(ways)]


QUESTIONS = {
    "any text": st.text(max_size=30),
    "our words": st.builds(_typed, st.lists(st.sampled_from(WORDS), min_size=1, max_size=9), st.integers(0, 4)),
    "signs": st.text(st.sampled_from("\"*()-+:^~\\/{}[]<>&|!?%_'`@#$;,.= aáđ1\x00\u200b\u00ad\u202e"), max_size=40),
    "marks": st.text(st.sampled_from("aeiouydđAEIOUYĐthngq " + TONES + "\u0302\u0306\u031b0169swrxjf-"), max_size=40),
}


@pytest.fixture
def public(db: None) -> set[int]:
    """The stories that may be found; beside them one that may not."""
    stories = [
        (make_news if number % 2 else make_article)(
            title, issue_date=date(2014 + number % 3, 2, 6), paragraphs=(f"{TITLES[number - 3]}. Cán bộ & <b>dân</b>.",)
        )
        for number, title in enumerate(TITLES)
    ]
    hidden = make_news(TITLES[0])
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    make_news(TITLES[1], live=False)
    return {story.pk for story in stories}


@pytest.mark.parametrize("kind", QUESTIONS)
def test_random_questions(archive: Archive, public: set[int], kind: str) -> None:
    embedded = EmbeddedArchive()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        # A failure names its question; looking for a shorter one would take minutes.
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(QUESTIONS[kind], min_size=AT_ONCE, max_size=AT_ONCE), st.sampled_from(Order), st.booleans())
    def ask(texts: list[str], order: Order, exact: bool) -> None:
        for text in texts:
            query = SearchQuery(text, order=order, exact=exact, size=20)
            result = archive.search(query)
            ids = [hit.story_id for hit in result.hits]
            assert len(ids) == len(set(ids)) == result.total, text
            assert set(ids) <= public, text
            for facet in result.facets:
                if not facet.overlaps:
                    assert sum(value.count for value in facet.values) == result.total, (text, facet.name)
                assert all(0 <= value.count <= result.total for value in facet.values)
            for hit in result.hits:
                assert "<" not in re.sub("</?mark>", "", hit.title + hit.snippet), text
            if archive.name != "embedded":
                other = embedded.search(query)
                assert {hit.story_id for hit in other.hits} == set(ids), text
                assert (other.relaxed, other.shortened) == (result.relaxed, result.shortened), text

    ask()


@given(st.one_of(*QUESTIONS.values()))
def test_what_is_read_is_words_alone(text: str) -> None:
    parsed = parse(text)
    for token in parsed.tokens:
        assert not SIGNS & set(token.exact + token.folded), text


@pytest.mark.parametrize("kind", QUESTIONS)
def test_the_pages_stand_everything(client, public: set[int], kind: str) -> None:  # type: ignore[no-untyped-def]
    """The page, its feed and its suggestions, whatever is typed: what a reader meant is looked for, too."""

    @settings(
        max_examples=25, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(QUESTIONS[kind])
    def ask(text: str) -> None:
        for address in ("/tim-kiem/", "/tim-kiem/rss/", "/tim-kiem/goi-y/"):
            assert client.get(address, {"q": text, "don-vi": text, "ky": text, "tu": text}).status_code == 200, address
            assert client.get(address, {"q": text}).status_code == 200, address

    ask()
    assert Story.objects.live().count() == len(public) + 1

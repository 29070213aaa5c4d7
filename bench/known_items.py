"""Known-item search: one story among many, asked for by five words of its headline in the ways that people type them.

The archive is generated: headlines are put together from a stock of set phrases with Zipf's frequencies, units' names
and some rare words, so that most of their words and pairs stand in hundreds of other stories, too. Asked is what
/tim-kiem/ and the API ask (``search.finding.find``): found means among the first ten.
"""

from __future__ import annotations

import json
import random
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from bench import Row, surroundings
from bench.search import percentile
from bench.surroundings import NAMES

STORIES = 20_000
QUERIES = 200
#: So many stories may fit three words of a headline and two of a text.
FEW = 5
#: Share among the first ten, and mean reciprocal rank where the issue names one.
MUST: dict[str, tuple[float, float]] = {
    "đúng như đã in": (0.99, 0.97),
    "không dấu": (0.99, 0.97),
    "NFD": (0.99, 0.97),
    "kiểu bỏ dấu khác": (0.99, 0.97),
    "chữ hoa": (0.99, 0.97),
    "thiếu một chữ cái": (0.97, 0.0),
    "3 từ tít + 2 từ bài": (0.96, 0.0),
    "phím Telex": (0.95, 0.0),
    "phím VNI": (0.95, 0.0),
}
_TELEX = {"\u0302": "{0}{0}", "\u0306": "{0}w", "\u031b": "{0}w"}
_VNI = {"\u0302": "{0}6", "\u0306": "{0}8", "\u031b": "{0}7"}
_TELEX_TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_VNI_TONES = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}


def keys(text: str, shapes: dict[str, str], tones: dict[str, str], d: str) -> str:
    """*text* as the keys that write it, the tone's last."""
    written = []
    for word in text.split():
        tone, letters = "", []
        for letter in unicodedata.normalize("NFD", word):
            if letter in tones:
                tone = tones[letter]
            elif letter in shapes:
                letters[-1] = shapes[letter].format(letters[-1])
            else:
                letters.append({"đ": d, "Đ": d.upper()}.get(letter, letter))
        written.append("".join(letters) + tone)
    return " ".join(written)


def old_style(text: str) -> str:
    """hoà as hòa, and the other way round."""
    for tone in _TELEX_TONES:
        for pair in ("oa", "oe", "uy"):
            new = pair[0] + unicodedata.normalize("NFC", pair[1] + tone)
            old = unicodedata.normalize("NFC", pair[0] + tone) + pair[1]
            text = " ".join(
                word.replace(new, old) if word.endswith(new) else word.replace(old, new) for word in text.split(" ")
            )
    return text


def without_a_letter(text: str, rng: random.Random) -> str:
    """One letter of one word of three or more is left out."""
    words = text.split()
    places = [place for place, word in enumerate(words) if len(word) > 2 and word.isalpha()] or [0]
    place = rng.choice(places)
    cut = rng.randrange(len(words[place]))
    words[place] = words[place][:cut] + words[place][cut + 1 :]
    return " ".join(words)


def main(argv: Sequence[str] = ()) -> list[Row]:
    """A row for each way of typing."""
    parser = surroundings.parser("bench.known_items")
    parser.add_argument("--stories", type=int, default=STORIES)
    parser.add_argument("--queries", type=int, default=QUERIES)
    parser.add_argument("--misses", action="store_true", help="print the queries whose story was not found")
    given = parser.parse_args(argv)
    if given.measure:
        print(json.dumps(_measure(given.on, given.stories, given.queries, misses=given.misses)))
        return []
    found = surroundings.measured("bench.known_items", argv, given.on)
    rows = []
    for what, (must, must_rank) in MUST.items():
        share, rank = found[what]["share"], found[what]["rank"]
        wanted = f"≥ {must:g}" + (f", MRR ≥ {must_rank:g}" if must_rank else "")
        rows.append(
            Row(f"{NAMES[given.on]}: {what} (MRR {rank:.3f}, p95 {found[what]['p95']:.0f} ms)", share, must, "", share,
                wanted, share >= must and rank >= must_rank)
        )  # fmt: skip
    return rows


def _headlines(count: int, names: Sequence[str], rng: random.Random) -> list[str]:
    from bench.writer import FREQUENT, vocabulary  # Django must be set up first

    words = vocabulary(rng, 2500)
    common = len(dict.fromkeys(FREQUENT))
    phrases = [" ".join(rng.sample(words[:common], rng.choice((2, 2, 3, 4)))) for _ in range(900)]
    weights = [1 / (place + 8) for place in range(len(phrases))]
    made = []
    for _number in range(count):
        parts = rng.choices(phrases, weights=weights, k=rng.choice((2, 3, 3)))
        parts.insert(rng.randrange(len(parts) + 1), rng.choice(words[common:]))
        parts.append(rng.choice(names) if rng.random() < 0.4 else rng.choice(words))
        headline = " ".join(parts)
        made.append(headline[0].upper() + headline[1:])
    return made


def _body_words(
    asked: Sequence[tuple[int, str, str]], entries: Sequence[tuple[int, str, str]], rng: random.Random
) -> list[str]:
    """Two words of each story's text that, with three of its headline, fit few other stories.

    Set phrases stand in hundreds of headlines here: with two everyday words beside them nobody could say which story
    was meant.
    """
    from column.text.normalize import fold  # Django must be set up first

    threes = {fold(" ".join(five.split()[:3])) for _pk, five, _text in asked}
    having: dict[str, list[set[str]]] = {three: [] for three in threes}
    for _pk, title, text in entries:
        words = fold(title).split()
        for three in {" ".join(words[start : start + 3]) for start in range(len(words) - 2)} & threes:
            having[three].append(set(fold(text).split()))
    found = []
    for _pk, five, text in asked:
        plain = [word for word in text.split() if word.isalpha()]
        others = having[fold(" ".join(five.split()[:3]))]
        best, fewest = "", len(others) + 1
        for _attempt in range(200):
            pair = rng.sample(plain, 2)
            fitting = sum({fold(word) for word in pair} <= words for words in others)
            if fitting < fewest:
                best, fewest = " ".join(pair), fitting
            if fitting <= FEW:
                break
        found.append(best)
    return found


def _measure(on: str, stories: int, queries: int, *, misses: bool) -> dict[str, Any]:
    surroundings.begin(on)
    # Inline: models exist only now.
    from wagtail.models import Page

    from column.departments.models import Department
    from column.stories.models import Story
    from column.text.normalize import fold
    from search.finding import find
    from search.models import ArchiveEntry
    from search.port import SearchQuery

    rng = random.Random(2017)  # noqa: S311 - which queries are asked is no secret
    surroundings.fill(stories)
    pages = list(Page.objects.filter(pk__in=Story.objects.values("pk")).only("pk", "title"))
    names = list(Department.objects.values_list("name", flat=True))
    for page, headline in zip(pages, _headlines(len(pages), names, rng), strict=True):
        page.title = headline
    Page.objects.bulk_update(pages, ["title"], batch_size=400)
    surroundings.index()
    entries = list(ArchiveEntry.objects.order_by("pk").values_list("pk", "title", "text"))
    # Words that stand in several headlines (“Khoa học và Công nghệ”) ask for none of them.
    fives = Counter(
        fold(" ".join(words[start : start + 5]))
        for _pk, title, _text in entries
        for words in [title.split()]
        for start in range(len(words) - 4)
    )
    asked: list[tuple[int, str, str]] = []
    while len(asked) < queries:
        pk, title, text = rng.choice(entries)
        words = title.split()
        if len(words) >= 5:
            start = rng.randrange(len(words) - 4)
            five = " ".join(words[start : start + 5])
            if fives[fold(five)] == 1:
                asked.append((pk, five, text))
    body = _body_words(asked, entries, rng)
    ways: dict[str, Callable[[int, str], str]] = {
        "đúng như đã in": lambda _n, five: five,
        "không dấu": lambda _n, five: fold(five),
        "NFD": lambda _n, five: unicodedata.normalize("NFD", five),
        "kiểu bỏ dấu khác": lambda _n, five: old_style(five),
        "chữ hoa": lambda _n, five: five.upper(),
        "thiếu một chữ cái": lambda _n, five: without_a_letter(five, rng),
        "3 từ tít + 2 từ bài": lambda n, five: f"{' '.join(five.split()[:3])} {body[n]}",
        "phím Telex": lambda _n, five: keys(five, _TELEX, _TELEX_TONES, "dd"),
        "phím VNI": lambda _n, five: keys(five, _VNI, _VNI_TONES, "d9"),
    }
    find(SearchQuery("khởi động từ vựngg"))
    found: dict[str, Any] = {}
    for what, typed in ways.items():
        ranks, seconds = [], []
        for number, (pk, five, _text) in enumerate(asked):
            text = typed(number, five)
            begin = time.perf_counter()
            hits = [hit.story_id for hit in find(SearchQuery(text)).result.hits]
            seconds.append(time.perf_counter() - begin)
            ranks.append(hits.index(pk) + 1 if pk in hits else 0)
            if misses and pk not in hits:
                print(f"{what}: {text!r} ({five!r}, {pk})", file=sys.stderr)
        found[what] = {
            "share": sum(rank > 0 for rank in ranks) / len(ranks),
            "rank": sum(1 / rank for rank in ranks if rank) / len(ranks),
            "p95": percentile(seconds, 0.95),
        }
    surroundings.leave()
    return found


if __name__ == "__main__":
    for row in main(sys.argv[1:]):
        print(row)

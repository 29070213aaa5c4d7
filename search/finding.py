"""What a reader meant: the archive's answer, and what to do when the words as typed are nowhere.

Stands above the port, so that it is the same whichever adapter answers. In order: the words as typed; the same out of
keyboard keys or an old font; the same with one letter mended. Another spelling is only searched for when no story has
the typed words, or has all of them but nowhere in a row while the other spelling stands somewhere in a row; the answer
says which was searched, and the reader can insist on the first.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from column.text.normalize import fold
from search import catalogue, keyboards, vocabulary
from search.adapters import archive
from search.expressions import Words, all_of, any_of
from search.port import DAYS, UNIT, SearchQuery, SearchResult
from search.query import ParsedQuery, parse
from search.words import archive_words, titles, words_of

#: From so many words on a typing error is looked for although some stories have all the words, scattered.
SURE_FROM = 4
MOST_SUGGESTIONS = 3
#: A query of so many words is compared with titles that have all of them but one; so many titles for each.
MENDED_FROM, MENDED_TO, LOOKED_AT = 3, 8, 200
MOST_MENDED = 2
#: Of 100: how alike a title or name must be to be proposed.
ALIKE = 62


@dataclass(frozen=True)
class Reading:
    """One way to read words typed without marks, and how many hits write them so."""

    words: str
    count: int


@dataclass(frozen=True)
class Dropped:
    """A filter whose dropping would find something."""

    name: str
    count: int
    query: SearchQuery


@dataclass(frozen=True)
class Finding:
    """*query* is what was searched: another text than was asked for when *corrected*."""

    asked: SearchQuery
    query: SearchQuery
    result: SearchResult
    suggestions: list[str] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)

    @property
    def corrected(self) -> bool:
        return self.query.text != self.asked.text


def find(query: SearchQuery) -> Finding:
    """Answer *query*; other spellings are tried unless it asks for the words exactly as typed."""
    catalogue.current()  # and with it the editors' synonyms, before the query is read by them
    parsed = parse(query.text)
    result = archive().search(query)
    if not parsed or query.as_typed:
        return Finding(query, query, result, readings=_readings(query, parsed, result), dropped=_dropped(query, result))
    weak = result.relaxed or not result.total
    if weak and _filtered(query):
        bare = archive().search(replace(query, chosen={}, since=None, until=None, page=1, size=1))
        # The words are somewhere: it is the filters that leave nothing.
        weak = bare.relaxed or not bare.total
    if weak or (len(parsed.tokens) >= SURE_FROM and not _in_a_row(parsed, result)):
        for text in _others(parsed, weak=weak):
            other = replace(query, text=text)
            found = archive().search(other)
            if found.total and not found.relaxed:
                return Finding(query, other, found)
    return Finding(
        query,
        query,
        result,
        suggestions=_suggestions(parsed) if not result.total and weak else [],
        readings=_readings(query, parsed, result),
        dropped=_dropped(query, result),
    )


def _filtered(query: SearchQuery) -> bool:
    return any(query.chosen.values()) or bool(query.since or query.until)


def _in_a_row(parsed: ParsedQuery, result: SearchResult) -> bool:
    """Whether some story has the whole query in a row; first asked of the title that leads the results."""
    phrase = parsed.phrase(exact=False)
    if phrase is None:
        return True
    wanted = f" {' '.join(token.folded for token in parsed.tokens)} "
    leading = titles([hit.story_id for hit in result.hits[:3]])
    if any(wanted in f" {words_of(title).folded} " for title in leading.values()):
        return True
    return any(True for _one in archive_words().ranked(phrase, exact=False, most=1))


def _others(parsed: ParsedQuery, *, weak: bool) -> Iterator[str]:
    """Other spellings of the whole query, the likeliest first. Unless *weak*, only those that stand in a row."""
    words = archive_words()
    typed = keyboards.variants(parsed.text)
    for text in typed:
        phrase = parse(text).phrase(exact=False)
        if weak or (phrase and any(True for _one in words.ranked(phrase, exact=False, most=1))):
            yield text
    if any(segment.quoted for segment in parsed.segments) or parsed.excluded:
        return
    yield from _with_one_word_mended(parsed)
    known = vocabulary.current()
    runs = known.corrections([token.folded for token in parsed.tokens])
    in_a_row = [
        run for run in runs if len(run) > 1 and any(True for _one in words.ranked(Words(run), exact=False, most=1))
    ]
    yield from (known.spelled(run) for run in in_a_row[:2])
    if weak:
        yield from (known.spelled(run) for run in runs[:2] if run not in in_a_row)


def _with_one_word_mended(parsed: ParsedQuery) -> list[str]:
    """The query as a title has it in a row but for one word, which is a letter off; as the title writes it.

    A word that no title has is the slip, if any mending is found for it. Of several the nearest in its own accents.
    """
    tokens = parsed.tokens
    run = tuple(token.folded for token in tokens)
    if not MENDED_FROM <= len(run) <= MENDED_TO:
        return []
    known = vocabulary.current().words
    found: dict[str, tuple[int, bool]] = {}
    for place in sorted(range(len(run)), key=lambda place: run[place] in known):
        if found and run[place] in known:
            break
        typed = parsed.text[tokens[place].start : tokens[place].end]
        # Letters went astray from what was typed: hy (hay) is read as hi.
        near = vocabulary.one_letter_off(run[place]) | vocabulary.one_letter_off(fold(typed))
        likely = [Words((word,)) for word in sorted(near) if word in known]
        if not likely:
            continue
        sides = [Words(side) for side in (run[:place], run[place + 1 :]) if side]
        ids = archive_words().titled(all_of([*sides, any_of([*likely])]), LOOKED_AT)
        for title in titles(ids).values():
            exact, folded = (form.split() for form in words_of(title))
            for start in range(len(folded) - len(run) + 1):
                there = folded[start : start + len(run)]
                same = all(there[at] == run[at] for at in range(len(run)) if at != place)
                if same and there[place] in near:
                    text = " ".join(exact[start : start + len(run)])
                    was, meant = _marks_apart(typed), _marks_apart(exact[start + place])
                    # The first letter is seldom wrong.
                    found[text] = (Levenshtein.distance(was, meant), was[0] != meant[0])
    return sorted(found, key=lambda text: found[text])[:MOST_MENDED]


def _marks_apart(word: str) -> str:
    """Marks as letters of their own: another letter with another mark is farther than a letter that is missing."""
    return unicodedata.normalize("NFD", word.lower())


def _suggestions(parsed: ParsedQuery) -> list[str]:
    """Titles and names of units that are most like what was typed. Two queries."""
    known = vocabulary.current()
    plain = fold(parsed.text)
    words = [token.folded for token in parsed.tokens]
    likely = {word for word in words if word in known.words}
    for word in words:
        if word not in known.words:
            near = (one for one in vocabulary.one_letter_off(word) if one in known.words)
            likely.update(sorted(near, key=lambda one: -known.words[one])[:3])
    names: dict[str, str] = {}
    if likely:
        asked = any_of([Words((word,)) for word in sorted(likely)])
        ids = list(archive_words().ranked(asked, exact=False, most=30))
        names |= {title: fold(title) for title in titles(ids).values()}
    names |= {value.label: fold(value.label) for value in catalogue.current().filters[UNIT].values()}
    alike = process.extract(plain, names, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=MOST_SUGGESTIONS)
    return [name for folded, _score, name in alike if folded != plain]


def _readings(query: SearchQuery, parsed: ParsedQuery, result: SearchResult) -> list[Reading]:
    """The ways to read one to three words typed without marks, counted under the filters as they stand."""
    tokens = parsed.tokens
    plain = all(token.exact == token.folded and token.folded.isalpha() and not token.parts for token in tokens)
    if not (0 < len(tokens) <= 3 and plain and result.total) or result.relaxed or query.exact:
        return []
    if any(segment.forms or segment.quoted for segment in parsed.segments):
        return []
    known, words = catalogue.current(), archive_words()
    allowed = known.allowed(query)
    if parsed.excluded:
        return []

    def count(run: tuple[str, ...]) -> int:
        asked = all_of([Words((one,)) for one in run])
        if allowed == known.everything:
            return words.count(asked, exact=True)
        return (known.stories(words.matching(asked, exact=True)) & allowed).bit_count()

    counted = [Reading(" ".join(run), count(run)) for run in vocabulary.current().readings(tokens)]
    found = sorted((one for one in counted if one.count), key=lambda one: -one.count)
    return found if len(found) > 1 else []


def _dropped(query: SearchQuery, result: SearchResult) -> list[Dropped]:
    """Where the filters leave nothing: which one, dropped, would find how many."""
    if result.total or not _filtered(query):
        return []
    first = replace(query, page=1, size=1)
    without = [
        (name, replace(first, chosen={**query.chosen, name: frozenset()}, branch=False, lineage=False))
        if name == UNIT
        else (name, replace(first, chosen={**query.chosen, name: frozenset()}))
        for name, values in query.chosen.items()
        if values
    ]
    if query.since or query.until:
        without.append((DAYS, replace(first, since=None, until=None)))
    found = [Dropped(name, archive().search(other).total, replace(other, size=query.size)) for name, other in without]
    return [one for one in found if one.count]

"""From what a reader typed to what the index is asked: words, quoted phrases, abbreviations written out.

Everything here is pure. Whatever is typed, the outcome is a list of words; there is no syntax to get wrong.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from column.text.normalize import nfc
from column.text.tokens import Token, tokenize
from search import synonyms
from search.expressions import Expression, Words, all_of, any_of
from search.synonyms import Form

MOST_CHARACTERS = 200
MOST_WORDS = 20
#: Ways to write the whole query that are looked for as a phrase.
MOST_PHRASES = 8
#: From so many words on, a story that lacks one (from seven: two) is offered where none has them all.
RELAX_FROM = 4

#: A hyphen before a word or a quotation, and a blank before the hyphen: the word is not wanted. “Lao động - Thương
#: binh” and 29-CT/TU have none.
_PIECE = re.compile(r'(?:(?:^|(?<=\s))(-))?(?:"([^"]*)"|“([^“”]*)”)|(?:^|(?<=\s))-(?=[^\W\d_])(\S+)')


@dataclass(frozen=True)
class Segment:
    """Some words of the query that mean one thing: a word, a known abbreviation or expansion, a quoted phrase."""

    tokens: tuple[Token, ...]
    forms: tuple[Form, ...] = ()
    #: The words of a multi-word expansion once more, each with its own synonyms.
    inner: tuple[Segment, ...] = ()
    quoted: bool = False

    @property
    def accented(self) -> bool:
        """Whether some word of it was typed with marks."""
        return any(token.exact != token.folded for token in self.tokens)

    def expression(self, *, exact: bool) -> Expression:
        """What to ask for, by the words' exact or folded forms."""
        own: Expression
        if self.inner and not self.quoted:
            own = all_of([part.expression(exact=exact) for part in self.inner])
        else:
            own = Words(_run(self.tokens, exact))
        others = [Words(run) for form in self.forms if (run := _form(form, exact))]
        return any_of([own, *others])

    def beginning(self) -> Expression:
        """As :meth:`expression` of the folded words, but the last word may go on: it is still being typed."""
        if len(self.inner) > 1:
            whole = [part.expression(exact=False) for part in self.inner[:-1]]
            own = all_of([*whole, self.inner[-1].beginning()])
        else:
            own = Words(_run(self.tokens, exact=False), prefix=True)
        return any_of([own, *(Words(run) for form in self.forms if (run := _form(form, exact=False)))])

    def runs(self, *, exact: bool) -> list[tuple[str, ...]]:
        """The ways to write it as words in a row."""
        return [_run(self.tokens, exact), *(run for form in self.forms if (run := _form(form, exact)))]


def _run(tokens: Sequence[Token], exact: bool) -> tuple[str, ...]:
    return tuple(token.exact if exact else token.folded for token in tokens)


def _form(form: Form, exact: bool) -> tuple[str, ...]:
    """Empty where the form without its marks would mean something else."""
    return form.exact if exact else () if form.exact_only else form.folded


def _segments(tokens: Sequence[Token], longest: int | None = None) -> Iterator[Segment]:
    place = 0
    known = synonyms.load()
    while place < len(tokens):
        size, forms = known.at(tokens, place, longest)
        run = tuple(tokens[place : place + max(size, 1)])
        inner = tuple(_segments(run, len(run) - 1)) if len(run) > 1 else ()
        yield Segment(run, tuple(forms), inner)
        place += len(run)


@dataclass(frozen=True)
class ParsedQuery:
    """*text* is what was kept of the input, *shortened* that something was not. False when it asks for no word."""

    text: str
    segments: tuple[Segment, ...]
    shortened: bool = False
    #: What a story must not have: “-word”, “-"a phrase"”.
    excluded: tuple[Segment, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.segments)

    @property
    def tokens(self) -> list[Token]:
        return [token for segment in self.segments for token in segment.tokens]

    def matching(self, *, exact: bool = False) -> Expression:
        """All the words, wherever they stand."""
        return all_of([segment.expression(exact=exact) for segment in self.segments])

    def beginning(self) -> Expression:
        """All the words, the last of them perhaps still being typed."""
        whole = [segment.expression(exact=False) for segment in self.segments[:-1]]
        return all_of([*whole, self.segments[-1].beginning()])

    def phrase(self, *, exact: bool) -> Expression | None:
        """The whole query as one run of words, in its several spellings; None for a single word."""
        if len(self.tokens) < 2:
            return None
        choices = [segment.runs(exact=exact) for segment in self.segments]
        runs = itertools.islice(itertools.product(*choices), MOST_PHRASES)
        return any_of([Words(tuple(itertools.chain.from_iterable(run))) for run in runs])

    def runs_of_three(self, *, exact: bool) -> Expression | None:
        """Any three neighbouring words of it in a row; None for a query of fewer than four."""
        words = _run(self.tokens, exact)
        if len(words) < RELAX_FROM:
            return None
        return any_of([Words(words[start : start + 3]) for start in range(len(words) - 2)])

    @property
    def typed_marks(self) -> Expression | None:
        """The segments typed with marks, by their exact forms; None unless others were typed without any.

        In “Đảng bo thanh pho” only the first word says which letters are meant.
        """
        accented = [segment for segment in self.segments if segment.accented]
        if not accented or len(accented) == len(self.segments):
            return None
        return all_of([segment.expression(exact=True) for segment in accented])

    @property
    def only_exact(self) -> bool:
        """Whether a form stands in the query that the folded words must not be asked for."""
        return any(form.exact_only for segment in self.segments for form in segment.forms)

    @property
    def may_lack(self) -> int:
        """How many of the segments a story may lack when none has them all; 0 where that would mislead."""
        size = len(self.segments)
        return 0 if size < RELAX_FROM else 1 if size < 7 else 2

    @property
    def indispensable(self) -> tuple[Segment, ...]:
        """Segments that even a relaxed search keeps: numbers of papers, dates, quoted phrases."""
        return tuple(
            segment for segment in self.segments if segment.quoted or any(token.parts for token in segment.tokens)
        )


def parse(typed: str) -> ParsedQuery:
    """Read a query. At most 200 characters and 20 words are kept; never raises."""
    text = " ".join(nfc(typed[: MOST_CHARACTERS * 4]).split())
    shortened = len(text) > MOST_CHARACTERS or len(typed) > MOST_CHARACTERS * 4
    text = text[:MOST_CHARACTERS]
    segments: list[Segment] = []
    excluded: list[Segment] = []
    left, done = MOST_WORDS, 0

    def keep(tokens: list[Token], quoted: bool) -> None:
        nonlocal left, shortened
        shortened = shortened or len(tokens) > left
        kept = tokens[:left]
        left -= len(kept)
        if not quoted:
            segments.extend(_segments(kept))
        elif kept:
            size, forms = synonyms.load().at(kept, 0)
            whole = tuple(forms) if size == len(kept) else ()
            segments.append(Segment(tuple(kept), whole, quoted=True))

    for match in _PIECE.finditer(text):
        keep(tokenize(text[done : match.start()]), quoted=False)
        tokens = tokenize(match[2] or match[3] or match[4] or "")
        if not match[1] and match[4] is None:
            keep(tokens, quoted=True)
        elif tokens and len(excluded) < MOST_WORDS:
            excluded.append(Segment(tuple(tokens[:MOST_WORDS]), quoted=True))
        done = match.end()
    keep(tokenize(text[done:]), quoted=False)
    return ParsedQuery(text, tuple(segments), shortened, tuple(excluded))

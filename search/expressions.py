"""What is asked of a full-text table, apart from how either database spells it.

Leaves hold analysed words only (letters and digits), and every one is quoted all the same: no input of a reader
can become syntax.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One word, or several in a row. *prefix*: the last may go on."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Expression, ...]


Expression = Words | AllOf | AnyOf


def all_of(parts: list[Expression]) -> Expression:
    """The parts together; one alone stays as it is."""
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def any_of(parts: list[Expression]) -> Expression:
    """Any of the parts, repeats dropped; one alone stays as it is."""
    unique = tuple(dict.fromkeys(parts))
    return unique[0] if len(unique) == 1 else AnyOf(unique)


def fts5(expression: Expression) -> str:
    """Spell *expression* for SQLite's FTS5."""
    if isinstance(expression, Words):
        phrase = " ".join(expression.words).replace('"', "")
        return f'"{phrase}" *' if expression.prefix else f'"{phrase}"'
    joint = " AND " if isinstance(expression, AllOf) else " OR "
    return "(" + joint.join(fts5(part) for part in expression.parts) + ")"


def _lexeme(word: str, exact: bool) -> str:
    quoted = word.replace("\\", "\\\\").replace("'", "''")
    return f"'={quoted}'" if exact else f"'{quoted}'"


def tsquery(expression: Expression, *, exact: bool, weights: str = "") -> str:
    """Spell *expression* as the text of a PostgreSQL ``tsquery``; exact words carry ``=`` before them.

    *weights* (letters of ``ABCD``) narrows the search to fields stored with them.
    """
    if isinstance(expression, Words):
        lexemes = [_lexeme(word, exact) + (f":{weights}" if weights else "") for word in expression.words]
        if expression.prefix:
            lexemes[-1] += "*" if weights else ":*"
        phrase = " <-> ".join(lexemes)
        return f"({phrase})" if len(lexemes) > 1 else phrase
    joint = " & " if isinstance(expression, AllOf) else " | "
    return "(" + joint.join(tsquery(part, exact=exact, weights=weights) for part in expression.parts) + ")"


def tsvector(fields: list[tuple[str, str, str]], gap: int = 16, last: int = 16_383) -> str:
    """Return the text of a PostgreSQL ``tsvector``: both forms of each word at one position.

    *fields* are ``(exact words, folded words, weight A–D)``, words joined by blanks. A gap between fields keeps a
    phrase from running on; positions end at *last*, PostgreSQL's own limit.
    """
    lexemes: dict[str, list[str]] = {}
    place = 0
    for exact, folded, weight in fields:
        for word, plain in zip(exact.split(), folded.split(), strict=True):
            place = min(place + 1, last)
            mark = f"{place}{weight}"
            for lexeme in (_lexeme(word, True), _lexeme(plain, False)):
                marks = lexemes.setdefault(lexeme, [])
                if len(marks) < 255:
                    marks.append(mark)
        place = min(place + gap, last)
    return " ".join(f"{lexeme}:{','.join(marks)}" for lexeme, marks in lexemes.items())

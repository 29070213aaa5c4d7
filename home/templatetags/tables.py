"""The parts of a tally's screen that repeat by the hundred, written straight: a template would take longer than SQL."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString

from column.tallies.choosing import Choice, Group
from column.tallies.shown import Line
from column.tallies.stories import StoryLine
from column.tallies.table import Figure
from column.text.dates import format_day, format_number

register = template.Library()

_ZERO = '<td class="num zero">0</td>'


@register.simple_tag
def cells(line: Line) -> SafeString:
    """The cells of a line, its total last; every number that is not zero opens its list."""
    return SafeString("".join([*map(_cell, line.figures), _total(line.total)]))


def _cell(figure: Figure) -> str:
    if not figure.number:
        return _ZERO
    heat = f" heat-{figure.heat}" if figure.heat else ""
    return f'<td class="num{heat}">{_linked(figure, format_number(figure.number))}</td>'


def _total(figure: Figure) -> str:
    if not figure.number:
        return '<td class="num total zero">0</td>'
    return f'<td class="num total">{_linked(figure, f"<strong>{format_number(figure.number)}</strong>")}</td>'


def _linked(figure: Figure, words: str) -> str:
    return f'<a href="{escape(figure.url)}">{words}</a>' if figure.url else words


@register.simple_tag
def story_lines(lines: Iterable[StoryLine]) -> SafeString:
    """The lines of a list of stories: day, kind, headline, names, and the rows by which each counts."""
    return SafeString("\n".join(map(_story, lines)))


def _story(line: StoryLine) -> str:
    rows = "".join(f"<div>{escape(row)}</div>" for row in line.rows)
    return (
        f'<tr><td><time datetime="{line.day.isoformat()}">{format_day(line.day)}</time></td>'
        f'<td>{escape(line.kind)}</td><th scope="row"><a href="{escape(line.url)}">{escape(line.headline)}</a></th>'
        f"<td>{escape(line.bylines)}</td><td>{rows}</td></tr>"
    )


@register.simple_tag
def options(groups: Iterable[Group]) -> SafeString:
    """The groups of a ``select``."""
    return SafeString("".join(
        f'<optgroup label="{escape(group.label)}">{"".join(map(_option, group.choices))}</optgroup>'
        for group in groups
    ))  # fmt: skip


def _option(one: Choice) -> str:
    chosen = " selected" if one.chosen else ""
    return f'<option value="{escape(one.word)}"{chosen}>{escape(one.label)}</option>'


@register.simple_tag
def checks(name: str, choices: Iterable[Choice]) -> SafeString:
    """A box for each choice; ``name`` is the parameter that they send."""
    key = escape(name)
    return SafeString("\n".join(
        f'<label class="check"><input type="checkbox" name="{key}" value="{escape(one.word)}"'
        f'{" checked" if one.chosen else ""}> {escape(one.label)}</label>'
        for one in choices
    ))  # fmt: skip

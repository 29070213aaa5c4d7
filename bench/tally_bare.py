# ruff: noqa: S608 - our own numbers and words stand in this SQL, nobody else's
"""The other side of ``bench.tallies``: what one would write by hand for the same figures, lines and names.

SQL without the ORM, a template without a frame, compiled once. A hand-written page shows what ours shows: headings,
names, numbers as Vietnamese prints them, a link behind every number, totals; of a list all five columns. A list is
measured against a whole page written by hand, too: behind the same login and in the site's frame (:func:`pages`).
"""

from __future__ import annotations

from functools import cache
from html import escape
from typing import Any

YEAR = 2017
LINES, STORIES = 50, 50

FROM = (
    "FROM column_coverage c JOIN column_story s ON s.page_ptr_id = c.story_id "
    "JOIN wagtailcore_page p ON p.id = s.page_ptr_id "
    "WHERE p.live AND s.issue_date IS NOT NULL AND c.role = 'subject'"
)
_IN_YEAR = f" AND s.issue_date BETWEEN '{YEAR}-01-01' AND '{YEAR}-12-31'"

_TABLE = """<!DOCTYPE html><table>
<thead><tr><th></th>{% for name in columns %}<th>{{ name }}</th>{% endfor %}</tr></thead>
{% for name, cells in rows %}<tr><th>{{ forloop.counter }}. {{ name }}</th>{% for number, url in cells %}
<td>{% if number %}<a href="{{ url }}">{{ number }}</a>{% else %}0{% endif %}</td>{% endfor %}</tr>
{% endfor %}</table>"""
_LIST = """<p>{{ stories }} tin, bài · {{ mentions }} lượt</p><table>
{% for day, kind, url, title, names, about in rows %}<tr><td>{{ day }}</td><td>{{ kind }}</td>
<th><a href="{{ url }}">{{ title }}</a></th><td>{{ names }}</td><td>{{ about }}</td></tr>
{% endfor %}</table>"""


@cache
def _template(source: str) -> Any:
    from django.template import Template

    return Template(source)


def _rendered(source: str, request: Any = None, **values: Any) -> str:
    from django.template import Context, RequestContext

    context = Context(values) if request is None else RequestContext(request, values)
    made: str = _template(source).render(context)
    return made


def sql(statement: str) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def quarters() -> str:
    """Cells, lines, columns and totals of every quarter, each distinct."""
    from django.db import connection

    if connection.vendor == "postgresql":
        quarter = "date_trunc('quarter', s.issue_date)"
        return (
            f"SELECT c.department_id, c.criterion_id, {quarter}, count(DISTINCT c.story_id) {FROM} "
            "GROUP BY GROUPING SETS ((1, 2, 3), (1, 3), (2, 3), (3))"
        )
    quarter = "substr(s.issue_date, 1, 4) || ((substr(s.issue_date, 6, 2) + 2) / 3)"
    return " UNION ALL ".join(
        f"SELECT {unit}, {criterion}, {quarter} AS q, count(DISTINCT c.story_id) {FROM} GROUP BY 1, 2, 3"
        for unit in ("c.department_id", "NULL") for criterion in ("c.criterion_id", "NULL")
    )  # fmt: skip


def _of_year() -> str:
    from django.db import connection

    if connection.vendor == "postgresql":
        sets = "GROUP BY GROUPING SETS ((1, 2), (1), (2), ())"
        return f"SELECT c.department_id, c.criterion_id, count(DISTINCT c.story_id) {FROM}{_IN_YEAR} {sets}"
    return " UNION ALL ".join(
        f"SELECT {unit}, {criterion}, count(DISTINCT c.story_id) {FROM}{_IN_YEAR} GROUP BY 1, 2"
        for unit in ("c.department_id", "NULL") for criterion in ("c.criterion_id", "NULL")
    )  # fmt: skip


def screen() -> str:
    """The year's cells, lines, columns and total by one statement, and the first fifty lines and the totals."""
    cells = {(unit, criterion): number for unit, criterion, number in sql(_of_year())}
    units = sql("SELECT id, name, code FROM column_department ORDER BY report_group, sort_key")
    criteria = [
        *sql("SELECT k.id, k.name, k.slug FROM column_criterion k JOIN column_criteriongroup g ON g.id = k.group_id "
             'ORDER BY g.codebook_id, g."order", k."order"'),
        (None, "Tổng số", ""),
    ]  # fmt: skip
    lines = [(None, "Tổng số", ""), *[unit for unit in units if (unit[0], None) in cells][:LINES]]
    shown = [
        (name, [
            (f"{cells.get((unit, criterion), 0):,}".replace(",", "."),
             f"/tong-hop/danh-sach/?don-vi={code}&tieu-chi={slug}&ky={YEAR}&vai-tro=doi-tuong")
            for criterion, _name, slug in criteria
        ])
        for unit, name, code in lines
    ]  # fmt: skip
    return _rendered(_TABLE, columns=[name for _key, name, _slug in criteria], rows=shown)


def pages(cell: Any) -> list[Any]:
    """Addresses of the list's first and last page as views written by hand: ``/bare/first/``, ``/bare/last/``."""
    from django.http import HttpRequest, HttpResponse
    from django.urls import path

    from column.tallies.access import staff_only

    def view(request: HttpRequest, which: str) -> HttpResponse:
        return HttpResponse(stories(cell, last=which == "last", request=request))

    return [path("bare/<slug:which>/", staff_only()(view))]


def stories(cell: Any, *, last: bool, request: Any = None) -> str:
    """How many there are, one page of them with their names and rows; in the site's frame where there is a request."""
    unit, criterion = sql(
        "SELECT d.id, k.id FROM column_department d, column_criterion k "
        f"WHERE d.code = '{cell.departments[0]}' AND k.slug = '{cell.criteria[0]}'"
    )[0]
    where = f"{FROM} AND c.department_id = {unit} AND c.criterion_id = {criterion}"
    number, mentions = sql(f"SELECT count(DISTINCT c.story_id), count(*) {where}")[0]
    offset = (number - 1) // STORIES * STORIES if last else 0
    found = sql(
        f"SELECT p.id, s.issue_date, s.kind, p.title, p.slug {where} "
        f"ORDER BY s.issue_date DESC, p.first_published_at DESC, p.id DESC LIMIT {STORIES} OFFSET {offset}"
    )
    some = ", ".join(str(story[0]) for story in found)
    names: dict[int, list[str]] = {}
    for key, name in sql(
        "SELECT b.story_id, n.name FROM column_bylinecredit b JOIN column_byline n ON n.id = b.byline_id "
        f"WHERE b.story_id IN ({some}) ORDER BY b.story_id, b.sort_order"
    ):
        names.setdefault(key, []).append(name)
    about: dict[int, list[str]] = {}
    for key, one, other in sql(
        "SELECT c.story_id, d.name, k.name FROM column_coverage c JOIN column_department d ON d.id = c.department_id "
        f"JOIN column_criterion k ON k.id = c.criterion_id WHERE c.story_id IN ({some}) "
        f"AND c.department_id = {unit} AND c.criterion_id = {criterion} AND c.role = 'subject'"
    ):
        about.setdefault(key, []).append(f"{one} – {other}")
    return _rendered(
        _LIST if request is None else f'{{% extends "base.html" %}}{{% block content %}}{_LIST}{{% endblock %}}',
        request=request, stories=number, mentions=mentions,
        rows=[
            (f"{day:%d/%m/%Y}", kind, f"/x/{escape(slug)}/", title, ", ".join(names.get(key, ())),
             "; ".join(about.get(key, ())))
            for key, day, kind, title, slug in found
        ],
    )  # fmt: skip

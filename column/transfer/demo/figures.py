"""What the demo's articles set apart, as reported figures; those of one unit in one wording make an indicator."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from column.coverage.models import Coverage
from column.departments.models import Department
from column.figures.models import Indicator, ReportedFigure
from column.figures.rules import parse_printed
from column.people.models import User
from column.stories.models import Article
from column.text.slugs import slugify_vi

#: “24 tấn”, “95,3%”: the number as printed, and what is counted.
_PRINTED = re.compile(r"([\d.,]+(?: ?%)?) ?(.*)")
#: So many different figures make a line worth drawing.
LEAST = 4


def report_figures(user: User) -> None:
    """Enter the figures of all published articles; their coverage must be there, it says of whom they speak."""
    subjects = Coverage.objects.subjects().filter(department__isnull=False).order_by("-pk")
    unit_of = dict(subjects.values_list("story", "department"))
    series: dict[tuple[int | None, str], list[ReportedFigure]] = defaultdict(list)
    for article in Article.objects.filter(live=True, issue_date__isnull=False).order_by("issue_date"):
        for figure in _figures(article, user):
            series[unit_of.get(article.pk), figure.about].append(figure)
    units = Department.objects.in_bulk()
    for (unit, about), figures in series.items():
        drawn = None
        if unit and len({figure.printed for figure in figures}) >= LEAST:
            name = f"{about[:1].upper()}{about[1:]} – {units[unit].short_name or units[unit].name}"
            # By code: a unit and the one that came after it may share their name.
            slug = slugify_vi(f"{units[unit].code} {about}", max_length=80)
            drawn = Indicator.objects.create(slug=slug, name=name, unit=figures[0].unit)
        for figure in figures:
            figure.indicator = drawn
            figure.save()


def _figures(article: Article, user: User) -> Iterator[ReportedFigure]:
    assert article.issue_date is not None
    for block in article.body:
        if block.block_type != "number":
            continue
        match = _PRINTED.fullmatch(block.value["value"])
        if match and parse_printed(match[1]):
            yield ReportedFigure(
                story=article, printed=match[1], unit=match[2] or ("%" if "%" in match[1] else ""),
                about=block.value["text"].removeprefix("là "),
                measured_on=f"{article.issue_date:%Y-%m}", reported_by=block.value["source"],
                passage=f"{block.value['value']} {block.value['text']}", entered_by=user,
            )  # fmt: skip

"""That a reader finds a new story by its headline; the publication proof asks here after each go-live."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from column.schedule.proof.probes import Facts, Fetch, Finding, register
from column.stories.models import Story
from column.text.dates import local
from column.text.tokens import tokenize
from search import asking
from search.port import PERIOD, Order, SearchQuery
from search.query import MOST_CHARACTERS, MOST_WORDS

#: Other stories may bear the same headline: as many pages of ten are turned.
MOST_PAGES = 6
_QUOTES = re.compile('["“”]')


def connect() -> None:
    """Called once, when the apps are ready."""
    register("search", gettext_lazy("Tìm kiếm"), found_by_headline)


def found_by_headline(facts: Facts, fetch: Fetch) -> Finding:
    """The headline, quoted, finds the story among those of its year; a restricted one is not found."""
    words = [token for token in tokenize(facts.headline) if token.end <= MOST_CHARACTERS - 2][:MOST_WORDS]
    if not words:
        return Finding(True, _("Tít không có từ nào để tìm."), asking.PATH)
    story = Story.objects.get(pk=facts.story_id)
    day = story.issue_date or local(facts.version).date()
    query = SearchQuery(
        text=f'"{_QUOTES.sub(" ", facts.headline[: words[-1].end])}"',
        chosen={PERIOD: frozenset({str(day.year)})},
        order=Order.NEWEST,
    )
    first = asking.address(query)
    for page in range(1, MOST_PAGES + 1):
        path = first if page == 1 else f"{first}&trang={page}"
        answer = fetch(path)
        if answer.status != 200:
            return Finding(False, _("Trang trả về mã %(status)s.") % {"status": answer.status}, path)
        if f'href="{facts.path}"' in answer.text:
            detail = (
                _("Hạn chế xem, nhưng tìm ra được.") if facts.restricted else _("Tìm theo tít ra đúng tin, bài này.")
            )
            return Finding(not facts.restricted, detail, path)
        if f"trang={page + 1}" not in answer.text:
            break
    detail = _("Hạn chế xem: không tìm ra.") if facts.restricted else _("Tìm theo tít mà không ra.")
    return Finding(facts.restricted, detail, first)

"""The filter form's long lists as HTML.

A list may hold every unit of the city. Made by the template it costs twelve milliseconds of a page that takes
forty; made here, half of one.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from column.text.dates import format_number
from search.port import PERIOD, UNIT, Facet, FacetValue, SearchQuery


def choices(facet: Facet, query: SearchQuery) -> SafeString:
    """List items with a check box, the value's name and its count; the boxes belong to the form ``tim``.

    Years carry a bar as long as their count: the histogram that filters.
    """
    most = max((one.count for one in facet.values if not one.within), default=0) if facet.name == PERIOD else 0
    items = [_widening(query)] if facet.name == UNIT else []
    items += [
        f"<li{_classes(one)}>{_box(facet.name, one.value, one.label, chosen=one.chosen)}"
        f' <span class="count">{format_number(one.count)}</span>{_bar(one, most)}</li>'
        for one in facet.values
    ]
    return mark_safe("".join(items))


@lru_cache(maxsize=10_000)
def _box(name: str, value: str, label: str, *, chosen: bool) -> str:
    checked = " checked" if chosen else ""
    return (
        f'<label class="check"><input type="checkbox" form="tim" name="{escape(name)}" value="{escape(value)}"'
        f"{checked}> {escape(label)}</label>"
    )


def _classes(one: FacetValue) -> str:
    found = [name for name, on in (("is-part", bool(one.within)), ("is-empty", not one.count)) if on]
    return f' class="{" ".join(found)}"' if found else ""


def _bar(one: FacetValue, most: int) -> str:
    if not most or one.within:
        return ""
    width = round(100 * one.count / most, 1)
    return (
        '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<rect width="{width}" height="4"/></svg>'
    )


def _widening(query: SearchQuery) -> str:
    """What the chosen units stand for; without one chosen it says nothing."""
    boxes = (
        ("tien-than", _("Gồm đơn vị tiền thân"), query.lineage),
        ("nhanh", _("Gồm đơn vị trực thuộc"), query.branch),
    )
    return "".join(f'<li class="is-option">{_box(name, "1", label, chosen=on)}</li>' for name, label, on in boxes)

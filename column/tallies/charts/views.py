"""*Hình*: the pictures of a tally on a screen of their own, and each of them as a file."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from column.coverage.listing import chips
from column.coverage.selection import Selection
from column.tallies.access import staff_only
from column.tallies.charts.drawing import NotDrawn
from column.tallies.charts.of_tally import pictures_of
from column.tallies.charts.picture import Picture, draw_all
from column.tallies.choosing import Form, as_sent
from column.tallies.moving import PICTURES, tabs
from column.tallies.views import asked_of, canonical
from column.text.dates import format_moment

_SVG, _PNG = "svg", "png"


@staff_only()
def pictures(request: HttpRequest) -> HttpResponseBase:
    if (cleaned := as_sent(request.GET)) is not None:
        return HttpResponseRedirect(canonical(cleaned, PICTURES))
    today, at = timezone.localdate(), timezone.now()
    asked, problems = asked_of(request.GET)
    chosen = Selection.of(asked.filter, problems)
    found = [] if chosen.problems else pictures_of(asked, today=today, at=at)
    return render(
        request,
        "tallies/pictures.html",
        {
            "asked": asked,
            "problems": chosen.problems,
            "sentence": chosen.sentence(),
            "chips": chips(chosen, PICTURES, *asked.pairs()),
            "tabs": tabs(asked, "pictures"),
            "pictures": [
                {
                    "picture": picture,
                    "svg": svg,
                    "svg_url": asked.url(f"{PICTURES}{picture.key}.{_SVG}"),
                    "png_url": asked.url(f"{PICTURES}{picture.key}.{_PNG}"),
                }
                for picture, svg in zip(found, _inline(found), strict=True)
            ],
            "made_at": format_moment(at),
            "form": Form.of(asked, today),
            "action": PICTURES,
            "open": bool(chosen.problems),
            "noindex": True,
        },
        status=400 if chosen.problems else 200,
    )


@staff_only()
def picture(request: HttpRequest, key: str, ending: str) -> HttpResponseBase:
    """One picture as a file."""
    asked, problems = asked_of(request.GET)
    chosen = Selection.of(asked.filter, problems)
    if chosen.problems:
        return HttpResponse("\n".join(chosen.problems), status=400, content_type="text/plain; charset=utf-8")
    found = pictures_of(asked, today=timezone.localdate(), at=timezone.now())
    one = next((one for one in found if one.key == key), None)
    if one is None:
        raise Http404
    try:
        data: Any = one.png() if ending == _PNG else one.svg()
    except NotDrawn:
        words = _("Lúc này chưa vẽ được hình; hãy thử lại sau.")
        return HttpResponse(words, status=503, content_type="text/plain; charset=utf-8")
    kind = "image/png" if ending == _PNG else "image/svg+xml"
    headers = {"Content-Disposition": f'attachment; filename="{key}.{ending}"'}
    return HttpResponse(data, content_type=kind, headers=headers)


def _inline(found: list[Picture]) -> list[str]:
    """The pictures for the page, drawn together; empty where they cannot be drawn now: the tables say it all."""
    try:
        draw_all(found)
        # Our own picture: every word in it was escaped when it was drawn.
        return [mark_safe(one.inline()) for one in found]
    except NotDrawn:
        return [""] * len(found)

"""What readers looked for in vain: noted as words and a count for each day, nothing else, for ninety days.

The page that found nothing carries its words under a signature; a small script hands them back. So looking at a page
writes nothing, robots without a script are not counted, and nobody can have words noted that our own page did not fail
to find. Browsers that ask not to be followed are not.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from column.text.dates import local
from column.text.tokens import tokenize
from search.editors.models import MissedSearch

KEPT = timedelta(days=90)
#: A flood of different words ends here; the report is for what many look for.
MOST_A_DAY = 2000
LONGEST = 80
#: The page may have been kept for a while before it was shown.
_VALID = timedelta(days=2)
_SALT = "search.missed"
_ROBOT = re.compile(r"bot|crawl|spider|slurp|preview|headless|python|curl|wget|scan|monitor", re.IGNORECASE)
#: Telephone and account numbers, addresses of mail: people's own affairs.
_PRIVATE = re.compile(r"\d[\d\s.-]{5,}\d|@")


def token(text: str) -> str:
    """The words of a search in vain, signed; empty where they are not to be noted."""
    if _PRIVATE.search(text):
        return ""
    words = " ".join(token.exact for token in tokenize(text))[:LONGEST].strip()
    return signing.dumps(words, salt=_SALT, compress=True) if words else ""


def _asks_not_to_be_followed(request: HttpRequest) -> bool:
    agent = request.headers.get("User-Agent", "")
    return (
        not agent
        or bool(_ROBOT.search(agent))
        or request.headers.get("DNT") == "1"
        or request.headers.get("Sec-GPC") == "1"
    )


@csrf_exempt  # The signature says that the words come from our page; a form's token would keep it out of the cache.
@require_POST
def note(request: HttpRequest) -> HttpResponse:
    """Note one search in vain; always answers 204, whatever came."""
    if not _asks_not_to_be_followed(request) and not request.user.is_authenticated:
        try:
            words = signing.loads(request.POST.get("tim", "")[:500], salt=_SALT, max_age=_VALID)
        except signing.BadSignature:
            words = ""
        if words:
            count(words, local(timezone.now()).date())
    return HttpResponse(status=204)


def count(words: str, day: date) -> None:
    """Count *words* once more on *day*."""
    once_more = MissedSearch.objects.filter(day=day, words=words)
    if once_more.update(times=F("times") + 1):
        return
    if MissedSearch.objects.filter(day=day).count() >= MOST_A_DAY:
        return
    try:
        with transaction.atomic():
            MissedSearch.objects.create(day=day, words=words)
    except IntegrityError:  # another reader was the first
        once_more.update(times=F("times") + 1)


def forget_old(now: datetime) -> int:
    """The worker's job: what is older than ninety days goes."""
    return MissedSearch.objects.filter(day__lt=local(now).date() - KEPT).delete()[0]

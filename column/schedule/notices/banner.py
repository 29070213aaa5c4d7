"""What must be seen on every page of the admin: lines above it, gathered from whoever registers a hook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from column.enums import AlarmKind
from column.schedule.notices.models import Alarm

#: A function that gets the request and returns the banners to show; it costs one query at most.
HOOK = "column_desk_banners"
#: So many alarms are told one by one; the page of alarms has them all.
MOST = 3

register = template.Library()


@dataclass(frozen=True)
class Banner:
    text: str
    url: str = ""
    link: str = ""
    icon: str = "warning"


@register.inclusion_tag("schedule/notices/banners.html", takes_context=True)
def desk_banners(context: Any) -> dict[str, Any]:
    """The banners of a page of the admin; none where there is no request (a page that says 500)."""
    request: HttpRequest | None = context.get("request")
    if request is None or not request.user.is_authenticated:
        return {"banners": []}
    return {"banners": [banner for show in hooks.get_hooks(HOOK) for banner in show(request)]}


def sees_alarms(user: Any) -> bool:
    """Whoever may act on one, and whoever fills the slots: they name stories that not everybody may see."""
    return user.has_perm("column.schedule_story") or user.has_perm("column.change_slot")


def alarm_banners(request: HttpRequest) -> list[Banner]:
    """The open alarms. One that somebody has seen and that nothing more can be done about at once is not repeated."""
    if not sees_alarms(request.user):
        return []
    patient = [AlarmKind.MISSED, AlarmKind.EMPTY]
    found = Alarm.objects.open().exclude(seen_at__isnull=False, kind__in=patient).select_related("seen_by")
    shown = list(found[: MOST + 1])
    page = reverse("schedule_alarms")
    banners = [Banner(_told(alarm), f"{page}#bao-dong-{alarm.pk}", _("Xem và xử lý")) for alarm in shown[:MOST]]
    if len(shown) > MOST:
        banners.append(Banner(_("Còn những báo động khác."), page, _("Xem tất cả")))
    return banners


def _told(alarm: Alarm) -> str:
    told = _("Báo động: %(title)s.") % {"title": alarm.title}
    if alarm.seen_by is not None:
        told = f"{told} {_('%(name)s đã thấy.') % {'name': alarm.seen_by.get_full_name()}}"
    return told

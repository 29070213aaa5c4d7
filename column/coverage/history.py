"""The history of a story's coverage, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter

from column.coverage.models import CoverageChange, Criterion
from column.departments.models import Department
from column.enums import ChangeAction, CoverageRole, DocumentRelation, Tone
from column.stories.models import Story
from column.text.dates import format_moment

_VIA = {
    "editor": "",
    "import": gettext_lazy("nhập kho"),
    "bulk": gettext_lazy("gắn hàng loạt"),
    "bulk-undo": gettext_lazy("hoàn tác gắn hàng loạt"),
    "merge": gettext_lazy("gộp đơn vị trùng"),
    "text": gettext_lazy("do sửa nội dung"),
    "demo": gettext_lazy("dữ liệu minh họa"),
}
SHOWN = 50
_WORDS = {
    ChangeAction.ADDED: gettext_lazy("thêm"),
    ChangeAction.CHANGED: gettext_lazy("sửa"),
    ChangeAction.REMOVED: gettext_lazy("bỏ"),
    ChangeAction.STALE: gettext_lazy("cần xem lại"),
    ChangeAction.CONFIRMED: gettext_lazy("xác nhận"),
}


class CodedLog(LogFormatter):
    """What the page's history says of a change of coverage."""

    label = gettext_lazy("Gắn đơn vị, tiêu chí")

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        parts = [f"{_WORDS[ChangeAction(action)]} {what}" for action, what in data["lines"]]
        if data["more"]:
            parts.append(_("và %(more)d thay đổi khác") % {"more": data["more"]})
        via = _VIA.get(data["via"], data["via"])
        return _("Gắn đơn vị, tiêu chí: %(what)s") % {"what": "; ".join(parts)} + (f" ({via})" if via else "")


@dataclass(frozen=True)
class Line:
    moment: str
    who: str
    sentence: str
    via: str


def history_of(story: Story, limit: int = SHOWN) -> list[Line]:
    """The newest changes first (three queries)."""
    changes = list(
        CoverageChange.objects.filter(story=story.pk)
        .select_related("changed_by")
        .order_by("-changed_at", "-pk")[:limit]
    )
    units = dict(Department.objects.order_by().values_list("code", "name"))
    criteria = {one.slug: one.label for one in Criterion.objects.in_order()}
    return [
        Line(
            format_moment(change.changed_at),
            change.changed_by.get_full_name() if change.changed_by else "—",
            _sentence(change, units, criteria),
            str(_VIA.get(change.via, change.via)),
        )
        for change in changes
    ]


def _sentence(change: CoverageChange, units: dict[str, str], criteria: dict[str, str]) -> str:
    state: dict[str, Any] = change.after or change.before
    what = _subject(state, units, criteria)
    if change.action == ChangeAction.ADDED:
        return _("Thêm %(what)s") % {"what": what + _manner(state)}
    if change.action == ChangeAction.REMOVED:
        return _("Bỏ %(what)s") % {"what": what}
    if change.action == ChangeAction.STALE:
        return _("Cần xem lại %(what)s: đoạn dẫn chứng không còn trong bài") % {"what": what}
    if change.action == ChangeAction.CONFIRMED:
        words = (
            _("Đoạn dẫn chứng lại có trong bài: %(what)s") if change.via == "text" else _("Xác nhận vẫn đúng: %(what)s")
        )
        return words % {"what": what}
    return _("Sửa %(what)s: %(changes)s") % {"what": what, "changes": "; ".join(_differences(change))}


def _subject(state: dict[str, Any], units: dict[str, str], criteria: dict[str, str]) -> str:
    if "document" in state:
        return str(state["document"])
    unit, criterion = state.get("department"), state.get("criterion")
    parts = [units.get(unit, unit) if unit else "", criteria.get(criterion, criterion) if criterion else ""]
    return " – ".join(part for part in parts if part)


def _manner(state: dict[str, Any]) -> str:
    if "relation" in state:
        return f" ({DocumentRelation(state['relation']).label})"
    return f" ({CoverageRole(state['role']).label})" if state.get("role") == CoverageRole.MENTIONED else ""


def _differences(change: CoverageChange) -> list[str]:
    words = {
        "role": (_("vai trò"), CoverageRole),
        "tone": (_("chiều"), Tone),
        "relation": (_("quan hệ"), DocumentRelation),
    }
    found = []
    for key in ("evidence", "role", "tone", "relation"):
        before, after = change.before.get(key), change.after.get(key)
        if before == after:
            continue
        if key == "evidence":
            found.append(_("đoạn dẫn chứng"))
        else:
            name, labels = words[key]
            found.append(f"{name} “{labels(before).label}” → “{labels(after).label}”")
    return found

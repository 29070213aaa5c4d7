"""Lists of monitored units and custom reporting periods in the admin: kept by editors, never deleted."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from column.people.admin import NeverDeleted
from column.tallies.models import MonitoredList, ReportingSeries
from column.text.fields import SelectMany


class NamedOnceForm(WagtailAdminModelForm):
    """A word that stands in addresses is given once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["slug"].disabled = True


class SeriesForm(NamedOnceForm):
    """The periods of one series share no day."""

    def is_valid(self) -> bool:
        valid = bool(super().is_valid())
        taken: list[tuple[date, date, str]] = []
        for form in self.formsets["periods"].forms if "periods" in self.formsets else ():
            data = getattr(form, "cleaned_data", {})
            first, last = data.get("first_day"), data.get("last_day")
            if not first or not last or data.get("DELETE"):
                continue
            for begin, end, name in taken:
                if first <= end and begin <= last:
                    form.add_error("first_day", _("Kỳ này trùng ngày với “%(name)s”.") % {"name": name})
                    valid = False
            taken.append((first, last, data.get("name", "")))
        return valid


class MonitoredListViewSet(SnippetViewSet):
    """*Danh sách đơn vị theo dõi*: what the zeros of a report are about."""

    model = MonitoredList
    icon = "list-ul"
    menu_label = _("Danh sách đơn vị theo dõi")
    menu_order = 330
    add_to_settings_menu = True
    list_display = ["name", "as_of"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("slug"), FieldPanel("as_of")]),
            FieldPanel("source"),
            FieldPanel("units", widget=SelectMany(attrs={"size": 20})),
        ],
        base_form_class=NamedOnceForm,
    )


class ReportingSeriesViewSet(SnippetViewSet):
    """*Cách chia kỳ báo cáo*: “15/12–14/12”, or periods written one by one."""

    model = ReportingSeries
    icon = "date"
    menu_label = _("Kỳ báo cáo")
    menu_order = 331
    add_to_settings_menu = True
    list_display = ["name", "starts_on", "months"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("slug"),
            FieldRowPanel([FieldPanel("starts_on"), FieldPanel("months")]),
            InlinePanel("periods", heading=_("Các kỳ tự ghi"), label=_("kỳ báo cáo")),
        ],
        base_form_class=SeriesForm,
    )


register_permission_policy(MonitoredList, NeverDeleted(MonitoredList))
register_permission_policy(ReportingSeries, NeverDeleted(ReportingSeries))
register_snippet(MonitoredListViewSet)
register_snippet(ReportingSeriesViewSet)

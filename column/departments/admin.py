"""The unit list in the admin: corrected by staff, never deleted."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.log_actions import LogFormatter
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from column.departments import event_views
from column.departments.changing import RECORDED
from column.departments.models import Department, name_key
from column.departments.rules import bound_in_words
from column.enums import UnitEventKind
from column.people.admin import NeverDeleted
from column.people.choosing import KnownChooserViewSet
from column.text.fields import SelectMany


class DepartmentForm(WagtailAdminModelForm):
    """A code is given once: addresses, files and the history of coverage know the unit by it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True

    def is_valid(self) -> bool:
        valid = bool(super().is_valid())
        seen: set[str] = set()
        for form in self.formsets["aliases"].forms if "aliases" in self.formsets else ():
            key = name_key(form.cleaned_data.get("text", "")) if hasattr(form, "cleaned_data") else ""
            if key and not form.cleaned_data.get("DELETE"):
                if key in seen:
                    form.add_error("text", _("Cách viết này đã có ở trên (không phân biệt hoa thường)."))
                    valid = False
                seen.add(key)
        return valid

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        parent = cleaned.get("parent")
        seen: set[int] = set()
        while parent is not None and parent.pk not in seen:
            if parent.pk == self.instance.pk:
                self.add_error("parent", _("Đơn vị không thể trực thuộc chính nó hay đơn vị bên dưới nó."))
                break
            seen.add(parent.pk)
            parent = parent.parent
        if self.instance.pk and any(unit.pk == self.instance.pk for unit in cleaned.get("successors", ())):
            self.add_error("successors", _("Đơn vị không thể kế thừa chính nó."))
        return cleaned


class DepartmentViewSet(SnippetViewSet):
    """Units over time: what they are called, when they existed, what became of them."""

    model = Department
    chooser_viewset_class = KnownChooserViewSet
    icon = "group"
    menu_label = _("Cơ quan, đơn vị")
    menu_order = 310
    add_to_admin_menu = True
    list_display = [
        "name",
        Column("disambiguation", label=_("Phân biệt")),
        Column("get_kind_display", label=_("Loại"), sort_key="kind"),
        Column("lifetime", label=_("Thời gian")),
    ]
    list_filter = ["kind", "speaks_only"]
    list_per_page = 50
    ordering = ["report_group", "sort_key", "code"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("short_name"), FieldPanel("disambiguation")]),
            FieldRowPanel([FieldPanel("code"), FieldPanel("kind"), FieldPanel("report_group")]),
            InlinePanel(
                "aliases",
                heading=_("Cách viết khác"),
                label=_("cách viết"),
                help_text=_("Tên gọi mà bài báo hay dùng, ví dụ “Công an thành phố”. Không phân biệt hoa thường."),
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")]),
                    FieldPanel("parent"),
                    FieldPanel(
                        "successors",
                        widget=SelectMany(attrs={"size": 10}),
                        help_text=_("Một đơn vị: đổi tên hay nhập vào. Nhiều đơn vị: chia ra; giữ Ctrl để chọn nhiều."),
                    ),
                ],
                heading=_("Qua thời gian"),
            ),
            FieldPanel("speaks_only"),
            FieldRowPanel([FieldPanel("source"), FieldPanel("confidence")]),
        ],
        base_form_class=DepartmentForm,
    )


register_permission_policy(Department, NeverDeleted(Department))
register_snippet(DepartmentViewSet)


@hooks.register("register_admin_urls")
def unit_urls() -> list[Any]:
    return [
        path("don-vi/", event_views.TreeView.as_view(), name="units_tree"),
        path("don-vi/viec/", event_views.EventsView.as_view(), name="unit_events"),
        path("don-vi/viec/<slug:kind>/", event_views.RecordView.as_view(), name="unit_record"),
        path("don-vi/viec/<int:event_id>/huy/", event_views.UndoView.as_view(), name="unit_undo"),
        path("don-vi/<slug:code>/", event_views.LifeView.as_view(), name="unit_life"),
    ]


class UnitsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(event_views.PERMISSION)


@hooks.register("register_admin_menu_item")
def units_menu_item() -> MenuItem:
    return UnitsMenuItem(
        event_views.TreeView.page_title, reverse("units_tree"), name="units", icon_name="group", order=311
    )


@hooks.register("register_log_actions")
def unit_log(actions: Any) -> None:
    @actions.register_action(RECORDED)
    class Recorded(LogFormatter):
        label = _("Việc của đơn vị")

        def format_message(self, log_entry: Any) -> str:
            data = log_entry.data
            return _now("%(kind)s, có hiệu lực %(day)s (%(source)s)") % {
                "kind": UnitEventKind(data["kind"]).label, "day": bound_in_words(data["day"]) or "—",
                "source": data["source"],
            }  # fmt: skip

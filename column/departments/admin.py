"""The unit list in the admin: corrected by staff, never deleted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from column.departments.models import Department, name_key
from column.people.admin import NeverDeleted


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
                        widget=forms.SelectMultiple(attrs={"size": 10}),
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

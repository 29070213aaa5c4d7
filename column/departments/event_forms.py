"""What a person writes down of an event: units, day, successors, source."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from column.departments.changing import Change
from column.departments.models import Department
from column.departments.rules import parse_bound
from column.enums import UnitEventKind
from column.text.dates import DateProblem, parse_day
from column.text.fields import CleanCharField

MOST_NEW = 40


class BoundField(CleanCharField):
    """A year, a month or a day: ``2025``, ``7/2025``, ``2025-07``, ``01/07/2025``, ``2025-07-01``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return text
        month, slash, year = text.partition("/")
        if slash and month.isdecimal() and year.isdecimal() and len(year) == 4 and len(month) <= 2:
            text = f"{year}-{int(month):02d}"
        try:
            parse_bound(text)
        except ValueError:
            try:
                return parse_day(text).isoformat()
            except DateProblem as problem:
                raise forms.ValidationError(
                    _("Hãy viết năm (2025), tháng (07/2025) hoặc ngày (01/07/2025).")
                ) from problem
        return text


class UnitChoice(forms.ModelChoiceField[Department]):
    def to_python(self, value: Any) -> Department | None:
        if value and len(str(value)) > 9:  # no key reaches it, and the databases fail on it
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value})
        return super().to_python(value)

    def label_from_instance(self, obj: Department) -> str:
        return f"{obj} – {obj.lifetime}" if obj.lifetime else str(obj)


class SmallKeys:
    """For choices of several records: no key is that long, and the databases fail on one that is."""

    def clean(self, value: Any) -> Any:
        if value and any(len(str(one)) > 9 for one in value):
            raise forms.ValidationError(_("Hãy chọn trong danh sách."), code="invalid_list")
        return super().clean(value)  # type: ignore[misc]


class UnitChoices(SmallKeys, forms.ModelMultipleChoiceField[Department]):
    def label_from_instance(self, obj: Department) -> str:
        return f"{obj} – {obj.lifetime}" if obj.lifetime else str(obj)


class EventForm(forms.Form):
    """One form for every kind; fields that a kind has no use for are not there."""

    from_units = UnitChoices(
        queryset=Department.objects.none(), label=gettext_lazy("Đơn vị cũ"),
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )  # fmt: skip
    day = BoundField(
        label=gettext_lazy("Có hiệu lực từ"),
        help_text=gettext_lazy("Ngày đầu tiên theo tổ chức mới: 01/07/2025. Chỉ biết tháng hay năm: 07/2025, 2025."),
    )  # fmt: skip
    to_units = UnitChoices(
        queryset=Department.objects.none(), required=False, label=gettext_lazy("Đơn vị kế thừa đã có trong danh mục"),
        widget=forms.SelectMultiple(attrs={"size": 8}), help_text=gettext_lazy("Giữ Ctrl để chọn nhiều, hoặc bỏ chọn."),
    )  # fmt: skip
    new_names = CleanCharField(
        required=False, max_length=8000, label=gettext_lazy("Đơn vị mới, mỗi dòng một tên"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Mã tự đặt từ tên; muốn đặt mã khác, ghi sau dấu |, ví dụ: Phường Hải Châu | phuong-hai-chau-2025"
        ),
    )  # fmt: skip
    source = CleanCharField(
        max_length=300, label=gettext_lazy("Nguồn"),
        help_text=gettext_lazy("Văn bản hay nơi nêu việc này, ví dụ: Nghị quyết 202/2025/QH15."),
    )  # fmt: skip
    note = CleanCharField(required=False, max_length=300, label=gettext_lazy("Ghi chú"))

    def __init__(self, kind: UnitEventKind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        units = Department.objects.own().in_report_order()
        if kind == UnitEventKind.FOUNDED:
            del self.fields["from_units"], self.fields["to_units"]
        else:
            self.fields["from_units"].queryset = units  # type: ignore[attr-defined]
            if kind == UnitEventKind.ABOLISHED:
                del self.fields["to_units"], self.fields["new_names"]
            else:
                self.fields["to_units"].queryset = units  # type: ignore[attr-defined]

    def clean_new_names(self) -> tuple[tuple[str, str], ...]:
        found = []
        for line in self.cleaned_data["new_names"].splitlines():
            name, _bar, code = (part.strip() for part in line.partition("|"))
            if name:
                found.append((" ".join(name.split()), code))
        if len(found) > MOST_NEW:
            raise forms.ValidationError(_("Nhiều nhất %(most)d đơn vị mới một lần.") % {"most": MOST_NEW})
        if any(len(name) > 160 for name, _code in found):
            raise forms.ValidationError(_("Tên đơn vị dài quá 160 ký tự."))
        return tuple(found)

    def change(self) -> Change:
        """What was written, once the form is valid."""
        data = self.cleaned_data
        return Change(
            self.kind, data["day"], tuple(data.get("from_units", ())), tuple(data.get("to_units", ())),
            data.get("new_names", ()), data["source"], data["note"],
        )  # fmt: skip


class SplitRuleForm(forms.Form):
    """What a unit that was split counts as in a later structure."""

    counts_as = UnitChoice(
        queryset=Department.objects.none(), required=False, label=gettext_lazy("Khi quy về tổ chức sau, tính là"),
        empty_label=gettext_lazy("chính nó (đứng riêng)"),
    )  # fmt: skip
    source = CleanCharField(
        max_length=300, label=gettext_lazy("Căn cứ"),
        help_text=gettext_lazy("Văn bản hay người quyết định cách tính này; in kèm bảng tổng hợp."),
    )  # fmt: skip

    def __init__(self, unit: Department, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["counts_as"].queryset = unit.successors.in_report_order()  # type: ignore[attr-defined]

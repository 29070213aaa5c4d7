"""What a person says of a certificate when freezing it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from column.text.fields import CleanCharField


class CertificateForm(forms.Form):
    title = CleanCharField(
        label=_("Tên phiếu"), max_length=200, help_text=_("Ví dụ: Số liệu báo cáo Ban Thường vụ, quý I/2017.")
    )
    note = CleanCharField(
        label=_("Ghi chú"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Chốt để làm gì, gửi cho ai; in kèm trên phiếu."),
    )  # fmt: skip

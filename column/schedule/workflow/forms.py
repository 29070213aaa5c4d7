"""What is asked when a step of the workflow is done."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from column.text.fields import CleanCharField


class RemarksForm(forms.Form):
    """*Trả bài*: never without saying what is to be mended."""

    comment = CleanCharField(
        label=_("Cần sửa gì"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Người viết đọc nguyên văn lời này."),
        error_messages={"required": _("Hãy ghi cần sửa gì; bài không được trả mà không có lời nào.")},
    )  # fmt: skip


class NoteForm(forms.Form):
    comment = CleanCharField(
        label=_("Lời nhắn"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

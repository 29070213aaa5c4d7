"""What a person fills in of a published figure."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from column.stories.models import Story
from column.tallies.certificates.addresses import read_address
from column.tallies.certificates.codes import read_code
from column.tallies.certificates.models import Certificate
from column.tallies.published.models import FigureSignature, PublishedFigure
from column.text.fields import CleanCharField, DayField

_NUMBER = re.compile(r"([0-9]{9})(?:/in)?/?$")


class FigureForm(forms.ModelForm[PublishedFigure]):
    """A figure with its source and what it is held against; each of the two may be said in one of two ways."""

    as_of = DayField(
        label=_("Tính đến ngày"), widget=forms.DateInput({"autocomplete": "off"}, "%d/%m/%Y"),
        help_text=_("Ngày con số được công bố, hoặc ngày mà nó nói đến. Ví dụ 16/02/2017."),
    )  # fmt: skip
    counts = CleanCharField(label=_("Đếm gì"), max_length=200, help_text=_("Nguyên văn, ví dụ “bài viết”, “tin, ảnh”."))
    passage = CleanCharField(label=_("Đoạn văn nêu con số"), max_length=2000, widget=forms.Textarea)
    source = CleanCharField(
        label=_("Tin, bài nêu con số"), max_length=500, required=False,
        help_text=_("Địa chỉ của bài trên trang này, hoặc chín chữ số cuối địa chỉ."),
    )  # fmt: skip
    source_text = CleanCharField(
        label=_("Nguồn khác"), max_length=300, required=False,
        help_text=_("Khi con số nằm trong báo cáo, văn bản: số, ngày, trang."),
    )  # fmt: skip
    address = CleanCharField(
        label=_("Địa chỉ bảng để đối chiếu"), max_length=4000, required=False,
        help_text=_("Mở bảng tổng hợp, lọc đúng phạm vi của con số rồi chép địa chỉ vào đây."),
    )  # fmt: skip
    code = CleanCharField(label=_("hoặc mã phiếu"), max_length=20, required=False, help_text=_("Ví dụ K4M7-2QXW."))

    class Meta:
        model = PublishedFigure
        fields = ("number", "counts", "as_of", "includes_own", "passage", "source_text", "address")

    field_order = (
        "number", "counts", "as_of", "includes_own", "passage", "source", "source_text", "address", "code",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            if self.instance.source_story is not None:
                self.initial["source"] = str(self.instance.source_story.public_id)
            if self.instance.certificate is not None:
                self.initial["code"] = self.instance.certificate.code

    def clean_source(self) -> Story | None:
        typed = self.cleaned_data["source"]
        if not typed:
            return None
        found = _NUMBER.search(typed)
        number = int(found[1]) if found else 0
        known = self.instance.source_story
        if known is not None and known.public_id == number:
            return known  # also when it was taken down since
        story: Story | None = Story.objects.published().filter(public_id=number).first()
        if story is None:
            raise ValidationError(_("Không có tin, bài đã đăng nào ở địa chỉ này."))
        return story

    def clean_address(self) -> str:
        typed = self.cleaned_data["address"]
        if not typed:
            return ""
        if "/tong-hop/" not in typed:
            raise ValidationError(_("Đây không phải địa chỉ của bảng tổng hợp (…/tong-hop/?…)."))
        try:
            asked, problems = read_address(typed)
        except ValueError:
            raise ValidationError(_("Không đọc được địa chỉ này.")) from None
        if problems:
            raise ValidationError(problems)
        return asked.url()

    def clean_code(self) -> Certificate | None:
        typed = self.cleaned_data["code"]
        if not typed:
            return None
        code = read_code(typed)
        if code is None:
            raise ValidationError(_("Mã phiếu gõ sai: hai ký tự cuối không khớp; hãy xem lại."))
        found = Certificate.objects.frozen().filter(code=code).first()
        if found is None:
            raise ValidationError(_("Không có phiếu đã chốt nào mang mã %(code)s.") % {"code": code})
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("source") and not cleaned.get("source_text") and "source" not in self.errors:
            self.add_error("source", _("Hãy ghi tin, bài nêu con số, hoặc nguồn khác."))
        if cleaned.get("address") and cleaned.get("code"):
            self.add_error("code", _("Chỉ đối chiếu với một thứ: bảng hoặc phiếu."))
        return cleaned

    def save(self, commit: bool = True) -> PublishedFigure:
        self.instance.source_story = self.cleaned_data["source"]
        self.instance.certificate = self.cleaned_data["code"]
        return super().save(commit)


class SignatureForm(forms.ModelForm[FigureSignature]):
    text = CleanCharField(label=_("Giải trình"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))

    class Meta:
        model = FigureSignature
        fields = ("text",)

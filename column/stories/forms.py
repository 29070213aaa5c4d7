"""What the editing screens accept, and how it is cleaned before a story is made of it."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.forms.pages import CopyForm, WagtailAdminPageForm
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.admin.widgets.slug import SlugInput

from column.enums import CreditRole, Kind
from column.text.fields import CleanCharField, MomentField
from column.text.slugs import FALLBACK, MAX_LENGTH, folding_table, slugify_vi

#: What a byline most often did, by the kind of story: one click fewer.
USUAL_ROLE = {
    Kind.ARTICLE: CreditRole.TEXT,
    Kind.NEWS: CreditRole.NEWS,
    Kind.POOLED: CreditRole.NEWS_AND_PHOTOS,
    Kind.PHOTO: CreditRole.PHOTOS,
}


def register_clean_fields() -> None:
    """Let every form of the admin compose its text and drop what cannot be seen (called once, at start)."""
    register_form_field_override(models.CharField, override={"form_class": CleanCharField}, exact_class=True)
    register_form_field_override(
        models.TextField,
        override={"form_class": CleanCharField, "widget": AdminAutoHeightTextInput},
        exact_class=True,
    )


class StorySlugInput(SlugInput):
    """The words of the address, folded as the server folds them, live under the editor's hands."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.attrs = {
            "data-controller": "column-slug",
            "data-action": (
                "input->column-slug#typed blur->column-slug#tidy "
                "w-sync:check->column-slug#compare w-sync:apply->column-slug#follow"
            ),
            "data-column-slug-table-value": json.dumps(folding_table(), ensure_ascii=False, separators=(",", ":")),
            "data-column-slug-max-value": str(MAX_LENGTH),
            "data-column-slug-fallback-value": FALLBACK,
            **(attrs or {}),
        }

    class Media:
        js = ["column/desk/slug.js"]


class SlugWords(forms.CharField):
    """Any words become an address; whether it is free is the story's number's business."""

    widget = StorySlugInput

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return slugify_vi(text, max_length=MAX_LENGTH + 10, fallback="") if text else ""


class StoryForm(WagtailAdminPageForm):
    """The editing form of articles, news items and photos."""

    slug = SlugWords(label=_("Địa chỉ"), required=False, max_length=255)
    printed_at = MomentField(
        label=_("Giờ ghi trên bản gốc"),
        required=False,
        help_text=_("Giờ Đà Nẵng, chỉ điền cho bài cũ. Ví dụ: 14:12, 16/02/2017."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        credits_ = self.formsets.get("byline_credits")
        if credits_ is not None:
            credits_.form.base_fields["role"].initial = USUAL_ROLE[Kind(self.instance.kind)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        self._refuse_repeated_bylines()
        return cleaned

    def _refuse_repeated_bylines(self) -> None:
        seen: set[tuple[int, str]] = set()
        formset = self.formsets.get("byline_credits")
        if formset is None or not formset.is_valid():
            return
        for form in formset.forms:
            credit = form.cleaned_data
            byline = credit.get("byline")
            if byline is None or credit.get("DELETE"):
                continue
            key = (byline.pk, credit.get("role", ""))
            if key in seen:
                form.add_error(
                    "byline",
                    _("Bút danh “%(name)s” đã có với cùng phần việc; hãy bỏ một dòng.") % {"name": byline.name},
                )
            seen.add(key)


class StoryCopyForm(CopyForm):
    """A copy is a new draft with its own number.

    Not offered: an alias (two addresses with one text), and a copy that is live at once, past the one publishing path.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("alias", "publish_copies"):
            self.fields.pop(name, None)
        self.fields["new_title"] = CleanCharField(
            initial=self.page.title, label=_("Tiêu đề của bản sao"), max_length=255
        )
        self.fields["new_slug"] = SlugWords(
            initial=slugify_vi(self.page.title), label=_("Địa chỉ của bản sao"), max_length=255,
            help_text=_("Bản sao có số riêng; hệ thống tự thêm vào cuối địa chỉ."),
        )  # fmt: skip

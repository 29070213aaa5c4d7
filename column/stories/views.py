"""Screens inside the admin for what is done to a published story: take it down, correct it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from column.enums import CorrectionKind
from column.stories import corrections, takedown
from column.stories.models import Correction, Story
from column.text.dates import format_moment
from column.text.fields import CleanCharField, MomentField

OWN_WORDS = "own"


class StoryScreen(WagtailAdminTemplateMixin, FormView[Any]):
    """A form about one story; ``permission`` is asked first."""

    permission: ClassVar[str]
    header_icon = "doc-full"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def story(self) -> Story:
        story: Story = get_object_or_404(Story, pk=self.kwargs["story_id"]).specific
        return story

    @property
    def edit_url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.story.pk])

    def get_page_subtitle(self) -> str:
        return self.story.headline

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        column = self.story.get_parent()
        return [
            *self.breadcrumbs_items,
            {"url": reverse("wagtailadmin_explore", args=[column.pk]), "label": column.title},
            {"url": self.edit_url, "label": self.story.headline},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(story=self.story, edit_url=self.edit_url, **kwargs)


class TakeDownForm(forms.Form):
    sentence = forms.ChoiceField(
        label=gettext_lazy("Câu bạn đọc thấy ở địa chỉ của bài"),
        choices=[
            *((str(number), sentence) for number, sentence in enumerate(takedown.SENTENCES)),
            (OWN_WORDS, gettext_lazy("Câu khác, ghi ở dưới")),
        ],
        initial="0",
        widget=forms.RadioSelect,
    )
    own_words = CleanCharField(
        label=gettext_lazy("Câu khác"), required=False, max_length=300,
        help_text=gettext_lazy("Trung tính, không nêu tên người hay đơn vị."),
    )  # fmt: skip
    reason = CleanCharField(
        label=gettext_lazy("Lý do, chỉ tòa soạn thấy"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Ghi vào lịch sử của bài: ai yêu cầu, văn bản nào."),
    )  # fmt: skip

    @property
    def note(self) -> str:
        """The sentence that was chosen or written."""
        choice = self.cleaned_data["sentence"]
        return self.cleaned_data["own_words"] if choice == OWN_WORDS else str(takedown.SENTENCES[int(choice)])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("sentence") == OWN_WORDS and not cleaned.get("own_words") and "own_words" not in self.errors:
            self.add_error("own_words", _("Hãy ghi câu mà bạn đọc sẽ thấy, hoặc chọn một câu có sẵn."))
        return cleaned


class TakeDownView(StoryScreen):
    """*Gỡ bài*, asked once more, with the sentence for readers."""

    permission = "column.take_down_story"
    form_class = TakeDownForm
    template_name = "stories/desk/take_down.html"
    page_title = gettext_lazy("Gỡ bài")
    header_icon = "no-view"

    def form_valid(self, form: TakeDownForm) -> HttpResponse:
        try:
            takedown.take_down(self.story, self.request.user, form.note, reason=form.cleaned_data["reason"])
        except takedown.NotTakenDown as problem:
            messages.error(self.request, str(problem))
        else:
            messages.success(
                self.request,
                _("Đã gỡ “%(headline)s”. Nội dung vẫn được giữ ở đây.") % {"headline": self.story.headline},
            )
        return redirect(get_valid_next_url_from_request(self.request) or self.edit_url)


class CorrectionForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Loại"), choices=CorrectionKind.choices, initial=CorrectionKind.CORRECTION,
        widget=forms.RadioSelect,
    )  # fmt: skip
    text = CleanCharField(
        label=gettext_lazy("Nội dung"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Nói rõ chỗ sai và chỗ đúng. Bạn đọc thấy ngay, ở trên nội dung của bài."),
    )  # fmt: skip
    made_at = MomentField(
        label=gettext_lazy("Lúc"), help_text=gettext_lazy("Giờ Đà Nẵng. Ví dụ: 14:12, 16/02/2017."),
    )  # fmt: skip

    def clean_made_at(self) -> Any:
        made_at = self.cleaned_data["made_at"]
        if made_at > timezone.now():
            raise forms.ValidationError(_("Lúc đính chính không thể ở tương lai."))
        return made_at


class CorrectionsView(StoryScreen):
    """*Đính chính, cập nhật*: the notes on a published story, and a form for one more."""

    permission = "column.correct_story"
    form_class = CorrectionForm
    template_name = "stories/desk/corrections.html"
    page_title = gettext_lazy("Đính chính, cập nhật")
    header_icon = "comment"

    def get_initial(self) -> dict[str, Any]:
        return {"made_at": timezone.now()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        notes = [(note, format_moment(note.made_at)) for note in self.story.corrections.select_related("made_by")]
        return super().get_context_data(notes=notes, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "remove" not in request.POST:
            return super().post(request, *args, **kwargs)
        key = request.POST["remove"]
        number = int(key) if key.isdecimal() and len(key) < 19 else 0
        note = get_object_or_404(Correction, pk=number, story=self.story.pk)
        corrections.remove_correction(note, request.user)
        messages.success(request, _("Đã bỏ ghi chú; lịch sử của bài vẫn giữ lời văn."))
        return redirect(request.path)

    def form_valid(self, form: CorrectionForm) -> HttpResponse:
        data = form.cleaned_data
        try:
            corrections.add_correction(self.story, self.request.user, data["kind"], data["text"], data["made_at"])
        except corrections.NotPublished as problem:
            messages.error(self.request, str(problem))
        else:
            messages.success(self.request, _("Đã đăng ghi chú trên bài."))
        return redirect(self.request.path)

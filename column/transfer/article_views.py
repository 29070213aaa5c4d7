"""*Nhập bài*: a text is pasted or uploaded, shown where each part lands, and becomes a draft."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from column.people.models import User
from column.stories.models import Article, ColumnPage
from column.text.dates import format_moment
from column.transfer.article import make_draft
from column.transfer.encoding import decode
from column.transfer.plain_text import LONGEST, ParsedArticle, parse_article
from column.transfer.problems import BadFile

_UPLOAD_BYTES = LONGEST * 4


class ArticleTextForm(forms.Form):
    """The text itself, or a file of it; what was read from a file stands in the text box afterwards."""

    text = forms.CharField(
        label=gettext_lazy("Dán nội dung bài"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Theo thứ tự bản in: trên tít, tiêu đề, giờ đăng, sa-pô, các đoạn và tít phụ, bút danh."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Hoặc chọn tệp văn bản (.txt)"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".txt,text/plain"}),
    )

    notice = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        upload = cleaned.get("file")
        if upload is not None:
            if upload.size > _UPLOAD_BYTES:
                raise forms.ValidationError(_("Tệp quá lớn so với một bài; hãy chọn đúng tệp, tối đa 1,2 MB."))
            try:
                cleaned["text"], self.notice = decode(upload.read())
            except BadFile as problem:
                raise forms.ValidationError(str(problem)) from problem
        try:
            cleaned["parsed"] = parse_article(cleaned.get("text") or "")
        except BadFile as problem:
            raise forms.ValidationError(str(problem)) from problem
        return cleaned


class ImportArticleView(WagtailAdminTemplateMixin, FormView[ArticleTextForm]):
    """First *Xem trước*, then *Tạo bản nháp*; the text stays in the box whatever happens."""

    template_name = "transfer/desk/article.html"
    form_class = ArticleTextForm
    page_title = gettext_lazy("Nhập bài")
    header_icon = "doc-full-inverse"

    @cached_property
    def column(self) -> ColumnPage:
        column = ColumnPage.objects.first()
        if column is None or not column.permissions_for_user(self.request.user).can_add_subpage():
            raise PermissionDenied
        return column

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        assert self.column
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def form_valid(self, form: ArticleTextForm) -> HttpResponse:
        parsed: ParsedArticle = form.cleaned_data["parsed"]
        if "make" in self.request.POST:
            assert isinstance(self.request.user, User)
            article = make_draft(parsed, self.column, self.request.user)
            messages.success(self.request, _("Đã tạo bản nháp; hãy xem lại rồi lưu hoặc trình duyệt."))
            return redirect(reverse("wagtailadmin_pages:edit", args=[article.pk]))
        # The box then holds what the file said, so that the next step needs no second upload.
        shown = ArticleTextForm(initial={"text": form.cleaned_data["text"]})
        notices = [form.notice] if form.notice else []
        same = Article.objects.filter(draft_title__iexact=parsed.headline).order_by("-pk").first()
        return self.render_to_response(
            self.get_context_data(
                form=shown,
                parsed=parsed,
                printed_at=format_moment(parsed.printed_at) if parsed.printed_at else "",
                credits=[(role.label, name) for name, role in parsed.credits],
                warnings=notices + parsed.warnings,
                same=same,
            )
        )

    def form_invalid(self, form: ArticleTextForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)

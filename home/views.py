"""What the site answers beside its pages: error reports, robots.txt, the map of the site, pages that say no."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from column.stories.models import Story
from home.models import ErrorReport, Masthead

#: As many as one story can gather in an hour before the form asks to be called instead: without addresses there is
#: nothing else to tell a crowd of readers from one machine.
REPORTS_AN_HOUR = 40


class ErrorReportForm(forms.Form):
    text = forms.CharField(
        label=_("Lỗi ở đâu, sai thế nào"),
        min_length=10,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6, "aria-describedby": "text-help"}),
        error_messages={
            "required": _("Chưa có nội dung; hãy viết chỗ sai."),
            "min_length": _("Ngắn quá; hãy viết rõ chỗ sai, ít nhất 10 ký tự."),
            "max_length": _("Dài quá; hãy rút còn 2.000 ký tự."),
        },
    )
    # People do not see it; programs that fill every box do.
    website = forms.CharField(
        label=_("Để trống ô này"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )


def _story(public_id: int) -> Story:
    return get_object_or_404(Story.objects.published().defer("body"), public_id=public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_error(request: HttpRequest, public_id: int) -> HttpResponse:
    """*Báo lỗi bài này*: keeps what the reader wrote and nothing about the reader."""
    story = _story(public_id)
    form = ErrorReportForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        hour_ago = timezone.now() - timedelta(hours=1)
        if ErrorReport.objects.filter(page_id=story.pk, sent_at__gte=hour_ago).count() >= REPORTS_AN_HOUR:
            form.add_error(None, _("Bài này vừa nhận rất nhiều báo lỗi; mời bạn gọi điện hoặc gửi thư cho tòa soạn."))
        else:
            if not form.cleaned_data["website"]:
                ErrorReport.objects.create(page_id=story.pk, text=form.cleaned_data["text"])
            return HttpResponseRedirect(reverse("report_error_thanks", args=[public_id]))
    if form.errors:
        form.fields["text"].widget.attrs |= {"aria-invalid": "true", "aria-describedby": "text-help text-error"}
    status = 400 if form.errors else 200
    return render(request, "home/report_error.html", {"story": story, "form": form}, status=status)


@require_safe
def report_error_thanks(request: HttpRequest, public_id: int) -> HttpResponse:
    return render(request, "home/report_error.html", {"story": _story(public_id), "thanks": True})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Nothing of a demonstration, else everything but the desk, the committee's screens and search results."""
    if Masthead.load(request).is_demo:
        lines = ["User-agent: *", "Disallow: /"]
    else:
        closed = ("/admin/", "/tong-hop/", "/tim-kiem/?", "/bao-loi/", "/dang-nhap/")
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
        lines += ["", f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")

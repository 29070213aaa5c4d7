"""*Khóa API*: where a person makes, sees and revokes the keys of their own programs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from column.tallies.access import FORM, POST, staff_only
from column.tallies.api.keys import LIFETIMES, MOST, TooManyKeys, make_key, revoke_key
from column.tallies.api.models import ApiKey
from column.text.fields import CleanCharField

ADDRESS = "/tong-hop/khoa-api/"


class KeyForm(forms.Form):
    name = CleanCharField(
        label=gettext_lazy("Dùng cho"), max_length=80,
        help_text=gettext_lazy("Chương trình hay việc gì, ví dụ: báo cáo tháng của Ban Tuyên giáo."),
    )  # fmt: skip
    lifetime = forms.ChoiceField(
        label=gettext_lazy("Hết hạn sau"),
        initial="90",
        choices=[(word, label) for word, (_d, label) in LIFETIMES.items()],
    )


@staff_only(methods=FORM)
def keys(request: HttpRequest) -> HttpResponseBase:
    """One's own keys; a post makes one and shows its secret, this once."""
    form = KeyForm(request.POST if request.method == "POST" else None)
    made: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        try:
            key, secret = make_key(
                request.user, form.cleaned_data["name"], LIFETIMES[form.cleaned_data["lifetime"]][0], timezone.now()
            )
        except TooManyKeys:
            form.add_error(None, _("Bạn đang có %(most)d khóa còn dùng; hãy thu hồi bớt.") % {"most": MOST})
        else:
            made, form = {"made": key, "secret": secret}, KeyForm()
    now = timezone.now()
    working = ApiKey.objects.filter(user=request.user.pk).working(now)
    ended = ApiKey.objects.filter(user=request.user.pk).exclude(pk__in=working.values("pk"))
    context = {"form": form, "working": list(working), "ended": list(ended[:20]), "noindex": True, **made}
    return render(request, "tallies/api/keys.html", context, status=422 if form.errors else 200)


@staff_only(methods=POST)
def revoke(request: HttpRequest, pk: int) -> HttpResponseBase:
    key = revoke_key(request.user, pk, timezone.now())
    if key is None:
        raise Http404
    messages.success(request, _("Đã thu hồi khóa “%(name)s”.") % {"name": key.name})
    return HttpResponseRedirect(ADDRESS)

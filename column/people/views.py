"""Logging in and out, for the newsroom and the committee alike."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from column.people.roles import ACCESS_ADMIN, VIEW_TALLIES, home_of

#: Addresses that send those who may not enter here, and what opens them.
_GUARDED = {"/admin/": ACCESS_ADMIN, "/tong-hop/": VIEW_TALLIES}


@method_decorator(login_not_required, name="dispatch")
class LoginView(auth_views.LoginView):
    """One door: the committee goes on to its tallies, the newsroom to the admin, or whence they were sent.

    Someone logged in who was sent here by a page that their account does not open is told so (403), never sent
    back in a circle.
    """

    template_name = "people/login.html"

    def get_default_redirect_url(self) -> str:
        return home_of(self.request.user)

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """Where the visitor wanted to go: a safe address, and one that this account opens."""
        wish = str(super().get_redirect_url())
        return "" if self._refused(wish) else wish

    @method_decorator(never_cache)
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return super().get(request, *args, **kwargs)
        wish = self.get_redirect_url()
        if not request.GET.get(self.redirect_field_name) or wish.startswith(tuple(_GUARDED)):
            return HttpResponseRedirect(self.get_success_url())
        # What the refusing page left to say is said here, in full.
        list(get_messages(request))
        return TemplateResponse(request, "people/refused.html", {"home": home_of(request.user)}, status=403)

    def _refused(self, address: str) -> bool:
        user = self.request.user
        if not user.is_authenticated:
            return False
        return any(address.startswith(start) and not user.has_perm(need) for start, need in _GUARDED.items())


class LogoutView(auth_views.LogoutView):
    """By POST alone; ends at the front page."""

"""Who may open the committee's screens, and who may put something on record there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

View = Callable[..., HttpResponseBase]
VIEW: Final = "column.view_tallies"
FREEZE: Final = "column.freeze_tally"
KEEP_FIGURES: Final = "column.keep_figures"


def staff_only(*permissions: str, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[View], View]:
    """Those who may view tallies and have these permissions too; anonymous people are asked to log in."""

    def decorated(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not request.user.has_perms((VIEW, *permissions)):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return never_cache(require_http_methods(list(methods))(login_required(checked)))

    return decorated


FORM: Final = ("GET", "HEAD", "POST")
POST: Final = ("POST",)

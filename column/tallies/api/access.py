"""Who a program speaks for, how often it may ask, and the words of refusal (401, 403, 422, 429) in Vietnamese."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Final

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, Throttled
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle

from column.people.roles import VIEW_TALLIES
from column.tallies.api.keys import key_of
from column.tallies.api.models import ApiKey

#: Questions a minute of one key, in each web process.
A_MINUTE: Final = 120
_WINDOW: Final = 60


class Refused(Exception):
    """What the caller may not, or cannot be understood to, ask; *problems* are Vietnamese sentences."""

    def __init__(self, status: int, detail: str, problems: Sequence[str] = ()) -> None:
        super().__init__(detail)
        self.status, self.detail, self.problems = status, detail, list(problems)


class PersonalKey(HttpBearer):
    """``Authorization: Bearer xc_…``: a key of a person who may see tallies, now and not only when it was made."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        key = key_of(token, timezone.now())
        if key is None:
            return None
        if not key.user.has_perm(VIEW_TALLIES):
            raise Refused(403, _("Tài khoản của khóa này không còn quyền xem bảng tổng hợp."))
        return key


class PerKey(BaseThrottle):
    """So many questions in each minute of the clock from one key; nothing of one question is kept for the next."""

    def allow_request(self, request: HttpRequest) -> bool:
        key: ApiKey = request.auth  # type: ignore[attr-defined]
        counter = f"tallies-api-{key.pk}-{int(time.time()) // _WINDOW}"
        cache.add(counter, 0, 2 * _WINDOW)
        return cache.incr(counter) <= A_MINUTE

    def wait(self) -> float:
        return _WINDOW - time.time() % _WINDOW


def say_no_in_vietnamese(api: NinjaAPI) -> None:
    """Answer this room's refusals, and those of keys and rates, on an API."""

    def answer(request: HttpRequest, status: int, detail: str, problems: Sequence[str] = (), **headers: str) -> Any:
        response: HttpResponse = api.create_response(
            request, {"detail": detail, "problems": list(problems)}, status=status
        )
        for name, value in headers.items():
            response[name.replace("_", "-")] = value
        return response

    def refused(request: HttpRequest, problem: Any) -> HttpResponse:
        return answer(request, problem.status, problem.detail, problem.problems)

    def unknown(request: HttpRequest, problem: Any) -> HttpResponse:
        shown = bool(request.headers.get("Authorization"))
        detail = (
            _("Khóa không đúng, đã hết hạn hoặc đã bị thu hồi.")
            if shown
            else _("Cần khóa API trong dòng “Authorization: Bearer …”; tạo khóa ở /tong-hop/khoa-api/.")
        )
        return answer(request, 401, detail, WWW_Authenticate="Bearer")

    def too_often(request: HttpRequest, problem: Any) -> HttpResponse:
        seconds = max(1, round(getattr(problem, "wait", None) or 1))
        detail = (
            _("Hỏi quá nhiều: mỗi khóa nhiều nhất %(most)d lần một phút; hãy thử lại sau %(seconds)d giây.")
            if getattr(request, "auth", None)
            else _("Hỏi quá nhiều; hãy thử lại sau %(seconds)d giây.")
        ) % {"most": A_MINUTE, "seconds": seconds}
        return answer(request, 429, detail, Retry_After=str(seconds))

    api.add_exception_handler(Refused, refused)
    api.add_exception_handler(AuthenticationError, unknown)
    api.add_exception_handler(Throttled, too_often)

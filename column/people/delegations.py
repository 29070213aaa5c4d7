"""*Ủy quyền* in the admin: the list, lending a right, taking it back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from column.enums import Function
from column.people import delegating
from column.people.delegation import lenders
from column.people.models import Delegation
from column.text.dates import TZ, format_day

PER_PAGE = 50


class DelegationListView(WagtailAdminTemplateMixin, TemplateView):
    """Those that the visitor may see, the newest first."""

    template_name = "people/desk/delegations.html"
    page_title = gettext_lazy("Ủy quyền")
    header_icon = "group"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, today = self.request.user, timezone.localdate(timezone=TZ)
        page = Paginator(delegating.visible_to(user), PER_PAGE).get_page(self.request.GET.get("p"))
        able = {str(function): lenders(function) for function in Function}
        rows = [
            {
                "delegation": one,
                "days": _("từ %(first)s đến hết %(last)s")
                % {"first": format_day(one.first_day), "last": format_day(one.last_day)},
                "state": _state(one, today, able[one.function]),
                "may_end": delegating.may_end(one, user, today),
            }
            for one in page
        ]
        return super().get_context_data(rows=rows, page=page, may_give=bool(delegating.functions_of(user)), **kwargs)


def _state(delegation: Delegation, today: date, able: set[int]) -> dict[str, Any]:
    """Word and icon; colour comes last."""
    if delegation.revoked_at is not None:
        return {"word": _("Đã thu hồi"), "icon": "cross"}
    if delegation.last_day < today:
        return {"word": _("Đã hết hạn"), "icon": "history"}
    if delegation.granted_by_id not in able:
        return {"word": _("Không còn hiệu lực: người ủy quyền không còn quyền này"), "icon": "warning"}
    if delegation.first_day > today:
        return {"word": _("Chưa đến ngày"), "icon": "time"}
    return {"word": _("Đang có hiệu lực"), "icon": "check"}


class DelegationAddView(WagtailAdminTemplateMixin, FormView[delegating.DelegationForm]):
    """Only who holds a right by role lends it."""

    template_name = "people/desk/delegation_form.html"
    form_class = delegating.DelegationForm
    page_title = gettext_lazy("Ủy quyền cho đồng nghiệp")
    header_icon = "group"
    success_url = reverse_lazy("people_delegations")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not delegating.functions_of(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("people_delegations"), "label": DelegationListView.page_title},
            {"url": "", "label": self.page_title},
        ]

    def get_initial(self) -> dict[str, Any]:
        return {"first_day": format_day(timezone.localdate(timezone=TZ))}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form: delegating.DelegationForm) -> HttpResponse:
        delegation = delegating.give(form.save(commit=False), self.request.user)
        messages.success(
            self.request,
            _("Đã ủy quyền “%(function)s” cho %(delegate)s.")
            % {"function": delegation.get_function_display(), "delegate": delegation.delegate.get_full_name()},
        )
        return super().form_valid(form)


class DelegationEndView(View):
    """*Thu hồi*, by post alone."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, delegation_id: int) -> HttpResponse:
        # What is not there and what may not be seen answer alike.
        delegation = get_object_or_404(delegating.visible_to(request.user), pk=delegation_id)
        if delegation.revoked_at is None and not delegating.may_end(
            delegation, request.user, timezone.localdate(timezone=TZ)
        ):
            raise PermissionDenied
        if delegating.end(delegation, request.user):
            messages.success(
                request,
                _("Đã thu hồi ủy quyền của %(delegate)s.") % {"delegate": delegation.delegate.get_full_name()},
            )
        else:
            messages.warning(request, _("Ủy quyền này đã được thu hồi trước đó."))
        return redirect("people_delegations")


class DelegationsMenuItem(MenuItem):
    """For those who may lend, who have lent or received, and who watch over it."""

    def __init__(self) -> None:
        super().__init__(
            DelegationListView.page_title, reverse("people_delegations"), name="delegations", icon_name="group",
            order=330,
        )  # fmt: skip

    def is_shown(self, request: HttpRequest) -> bool:
        user = request.user
        return bool(
            delegating.functions_of(user) or user.has_perm(delegating.SEE_ALL) or delegating.visible_to(user).exists()
        )

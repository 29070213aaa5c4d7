"""What the admin shows of people: bylines as records, and the permissions that the group form offers."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from column.people import delegating, delegations
from column.people.bylines import BylineChooserViewSet, BylineIndexView
from column.people.models import Byline
from column.people.roles import PERMISSIONS


class NeverDeleted(ModelPermissionPolicy):
    """Nobody deletes these records, superusers neither."""

    def user_has_permission(self, user: object, action: str) -> bool:
        return action != "delete" and bool(super().user_has_permission(user, action))


register_permission_policy(Byline, NeverDeleted(Byline))


class BylineViewSet(SnippetViewSet):
    """Pen names: found by name with or without accents, corrected, never deleted."""

    model = Byline
    icon = "user"
    menu_label = _("Bút danh")
    menu_order = 320
    add_to_admin_menu = True
    list_display = ["name", "user"]
    index_view_class = BylineIndexView
    chooser_viewset_class = BylineChooserViewSet
    search_fields = ["fold_key"]
    search_backend_name = None
    ordering = ["sort_key"]
    panels = [FieldPanel("name"), FieldPanel("user")]


register_snippet(BylineViewSet)


@hooks.register("register_permissions")
def role_permissions() -> QuerySet[Permission]:
    """Every permission of our roles can be given and taken in the group form."""
    codenames = {name.partition(".")[2] for names in PERMISSIONS.values() for name in names}
    return Permission.objects.filter(content_type__app_label__in=["column", "home"], codename__in=codenames)


@hooks.register("register_admin_urls")
def delegation_urls() -> list[Any]:
    return [
        path("uy-quyen/", delegations.DelegationListView.as_view(), name="people_delegations"),
        path("uy-quyen/moi/", delegations.DelegationAddView.as_view(), name="people_delegate"),
        path(
            "uy-quyen/<int:delegation_id>/thu-hoi/", delegations.DelegationEndView.as_view(),
            name="people_delegation_end",
        ),
    ]  # fmt: skip


@hooks.register("register_admin_menu_item")
def delegations_menu_item() -> MenuItem:
    return delegations.DelegationsMenuItem()


@hooks.register("register_log_actions")
def delegation_log(actions: Any) -> None:
    actions.register_action(delegating.GIVEN)(delegating.GivenLog)
    actions.register_action(delegating.ENDED)(delegating.EndedLog)

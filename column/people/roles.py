"""Roles as groups, and what each may do.

A role is set up once. Whatever an administrator takes from a group, adds to it, renames or deletes stays so:
every grant is remembered in ``SetupStep`` and never repeated. A grant that a later version adds to the table below
reaches the groups that exist already, once.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from column.people.models import SetupStep, User


class Role(StrEnum):
    """The names of the groups as people see them."""

    REPORTER = "Phóng viên"
    EDITOR = "Biên tập viên"
    MANAGING_EDITOR = "Thư ký tòa soạn"
    CHIEF = "Tổng biên tập"
    COMMITTEE = "Cán bộ theo dõi, tổng hợp"
    ADMINISTRATOR = "Quản trị"


ACCESS_ADMIN: Final = "wagtailadmin.access_admin"
VIEW_TALLIES: Final = "column.view_tallies"
#: What stands on record: certificates, and what is said of published figures.
_PROVE: Final = frozenset({"column.freeze_tally", "column.keep_figures"})
#: How reports look on paper, and which come by themselves.
_REPORTS: Final = frozenset({"column.change_reportlayout", "column.change_reportschedule"})


def _keep(*models: str) -> frozenset[str]:
    """Add and change, never delete: reference data is ended or merged."""
    return frozenset(f"column.{action}_{model}" for model in models for action in ("add", "change"))


_EDITOR: Final = frozenset(
    {
        ACCESS_ADMIN,
        VIEW_TALLIES,
        *_PROVE,
        "column.code_coverage",
        "column.bulk_code",
        "column.change_slot",
        "column.view_ledger",
        "column.import_archive",
        "column.export_royalties",
        "home.view_errorreport",
        "home.change_errorreport",
        "search.view_missedsearch",
        "search.add_synonym",
        "search.change_synonym",
        "search.delete_synonym",
    }
) | _keep(
    "byline",
    "department",
    "document",
    "codebook",
    "criteriongroup",
    "criterion",
    "solutiongroup",
    "indicator",
    "monitoredlist",
    "reportingseries",
)
_REVIEW: Final = "column.review_story"
#: Sees every delegation, and may end it.
_DELEGATIONS: Final = frozenset({"column.view_delegation", "column.change_delegation"})
#: When the column appears, and what the newsroom declares of a day.
_CALENDAR: Final = frozenset(
    f"column.{action}_{model}" for model in ("slotrule", "holiday") for action in ("add", "change", "delete")
)
_MANAGING: Final = _EDITOR | _CALENDAR | _REPORTS | {
    _REVIEW, "column.approve_story", "column.schedule_story", "column.correct_story", "column.change_schedulesettings",
}  # fmt: skip

#: Permissions on the whole site, as ``app.codename``.
PERMISSIONS: Final[dict[Role, frozenset[str]]] = {
    Role.REPORTER: frozenset({ACCESS_ADMIN, "column.code_coverage", "column.add_byline"}),
    Role.EDITOR: _EDITOR | {_REVIEW},
    Role.MANAGING_EDITOR: _MANAGING,
    Role.CHIEF: _MANAGING | _DELEGATIONS | {"column.take_down_story", "home.change_masthead"},
    Role.COMMITTEE: _PROVE | _REPORTS | {VIEW_TALLIES},
    Role.ADMINISTRATOR: _EDITOR
    | _CALENDAR
    | _REPORTS
    | _DELEGATIONS
    | {
        "column.add_user", "column.change_user", "auth.add_group", "auth.change_group", "home.change_masthead",
        "column.change_schedulesettings", "wagtailcore.change_site", "wagtailcore.add_workflow",
        "wagtailcore.change_workflow", "wagtailcore.add_task", "wagtailcore.change_task",
        "wagtailredirects.add_redirect", "wagtailredirects.change_redirect", "wagtailredirects.delete_redirect",
    },
}  # fmt: skip

#: Permissions on the column's page and all below it: ``add`` alone means one's own drafts.
PAGE_PERMISSIONS: Final[dict[Role, tuple[str, ...]]] = {
    Role.REPORTER: ("add",),
    Role.EDITOR: ("add", "change", "lock", "unlock"),
    Role.MANAGING_EDITOR: ("add", "change", "lock", "unlock", "publish"),
    Role.CHIEF: ("add", "change", "lock", "unlock", "publish"),
    Role.ADMINISTRATOR: ("change", "lock", "unlock"),
}

#: Wagtail asks for the rights on its own image and document models, whatever models stand in their place.
_OWN_FILES: Final = (
    "wagtailimages.add_image", "wagtailimages.choose_image", "wagtaildocs.add_document", "wagtaildocs.choose_document",
)  # fmt: skip
_ALL_FILES: Final = (*_OWN_FILES, "wagtailimages.change_image", "wagtaildocs.change_document")

#: Permissions on the root collection of images and files.
COLLECTION_PERMISSIONS: Final[dict[Role, tuple[str, ...]]] = {
    Role.REPORTER: _OWN_FILES,
    Role.EDITOR: _ALL_FILES,
    Role.MANAGING_EDITOR: _ALL_FILES,
    Role.CHIEF: _ALL_FILES,
    Role.ADMINISTRATOR: (
        *_ALL_FILES, "wagtailimages.delete_image", "wagtaildocs.delete_document",
        "wagtailcore.add_collection", "wagtailcore.change_collection", "wagtailcore.delete_collection",
    ),
}  # fmt: skip


def home_of(user: User | AnonymousUser) -> str:
    """Where an account begins its work: the newsroom in the admin, the committee at its tallies."""
    if user.has_perm(ACCESS_ADMIN):
        return "/admin/"
    return "/tong-hop/" if user.has_perm(VIEW_TALLIES) else "/"


@transaction.atomic
def ensure_roles(column: Page | None) -> None:
    """Make the groups and grant what was never granted before.

    *column* is the page on which the page permissions stand; without it they wait for the next call.
    """
    for config in apps.get_app_configs():
        # Django makes an app's permissions at that app's turn after migrate; ours need those of later apps too.
        create_permissions(config, verbosity=0)
    permissions = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    done = set(SetupStep.objects.values_list("name", flat=True))
    for role in Role:
        group = _group(role, done)
        if group is not None:
            _grant(role, group, column, permissions, done)
    _drop_unused_defaults()


def _group(role: Role, done: set[str]) -> Group | None:
    """The role's group; None when an administrator renamed or deleted it."""
    step = f"role:{role.name}"
    if step in done:
        return Group.objects.filter(name=role).first()
    SetupStep.objects.begin(step)
    return Group.objects.get_or_create(name=role)[0]


def _grant(role: Role, group: Group, column: Page | None, permissions: dict[str, Permission], done: set[str]) -> None:
    def fresh(kind: str, names: Iterable[str]) -> list[Permission]:
        """What exists and was never granted; from now on it counts as granted."""
        steps = {f"role:{role.name}:{kind}:{name}": name for name in sorted(names)}
        new = {step: name for step, name in steps.items() if step not in done and name in permissions}
        SetupStep.objects.bulk_create(SetupStep(name=step) for step in new)
        return [permissions[name] for name in new.values()]

    group.permissions.add(*fresh("site", PERMISSIONS[role]))
    root = Collection.get_first_root_node()
    if root is not None:
        GroupCollectionPermission.objects.bulk_create(
            (
                GroupCollectionPermission(group=group, collection=root, permission=permission)
                for permission in fresh("collection", COLLECTION_PERMISSIONS.get(role, ()))
            ),
            ignore_conflicts=True,
        )
    if column is not None:
        label = ContentType.objects.get_for_model(Page).app_label
        names = [f"{label}.{action}_page" for action in PAGE_PERMISSIONS.get(role, ())]
        GroupPagePermission.objects.bulk_create(
            (
                GroupPagePermission(group=group, page_id=column.pk, permission=permission)
                for permission in fresh("page", names)
            ),
            ignore_conflicts=True,
        )


def _drop_unused_defaults() -> None:
    """Once: remove the English groups that Wagtail's migrations leave, unless someone is in them."""
    if SetupStep.objects.begin("wagtail-default-groups"):
        Group.objects.filter(name__in=["Moderators", "Editors"], user__isnull=True).delete()

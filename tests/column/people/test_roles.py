"""What each role may do: as grants, as an administrator's changes that stay, and as a matrix role × address."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Workflow, WorkflowPage

from column.people.models import SetupStep
from column.people.roles import (
    COLLECTION_PERMISSIONS,
    PAGE_PERMISSIONS,
    PERMISSIONS,
    Role,
    ensure_roles,
    home_of,
)
from tests.column.schedule.desk import draft, planned
from tests.factories import column_page, make_article, make_user

pytestmark = pytest.mark.django_db

REPORTER, EDITOR, MANAGING, CHIEF, COMMITTEE, ADMINISTRATOR = Role


def names(group: Group) -> set[str]:
    return {
        f"{permission.content_type.app_label}.{permission.codename}"
        for permission in group.permissions.select_related("content_type")
    }


def test_the_groups_are_these_and_no_others() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == {
        "Phóng viên",
        "Biên tập viên",
        "Thư ký tòa soạn",
        "Tổng biên tập",
        "Cán bộ theo dõi, tổng hợp",
        "Quản trị",
    }


@pytest.mark.parametrize("role", Role)
def test_every_grant_of_the_table_was_made(role: Role) -> None:
    group = Group.objects.get(name=role)
    assert names(group) == PERMISSIONS[role]
    on_pages = GroupPagePermission.objects.filter(group=group)
    assert {(row.page_id, row.permission.codename) for row in on_pages} == {
        (column_page().pk, f"{action}_page") for action in PAGE_PERMISSIONS.get(role, ())
    }
    on_files = GroupCollectionPermission.objects.filter(group=group).select_related("permission__content_type")
    assert {f"{row.permission.content_type.app_label}.{row.permission.codename}" for row in on_files} == set(
        COLLECTION_PERMISSIONS.get(role, ())
    )


def test_what_an_administrator_takes_away_stays_away() -> None:
    editor = Group.objects.get(name=EDITOR)
    editor.permissions.remove(Permission.objects.get(codename="import_archive"))
    GroupPagePermission.objects.filter(group=editor, permission__codename="lock_page").delete()
    Group.objects.filter(name=REPORTER).update(name="Phóng viên, cộng tác viên")
    Group.objects.get(name=MANAGING).delete()
    column_page().get_workflow()
    WorkflowPage.objects.all().delete()

    call_command("migrate", verbosity=0)

    assert names(editor) == PERMISSIONS[EDITOR] - {"column.import_archive"}
    assert set(GroupPagePermission.objects.filter(group=editor).values_list("permission__codename", flat=True)) == {
        "add_page",
        "change_page",
        "unlock_page",
    }
    assert not Group.objects.filter(name__in=[REPORTER, MANAGING]).exists()
    assert not WorkflowPage.objects.exists()


def test_what_an_administrator_adds_stays_too() -> None:
    reporter = Group.objects.get(name=REPORTER)
    reporter.permissions.add(Permission.objects.get(codename="view_tallies"))
    call_command("migrate", verbosity=0)
    assert names(reporter) == PERMISSIONS[REPORTER] | {"column.view_tallies"}


def test_a_grant_of_a_later_version_reaches_the_groups_once(monkeypatch: pytest.MonkeyPatch) -> None:
    later = PERMISSIONS | {EDITOR: PERMISSIONS[EDITOR] | {"column.correct_story"}}
    monkeypatch.setattr("column.people.roles.PERMISSIONS", later)
    ensure_roles(column_page())
    editor = Group.objects.get(name=EDITOR)
    assert names(editor) == later[EDITOR]
    editor.permissions.remove(Permission.objects.get(codename="correct_story"))
    ensure_roles(column_page())
    assert names(editor) == PERMISSIONS[EDITOR] - {"column.correct_story"}


def test_a_permission_that_does_not_exist_yet_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    later = PERMISSIONS | {COMMITTEE: PERMISSIONS[COMMITTEE] | {"column.not_yet"}}
    monkeypatch.setattr("column.people.roles.PERMISSIONS", later)
    ensure_roles(column_page())
    assert names(Group.objects.get(name=COMMITTEE)) == {"column.view_tallies"}
    assert not SetupStep.objects.filter(name__contains="not_yet").exists()


def test_wagtails_own_groups_stay_when_someone_is_in_them() -> None:
    SetupStep.objects.filter(name="wagtail-default-groups").delete()
    editors, moderators = (Group.objects.create(name=name) for name in ("Editors", "Moderators"))
    make_user().groups.add(editors)
    ensure_roles(column_page())
    assert list(Group.objects.filter(pk__in=[editors.pk, moderators.pk])) == [editors]


def test_the_approval_workflow() -> None:
    workflow = column_page().get_workflow()
    assert [workflow.name for workflow in Workflow.objects.all()] == ["Duyệt bài"]
    assert [(one.name, one.specific.permission) for one in workflow.tasks] == [
        ("Biên tập", "column.review_story"),
        ("Duyệt", "column.approve_story"),
    ]


@pytest.mark.parametrize(
    ("role", "home"),
    [(REPORTER, "/admin/"), (EDITOR, "/admin/"), (MANAGING, "/admin/"), (CHIEF, "/admin/"),
     (ADMINISTRATOR, "/admin/"), (COMMITTEE, "/tong-hop/")],
)  # fmt: skip
def test_where_each_begins(role: Role, home: str) -> None:
    assert home_of(make_user("", role)) == home


def test_an_account_without_a_role_begins_at_the_front_page() -> None:
    assert home_of(make_user()) == "/"


# Role × address -------------------------------------------------------------------------------------------------

STORY_DESK = {REPORTER, EDITOR, MANAGING, CHIEF, ADMINISTRATOR}
EDITORS = {EDITOR, MANAGING, CHIEF, ADMINISTRATOR}
APPROVERS = {MANAGING, CHIEF}

#: Who gets an answer (200) from which screen; everyone else is turned away.
MATRIX: dict[str, set[Role]] = {
    "wagtailadmin_home": STORY_DESK,
    "explore": STORY_DESK,
    "add article": {REPORTER, EDITOR, MANAGING, CHIEF},
    "edit another's draft": EDITORS,
    "edit a live story": EDITORS,
    "edit the column": EDITORS,
    "history": EDITORS,
    "delete a draft": EDITORS,
    "delete a live story": set(),
    "unpublish": set(),
    "move": EDITORS,
    "schedule_slots": STORY_DESK,
    "schedule_list": STORY_DESK,
    "schedule_year": STORY_DESK,
    "schedule_assign": EDITORS,
    "schedule_skip": EDITORS,
    "schedule_change": EDITORS,
    "schedule_move": EDITORS,
    "schedule_plan_story": EDITORS,
    "schedule_story": APPROVERS,
    "story_take_down": {CHIEF},
    "story_corrections": APPROVERS,
    "waiting": STORY_DESK,
    "delegations": STORY_DESK,
    "delegate": APPROVERS,
    "bylines": STORY_DESK,
    "images": STORY_DESK,
    "documents": STORY_DESK,
    "users": {ADMINISTRATOR},
    "groups": {ADMINISTRATOR},
    "sites": {ADMINISTRATOR},
    "redirects": {ADMINISTRATOR},
    "workflows": {ADMINISTRATOR},
    "collections": {ADMINISTRATOR},
    "masthead": {CHIEF, ADMINISTRATOR},
    "schedule settings": {MANAGING, CHIEF, ADMINISTRATOR},
}


def addresses() -> dict[str, str]:
    column = column_page().pk
    own, live, other = planned("Bản nháp").pk, make_article("Đã đăng").pk, draft("Bản nháp khác").pk
    from column.schedule.models import Slot

    filled = Slot.objects.get(story=own).pk
    empty = Slot.objects.filter(story=None).order_by("-day").first()
    assert empty is not None
    return {
        "wagtailadmin_home": reverse("wagtailadmin_home"),
        "explore": reverse("wagtailadmin_explore", args=[column]),
        "add article": reverse("wagtailadmin_pages:add", args=["column", "article", column]),
        "edit another's draft": reverse("wagtailadmin_pages:edit", args=[own]),
        "edit a live story": reverse("wagtailadmin_pages:edit", args=[live]),
        "edit the column": reverse("wagtailadmin_pages:edit", args=[column]),
        "history": reverse("wagtailadmin_pages:history", args=[own]),
        "delete a draft": reverse("wagtailadmin_pages:delete", args=[own]),
        "delete a live story": reverse("wagtailadmin_pages:delete", args=[live]),
        "unpublish": reverse("wagtailadmin_pages:unpublish", args=[live]),
        "move": reverse("wagtailadmin_pages:move", args=[own]),
        "schedule_slots": reverse("schedule_slots"),
        "schedule_list": reverse("schedule_list"),
        "schedule_year": reverse("schedule_year"),
        "schedule_assign": reverse("schedule_assign", args=[empty.pk]),
        "schedule_skip": reverse("schedule_skip", args=[empty.pk]),
        "schedule_change": reverse("schedule_change", args=[empty.pk]),
        "schedule_move": reverse("schedule_move", args=[filled]),
        "schedule_plan_story": reverse("schedule_plan_story", args=[other]),
        "schedule_story": reverse("schedule_story", args=[own]),
        "story_take_down": reverse("story_take_down", args=[live]),
        "story_corrections": reverse("story_corrections", args=[live]),
        "waiting": reverse("workflow_waiting"),
        "delegations": reverse("people_delegations"),
        "delegate": reverse("people_delegate"),
        "bylines": reverse("wagtailsnippets_column_byline:list"),
        "images": reverse("wagtailimages:index"),
        "documents": reverse("wagtaildocs:index"),
        "users": reverse("wagtailusers_users:index"),
        "groups": reverse("wagtailusers_groups:index"),
        "sites": reverse("wagtailsites:index"),
        "redirects": reverse("wagtailredirects:index"),
        "workflows": reverse("wagtailadmin_workflows:index"),
        "collections": reverse("wagtailadmin_collections:index"),
        "masthead": reverse("wagtailsettings:edit", args=["home", "masthead"]),
        "schedule settings": reverse("wagtailsettings:edit", args=["column", "schedulesettings"]),
    }


def opens(client: Client, address: str) -> bool:
    response = client.get(address)
    while response.status_code == 302 and response["Location"].startswith(address):
        response = client.get(response["Location"])  # the settings' own redirect to their record
    assert response.status_code in (200, 302, 403), (address, response.status_code)
    return response.status_code == 200


def test_role_by_address() -> None:
    where = addresses()
    assert where.keys() == MATRIX.keys()
    found: dict[str, set[Role]] = {name: set() for name in MATRIX}
    for role in Role:
        client = Client()
        client.force_login(make_user("", role))
        for name, address in where.items():
            if opens(client, address):
                found[name].add(role)
    assert found == MATRIX


def test_nobody_without_an_account_sees_any_of_it() -> None:
    client = Client()
    assert not any(opens(client, address) for address in addresses().values())


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("schedule_unassign", EDITORS),
        ("schedule_reopen", EDITORS),
        ("schedule_cancel", APPROVERS),
    ],
)
def test_role_by_post(name: str, allowed: set[Role]) -> None:
    from column.schedule.models import Slot

    article = planned()
    key = article.pk if name == "schedule_cancel" else Slot.objects.get(story=article.pk).pk
    for role in Role:
        client = Client()
        client.force_login(make_user("", role))
        response: Any = client.post(reverse(name, args=[key]))
        assert response.status_code == 302
        refused = response["Location"] in ("/admin/",) or response["Location"].startswith("/dang-nhap/")
        assert refused is (role not in allowed), (role, response["Location"])
        assert client.get(reverse(name, args=[key])).status_code in (302, 405)


def test_a_reporter_edits_and_deletes_only_own_drafts() -> None:
    client, reporter = Client(), make_user("", REPORTER)
    client.force_login(reporter)
    article = draft("Của tôi", owner=reporter)
    assert opens(client, reverse("wagtailadmin_pages:edit", args=[article.pk]))
    assert opens(client, reverse("wagtailadmin_pages:delete", args=[article.pk]))
    page = article.permissions_for_user(reporter)
    assert (page.can_publish(), page.can_submit_for_moderation()) == (False, True)


def test_no_bylines_are_deleted_even_by_a_superuser() -> None:
    from column.people.models import Byline

    byline = Byline.objects.create(name="ĐOÀN LƯƠNG")
    client = Client()
    client.force_login(make_user("chu", is_superuser=True))
    assert not opens(client, reverse("wagtailsnippets_column_byline:delete", args=[byline.pk]))


def test_the_admins_api_reads_and_does_not_write() -> None:
    client = Client()
    client.force_login(make_user("", CHIEF))
    article = draft()
    assert client.get(f"/admin/api/main/pages/{article.pk}/").status_code == 200
    for action in ("publish", "unpublish", "delete", "move", "create_alias", "copy"):
        response = client.post(f"/admin/api/main/pages/{article.pk}/action/{action}/", {})
        assert response.status_code == 404, action
    article.refresh_from_db()
    assert not article.live

"""*Ủy quyền*: whose right on which days, who lends and ends, what a delegate may do, and what is kept of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry, PageLogEntry

from column.enums import Function
from column.people.delegating import END_ALL, SEE_ALL, functions_of
from column.people.delegation import holders
from column.people.models import Delegation, User
from column.people.roles import Role
from column.schedule.approval import is_approved
from column.schedule.notices.models import Notice
from column.schedule.scheduling import cancel_schedule, schedule_story
from column.stories.models import Article
from column.stories.takedown import take_down
from column.text.dates import TZ
from tests.column.schedule.desk import planned
from tests.column.schedule.workflow.way import act, edit, fresh, logged_in, person, step_of, submit, written
from tests.factories import make_article

pytestmark = pytest.mark.django_db

DAY = date(2017, 2, 14)
NOON = datetime(2017, 2, 14, 12, 0, tzinfo=TZ)
LENT = [f"column.{function}" for function in Function]


@pytest.fixture
def managing() -> User:
    return person("thu-ky", Role.MANAGING_EDITOR)


@pytest.fixture
def editor() -> User:
    return person("bien-tap", Role.EDITOR)


def lend(delegate: User, granter: User | None, function: str = Function.APPROVE, **fields: Any) -> Delegation:
    return Delegation.objects.create(
        function=function, delegate=delegate, granted_by=granter, reason="Đi công tác",
        **({"first_day": DAY, "last_day": DAY} | fields),
    )  # fmt: skip


def rights(user: User) -> set[str]:
    return {name for name in LENT if fresh(user).has_perm(name)}


# The right itself -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", Function)
def test_each_function_lends_its_right_alone(function: str, editor: User) -> None:
    lend(editor, person("tong", Role.CHIEF), function)
    with time_machine.travel(NOON, tick=False):
        assert rights(editor) == {f"column.{function}"}
        assert f"column.{function}" in fresh(editor).get_all_permissions()
        assert not fresh(editor).has_perm(f"column.{function}", object())


@pytest.mark.parametrize(
    ("moment", "has"),
    [
        (datetime(2017, 2, 13, 16, 59, 59, tzinfo=UTC), False),  # 23:59:59 in Đà Nẵng, the day before
        (datetime(2017, 2, 13, 17, 0, 0, tzinfo=UTC), True),
        (datetime(2017, 2, 14, 16, 59, 59, tzinfo=UTC), True),
        (datetime(2017, 2, 14, 17, 0, 0, tzinfo=UTC), False),
    ],
)
def test_the_days_are_da_nangs_and_inclusive(moment: datetime, has: bool, editor: User, managing: User) -> None:
    lend(editor, managing)
    with time_machine.travel(moment, tick=False):
        assert rights(editor) == ({"column.approve_story"} if has else set())


@pytest.mark.parametrize("role", [Role.COMMITTEE, None])
def test_only_to_those_whom_the_admin_lets_in(role: Role | None, managing: User) -> None:
    user = person("ngoai", role)
    lend(user, managing)
    with time_machine.travel(NOON, tick=False):
        assert rights(user) == set()


def test_not_to_closed_accounts_nor_after_it_was_ended(editor: User, managing: User) -> None:
    lent = lend(editor, managing)
    with time_machine.travel(NOON, tick=False):
        User.objects.filter(pk=editor.pk).update(is_active=False)
        assert rights(editor) == set()
        User.objects.filter(pk=editor.pk).update(is_active=True)
        assert rights(editor) == {"column.approve_story"}
        Delegation.objects.filter(pk=lent.pk).update(revoked_at=NOON)
        assert rights(editor) == set()


@pytest.mark.parametrize("loss", ["role", "closed", "deleted"])
def test_a_right_that_the_lender_lost_is_lent_no_longer(loss: str, editor: User, managing: User) -> None:
    lend(editor, managing)
    with time_machine.travel(NOON, tick=False):
        assert rights(editor) == {"column.approve_story"}
        if loss == "role":
            managing.groups.clear()
        elif loss == "closed":
            User.objects.filter(pk=managing.pk).update(is_active=False)
        else:
            managing.delete()
        assert rights(editor) == set()
        assert not holders("column.approve_story").exists()
        page = logged_in(editor).get(reverse("people_delegations")).content.decode()
    assert "Không còn hiệu lực" in page


def test_it_is_read_once_a_request(editor: User, managing: User) -> None:
    lend(editor, managing)
    with time_machine.travel(NOON, tick=False):
        user = fresh(editor)
        user.has_perm("column.approve_story")
        with CaptureQueriesContext(connection) as queries:
            assert [user.has_perm(name) for name in (*LENT, "column.correct_story")] == [True, False, False, False]
    assert len(queries) == 0


def test_other_permissions_cost_no_query_for_it(editor: User) -> None:
    user = fresh(editor)
    user.has_perm("column.review_story")
    with CaptureQueriesContext(connection) as queries:
        assert not user.has_perm("column.nothing")
    assert len(queries) == 0


def test_who_holds_a_right(editor: User, managing: User) -> None:
    chief, reporter = person("tong", Role.CHIEF), person("phong-vien", Role.REPORTER)
    person("quan-tri", Role.ADMINISTRATOR)
    person("may-chu", None, is_superuser=True)
    person("nghi", Role.CHIEF, is_active=False)
    lend(reporter, managing)
    lend(editor, chief, Function.TAKE_DOWN)
    with time_machine.travel(NOON, tick=False):
        found = {name: {user.username for user in holders(name)} for name in (*LENT, "column.review_story")}
    assert found == {
        "column.approve_story": {"thu-ky", "tong", "phong-vien"},
        "column.schedule_story": {"thu-ky", "tong"},
        "column.take_down_story": {"tong", "bien-tap"},
        "column.review_story": {"bien-tap", "thu-ky", "tong"},
    }


# What a delegate may do -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REPORTER])
def test_a_delegate_approves_in_the_editor_and_publishes(role: Role, managing: User) -> None:
    delegate = person("thay-mat", role)
    with time_machine.travel(NOON, tick=False):
        article = written("Bài thay mặt", person("tac-gia", Role.REPORTER))
        submit(article, managing)
        assert logged_in(delegate).get(edit(article)).status_code == (200 if role == Role.EDITOR else 302)
        lend(delegate, managing)
        page = logged_in(delegate).get(edit(article))
        assert page.status_code == 200
        labels = {str(getattr(item, "label", "")) for item in page.context["action_menu"].menu_items}
        assert {"Duyệt", "Duyệt, kèm lời nhắn", "Trả bài"} <= labels
        tester = article.permissions_for_user(fresh(delegate))
        assert (tester.can_edit(), tester.can_publish(), tester.can_unschedule()) == (True, True, False)
        assert not tester.can_set_view_restrictions()
        assert tester.can_delete() is (role == Role.EDITOR)
        act(article, delegate, "approve")
    assert is_approved(Article.objects.get(pk=article.pk).get_latest_revision())


def test_a_delegate_approves_in_bulk(editor: User, managing: User) -> None:
    article = written("Bài hàng loạt", person("tac-gia", Role.REPORTER))
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"]) + f"?id={article.pk}&next=/admin/"
    with time_machine.travel(NOON, tick=False):
        logged_in(editor).post(address)
        assert not Article.objects.get(pk=article.pk).live
        lend(editor, managing)
        logged_in(editor).post(address)
        assert Article.objects.get(pk=article.pk).live


def test_scheduling_and_taking_down_in_somebodys_stead(editor: User) -> None:
    chief = person("tong", Role.CHIEF)
    article, live = planned("Bài hẹn"), make_article("Bài trên trang")
    screens = {
        Function.SCHEDULE: reverse("schedule_story", args=[article.pk]),
        Function.TAKE_DOWN: reverse("story_take_down", args=[live.pk]),
    }
    with time_machine.travel(NOON, tick=False):
        assert {logged_in(editor).get(address).status_code for address in screens.values()} == {302}
        for function, address in screens.items():
            lend(editor, chief, function)
            assert logged_in(editor).get(address).status_code == 200


def test_what_was_done_by_a_lent_right_says_so(editor: User) -> None:
    reporter, chief = person("tac-gia", Role.REPORTER), person("tong", Role.CHIEF)
    with time_machine.travel(NOON, tick=False):
        for function in Function:
            lend(editor, chief, function)
        article = planned("Bài thay mặt", owner=reporter)
        submit(article, reporter)
        act(article, editor, "review")  # the editor's own right
        act(article, editor, "approve")
        schedule_story(article, fresh(editor), NOON)
        cancel_schedule(article, fresh(editor))
        live = make_article("Bài gỡ")
        take_down(live, fresh(editor), "Đã gỡ.")
    marked = {
        (entry.action, (entry.data or {}).get("delegated_by", ""))
        for entry in PageLogEntry.objects.filter(user=editor)
    }  # fmt: skip
    assert {row for row in marked if row[1]} == {
        (action, "tong")
        for action in (
            "wagtail.workflow.approve", "wagtail.publish.schedule", "wagtail.schedule.cancel", "column.take_down",
            *(action for action, _who in marked if action.startswith("column.slot.") and "schedul" in action),
        )
    }  # fmt: skip
    approvals = PageLogEntry.objects.filter(action="wagtail.workflow.approve").order_by("pk")
    assert ["(theo ủy quyền của tong)" in entry.message for entry in approvals] == [False, True]
    history = logged_in(chief).get(reverse("wagtailadmin_pages:history", args=[article.pk])).content.decode()
    assert "(theo ủy quyền của tong)" in history
    told = Notice.objects.get(recipient=reporter, kind="approved").text
    assert told.splitlines()[0] == "bien-tap (theo ủy quyền của tong) đã duyệt “Bài thay mặt”."


def test_whoever_has_the_right_by_role_stands_in_for_nobody(managing: User) -> None:
    chief = person("tong", Role.CHIEF)
    with time_machine.travel(NOON, tick=False):
        article = written("Bài của tòa soạn", person("tac-gia", Role.REPORTER))
        submit(article, managing)
        lend(chief, managing)
        act(article, chief, "approve")
    assert not PageLogEntry.objects.filter(data__has_key="delegated_by").exists()
    assert step_of(article) == ""


# Lending and ending ---------------------------------------------------------------------------------------------

#: Who may lend what.
MAY_LEND = {
    Role.REPORTER: set(), Role.EDITOR: set(), Role.COMMITTEE: set(), Role.ADMINISTRATOR: set(),
    Role.MANAGING_EDITOR: {Function.APPROVE, Function.SCHEDULE}, Role.CHIEF: set(Function),
}  # fmt: skip


@pytest.mark.parametrize("role", Role)
def test_who_lends_what(role: Role) -> None:
    user = person("ai-do", role)
    assert set(functions_of(user)) == MAY_LEND[role]
    response = logged_in(user).get(reverse("people_delegate"))
    assert (response.status_code == 200) is bool(MAY_LEND[role])
    if MAY_LEND[role]:
        assert {value for value, _label in response.context["form"].fields["function"].choices if value} == {
            str(one) for one in MAY_LEND[role]
        }


def test_a_lent_right_is_not_lent_on(editor: User, managing: User) -> None:
    with time_machine.travel(NOON, tick=False):
        lend(editor, managing)
        assert fresh(editor).has_perm("column.approve_story")
        assert functions_of(fresh(editor)) == []
        assert logged_in(editor).get(reverse("people_delegate")).status_code == 302
        form = {"function": "approve_story", "delegate": managing.pk, "first_day": "14/02/2017",
                "last_day": "15/02/2017", "reason": "x"}  # fmt: skip
        logged_in(editor).post(reverse("people_delegate"), form)
    assert Delegation.objects.count() == 1


def filled(to: User, **more: Any) -> dict[str, Any]:
    return {
        "function": "approve_story", "delegate": to.pk, "first_day": "14/02/2017", "last_day": "16/02/2017",
        "reason": "Đi công tác", **more,
    }  # fmt: skip


def test_lending_is_logged_and_told(editor: User, managing: User) -> None:
    with time_machine.travel(NOON, tick=False):
        response = logged_in(managing).post(reverse("people_delegate"), filled(editor))
        assert response["Location"] == reverse("people_delegations")
        lent = Delegation.objects.get()
        assert (lent.granted_by, lent.delegate, lent.function, lent.first_day, lent.last_day) == (
            managing, editor, "approve_story", DAY, date(2017, 2, 16),
        )  # fmt: skip
        assert rights(editor) == {"column.approve_story"}
        entry = ModelLogEntry.objects.get(action="column.delegation.given")
        assert (entry.user, entry.message) == (
            managing, "Ủy quyền “Duyệt đăng” cho bien-tap, từ 14/02/2017 đến hết 16/02/2017 (Đi công tác)",
        )  # fmt: skip
        notice = Notice.objects.get()
        assert (notice.recipient, notice.kind, notice.text) == (
            editor, "delegated",
            "thu-ky ủy quyền cho bạn “Duyệt đăng” từ 14/02/2017 đến hết 16/02/2017.\nLý do: Đi công tác",
        )  # fmt: skip

        client = logged_in(managing)
        assert "Đã thu hồi ủy quyền" in end(client, lent)
        assert rights(editor) == set()
        assert "đã được thu hồi trước đó" in end(client, lent)
    assert ModelLogEntry.objects.filter(action="column.delegation.ended").count() == 1
    assert [one.subject for one in Notice.objects.order_by("pk")] == [
        "Ủy quyền: Duyệt đăng", "Thu hồi ủy quyền: Duyệt đăng",
    ]  # fmt: skip


def end(client: Any, lent: Delegation) -> str:
    response = client.post(reverse("people_delegation_end", args=[lent.pk]), follow=True)
    return str(response.content.decode())


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"last_day": "13/02/2017"}, "last_day", "Ngày cuối phải từ ngày đầu trở đi."),
        ({"first_day": "01/02/2017", "last_day": "02/02/2017"}, "last_day", "Ngày này đã qua."),
        ({"last_day": "28/12/2018"}, "last_day", "không quá một năm"),
        ({"first_day": "hôm nào đó"}, "first_day", ""),
        ({"reason": "  "}, "reason", ""),
        ({"function": "take_down_story"}, "function", ""),
        ({"function": "review_story"}, "function", ""),
        ({"delegate": "9" * 30}, "delegate", ""),
        ({"delegate": "0"}, "delegate", ""),
    ],
)
def test_what_is_not_accepted(more: dict[str, str], field: str, words: str, editor: User, managing: User) -> None:
    with time_machine.travel(NOON, tick=False):
        response = logged_in(managing).post(reverse("people_delegate"), filled(editor, **more))
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {field}
    assert words in str(response.context["form"].errors[field])
    assert not Delegation.objects.exists()


def test_to_whom_it_is_not_lent(editor: User, managing: User) -> None:
    chief, staff = person("tong", Role.CHIEF), person("can-bo", Role.COMMITTEE)
    lend(editor, managing, last_day=DAY + timedelta(days=1))
    with time_machine.travel(NOON, tick=False):
        for delegate in (managing, chief, staff, editor):
            response = logged_in(managing).post(reverse("people_delegate"), filled(delegate))
            assert set(response.context["form"].errors) == {"delegate"}, delegate
    assert Delegation.objects.count() == 1


#: Who sees and who may end the delegation of the managing editor to the editor.
SEES = {"thu-ky", "bien-tap", "tong", "quan-tri"}
ENDS = {"thu-ky", "tong", "quan-tri"}


def test_who_sees_and_who_ends(editor: User, managing: User) -> None:
    people = [
        managing, editor, person("tong", Role.CHIEF), person("quan-tri", Role.ADMINISTRATOR),
        person("thu-ky-2", Role.MANAGING_EDITOR), person("phong-vien", Role.REPORTER),
        person("bien-tap-2", Role.EDITOR),
    ]  # fmt: skip
    lent = lend(editor, managing)
    sees, ends, menu = set(), set(), set()
    with time_machine.travel(NOON, tick=False):
        for user in people:
            client = logged_in(user)
            page = client.get(reverse("people_delegations")).content.decode()
            if "Duyệt đăng: bien-tap" in page:
                sees.add(user.username)
            if reverse("people_delegation_end", args=[lent.pk]) in page:
                ends.add(user.username)
            if '"/admin/uy-quyen/"' in client.get("/admin/").content.decode():
                menu.add(user.username)
            Delegation.objects.filter(pk=lent.pk).update(revoked_at=None)
            end(client, lent)
            changed = Delegation.objects.get(pk=lent.pk).revoked_at is not None
            assert changed is (user.username in ENDS), user.username
            Delegation.objects.filter(pk=lent.pk).update(revoked_at=None)
    assert (sees, ends, menu) == (SEES, ENDS, SEES | {"thu-ky-2"})
    assert {name for name in (SEE_ALL, END_ALL) if fresh(managing).has_perm(name)} == set()


def test_looking_writes_nothing_and_costs_the_same_for_many(editor: User, managing: User) -> None:
    client = logged_in(managing)

    def look() -> int:
        with CaptureQueriesContext(connection) as queries:
            for address in (reverse("people_delegations"), reverse("people_delegate")):
                assert client.get(address).status_code == 200
        assert [one["sql"] for one in queries if one["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}] == []
        return len(queries)

    client.get("/admin/")
    lend(editor, managing)
    few = look()
    for number in range(5):
        lend(person(f"them-{number}", Role.EDITOR), managing)
    assert look() == few
    assert client.get(reverse("people_delegation_end", args=[1])).status_code == 405

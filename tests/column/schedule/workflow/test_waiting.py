"""*Chờ tôi xử lý* and the deadlines that passed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from column.people.models import User
from column.people.roles import Role
from column.schedule import slots
from column.schedule.holding import hold
from column.schedule.models import Holiday
from column.schedule.notices.models import Notice
from column.schedule.workflow.overdue import remind
from column.schedule.workflow.waiting import Line, waiting_for
from column.stories.models import Article
from column.text.dates import TZ
from tests.column.schedule.desk import approve, slot_on
from tests.column.schedule.workflow.way import act, fresh, logged_in, person, submit, written

pytestmark = pytest.mark.django_db

#: Of Thursday 16/02/2017: the draft is due on Monday 13 at 17:00, the approval on Wednesday 15 at 17:00.
MONDAY = datetime(2017, 2, 13, 9, 0, tzinfo=TZ)
TUESDAY = datetime(2017, 2, 14, 9, 0, tzinfo=TZ)
WEDNESDAY_EVENING = datetime(2017, 2, 15, 21, 0, tzinfo=TZ)


class Desk:
    def __init__(self) -> None:
        self.reporter, self.other = person("phong-vien", Role.REPORTER), person("phong-vien-2", Role.REPORTER)
        self.editor, self.managing = person("bien-tap", Role.EDITOR), person("thu-ky", Role.MANAGING_EDITOR)
        self.administrator = person("quan-tri", Role.ADMINISTRATOR)

    def planned(self, title: str, day: date = date(2017, 2, 16), owner: User | None = None) -> Article:
        article = written(title, owner or self.reporter)
        slots.assign(slot_on(day), article, self.editor)
        return Article.objects.get(pk=article.pk)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def shown(lines: list[Line]) -> list[tuple[str, str, str, bool]]:
    return [(line.story.draft_title, str(line.duty), line.due_words, line.overdue) for line in lines]


DRAFT, APPROVAL = "17:00, 13/02/2017 (GMT+7)", "17:00, 15/02/2017 (GMT+7)"


def test_what_waits_for_whom(desk: Desk) -> None:
    to_write = desk.planned("Còn phải viết")
    returned, in_review = written("Bị trả", desk.reporter), written("Chờ biên tập", desk.other)
    to_approve, done = desk.planned("Chờ duyệt", date(2017, 2, 23), desk.other), written("Đã duyệt", desk.reporter)
    for article in (returned, in_review, to_approve):
        submit(article, desk.other)
    act(returned, desk.editor, "reject", "Ngắn quá.")
    act(to_approve, desk.editor, "review")
    approve(done)
    with time_machine.travel(TUESDAY, tick=False):
        assert shown(waiting_for(fresh(desk.reporter))) == [
            ("Còn phải viết", "write", DRAFT, True),
            ("Bị trả", "mend", "", False),
        ]
        assert shown(waiting_for(fresh(desk.other))) == [("Bị trả", "mend", "", False)]  # submitted by them
        assert shown(waiting_for(fresh(desk.editor))) == [("Chờ biên tập", "review", "", False)]
        assert shown(waiting_for(fresh(desk.managing))) == [
            ("Chờ duyệt", "approve", "17:00, 22/02/2017 (GMT+7)", False),
            ("Chờ biên tập", "review", "", False),
        ]
        assert waiting_for(fresh(desk.administrator)) == []
        (mend,) = waiting_for(fresh(desk.other))
        assert (mend.remarks, mend.by) == ("Ngắn quá.", "bien-tap")
    approve(to_write)
    with time_machine.travel(TUESDAY, tick=False):
        assert shown(waiting_for(fresh(desk.reporter))) == [("Bị trả", "mend", "", False)]


@pytest.mark.parametrize("role", ["reporter", "editor", "managing", "administrator"])
def test_the_screen_and_the_first_page(desk: Desk, role: str) -> None:
    article = desk.planned("Bài qmat")
    submit(article, desk.reporter)
    client = logged_in(getattr(desk, role))
    waits = role in {"editor", "managing"}
    with time_machine.travel(TUESDAY, tick=False):
        for address in ("/admin/cho-xu-ly/", "/admin/"):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                response = client.get(address)
            assert response.status_code == 200
            assert [one["sql"] for one in queries if one["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}] == []
            page = response.content.decode()
            assert ("Mở để biên tập: Bài qmat" in page) is waits
            assert ("Không có gì chờ bạn." in page) is not waits
            assert "moderation" not in page.partition("<main")[2].lower()


@pytest.mark.parametrize("role", ["reporter", "editor", "managing"])
def test_the_number_of_queries_does_not_grow(desk: Desk, role: str) -> None:
    user = getattr(desk, role)

    def more(first: int) -> int:
        for number in range(first, first + 3):
            submit(desk.planned(f"Chờ {number}", date(2017, 3, 2) + timedelta(weeks=number)), desk.reporter)
            back = written(f"Trả {number}", desk.reporter)
            submit(back, desk.reporter)
            act(back, desk.editor, "reject", "Sửa.")
            submit(written(f"Duyệt {number}", desk.other), desk.editor)
            desk.planned(f"Viết {number}", date(2017, 9, 7) + timedelta(weeks=number))
        known = fresh(user)
        with time_machine.travel(TUESDAY, tick=False), CaptureQueriesContext(connection) as queries:
            lines = waiting_for(known)
        assert len(lines) >= 3
        return len(queries)

    assert more(0) == more(3)


# Deadlines ------------------------------------------------------------------------------------------------------


def told() -> set[tuple[str, str, str]]:
    return {
        (one.recipient.username, one.kind, one.subject)
        for one in Notice.objects.filter(kind="overdue").select_related("recipient")
    }


DRAFT_LATE = ("phong-vien", "overdue", "Quá hạn nộp bài: “Bài muộn”")


def late_for(*names: str) -> set[tuple[str, str, str]]:
    return {(name, "overdue", "Quá hạn duyệt: “Bài muộn”") for name in names}


def test_a_late_draft_is_told_to_its_writer_once(desk: Desk) -> None:
    desk.planned("Bài muộn")
    assert (remind(MONDAY), told()) == (0, set())
    assert (remind(TUESDAY), told()) == (1, {DRAFT_LATE})
    assert (remind(TUESDAY + timedelta(minutes=10)), told()) == (0, {DRAFT_LATE})
    assert Notice.objects.get(kind="overdue").text == (
        "“Bài muộn” của kỳ Thứ Năm, 16/02/2017 đã quá hạn nộp: 17:00, 13/02/2017 (GMT+7). "
        "Hãy hoàn thành rồi trình duyệt."
    )


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("draft", {DRAFT_LATE} | late_for("thu-ky")),
        ("returned", {DRAFT_LATE} | late_for("thu-ky")),
        ("review", late_for("bien-tap", "thu-ky")),
        ("approve", late_for("thu-ky")),
        ("approved", set()),
        ("held", set()),
    ],
)
def test_a_late_approval_is_told_to_whose_turn_it_is(
    desk: Desk, step: str, expected: set[tuple[str, str, str]]
) -> None:
    article = desk.planned("Bài muộn")
    if step == "held":
        hold(article, "Chờ", desk.managing, MONDAY)
    elif step != "draft":
        submit(article, desk.reporter)
        if step in {"approve", "approved"}:
            act(article, desk.editor, "review")
        if step == "approved":
            act(article, desk.managing, "approve")
        if step == "returned":
            act(article, desk.editor, "reject", "Sửa.")
    remind(WEDNESDAY_EVENING)
    remind(WEDNESDAY_EVENING + timedelta(minutes=10))
    assert told() == expected


def test_a_deadline_on_a_day_off_is_that_of_the_working_day_before(desk: Desk) -> None:
    Holiday.objects.create(day=date(2017, 2, 13), kind="off", name="Nghỉ bù")
    desk.planned("Bài muộn")
    remind(MONDAY)  # due on Friday 10 at 17:00
    assert told() == {DRAFT_LATE}


def test_after_the_thursdays_own_time_it_is_the_alarms_turn(desk: Desk) -> None:
    desk.planned("Bài muộn")
    assert remind(datetime(2017, 2, 16, 14, 13, tzinfo=TZ)) == 0
    assert told() == set()


def test_idle_it_costs_little(desk: Desk) -> None:
    with CaptureQueriesContext(connection) as queries:
        remind(MONDAY)
    assert len(queries) <= 2

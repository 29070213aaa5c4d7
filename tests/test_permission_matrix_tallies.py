"""Role × address × format of everything that counts, codes, proves and exports: no address of these rooms is missing.

Who is let in, who is turned away, what each answer tells of, and what a refused post changes (nothing). The stories are
those of ``tests.test_permission_matrix``: of every state that readers must not see, all about one unit and criterion.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date
from typing import Any, NamedTuple

import pytest
import time_machine
from django.apps import apps
from django.core.files.base import ContentFile
from django.http import QueryDict
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone
from wagtail.models import PageViewRestriction

from column.coverage.bulk.models import CodingBatch
from column.coverage.models import StoryDocument
from column.coverage.recording import Row, record
from column.departments.changing import Change, carry_out
from column.enums import UnitEventKind
from column.figures.models import Indicator, ReportedFigure
from column.people.models import User
from column.people.roles import Role
from column.signals import announce
from column.stories.models import Story
from column.tallies.api import keys as api_keys
from column.tallies.asked import Asked
from column.tallies.certificates.freezing import draft, freeze
from column.tallies.exports.formats import FORMATS
from column.tallies.exports.models import ExportJob, ExportState
from column.tallies.models import MonitoredList, ReportingSeries
from column.tallies.published.models import PublishedFigure
from column.tallies.reports.models import ReportSchedule
from tests.factories import make_department, make_user
from tests.test_permission_matrix import OPEN, Newsroom

pytestmark = pytest.mark.django_db

NOW = "2026-11-23T08:00:00+07:00"
READERS: tuple[Role | str | None, ...] = (*Role, "", None)
#: Everyone, those who view tallies, those who change layouts and schedules, the newsroom, its editors.
ALL = frozenset(READERS)
COUNT = frozenset({Role.EDITOR, Role.MANAGING_EDITOR, Role.CHIEF, Role.COMMITTEE, Role.ADMINISTRATOR})
REPORTS = COUNT - {Role.EDITOR}
DESK = frozenset({Role.EDITOR, Role.MANAGING_EDITOR, Role.CHIEF, Role.ADMINISTRATOR})
INSIDE = DESK | {Role.REPORTER}


class Counted(Newsroom):
    """What was frozen, published, asked for and planned about those stories; all of it by people of the committee."""

    def __init__(self) -> None:
        super().__init__()
        self.clerk, self.editor = make_user("thu-ky-bao-cao", Role.COMMITTEE), make_user("gan-ma", Role.EDITOR)
        asked = Asked.parse(QueryDict("ky=2017"))[0]
        self.code = freeze(asked, title="Phiếu năm 2017", user=self.clerk).code
        self.draft_code = draft(asked, title="Bản nháp năm 2017", user=self.clerk).code
        opened = self.stories["qopen"]
        # Afterwards one is no longer about the unit: there is something to explain.
        record(self.stories["qedited"], [], user=self.editor, at=timezone.now())
        record(self.stories["qdraft"], [], user=self.editor, at=timezone.now())
        self.figure = PublishedFigure.objects.create(
            number=94, counts="bài viết", as_of=date(2017, 2, 16), passage="94 bài viết", source_story_id=opened.pk,
            address=asked.url(), made_by=self.clerk,
        ).pk  # fmt: skip
        self.schedule = ReportSchedule.objects.create(name="Báo cáo quý", made_by=self.clerk).pk
        job = ExportJob(owner=self.clerk, query="ky=2017", format="csv", title="Bảng 2017", state=ExportState.DONE)
        job.file.save("bang.csv", ContentFile(b"Bang"), save=False)
        job.save()
        self.job = job.token
        self.key = api_keys.make_key(self.clerk, "Của người khác", None, timezone.now())[0].pk
        self.indicator = Indicator.objects.create(slug="bo-phan-mot-cua", name="Bộ phận một cửa").slug
        for word, story in self.stories.items():
            ReportedFigure.objects.create(
                story_id=story.pk, indicator=Indicator.objects.get(), printed="55/56", about="phường, xã",
                measured_on="2016", passage=f"Đoạn {word}",
            )  # fmt: skip
        self.batch = CodingBatch.objects.create(
            work="add", state="done", chosen="tin, bài năm 2017", stories=[opened.pk], added=1, created_by=self.editor,
            rows=[[self.unit.pk, self.criterion.pk]],
        ).pk  # fmt: skip
        self.book = self.criterion.group.codebook_id
        old, new = make_department("Sở Cũ"), make_department("Sở Mới")
        change = Change(UnitEventKind.MERGED, "2025-03-01", (old,), (new,), source="QĐ 1")
        self.event = carry_out(change, user=self.editor).pk
        watched = MonitoredList.objects.create(slug="theo-doi", name="Theo dõi", as_of=date(2017, 1, 1))
        watched.units.set([self.unit])
        self.watched = watched.pk
        self.series = ReportingSeries.objects.create(
            slug="nam-bao-cao", name="Năm báo cáo", starts_on=date(2016, 12, 15), months=12
        ).pk

    def _describe(self, word: str, story: Story) -> None:
        row = Row(self.unit.pk, self.criterion.pk, f"Đoạn {word}")
        record(Story.objects.get(pk=story.pk), [row], user=None, at=timezone.now())
        StoryDocument.objects.create(story=Story.objects.get(pk=story.pk), document=self.document, relation="mentions")
        announce([story.pk])
        self.stories[word] = story


class Screen(NamedTuple):
    """A GET: the address's name, the address, who is let in, and the stories that the answer may and does tell of."""

    name: str
    path: str
    who: frozenset[Role | str | None]
    told: frozenset[str] = frozenset()


NOBODY: frozenset[str] = frozenset()
BOTH, ONE = frozenset(OPEN), frozenset({"qopen"})


def screens(room: Counted) -> list[Screen]:
    """Every address that can be looked at, outside the admin."""
    code, figure = f"/tong-hop/phieu/{room.code}/", f"/tong-hop/da-cong-bo/{room.figure}/"
    files = [
        Screen("tally_file", f"/tong-hop/bang-tong-hop.{ending}?ky=2017{more}", COUNT, BOTH if frozen else told)
        for ending in FORMATS
        for more, frozen in (("", False), (f"&phieu={room.code}", ending == "xlsx"))
        for told in [ONE if ending == "xlsx" else NOBODY]
    ]
    pictures = [
        Screen("tally_picture", f"/tong-hop/hinh/{key}.{ending}?ky=2017", COUNT)
        for key in ("nhiet", "it-nhat", "xu-huong")
        for ending in ("svg", "png")
    ]
    return [
        *files, *pictures,
        Screen("departments", "/don-vi/", ALL), Screen("department", room.unit.get_absolute_url(), ALL, ONE),
        Screen("criteria", "/tieu-chi/", ALL), Screen("criterion", f"/tieu-chi/{room.criterion.slug}/", ALL, ONE),
        Screen("stories", "/tin-bai/?ky=2017", ALL, BOTH), Screen("figures", "/so-lieu/", ALL, BOTH),
        Screen("figures", "/so-lieu/?q=doan", ALL, BOTH), Screen("indicator", f"/so-lieu/{room.indicator}/", ALL, BOTH),
        Screen("tally", "/tong-hop/?ky=2017", COUNT),
        Screen("tally", "/tong-hop/?ky=2017&hang=but-danh&cot=quy", COUNT),
        Screen("tally", "/tong-hop/?ky=2017&hang=chieu&cot=vai-tro&dem=luot&vai-tro=tat-ca", COUNT),
        Screen("tally", "/tong-hop/?ky=2017&hang=quy&cot=trang-thai&dem=ky-dang", COUNT),
        Screen("tally_stories", "/tong-hop/danh-sach/?vai-tro=tat-ca", COUNT, ONE),
        Screen("tally_stories", "/tong-hop/danh-sach/?ky=2017", COUNT, BOTH),
        Screen("tally_slots", "/tong-hop/ky-dang/", COUNT), Screen("tally_contract", "/tong-hop/quy-uoc/", COUNT),
        Screen("tally_pictures", "/tong-hop/hinh/?ky=2017", COUNT),
        Screen("tally_compare", "/tong-hop/so-sanh/?ky=2017&voi-ky=2016", COUNT),
        Screen("tally_prose", "/tong-hop/doan-so-lieu/?ky=2017", COUNT), Screen("tally_files", "/tong-hop/tep/", COUNT),
        Screen("report_layouts", "/tong-hop/mau-trinh-bay/", COUNT),
        Screen("report_layout", "/tong-hop/mau-trinh-bay/dang/", REPORTS),
        Screen("report_schedules", "/tong-hop/bao-cao-dinh-ky/", COUNT),
        Screen("report_schedule_new", "/tong-hop/bao-cao-dinh-ky/them/", REPORTS),
        Screen("report_schedule", f"/tong-hop/bao-cao-dinh-ky/{room.schedule}/", REPORTS),
        Screen("api_keys", "/tong-hop/khoa-api/", COUNT), Screen("certificates", "/tong-hop/phieu/", COUNT),
        Screen("certificate_new", "/tong-hop/phieu/moi/?ky=2017", COUNT), Screen("certificate", code, COUNT),
        Screen("certificate", f"/tong-hop/phieu/{room.draft_code}/", COUNT),
        Screen("certificate_stories", f"{code}danh-sach/", COUNT, BOTH),
        Screen("certificate_explained", f"{code}so-voi/nay/", COUNT, frozenset({"qedited"})),
        Screen("certificate_explained", f"{code}so-voi/{room.code}/", COUNT),
        Screen("certificate_explained_json", f"{code}so-voi/nay/giai-thich.json", COUNT, frozenset({"qedited"})),
        Screen("certificate_explained_csv", f"{code}so-voi/nay/giai-thich.csv", COUNT, frozenset({"qedited"})),
        Screen("published_figures", "/tong-hop/da-cong-bo/", COUNT, ONE),
        Screen("published_figure_new", "/tong-hop/da-cong-bo/moi/", COUNT),
        Screen("published_figure", figure, COUNT, ONE), Screen("published_figure_edit", f"{figure}sua/", COUNT, ONE),
        Screen("published_figure_explained", f"{figure}so-voi/", COUNT),
    ]  # fmt: skip


#: Snippets of this issue's rooms, kept by editors.
SNIPPETS = (
    "document", "codebook", "criteriongroup", "criterion", "solutiongroup", "department", "indicator", "monitoredlist",
    "reportingseries",
)  # fmt: skip


def desk_screens(room: Counted) -> list[Screen]:
    """The admin's; what they tell of the newsroom's own stories is the newsroom's. (Wagtail sends others away.)"""
    story = room.stories["qopen"].pk
    found = [
        Screen("coverage_queue", "/admin/gan-ma/", INSIDE),
        Screen("coding_bulk", "/admin/gan-ma/hang-loat/?ky=2017", DESK),
        Screen("coding_batches", "/admin/gan-ma/cac-lan/", DESK),
        Screen("coding_batch", f"/admin/gan-ma/cac-lan/{room.batch}/", DESK),
        Screen("coding_batch_progress", f"/admin/gan-ma/cac-lan/{room.batch}/tien-do/", DESK),
        Screen("coverage_editor", f"/admin/tin-bai/{story}/gan/", DESK),
        Screen("story_figures", f"/admin/tin-bai/{story}/so-lieu/", DESK),
        Screen("codebook_new_version", f"/admin/bo-tieu-chi/{room.book}/phien-ban-moi/", DESK),
        Screen("codebook_mapping", f"/admin/bo-tieu-chi/{room.book}/quy-doi/", DESK),
        Screen("units_tree", "/admin/don-vi/", DESK), Screen("unit_events", "/admin/don-vi/viec/", DESK),
        Screen("unit_life", f"/admin/don-vi/{room.unit.code}/", DESK),
        Screen("unit_duplicate", "/admin/don-vi/gop-ban-ghi-trung/", DESK),
        Screen("royalties", "/admin/nhuan-but/?thang=2017-02", DESK),
        Screen("royalties_file", "/admin/nhuan-but/nhuan-but.xlsx?thang=2017-02", DESK),
    ]  # fmt: skip
    kinds = ("doi-ten", "sap-nhap", "chia-tach", "giai-the", "thanh-lap")
    found += [Screen("unit_record", f"/admin/don-vi/viec/{kind}/", DESK) for kind in kinds]
    keys = {
        "document": room.document.pk, "codebook": room.book, "criteriongroup": room.criterion.group_id,
        "criterion": room.criterion.pk, "department": room.unit.pk, "indicator": Indicator.objects.get().pk,
        "monitoredlist": room.watched, "reportingseries": room.series,
    }  # fmt: skip
    for snippet in SNIPPETS:
        base = f"/admin/snippets/column/{snippet}/"
        found += [Screen(f"{snippet}:list", base, DESK), Screen(f"{snippet}:add", f"{base}add/", DESK)]
        if snippet in keys:
            found += [
                Screen(f"{snippet}:{what}", f"{base}{what}/{keys[snippet]}/", DESK) for what in ("edit", "history")
            ]
    return found


class Act(NamedTuple):
    """A POST: who may, and with what."""

    name: str
    path: str
    who: frozenset[Role | str | None]
    sent: dict[str, Any]


def acts(room: Counted) -> list[Act]:
    code, figure = f"/tong-hop/phieu/{room.code}/", f"/tong-hop/da-cong-bo/{room.figure}/"
    story = room.stories["qopen"].pk
    printed = {"number": "94", "counts": "bài", "as_of": "16/02/2017", "includes_own": "unknown", "passage": "94",
               "source_text": "Báo cáo"}  # fmt: skip
    said = {"name": "Quý", "rhythm": "quarter", "days_after": "1", "is_active": "on", "query": "/tong-hop/?ky=2017"}
    return [
        Act("tally_file_ask", "/tong-hop/tep/lap/", COUNT, {"dang": "csv", "bang": "ky=2017"}),
        Act("report_layout", "/tong-hop/mau-trinh-bay/dang/", REPORTS, {"name": "Tên khác"}),
        Act("report_schedule_new", "/tong-hop/bao-cao-dinh-ky/them/", REPORTS, said),
        Act("report_schedule", f"/tong-hop/bao-cao-dinh-ky/{room.schedule}/", REPORTS, said),
        Act("report_schedule_delete", f"/tong-hop/bao-cao-dinh-ky/{room.schedule}/xoa/", REPORTS, {}),
        Act("api_keys", "/tong-hop/khoa-api/", COUNT, {"name": "Thử", "lifetime": "90"}),
        Act("certificate_new", "/tong-hop/phieu/moi/?ky=2017", COUNT, {"title": "Thử"}),
        Act("certificate_freeze", f"/tong-hop/phieu/{room.draft_code}/chot/", COUNT, {}),
        Act("published_figure_new", "/tong-hop/da-cong-bo/moi/", COUNT, printed),
        Act("published_figure_edit", f"{figure}sua/", COUNT, printed | {"number": "95"}),
        Act("published_figure_sign", f"{figure}ky/", COUNT, {"text": "Vì thế."}),
        Act("published_figures_check", "/tong-hop/da-cong-bo/doi-chieu/", COUNT, {}),
        Act("coding_bulk", f"/admin/gan-ma/hang-loat/?tin={story}", DESK,
            {"work": "add", "role": "giu", "tone": "giu", "units": [room.unit.pk], "xac-nhan": "1"}),
        Act("coding_batch_action", f"/admin/gan-ma/cac-lan/{room.batch}/hoan-tac/", DESK, {}),
        Act("story_figures", f"/admin/tin-bai/{story}/so-lieu/", DESK,
            {"printed": "7", "about": "việc", "passage": "7 việc"}),
        Act("codebook_new_version", f"/admin/bo-tieu-chi/{room.book}/phien-ban-moi/", DESK, {}),
        Act("codebook_mapping", f"/admin/bo-tieu-chi/{room.book}/quy-doi/", DESK, {}),
        Act("unit_record", "/admin/don-vi/viec/thanh-lap/", DESK, {}),
        Act("unit_undo", f"/admin/don-vi/viec/{room.event}/huy/", DESK, {}),
        Act("unit_life", f"/admin/don-vi/{room.unit.code}/", DESK, {}),
        Act("unit_duplicate", "/admin/don-vi/gop-ban-ghi-trung/", DESK, {}),
        Act("coverage_editor", f"/admin/tin-bai/{story}/gan/", DESK, {}),
        *(Act(f"{snippet}:add", f"/admin/snippets/column/{snippet}/add/", DESK, {}) for snippet in SNIPPETS),
        # One's own alone, whoever asks.
        Act("tally_file_discard", f"/tong-hop/tep/{room.job}/xoa/", frozenset(), {}),
        Act("api_key_revoke", f"/tong-hop/khoa-api/{room.key}/thu-hoi/", frozenset(), {}),
        Act("certificate_freeze", f"{code}chot/", frozenset(), {}),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def made(once: Callable[..., Any]) -> Counted:
    with time_machine.travel(NOW, tick=False):
        return once(Counted)


@pytest.fixture
def room(made: Counted, db: None) -> Iterator[Counted]:
    with time_machine.travel(NOW, tick=False):
        yield deepcopy(made)


def client_of(role: Role | str | None) -> Client:
    client = Client()
    if role is not None:
        client.force_login(make_user("", role))
    return client


def refused(role: Role | str | None, path: str) -> set[int]:
    if role is None and path.startswith(("/tong-hop/", "/admin/")):
        return {302}
    return {302, 403} if path.startswith("/admin/") else {403}


@pytest.mark.parametrize("role", READERS, ids=str)
def test_who_sees_which_screen_and_what_it_tells(room: Counted, role: Role | str | None) -> None:
    client = client_of(role)
    for screen in screens(room):
        answer = client.get(screen.path)
        expected = {200} if role in screen.who else refused(role, screen.path)
        assert answer.status_code in expected, screen
        assert room.told(answer) == (screen.told if role in screen.who else set()), screen
        if screen.who == COUNT and role in COUNT:
            assert "no-store" in answer["Cache-Control"], screen


@pytest.mark.parametrize("role", READERS, ids=str)
def test_who_sees_which_screen_of_the_admin(room: Counted, role: Role | str | None) -> None:
    client = client_of(role)
    for screen in desk_screens(room):
        answer = client.get(screen.path)
        assert answer.status_code in ({200} if role in screen.who else refused(role, screen.path)), screen
        if role not in screen.who or screen.name.startswith("royalties"):
            assert room.told(answer) <= OPEN, screen


#: Whatever any of these posts could change.
WATCHED = (
    "certificate", "frozenstory", "publishedfigure", "figuresignature", "reportlayout", "reportschedule", "exportjob",
    "apikey", "coverage", "coveragechange", "codingbatch", "unitevent", "splitrule", "department", "reportedfigure",
    "codebook", "criterion", "criteriongroup", "solutiongroup", "document", "criterionmapping", "indicator",
    "monitoredlist", "reportingseries", "dismissedsuggestion",
)  # fmt: skip


def state() -> dict[str, list[Any]]:
    return {name: list(apps.get_model("column", name)._base_manager.order_by("pk").values_list()) for name in WATCHED}


@pytest.mark.parametrize("role", READERS, ids=str)
def test_who_may_do_what_and_a_refusal_changes_nothing(room: Counted, role: Role | str | None) -> None:
    client = client_of(role)
    before = state()
    for act in acts(room):
        if role in act.who:
            continue
        answer = client.post(act.path, act.sent)
        nobodys = not act.who and role in COUNT
        assert answer.status_code in ({400, 404} if nobodys else refused(role, act.path)), act
        assert room.told(answer) == set(), act
    assert state() == before
    for act in acts(room):
        if role in act.who:
            assert client.post(act.path, act.sent).status_code in {200, 302, 400, 409}, act
    assert (state() == before) == (role not in COUNT | INSIDE or role == Role.REPORTER)


@pytest.mark.parametrize("role", READERS, ids=str)
def test_a_made_file_is_its_owners_alone(room: Counted, role: Role | str | None) -> None:
    path = f"/tong-hop/tep/{room.job}/"
    assert client_of(role).get(path).status_code == (404 if role in COUNT else 302 if role is None else 403)
    owner = Client()
    owner.force_login(User.objects.get(pk=room.clerk.pk))
    answer: Any = owner.get(path)
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, b"Bang")


@pytest.mark.parametrize("role", [*Role, ""], ids=str)
def test_programs_read_what_their_persons_read(room: Counted, role: Role | str) -> None:
    key, secret = api_keys.make_key(make_user("", role), "Thử", None, timezone.now())
    bearer = {"Authorization": f"Bearer {secret}"}
    for path, told in PROGRAMS.items():
        answer = Client().get(path, headers=bearer)
        assert answer.status_code == (200 if role in COUNT else 403), path
        assert room.told(answer) == (told if role in COUNT else set()), path
        assert Client().get(path).status_code == 401, path
    api_keys.revoke_key(key.user, key.pk, timezone.now())
    assert {Client().get(path, headers=bearer).status_code for path in PROGRAMS} == {401}
    assert Client().get("/api/v1/openapi.json").status_code == 200


PROGRAMS = {
    "/api/v1/tallies/?ky=2017": set(), "/api/v1/tallies/stories/?ky=2017": OPEN,
    "/api/v1/tallies/compare/?ky=2017&voi-ky=2016": set(), "/api/v1/tallies/dimensions/": set(),
}  # fmt: skip


# --- no count betrays a draft or an embargo --------------------------------------------------------------------------

#: Never public, or not yet: what readers had before a take-down is told by rule 8 of the contract.
SECRET = ("qdraft", "qlater", "qlogin", "qgroup", "qpassword", "qinherited")


def answers(room: Counted, client: Client) -> dict[str, str]:
    """Each answer as text, without what differs from one asking to the next."""
    found = {}
    for screen in screens(room):
        answer: Any = client.get(screen.path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if body.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(body)) as packed:
                body = b"\n".join(packed.read(name) for name in sorted(packed.namelist()))
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", body.decode("utf-8", "replace"))
        found[screen.path] = text
    return found


@pytest.mark.parametrize("role", [Role.COMMITTEE, None], ids=str)
def test_every_answer_is_the_same_without_the_stories_that_are_not_public(room: Counted, role: Role | None) -> None:
    client = client_of(role)
    before = answers(room, client)
    PageViewRestriction.objects.all().delete()
    for word in SECRET:
        Story.objects.get(pk=room.stories[word].pk).specific.delete()
    after = answers(room, client)
    assert [path for path in before if before[path] != after[path]] == []


# --- nothing is missing ----------------------------------------------------------------------------------------------

ROOMS = ("column.tallies", "column.figures", "column.coverage", "column.departments")


def addresses(resolver: URLResolver) -> Iterator[tuple[str, str]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one)
        else:
            view = getattr(one.callback, "view_class", one.callback)
            yield view.__module__, one.name or ""


def test_the_matrix_has_every_address_of_these_rooms(room: Counted) -> None:
    known = {screen.name for screen in (*screens(room), *desk_screens(room))} | {act.name for act in acts(room)}
    by_hand = {"tally_file_fetch", "certificate_choose"}
    wanted = {name for module, name in addresses(get_resolver()) if module.startswith(ROOMS)}
    assert wanted - known - by_hand == set()


def test_a_code_typed_to_compare_with_leads_on(room: Counted) -> None:
    path = f"/tong-hop/phieu/{room.code}/so-voi/?phieu={room.code}"
    for role in READERS:
        status = 302 if role in COUNT or role is None else 403
        assert client_of(role).get(path).status_code == status, role

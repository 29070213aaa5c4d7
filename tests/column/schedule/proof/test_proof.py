"""A real site on a real port, asked by the worker's own function; what is broken is broken for real."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import requests
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer
from wagtail.models import PageViewRestriction

from column.enums import ProofState
from column.schedule.proof import fetching
from column.schedule.proof.checking import check_again, check_proofs
from column.schedule.proof.models import Proof
from column.schedule.proof.rules import AFTER_REPLAY, FIRST_LOOK, SOON
from column.schedule.publishing import publish_due
from column.signals import stories_changed
from column.stories.models import Article, Story
from column.stories.takedown import take_down
from column.text.tokens import analyse
from home import generation
from home.feeds import ArticleFeed
from home.models import PageGeneration
from home.pagecache import PageCache
from search.models import ArchiveEntry
from search.words import Row, archive_words
from tests.column.schedule.desk import DUE, chief, scheduled
from tests.factories import make_article, make_news

pytestmark = pytest.mark.django_db(transaction=True)

PROBES = ["page", "column", "feed", "sitemap", "search"]


@pytest.fixture
def site(live_server: LiveServer, settings: Any) -> str:
    settings.SITE_URL = settings.PROOF_BASE_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def kept_site(settings: Any) -> Iterator[PageCache]:
    """The site behind its page cache, as granian serves it."""

    class Quiet(WSGIRequestHandler):
        def log_message(self, *args: Any) -> None:
            pass

    def closing(environ: Any, start_response: Any) -> Any:
        try:
            return cache(environ, start_response)
        finally:
            connections.close_all()

    cache = PageCache(get_wsgi_application())
    with make_server("127.0.0.1", 0, closing, handler_class=Quiet) as server:
        settings.SITE_URL = settings.PROOF_BASE_URL = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield cache
        server.shutdown()
        thread.join()


def found(proof: Proof) -> dict[str, bool]:
    proof.refresh_from_db()
    return {result["probe"]: result["ok"] for result in proof.results}


def details(proof: Proof) -> dict[str, str]:
    return {result["probe"]: result["detail"] for result in proof.results}


def first_look(proof: Proof) -> datetime:
    return proof.went_live_at + FIRST_LOOK


def until_red(proof: Proof) -> datetime:
    """Look as often as it takes; the moment of the last look."""
    now = first_look(proof)
    for pause in (*SOON, timedelta()):
        assert check_proofs(now) == 1
        now += pause
    proof.refresh_from_db()
    assert proof.state == ProofState.RED
    return now


def test_green_once_readers_see_it_everywhere(site: str) -> None:
    now = timezone.now()
    article = scheduled("Nụ cười công sở & “một cửa”")
    assert publish_due(now).published == [str(article.pk)]
    live = Article.objects.get(pk=article.pk)
    proof = Proof.objects.get()
    assert (proof.story_id, proof.revision_id, proof.went_live_at, proof.state, proof.next_check_at) == (
        live.pk, live.live_revision_id, live.last_published_at, ProofState.PENDING, first_look(proof),
    )  # fmt: skip
    assert check_proofs(proof.went_live_at) == 0
    assert check_proofs(first_look(proof)) == 1
    assert found(proof) == dict.fromkeys(PROBES, True), proof.results
    assert (proof.state, proof.next_check_at, proof.attempts, proof.answered) == (ProofState.GREEN, None, 1, True)
    assert [result["url"].startswith(f"{site}/") for result in proof.results] == [True] * 5
    assert proof.words == "Bạn đọc đã thấy đủ"
    assert check_proofs(first_look(proof) + timedelta(days=1)) == 0


def test_idle_it_costs_one_query(site: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert check_proofs(timezone.now()) == 0
    assert len(queries) == 1


def test_a_new_version_is_proven_by_its_own_headline_and_time(site: str) -> None:
    article = make_article("Bản cũ", issue_date=date(2017, 2, 16))
    first = Proof.objects.get()
    article.title = "Bản mới hẳn"
    article.save_revision().publish()
    second = Proof.objects.exclude(pk=first.pk).get()
    assert check_proofs(first_look(second)) == 1
    first.refresh_from_db()
    assert (first.state, first.next_check_at, first.results) == (ProofState.OVERTAKEN, None, [])
    assert found(second) == dict.fromkeys(PROBES, True), second.results


def test_a_take_down_overtakes_the_proof(site: str) -> None:
    article = make_article(issue_date=date(2017, 2, 16))
    take_down(article, chief())
    proof = Proof.objects.get()
    assert check_proofs(first_look(proof)) == 0
    proof.refresh_from_db()
    assert (proof.state, proof.next_check_at) == (ProofState.OVERTAKEN, None)


def test_missing_in_the_search_it_turns_red_and_the_replay_heals_it(site: str) -> None:
    article = make_article("Tổ một cửa trả kết quả sớm", issue_date=date(2017, 2, 16))
    proof = Proof.objects.get()
    ArchiveEntry.objects.filter(story=article).delete()
    now = first_look(proof)
    assert check_proofs(now) == 1
    assert found(proof) == {**dict.fromkeys(PROBES, True), "search": False}
    assert details(proof)["search"] == "Tìm theo tít mà không ra."
    assert (proof.state, proof.next_check_at) == (ProofState.PENDING, now + SOON[0])
    assert check_proofs(now := now + SOON[0]) == 1
    assert check_proofs(now := now + SOON[1]) == 1
    proof.refresh_from_db()
    assert (proof.state, proof.next_check_at) == (ProofState.RED, now + AFTER_REPLAY)
    assert ArchiveEntry.objects.filter(story=article).exists()
    assert check_proofs(now + AFTER_REPLAY) == 1
    assert found(proof) == dict.fromkeys(PROBES, True)
    assert (proof.state, proof.next_check_at, proof.attempts) == (ProofState.GREEN, None, 4)


def test_an_index_that_looks_right_and_is_not_is_made_anew(site: str) -> None:
    """The entry is there, its words are not: the digest says that nothing changed."""
    article = make_article("Tổ một cửa trả kết quả sớm", issue_date=date(2017, 2, 16))
    proof = Proof.objects.get()
    archive_words().replace([Row(article.pk, analyse(""), analyse(""))])
    red_at = until_red(proof)
    assert check_proofs(red_at + AFTER_REPLAY) == 1
    assert found(proof) == dict.fromkeys(PROBES, True)


def test_missing_in_the_feed_it_stays_red_and_is_looked_at_ever_more_seldom(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = make_article(issue_date=date(2017, 2, 16))
    proof = Proof.objects.get()
    monkeypatch.setattr(ArticleFeed, "stories", lambda self, obj: Story.objects.exclude(pk=article.pk))
    now = until_red(proof)
    assert found(proof) == {**dict.fromkeys(PROBES, True), "feed": False}
    now += AFTER_REPLAY
    pauses = []
    for _look in range(9):
        assert check_proofs(now) == 1
        proof.refresh_from_db()
        assert proof.state == ProofState.RED
        assert proof.next_check_at is not None
        pauses.append((proof.next_check_at - now).total_seconds())
        now = proof.next_check_at
    assert pauses == [15, 30, 60, 120, 240, 480, 600, 600, 600]
    monkeypatch.undo()
    assert check_proofs(now) == 1
    assert found(proof) == dict.fromkeys(PROBES, True)
    assert proof.state == ProofState.GREEN


def test_kept_pages_that_nobody_told_are_made_anew(kept_site: PageCache, settings: Any) -> None:
    make_article("Bài trước đó", issue_date=date(2017, 2, 9))
    Proof.objects.all().delete()
    for path in ("/5-xay-3-chong/", "/rss/", "/rss/5-xay-3-chong/", "/sitemap.xml", "/sitemap-trang.xml"):
        assert requests.get(f"{settings.SITE_URL}{path}", timeout=20).status_code == 200
    stale = generation.current()
    article = make_article("Bài mới", issue_date=date(2017, 2, 16))
    # The rows that tell of it are lost: every process believes what it keeps.
    PageGeneration.objects.filter(pk__gt=stale[0]).delete()
    assert generation.current() == stale
    proof = Proof.objects.get()
    assert check_proofs(first_look(proof)) == 1
    assert found(proof) == {"page": True, "column": False, "feed": False, "sitemap": False, "search": True}
    assert check_proofs(first_look(proof) + SOON[0]) == 1
    red_at = first_look(proof) + SOON[0] + SOON[1]
    assert check_proofs(red_at) == 1
    proof.refresh_from_db()
    assert proof.state == ProofState.RED
    assert generation.current() != stale
    threading.Event().wait(0.6)  # what was read last is believed for half a second
    assert check_proofs(red_at + AFTER_REPLAY) == 1
    assert found(proof) == dict.fromkeys(PROBES, True), proof.results
    assert article.pk == proof.story_id


def test_a_site_that_does_not_answer_is_told_apart_and_not_replayed(settings: Any) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.SITE_URL = settings.PROOF_BASE_URL = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        make_article(issue_date=date(2017, 2, 16))
        make_news(issue_date=date(2017, 2, 17))
        announced: list[Any] = []
        stories_changed.connect(lambda **kwargs: announced.append(kwargs), weak=False, dispatch_uid="test")
        proofs = list(Proof.objects.order_by("pk"))
        now = first_look(proofs[1])
        for pause in (*SOON, timedelta()):
            assert check_proofs(now) == 2
            now += pause
        stories_changed.disconnect(dispatch_uid="test")
    for proof in proofs:
        assert found(proof) == dict.fromkeys(PROBES, False)
        assert (proof.state, proof.answered, proof.words) == (ProofState.RED, False, "Trang web không trả lời")
    assert details(proofs[1])["page"] == "Trang web không trả lời (ConnectionError)."
    assert announced == []


def test_a_site_that_hangs_blocks_nobody_for_long(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "FOR_AN_ANSWER", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.SITE_URL = settings.PROOF_BASE_URL = f"http://127.0.0.1:{silent.getsockname()[1]}"
        for day in range(1, 6):
            make_news(issue_date=date(2017, 2, day))
        began = timezone.now()
        assert check_proofs(began + timedelta(seconds=5)) == 5
        assert timezone.now() - began < timedelta(seconds=2), "one answer is waited for, not five times five"
    assert set(Proof.objects.values_list("answered", flat=True)) == {False}


def test_it_heals_when_the_site_is_back(live_server: LiveServer, settings: Any) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.SITE_URL = settings.PROOF_BASE_URL = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        make_article(issue_date=date(2017, 2, 16))
        proof = Proof.objects.get()
        red_at = until_red(proof)
    settings.SITE_URL = settings.PROOF_BASE_URL = live_server.url
    assert check_proofs(red_at + AFTER_REPLAY) == 1
    assert found(proof) == dict.fromkeys(PROBES, True)
    assert (proof.state, proof.answered) == (ProofState.GREEN, True)


def test_behind_a_proxy_the_site_is_asked_under_its_own_name(live_server: LiveServer, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["chuyenmuc.example.vn"]
    settings.SITE_URL, settings.PROOF_BASE_URL = "https://chuyenmuc.example.vn", live_server.url
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = True
    make_article(issue_date=date(2017, 2, 16))
    proof = Proof.objects.get()
    assert check_proofs(first_look(proof)) == 1
    assert found(proof) == dict.fromkeys(PROBES, True), proof.results
    assert {result["url"].split("/")[2] for result in proof.results} == {"chuyenmuc.example.vn"}


@pytest.mark.parametrize("kind", [PageViewRestriction.LOGIN, PageViewRestriction.PASSWORD])
def test_a_restricted_story_must_not_be_seen(site: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    article = make_article("Bài chỉ dành cho nội bộ", issue_date=date(2017, 2, 16))
    PageViewRestriction.objects.create(page=article, restriction_type=kind, password="mot-cua")
    proof = Proof.objects.get()
    assert check_proofs(first_look(proof)) == 1
    assert found(proof) == dict.fromkeys(PROBES, True), proof.results
    assert details(proof) == {
        "page": "Hạn chế xem: bạn đọc không mở được.",
        "column": "Hạn chế xem: không có ở đây.",
        "feed": "Hạn chế xem: không có ở đây.",
        "sitemap": "Hạn chế xem: không có ở đây.",
        "search": "Hạn chế xem: không tìm ra.",
    }
    # It leaks: the feed names it after all.
    check_again(article, first_look(proof))
    monkeypatch.setattr(ArticleFeed, "stories", lambda self, obj: Story.objects.live())
    assert check_proofs(first_look(proof)) == 1
    assert found(proof) == {**dict.fromkeys(PROBES, True), "feed": False}
    assert details(proof)["feed"] == "Hạn chế xem, nhưng có tên ở đây."


def test_an_old_story_is_looked_for_only_where_it_stands(site: str) -> None:
    old = make_article("Bài năm xưa", issue_date=date(2014, 3, 6))
    for number in range(31):
        make_article(issue_date=date(2016, 1, 1) + timedelta(days=number))
    Proof.objects.all().delete()
    proof = check_again(old, timezone.now())
    assert check_proofs(timezone.now()) == 1
    assert found(proof) == dict.fromkeys(PROBES, True), proof.results
    assert details(proof)["feed"] == "Không còn trong 30 tin, bài mới nhất nên không có trong RSS."
    urls = {result["probe"]: result["url"].removeprefix(site) for result in proof.results}
    assert urls["column"] == "/5-xay-3-chong/2014/03/"


def test_many_stories_with_one_headline(site: str) -> None:
    for day in range(1, 14):
        make_news("Tin vắn", issue_date=date(2017, 1, day))
    ticks = 0
    while check_proofs(timezone.now() + FIRST_LOOK):
        ticks += 1
        assert ticks < 20
    assert set(Proof.objects.values_list("state", flat=True)) == {ProofState.GREEN}


@pytest.mark.parametrize("title", ["???", "“Một cửa” 29-CT/TU: " + "rất dài " * 29, '"Ngoặc" <b>&amp;</b>'])
def test_odd_headlines(site: str, title: str) -> None:
    make_news(title.strip(), issue_date=date(2017, 1, 1))
    proof = Proof.objects.get()
    assert check_proofs(first_look(proof)) == 1
    assert found(proof) == dict.fromkeys(PROBES, True), proof.results


def test_a_story_that_is_only_scheduled_opens_no_proof(site: str) -> None:
    scheduled(now=DUE - timedelta(minutes=1))
    assert not Proof.objects.exists()


def test_two_workers_do_not_look_at_the_same_time(site: str) -> None:
    make_article(issue_date=date(2017, 2, 16))
    proof = Proof.objects.get()
    now = first_look(proof)
    Proof.objects.update(next_check_at=now + timedelta(minutes=1))  # another one is at it
    assert check_proofs(now) == 0
    # It died.
    assert check_proofs(now + timedelta(minutes=1)) == 1


def test_a_clock_that_was_set_back_leaves_no_proof_waiting(site: str) -> None:
    make_article(issue_date=date(2017, 2, 16))
    proof = Proof.objects.get()
    assert check_proofs(first_look(proof) - timedelta(days=2)) == 1
    assert found(proof) == dict.fromkeys(PROBES, True)


def test_a_rolled_back_publication_leaves_no_proof() -> None:
    with transaction.atomic():
        make_article(issue_date=date(2017, 2, 16))
        assert Proof.objects.count() == 1
        transaction.set_rollback(True)
    assert not Proof.objects.exists()

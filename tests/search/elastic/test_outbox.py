"""Elasticsearch never loses step: every change is a row in its own transaction, and the row outlives the page."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from column.enums import NoticeKind
from column.people.roles import Role
from column.schedule.notices.models import Notice
from column.signals import announce
from column.stories.models import Story
from search import answering, writing
from search.adapters import archive
from search.elastic.client import writing as cluster
from search.elastic.documents import documents, hashes
from search.elastic.mapping import alias
from search.outbox import draining
from search.outbox.bumping import bump
from search.outbox.draining import Row, drain, send
from search.outbox.models import Outgoing, Target
from search.port import SearchQuery
from tests.elasticsearch import Server
from tests.factories import (
    column_page,
    make_article,
    make_coverage,
    make_criterion,
    make_department,
    make_news,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]


def indexed() -> dict[int, int]:
    """What Elasticsearch holds: id → version."""
    cluster().indices.refresh(index=alias())
    answer = cluster().search(index=alias(), size=1000, version=True).body
    return {int(hit["_id"]): hit["_version"] for hit in answer["hits"]["hits"]}


def row(story: Story) -> Outgoing:
    return Outgoing.objects.get(pk=story.pk)


def ask(text: str) -> list[int]:
    result = archive().search(SearchQuery(text))
    assert result.adapter == "elasticsearch"
    return [hit.story_id for hit in result.hits]


def test_nothing_is_noted_without_an_elasticsearch() -> None:
    make_article()
    assert not Outgoing.objects.exists()


def test_publish_edit_unpublish_delete(elastic: Server) -> None:
    story = make_article("Một cửa điện tử", live=False)
    assert not Outgoing.objects.exists()
    story.save_revision().publish()
    first = row(story)
    assert (first.dirty, first.indexed_version, first.hash) == (True, None, "")
    drain()
    assert indexed() == {story.pk: first.version}
    done = row(story)
    assert (done.dirty, done.version, done.indexed_version) == (False, first.version, first.version)
    assert done.hash == hashes([story.pk])[story.pk] == documents([story.pk])[story.pk]["hash"]
    assert ask("mot cua") == [story.pk]
    story.refresh_from_db()
    story.title = "Hai cửa điện tử"
    story.save_revision().publish()
    assert row(story).version > first.version
    drain()
    assert ask("hai cửa") == [story.pk]
    assert ask("một cửa điện tử") == []
    story.refresh_from_db()
    story.unpublish()
    drain()
    assert indexed() == {}
    story.save_revision().publish()
    drain()
    last = row(story).version
    Story.objects.get(pk=story.pk).delete()
    gone = Outgoing.objects.get(pk=story.pk)
    assert gone.dirty
    assert gone.version > last
    drain()
    assert indexed() == {}
    assert not Outgoing.objects.get(pk=story.pk).dirty


def test_what_is_rolled_back_was_never_noted(elastic: Server) -> None:
    story = make_article("Trước")
    drain()
    before = row(story).version
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012 - what is raised is ours, last
        story.title = "Sau"
        story.save()
        make_news("Thêm rồi bỏ")
        raise RuntimeError
    assert list(Outgoing.objects.values_list("pk", "version", "dirty")) == [(story.pk, before, False)]
    drain()
    assert indexed() == {story.pk: before}
    assert ask("trước") == [story.pk]


def test_a_change_while_it_is_written_stays_noted(elastic: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    story = make_article("Trước")
    once: list[int] = []

    def documents_then_a_change(ids: list[int]) -> dict[int, Any]:
        found = documents(ids)
        if not once:
            once.append(1)
            Story.objects.filter(pk=story.pk).update(title="Sau khi đọc")
            announce([story.pk])
        return found

    monkeypatch.setattr(draining, "documents", documents_then_a_change)
    draining.drain_batch(timezone.now(), draining.Drained())
    assert row(story).dirty
    drain()
    assert ask("sau khi đọc") == [story.pk]
    assert not row(story).dirty


def test_a_late_write_brings_nothing_back(elastic: Server) -> None:
    story = make_article("Sẽ xóa")
    late = Row(story.pk, row(story).version, 0)
    found = documents([story.pk])
    drain()
    Story.objects.get(pk=story.pk).delete()
    drain()
    aliases = [target.write_alias for target in Target.objects.all()]
    assert send([late], found, aliases) == {}
    assert indexed() == {}
    settings = cluster().indices.get_settings(index=alias()).body
    assert {one["settings"]["index"]["gc_deletes"] for one in settings.values()} == {"1h"}


def test_only_the_bad_document_is_put_aside(elastic: Server, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper, reporter = make_user("", Role.ADMINISTRATOR), make_user("", Role.REPORTER)
    bad, good = make_news("Hỏng"), make_news("Lành")

    def spoiled(ids: list[int]) -> dict[int, Any]:
        found = documents(ids)
        found[bad.pk]["unheard_of"] = "x"
        return found

    monkeypatch.setattr(draining, "documents", spoiled)
    drained = drain()
    assert (drained.written, drained.quarantined, drained.left) == (1, 1, 0)
    assert set(indexed()) == {good.pk}
    assert "unheard_of" in row(bad).problem
    assert not Outgoing.objects.waiting().exists()
    assert ask("lành") == [good.pk]
    # Those who keep the system are told, in the admin and by mail, once; nobody else could mend it.
    told = Notice.objects.get()
    assert (told.recipient, told.kind, told.url) == (keeper, NoticeKind.ALARM, reverse("search_status"))
    assert "không nhận 1 tin, bài" in told.text
    assert "unheard_of" in told.text
    warning = "Elasticsearch không nhận 1 tin, bài: bạn đọc có thể không tìm thấy."
    for user, warned in ((keeper, True), (reporter, False)):
        client.force_login(user)
        assert (warning in client.get("/admin/").content.decode()) == warned
    announce([bad.pk], again=True)
    assert drain().quarantined == 1
    assert Notice.objects.count() == 1
    monkeypatch.setattr(draining, "documents", documents)
    announce([bad.pk], again=True)
    drain()
    assert set(indexed()) == {good.pk, bad.pk}
    assert row(bad).problem == ""
    client.force_login(keeper)
    assert warning not in client.get("/admin/").content.decode()


def test_a_subtree_goes_and_comes_back(elastic: Server) -> None:
    stories = {make_article("Một").pk, make_news("Hai").pk}
    drain()
    assert set(indexed()) == stories
    restriction = PageViewRestriction.objects.create(page=column_page(), restriction_type=PageViewRestriction.LOGIN)
    # Before Elasticsearch has heard of it, the embedded index answers.
    result = archive().search(SearchQuery("một"))
    assert (result.adapter, result.total) == ("embedded", 0)
    drain()
    assert indexed() == {}
    restriction.delete()
    drain()
    assert set(indexed()) == stories


def test_codes_and_slugs_are_followed(elastic: Server) -> None:
    story, unit, criterion = make_article(), make_department("Sở Một", code="so-mot"), make_criterion("một")
    make_coverage(story, unit, criterion)
    announce([story.pk])
    drain()
    unit.code = "so-hai"
    unit.save()
    assert row(story).dirty
    drain()
    chosen = {"don-vi": frozenset({"so-hai"})}
    result = archive().search(SearchQuery(chosen=chosen))
    assert (result.adapter, result.total) == ("elasticsearch", 1)
    criterion.group.save()
    assert row(story).dirty


def test_many_changes_are_one_row(elastic: Server) -> None:
    stories = [make_news(f"Tin {n}") for n in range(5)]
    for _time in range(3):
        bump(story.pk for story in stories)
    assert Outgoing.objects.count() == 5
    assert drain().written == 5
    assert len(indexed()) == 5


def test_a_row_waits_its_time(elastic: Server) -> None:
    story = make_news()
    later = timezone.now() + timedelta(minutes=1)
    Outgoing.objects.update(next_attempt_at=later)
    assert drain().written == 0
    assert drain(later).written == 1
    assert set(indexed()) == {story.pk}


def test_the_embedded_index_rebuilt_tells_nobody(elastic: Server) -> None:
    story = make_news()
    drain()
    writing.write([story.pk], anyway=True, tell=False)
    assert not row(story).dirty
    writing.write([story.pk], anyway=True)
    assert row(story).dirty


def test_pauses_grow_and_one_asks_for_all() -> None:
    now = [0.0]
    breaker = answering.Breaker(lambda: now[0])
    assert breaker.may_ask()
    assert breaker.failed()
    assert not breaker.may_ask()
    now[0] = 2.1
    assert [breaker.may_ask(), breaker.may_ask()] == [True, False]
    assert not breaker.failed()
    now[0] += 1.9
    assert not breaker.may_ask()
    now[0] += 2.2
    assert breaker.may_ask()
    assert breaker.answered()
    assert [breaker.may_ask(), breaker.may_ask()] == [True, True]

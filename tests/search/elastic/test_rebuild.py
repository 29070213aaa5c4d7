"""Rebuilding beside a running site, the way back, and the check of both sides."""

from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from column.schedule.leases import Lease
from column.stories.models import Story
from search.adapters import archive
from search.elastic import checking, rebuilding
from search.elastic.checking import Drift
from search.elastic.client import writing as cluster
from search.elastic.mapping import alias
from search.models import ArchiveEntry
from search.outbox import job
from search.outbox.draining import drain
from search.outbox.models import Outgoing, Target
from search.port import SearchQuery
from search.status import status
from tests.elasticsearch import Server
from tests.factories import make_news, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]


def found(text: str) -> set[int]:
    drain()
    result = archive().search(SearchQuery(text, size=50))
    assert result.adapter == "elasticsearch"
    return {hit.story_id for hit in result.hits}


def drift() -> Drift:
    seen = Drift()
    for _step in checking.check(seen):
        pass
    return seen


def rebuild() -> None:
    for _step in rebuilding.rebuild():
        pass


def test_a_new_index_and_the_way_back(elastic: Server, capsys: pytest.CaptureFixture[str]) -> None:
    stories = {make_news(f"Cải cách {n}").pk for n in range(5)}
    drain()
    first = rebuilding.searched()
    call_command("rebuild_search")
    second = rebuilding.searched()
    assert first != second
    assert rebuilding.existing() == {first, second}
    assert found("cải cách") == stories
    assert drift().clean
    # Both are written to: the way back leads to what is so now.
    stories.add(make_news("Cải cách mới").pk)
    drain()
    call_command("rebuild_search", "--back")
    assert rebuilding.searched() == first
    assert found("cải cách") == stories
    assert drift().clean
    rebuild()
    third = rebuilding.searched()
    assert rebuilding.existing() == {first, third}
    assert set(Target.objects.values_list("name", flat=True)) == {first, third}
    assert len(cluster().indices.get_alias(name=alias()).body) == 1
    assert second not in capsys.readouterr().err


def test_nothing_is_lost_or_brought_back_meanwhile(elastic: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "BATCH", 2)
    stories = [make_news(f"Cải cách {n}") for n in range(8)]
    drain()
    new: list[int] = []

    def change(number: int) -> None:
        # Of what was filled already, and of what comes later, one each.
        for story in (stories[number], stories[7 - number]):
            Story.objects.get(pk=story.pk).delete()
        new.append(make_news(f"Cải cách thêm {number}").pk)

    def edit(number: int) -> None:
        story = Story.objects.get(pk=stories[3].pk)
        story.title = f"Cải cách sửa {number}"
        story.save()

    steps: list[Callable[[int], None]] = [change, edit, change, edit]
    for number, _step in enumerate(rebuilding.rebuild()):
        if number < len(steps):
            steps[number](number)
            if number % 2:
                drain()
    expected = {stories[n].pk for n in (1, 3, 4, 6)} | set(new)
    assert found("cải cách") == expected
    assert found("cải cách sửa 3") == {stories[3].pk}
    assert drift().clean


@pytest.mark.parametrize("after_swap", [False, True])
def test_killed_half_way(elastic: Server, monkeypatch: pytest.MonkeyPatch, after_swap: bool) -> None:
    monkeypatch.setattr(rebuilding, "BATCH", 2)
    stories = {make_news(f"Cải cách {n}").pk for n in range(5)}
    drain()
    before = rebuilding.searched()
    if after_swap:
        collect = rebuilding._collect
        monkeypatch.setattr(rebuilding, "_collect", lambda keep: collect(keep) if len(keep) == 1 else kill())
        with pytest.raises(KeyboardInterrupt):
            rebuild()
        assert rebuilding.searched() != before
    else:
        steps = rebuilding.rebuild()
        next(steps)
        steps.close()
        assert rebuilding.searched() == before
    monkeypatch.undo()
    assert found("cải cách") == stories
    stories.add(make_news("Cải cách tiếp").pk)
    rebuild()
    assert found("cải cách") == stories
    assert len(cluster().indices.get_alias(name=alias()).body) == 1
    assert len(rebuilding.existing()) == 2
    assert drift().clean


def kill() -> None:
    raise KeyboardInterrupt


def test_one_at_a_time(elastic: Server) -> None:
    assert Lease(rebuilding.LEASE).take()
    with pytest.raises(CommandError, match="Một lần dựng lại khác"):
        call_command("rebuild_search", "--only", "elasticsearch")


def test_the_worker_makes_the_first_index(elastic: Server) -> None:
    Target.objects.all().delete()
    for name in rebuilding.existing():
        cluster().indices.delete(index=name)
    story = make_news("Cải cách")
    Outgoing.objects.all().delete()
    job.run(timezone.now())
    assert found("cải cách") == {story.pk}
    assert [one.whole_at is not None for one in Target.objects.all()] == [True]
    assert drift().clean


def test_no_way_back_from_the_only_one(elastic: Server) -> None:
    with pytest.raises(CommandError, match="Không có chỉ mục nào để quay lại"):
        call_command("rebuild_search", "--back")


def test_check_finds_and_mends(
    elastic: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checking, "BATCH", 3)
    stories = [make_news(f"Cải cách {n}") for n in range(11)]
    drain()
    call_command("check_search")
    missing, stale, future = stories[2], stories[5], stories[8]
    writes = {"index": rebuilding.searched(), "refresh": True}
    cluster().delete(id=str(missing.pk), **writes)  # type: ignore[arg-type]
    document = {"id": stale.pk, "hash": "another", "values": []}
    cluster().index(id=str(stale.pk), document=document, **writes)  # type: ignore[arg-type]
    for extra in range(stories[-1].pk + 100, stories[-1].pk + 107):
        cluster().index(id=str(extra), document={"id": extra, "hash": "x", "values": []}, **writes)  # type: ignore[arg-type]
    # Written by a database of which this one is an older copy.
    late = {"version": 10**15, "version_type": "external"}
    cluster().index(id=str(future.pk), document={"id": future.pk, "hash": "y", "values": []}, **late, **writes)  # type: ignore[arg-type]
    with pytest.raises(CommandError):
        call_command("check_search")
    said = capsys.readouterr().out
    assert f"Thiếu trong Elasticsearch: 1 ({missing.pk})" in said
    assert f"Cũ trong Elasticsearch: 2 ({stale.pk}, {future.pk})" in said
    assert "Thừa trong Elasticsearch: 7 (" in said
    call_command("check_search", "--only", "embedded")
    with pytest.raises(CommandError):
        call_command("check_search", "--only", "elasticsearch")
    call_command("check_search", "--repair")
    call_command("check_search")
    assert found("cải cách") == {story.pk for story in stories}
    # It remembers versions of the far future: a later test's story of the same key would be older than these.
    cluster().indices.delete(index=rebuilding.searched())


def test_what_is_on_its_way_is_no_drift(elastic: Server) -> None:
    make_news()
    seen = drift()
    assert seen.clean
    assert seen.waiting == 1


def test_status(elastic: Server, capsys: pytest.CaptureFixture[str]) -> None:
    make_news()
    assert status().answering == "embedded"
    with pytest.raises(CommandError):
        call_command("search_status")
    assert "Chờ gửi sang Elasticsearch: 1 thay đổi" in capsys.readouterr().out
    drain()
    found_now = status()
    assert (found_now.answering, found_now.entries) == ("elasticsearch", ArchiveEntry.objects.count())
    assert [(one.searched, one.documents, one.current) for one in found_now.indices] == [(True, 1, True)]
    call_command("search_status")
    said = capsys.readouterr().out
    assert "đang dùng để tìm" in said
    assert "Elasticsearch 9." in said


def test_status_of_a_cluster_that_refuses(elastic: Server, settings: object) -> None:
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"  # type: ignore[attr-defined]
    found_now = status()
    assert found_now.problem
    assert found_now.answering == "embedded"


def test_status_in_the_admin(elastic: Server, client: Client) -> None:
    address = reverse("search_status")
    client.force_login(make_user(is_superuser=True))
    bad = make_news("Tài liệu hỏng")
    assert "chỉ mục sẵn có, không phải từ Elasticsearch" in client.get(address).content.decode()
    drain()
    assert "Bạn đọc được Elasticsearch trả lời" in client.get(address).content.decode()
    Outgoing.objects.filter(pk=bad.pk).update(dirty=True, problem="400 strict_dynamic_mapping_exception")
    page = client.get(address).content.decode()
    assert "strict_dynamic_mapping_exception" in page
    assert "Tài liệu hỏng" in page
    client.force_login(make_user())
    assert client.get(address).status_code in (302, 403)

"""Three Elasticsearch nodes with TLS and an API key, one killed while stories are published and readers search.

``python -m tests.audit.cluster`` prints what was asked, who answered and how fast, before, during and after; exit
code 1 if a reader or an editor met a fault, or if anything is lost. It ends with a write that comes more than a minute
after a deletion.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import signal
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.load import free_port
from tests.elasticsearch import PATIENCE, Node
from tests.elasticsearch_parts import Missing

NODES, STORIES, READERS = 3, 120, 3
#: Seconds of load before the kill, after it, and after the node is back.
SPELL = 12.0
#: Seconds that a reader may wait and an editor may lose.
LONGEST = 3.0
#: What the site's own key may do; docs/search.md says the same.
PRIVILEGES = {
    "newsroom": {
        "cluster": ["monitor"],
        "indices": [{"names": ["newsroom-archive", "newsroom-archive-*"], "privileges": ["all"]}],
    }
}
console = Console()


# --- the cluster ------------------------------------------------------------------------------------------------------


def certificates(folder: Path) -> dict[str, str]:
    """An authority and one certificate for this machine, by file name."""

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=audit",
            "-keyout", "ca.key", "-out", "ca.crt")  # fmt: skip
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", "node.key", "-out", "node.csr")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
    openssl("x509", "-req", "-in", "node.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", "names", "-out", "node.crt")  # fmt: skip
    return {name: (folder / name).read_text() for name in ("ca.crt", "node.crt", "node.key")}


def _hashed(password: str) -> str:
    """As Elasticsearch's file of users has it."""
    salt = secrets.token_bytes(32)
    made = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 10_000, 32)
    return f"{{PBKDF2}}10000${base64.b64encode(salt).decode()}${base64.b64encode(made).decode()}"


class Cluster:
    """The nodes, and how its keeper asks them."""

    def __init__(self, folder: Path) -> None:
        files = certificates(folder)
        self.ca = folder / "ca.crt"
        self._password = secrets.token_urlsafe(16)
        files |= {"users": f"keeper:{_hashed(self._password)}\n", "users_roles": "superuser:keeper\n"}
        ports = [free_port() for _node in range(NODES)]
        names = [f"node-{number}" for number in range(NODES)]
        secured = {
            "xpack.security.enabled": "true", "xpack.security.enrollment.enabled": "false",
            "discovery.type": "multi-node",
        }  # fmt: skip
        for layer in ("http", "transport"):
            secured |= {
                f"xpack.security.{layer}.ssl.enabled": "true", f"xpack.security.{layer}.ssl.key": "node.key",
                f"xpack.security.{layer}.ssl.certificate": "node.crt",
                f"xpack.security.{layer}.ssl.certificate_authorities": "ca.crt",
            }  # fmt: skip
        seeds = ",".join(f"127.0.0.1:{port}" for port in ports)
        self.nodes = [
            Node(
                {**secured, "node.name": name, "transport.port": str(port), "discovery.seed_hosts": seeds,
                 "cluster.initial_master_nodes": ",".join(names), "cluster.name": f"audit-{os.getpid()}"},
                files, heap="-Xms512m -Xmx512m",
            )
            for name, port in zip(names, ports, strict=True)
        ]  # fmt: skip

    def start(self) -> None:
        threads = [threading.Thread(target=node.start) for node in self.nodes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.wait(NODES, "green")

    def ask(self, path: str, body: Any = None) -> Any:
        """As the keeper, any node that answers."""
        context = ssl.create_default_context(cafile=str(self.ca))
        secret = base64.b64encode(f"keeper:{self._password}".encode()).decode()
        headers = {"Authorization": f"Basic {secret}", "Content-Type": "application/json"}
        error: Exception = Missing("no node answers")
        for node in self.nodes:
            asked = urllib.request.Request(
                f"{node.url}{path}", headers=headers, data=None if body is None else json.dumps(body).encode()
            )
            try:
                with urllib.request.urlopen(asked, timeout=20, context=context) as answer:
                    return json.load(answer)
            except (OSError, ValueError) as refused:
                error = refused
        raise error

    def wait(self, nodes: int, status: str) -> None:
        """Until so many nodes are in and every index is as well as that. Raises ``Missing``."""
        give_up_at = time.monotonic() + PATIENCE
        while time.monotonic() < give_up_at:
            with suppress(Exception):
                health = self.ask(f"/_cluster/health?wait_for_status={status}&timeout=5s")
                if health["number_of_nodes"] == nodes and health["status"] in (status, "green"):
                    return
            time.sleep(0.5)
        raise Missing(f"the cluster did not become {status} with {nodes} nodes")

    def key(self) -> str:
        """An API key that may do what the site needs, no more."""
        return str(self.ask("/_security/api_key", {"name": "newsroom", "role_descriptors": PRIVILEGES})["encoded"])

    def end(self) -> None:
        for node in self.nodes:
            node.end()


# --- the load ---------------------------------------------------------------------------------------------------------


@dataclass
class Spell:
    """What readers and the editor met in one stretch of time."""

    name: str
    answers: Counter[str] = field(default_factory=Counter)
    searches: list[float] = field(default_factory=list)
    publishes: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class Load:
    """Readers, an editor and the worker, each in a thread; *spell* is where what they meet is written down."""

    def __init__(self, stories: Sequence[int]) -> None:
        self.spell = Spell("")
        self._stories = stories
        self._over = threading.Event()

    def _again(self, work: Any, pause: float) -> None:
        from django.db import connection

        try:
            while not self._over.wait(pause):
                try:
                    work()
                except Exception as error:  # noqa: BLE001 - any is what this looks for
                    self.spell.faults.append(f"{type(error).__name__}: {error}"[:300])
        finally:
            connection.close()

    def _read(self) -> None:
        from django.test import Client

        begin = time.perf_counter()
        # Each from an address of its own: one reader may not ask so often.
        reader = ".".join(str(secrets.randbelow(255)) for _part in range(4))
        answer = Client(REMOTE_ADDR=reader).get("/api/v1/search/", {"q": "cải cách"})
        self.spell.searches.append(time.perf_counter() - begin)
        assert answer.status_code == 200, answer.content[:200]
        self.spell.answers[answer.json()["adapter"]] += 1

    def _publish(self) -> None:
        from column.stories.models import Article

        story = Article.objects.get(pk=secrets.choice(self._stories))
        story.title = f"Cải cách {secrets.token_hex(4)}"
        begin = time.perf_counter()
        story.save_revision().publish()
        self.spell.publishes.append(time.perf_counter() - begin)

    @staticmethod
    def _drain() -> None:
        from django.utils import timezone

        from search.outbox import job

        job.run(timezone.now())

    @contextmanager
    def going(self) -> Iterator[None]:
        works = [(self._read, 0.2)] * READERS + [(self._publish, 1.0), (self._drain, 0.2)]
        threads = [threading.Thread(target=self._again, args=work) for work in works]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._over.set()
            for thread in threads:
                thread.join()


# --- the audit --------------------------------------------------------------------------------------------------------


def _table(spells: Sequence[Spell]) -> Table:
    made = Table("what", title=f"{NODES} nodes with TLS, one killed: {READERS} readers, one editor, one worker")
    for heading in ("searches", "by Elasticsearch", "embedded", "slowest, s", "median, s", "publishes", "slowest, s"):
        made.add_column(heading, justify="right")
    for spell in spells:
        made.add_row(
            spell.name, str(len(spell.searches)), str(spell.answers["elasticsearch"]), str(spell.answers["embedded"]),
            f"{max(spell.searches, default=0):.2f}", f"{statistics.median(spell.searches or [0]):.3f}",
            str(len(spell.publishes)), f"{max(spell.publishes, default=0):.2f}",
        )  # fmt: skip
    return made


def _until_told(seconds: float = 120.0) -> bool:
    """Whether the worker told Elasticsearch of everything in that time; nobody helps it."""
    from search.outbox.models import Outgoing

    until = time.monotonic() + seconds
    while Outgoing.objects.waiting().exists() and time.monotonic() < until:
        time.sleep(0.2)
    return not Outgoing.objects.waiting().exists()


def _drifted() -> str:
    """What differs between the two sides; empty when nothing does."""
    from search.elastic.checking import Drift, check
    from search.models import ArchiveEntry

    drift = Drift()
    for _step in check(drift):
        pass
    held = ArchiveEntry.objects.count()
    return "" if drift.clean and drift.documents == held else f"{drift}, {held} entries"


def _late_write() -> bool:
    """Whether a bulk that was on its way when the story was deleted, more than a minute ago, is refused."""
    from column.stories.models import Story
    from search.elastic import rebuilding
    from search.elastic.client import writing
    from search.elastic.documents import documents
    from search.outbox.draining import Row, drain, send
    from search.outbox.models import Outgoing, Target

    story = Story.objects.order_by("-pk")[0]
    row, on_its_way = Row(story.pk, Outgoing.objects.get(pk=story.pk).version, 0), documents([story.pk])
    story.delete()
    drain()
    time.sleep(65)
    send([row], on_its_way, [target.write_alias for target in Target.objects.all()])
    return not writing().exists(index=rebuilding.searched(), id=str(row.page_id))


def audit(cluster: Cluster) -> list[str]:
    """What went wrong."""
    # Inline: Django is set up only now.
    from search.elastic import rebuilding
    from search.elastic.client import client
    from search.outbox.draining import drain
    from tests.factories import make_article

    console.print(f"{STORIES} stories, an index of {NODES} parts with a copy of each")
    stories = [make_article(f"Cải cách {number}").pk for number in range(STORIES)]
    for _step in rebuilding.rebuild():
        pass
    drain()
    cluster.wait(NODES, "green")
    wrong: list[str] = []
    # What a process loads once (the templates, the vocabulary, the connections) is no part of what is looked at.
    Load(stories)._read()
    load, spells = Load(stories), [Spell("before"), Spell("one node killed"), Spell("the node is back")]
    load.spell = spells[0]
    with load.going():
        time.sleep(SPELL)
        load.spell = spells[1]
        cluster.nodes[0].kill()
        time.sleep(SPELL)
        if not _until_told():
            wrong.append("with a node killed the outbox did not run empty")
        cluster.wait(NODES - 1, "yellow")
        load.spell = spells[2]
        cluster.nodes[0].start()
        cluster.wait(NODES, "green")
        time.sleep(SPELL)
    console.print(_table(spells))
    drain()
    if drifted := _drifted():
        wrong.append(f"drift: {drifted}")
    if len(client().indices.get_alias(name=rebuilding.alias()).body) != 1:
        wrong.append("the alias is not on exactly one index")
    for spell in spells:
        wrong += [f"{spell.name}: {fault}" for fault in spell.faults]
        for what, seconds in (("search", spell.searches), ("publish", spell.publishes)):
            if not seconds or max(seconds) > LONGEST:
                wrong.append(f"{spell.name}: a {what} took {max(seconds, default=0):.1f} s")
    if not all(spell.answers["elasticsearch"] for spell in spells):
        wrong.append("Elasticsearch did not answer in every stretch")
    console.print("a write that comes 65 seconds after the deletion of its story …")
    if not _late_write():
        wrong.append("a late write brought a deleted story back")
    return wrong


def main() -> int:
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="audit-cluster-")))
        os.environ |= {"DJANGO_SETTINGS_MODULE": "newsroom.settings.test", "DATABASE_URL": f"sqlite:///{folder}/db"}
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        try:
            cluster = Cluster(folder)
            stack.callback(cluster.end)
            console.print(f"starting {NODES} nodes")
            cluster.start()
        except Missing as reason:
            console.print(f"Elasticsearch: skipped, {reason}")
            return 1 if os.environ.get("CI") else 0
        settings.ELASTICSEARCH_URL = ",".join(node.url for node in cluster.nodes)
        settings.ELASTICSEARCH_API_KEY, settings.ELASTICSEARCH_CA = cluster.key(), str(cluster.ca)
        settings.ELASTICSEARCH_SHARDS, settings.ELASTICSEARCH_REPLICAS = NODES, 1
        call_command("migrate", verbosity=0, interactive=False)
        wrong = audit(cluster)
    for one in wrong:
        console.print(f"[bold red]{one}[/bold red]")
    console.print("[green]nothing lost, nobody noticed[/green]" if not wrong else f"{len(wrong)} faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

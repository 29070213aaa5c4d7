"""The worker's look at what went live: every probe asked as a reader would ask, the outcome kept, faults replayed.

A proof speaks of the version that is live. When a newer one goes live or the story leaves the site, the older proof
is *overtaken* and asked nothing more. Nothing here runs inside a transaction but the writing of the outcome.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.models import Page

from column.enums import ProofState
from column.schedule.proof.fetching import Reader
from column.schedule.proof.models import Proof
from column.schedule.proof.opening import open_proof
from column.schedule.proof.probes import Facts, Finding, Unreachable, registered
from column.schedule.proof.rules import verdict
from column.signals import announce
from column.stories.models import Story

#: Seconds of one tick of the worker's own thread for this job after which no further proof is begun.
A_TICK = 1.5
MOST_IN_A_TICK = 50
#: A look takes seconds; whoever died in one is missed after this.
CLAIM = timedelta(minutes=1)


def check_proofs(now: datetime) -> int:
    """Check what is due; return how many were looked at. One query on an index when nothing is."""
    due = list(Proof.objects.to_check(now)[:MOST_IN_A_TICK])
    if not due:
        return 0
    reader = Reader(settings.SITE_URL, settings.PROOF_BASE_URL, A_TICK)
    down: str | None = None
    looked_at = 0
    for proof in due:
        if reader.spent and down is None:
            break
        if not _claim(proof, now):
            continue
        facts = facts_of(proof)
        if facts is None:
            Proof.objects.filter(pk=proof.pk).update(state=ProofState.OVERTAKEN, next_check_at=None)
            continue
        looked_at += 1
        results, down = _look(facts, reader, down)
        _keep(proof, results, answered=down is None, now=now)
    return looked_at


def check_again(story: Story, now: datetime) -> Proof:
    """Somebody asks for another look at what is live now; the worker does it within a second or two."""
    with transaction.atomic():
        held = _hold(story.pk)
        proof = Proof.objects.filter(story=held.pk, went_live_at=held.last_published_at).first()
        if proof is None:  # what came by an import was not proven
            return open_proof(held, held.live_revision, now)
        if proof.state != ProofState.RED:  # a red one stays red until it is green
            proof.state, proof.attempts = ProofState.PENDING, 0
        proof.next_check_at = now
        proof.save(update_fields=["state", "attempts", "next_check_at"])
    return proof


def facts_of(proof: Proof) -> Facts | None:
    """What readers should find, as the database has it now; None when the proof is overtaken."""
    story = Story.objects.filter(pk=proof.story_id, live=True, last_published_at=proof.went_live_at).first()
    parts = story.get_url_parts() if story is not None else None
    if story is None or parts is None:
        return None
    return Facts(
        story_id=story.pk,
        public_id=story.public_id,
        path=str(parts[2]),
        headline=story.headline,
        version=proof.went_live_at,
        site=settings.SITE_URL,
        restricted=not Story.objects.filter(pk=story.pk).public().exists(),
    )


def _claim(proof: Proof, now: datetime) -> bool:
    mine = Proof.objects.filter(pk=proof.pk, next_check_at=proof.next_check_at)
    return bool(mine.update(next_check_at=now + CLAIM))


def _look(facts: Facts, reader: Reader, down: str | None) -> tuple[list[dict[str, Any]], str | None]:
    """The results of all probes, and why the site does not answer: that is said once and not waited for again."""
    results = []
    for probe in registered():
        finding = Finding(ok=False, detail=down or "", path=facts.path)
        if down is None:
            try:
                finding = probe.check(facts, reader.fetch)
            except Unreachable as reason:
                down = str(reason)
                finding = Finding(ok=False, detail=down, path=facts.path)
        results.append(
            {"probe": probe.name, "label": str(probe.label), "ok": finding.ok, "detail": finding.detail,
             "url": f"{facts.site}{finding.path}"}
        )  # fmt: skip
    return results, down


def _keep(proof: Proof, results: list[dict[str, Any]], *, answered: bool, now: datetime) -> None:
    """Write the outcome down and, where it is bad, announce the story once more: index and kept pages are made anew."""
    with transaction.atomic():
        story = _hold(proof.story_id)
        kept = Proof.objects.select_for_update().get(pk=proof.pk)
        if not story.live or story.last_published_at != kept.went_live_at:
            kept.state, kept.next_check_at = ProofState.OVERTAKEN, None
            kept.save(update_fields=["state", "next_check_at"])
            return
        attempts = min(kept.attempts + 1, 30_000)
        good = answered and all(result["ok"] for result in results)
        found = verdict(good=good, answered=answered, attempts=attempts, now=now)
        kept.results, kept.answered, kept.checked_at, kept.attempts = results, answered, now, attempts
        kept.state, kept.next_check_at = found.state, found.next_check_at
        kept.save()
        if found.replay:
            announce([story.pk], again=True)


def _hold(story_id: int) -> Story:
    """The story, fresh, its row held: first in the order of locks."""
    Page.objects.select_for_update().only("pk").get(pk=story_id)
    story: Story = Story.objects.get(pk=story_id)
    return story

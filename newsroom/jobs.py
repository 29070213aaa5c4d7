"""The worker's jobs: a list and nothing more. What a job does is decided in the room it comes from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from column.coverage.bulk.running import run_batches
from column.schedule.ledger.missing import record_missed
from column.schedule.notices.alarms import check_alarms
from column.schedule.notices.digest import send_digest
from column.schedule.notices.mail import purge_notices, send_mails
from column.schedule.notices.webhook import call_webhook
from column.schedule.proof.checking import check_proofs
from column.schedule.publishing import publish_due, publish_stories_due
from column.schedule.slots import keep_slots_ahead
from column.schedule.workflow.overdue import remind
from column.tallies.exports.jobs import purge_exports, run_exports
from column.tallies.reports.making import make_reports
from column.transfer.jobs import run_imports
from search.editors.missed import forget_old
from search.outbox import job as search_outbox


@dataclass(frozen=True)
class Job:
    """``run`` gets the moment it runs at, must be safe to run twice, and cheap when there is nothing to do.

    One that is *apart* waits for other machines: it has a thread of its own, so that nothing else waits with it.
    """

    name: str
    every: timedelta
    run: Callable[[datetime], object]
    apart: bool = False


JOBS: tuple[Job, ...] = (
    Job("publish", timedelta(seconds=1), publish_stories_due),
    Job("proofs", timedelta(seconds=1), check_proofs, apart=True),
    Job("search", timedelta(seconds=1), search_outbox.run, apart=True),
    Job("expire", timedelta(minutes=1), publish_due),
    # After what publishes: a worker that was down over midnight publishes first.
    Job("ledger", timedelta(minutes=1), record_missed),
    Job("overdue", timedelta(minutes=10), remind),
    Job("slots", timedelta(days=1), keep_slots_ahead),
    Job("missed_searches", timedelta(days=1), forget_old),
    Job("imports", timedelta(seconds=2), run_imports),
    Job("coding", timedelta(seconds=2), run_batches),
    Job("exports", timedelta(seconds=1), run_exports, apart=True),
    Job("old exports", timedelta(hours=1), purge_exports),
    # Before what mails: a draft of today is told today.
    Job("reports", timedelta(minutes=10), make_reports),
    # After what publishes and notes: what is out is no alarm, and what was told just now is mailed in the same round.
    Job("alarms", timedelta(seconds=15), check_alarms),
    Job("digest", timedelta(minutes=1), send_digest),
    Job("old notices", timedelta(days=1), purge_notices),
    Job("mails", timedelta(seconds=5), send_mails, apart=True),
    Job("webhook", timedelta(seconds=5), call_webhook, apart=True),
)

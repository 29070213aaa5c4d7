"""Several processes as one: started together, started again when they crash, ended together.

Each child leads its own session, so Ctrl-C in the terminal reaches the supervisor alone and the children are ended
in order; should the supervisor itself be killed, the kernel ends them (Linux).
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from newsroom.stopping import StopSignal

FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
SETTLED_AFTER = 60.0
"""Seconds a child must have lived for its next crash to count as the first one again."""
PATIENCE = 15.0
"""Seconds between the request to end and the end by force."""
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process to keep alive. ``name`` is what people read."""

    name: str
    command: Sequence[str]
    folder: Path
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    crashes: int = 0
    start_again_at: float = field(default=0.0)

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            self.command,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - the supervisor has one thread
        )
        self.started_at = time.monotonic()

    def send(self, number: signal.Signals) -> None:
        """To the child and to all that it started itself."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


@dataclass
class Supervisor:
    """``tell`` gets one Vietnamese sentence per event."""

    children: Sequence[Child]
    tell: Callable[[str], None]

    def run(self, stop: StopSignal, *, on_tick: Callable[[], float | None]) -> None:
        """Keep the children alive until ``stop`` is set, then end them all; returns when none is left.

        ``on_tick`` is called after every wake-up and says in how many seconds it wants to be called again, ``None``
        for never. ``stop`` must watch SIGCHLD.
        """
        try:
            for child in self.children:
                child.start()
            while not stop.is_set:
                waits = [self._tend(child) for child in self.children] + [on_tick()]
                stop.wait(min((wait for wait in waits if wait is not None), default=None))
        finally:
            self._end_all()

    def _tend(self, child: Child) -> float | None:
        """Notice a crash, start again when the delay is over; return the seconds to that moment, if any."""
        now = time.monotonic()
        if child.process is not None:
            code = child.process.poll()
            if code is None:
                return None
            child.send(signal.SIGKILL)  # what it may have left behind
            child.process = None
            child.crashes = 1 if now - child.started_at >= SETTLED_AFTER else child.crashes + 1
            delay = min(FIRST_DELAY * 2 ** (child.crashes - 1), LONGEST_DELAY)
            child.start_again_at = now + delay
            seconds = f"{delay:g}".replace(".", ",")
            self.tell(f"{child.name} dừng bất thường (mã {code}); khởi động lại sau {seconds} giây.")
        if now >= child.start_again_at:
            child.start()
            return None
        return child.start_again_at - now

    def _end_all(self) -> None:
        alive = [child for child in self.children if child.process is not None]
        for child in alive:
            # The child passes the request on to its own processes; a second copy to them would cut that short.
            if child.process is not None:
                child.process.terminate()
        deadline = time.monotonic() + PATIENCE
        for child in alive:
            if child.process is None:
                continue
            try:
                child.process.wait(timeout=max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.tell(f"{child.name} không chịu dừng sau {PATIENCE:g} giây; buộc dừng.")
            child.send(signal.SIGKILL)
            child.process.wait()


def _end_with_parent() -> None:
    """Ask the kernel to send SIGTERM to this process when its parent dies. Elsewhere than on Linux: nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

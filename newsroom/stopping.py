"""Waiting for the operating system's signals without a thread, a busy loop or a lost wake-up."""

import os
import select
import signal
from types import FrameType, TracebackType
from typing import Any, Self

_Handler = Any


class StopSignal:
    """Set by SIGTERM or SIGINT; ``wait`` ends early on any signal watched. Use as a context, in the main thread.

    A handler may run between any two instructions, so it takes no lock: Python itself writes the signal's number to
    a pipe (``set_wakeup_fd``) on which ``wait`` sleeps.
    """

    def __init__(self, *also: signal.Signals) -> None:
        self.is_set = False
        self._stopping = (signal.SIGTERM, signal.SIGINT)
        self._watched = (*self._stopping, *also)
        self._before: dict[signal.Signals, _Handler] = {}

    def __enter__(self) -> Self:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        self._fd_before = signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        for number in self._watched:
            self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._fd_before)
        os.close(self._reader)
        os.close(self._writer)

    def wait(self, seconds: float | None) -> None:
        """Sleep for ``seconds`` (``None``: for ever) or until a watched signal arrives."""
        if self.is_set:
            return
        ready, _, _ = select.select([self._reader], [], [], seconds)
        if ready:
            os.read(self._reader, 4096)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if number in self._stopping:
            self.is_set = True

"""Who comes first writes first: threads that want SQLite's one write lock stand in line.

SQLite lets waiting connections try again after a while, so that some wait for seconds while others are served (measured: one
of four threads got 1 commit of 7,000). Within a process this line is fair; between processes SQLite's own lock decides."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import Busy
from core.i18n import N_

PATIENCE = 10.0  # seconds, as long as SQLite's own busy_timeout


class HouseBusy(Busy):
    """The line was too long: nothing was done, and trying again is right."""

    status = 503

    def __init__(self) -> None:
        super().__init__("house_busy", N_("The house is very busy. Please try again in a moment; nothing was lost."))


class Turns:
    """A line of threads, first come, first served."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False

    @contextmanager
    def turn(self, patience: float = PATIENCE) -> Iterator[None]:
        """Wait for one's turn. Raises Busy after `patience` seconds."""
        self._enter(patience)
        try:
            yield
        finally:
            self._leave()

    def _enter(self, patience: float) -> None:
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            called = threading.Event()
            self._waiting.append(called)
        if called.wait(patience):
            return
        with self._lock:
            if called.is_set():  # called at the last moment: it is our turn after all
                return
            self._waiting.remove(called)
        raise HouseBusy()

    def _leave(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()  # `_taken` stays: the turn is handed on
            else:
                self._taken = False

"""Who comes first writes first: threads that want SQLite's one write lock stand in line.

SQLite lets waiting connections try again after a while, so that some wait for seconds while others are served (measured: one
of four threads got 1 commit of 7,000). Within a process this line is fair; between processes SQLite's own lock decides."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from core.errors import Busy
from core.i18n import N_

PATIENCE = 10.0  # seconds, as long as SQLite's own busy_timeout


class HouseBusy(Busy):
    """The line was too long: nothing was done, and trying again is right."""

    status = 503

    def __init__(self) -> None:
        super().__init__("house_busy", N_("The house is very busy. Please try again in a moment; nothing was lost."))


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """A place in the line. `joins`: whoever stands here would take part in what the one before began."""

    joins: bool
    called: threading.Event = field(default_factory=threading.Event)


class Turns:
    """A line of threads, first come, first served."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[_Place] = deque()
        self._taken = False

    @contextmanager
    def turn(self, patience: float = PATIENCE) -> Iterator[None]:
        """Wait for one's turn. Raises HouseBusy after `patience` seconds."""
        self.enter(patience)
        try:
            yield
        finally:
            self.leave()

    def enter(self, patience: float = PATIENCE, *, joins: bool = False) -> None:
        """Wait for one's turn; whoever is in leaves or hands on. Raises HouseBusy after `patience` seconds."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            place = _Place(joins)
            self._waiting.append(place)
        if place.called.wait(patience):
            return
        with self._lock:
            if place.called.is_set():  # called at the last moment: it is our turn after all
                return
            self._waiting.remove(place)
        raise HouseBusy()

    def leave(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().called.set()  # `_taken` stays: the turn is handed on
            else:
                self._taken = False

    def hand_on(self) -> bool:
        """Give the turn to the next in line if they join in; False when nobody does: then it is still ours."""
        with self._lock:
            if not self._waiting or not self._waiting[0].joins:
                return False
            self._waiting.popleft().called.set()
            return True

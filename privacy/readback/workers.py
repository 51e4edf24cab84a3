"""Pieces scanned by several processes, handed back in order. Plain forks and pipes: nothing to import, nothing to tidy up.

Process w scans pieces w, w + N, …; it may be `AHEAD` pieces ahead of what was asked for, so that the heads of a disk
stay near one place. A worker whose parent is gone reads the end of its pipe and leaves."""

import marshal
import os
import signal
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import astuple, dataclass
from typing import BinaryIO

from core.i18n import N_
from privacy.readback.faults import Unusable
from privacy.readback.scan import Found

AHEAD = 2
Scan = Callable[[int], Found]
Make = Callable[[], Scan]


def scanned(make: Make, begin: int, end: int, workers: int) -> Iterator[Found]:
    """What stands in the pieces begin to end - 1, in order; the work begins at once, not when it is first asked for.
    `make` builds a scan of one piece inside each process."""
    if workers <= 1 or end - begin < 2:
        return map(make(), range(begin, end))
    return _in_order(_team(make, range(begin, end), workers), end - begin)


def _in_order(team: "list[_Worker]", pieces: int) -> Iterator[Found]:
    size = len(team)
    try:
        for piece in range(pieces):
            yield team[piece % size].result()
    finally:
        _stop(team)


def _team(make: Make, pieces: range, workers: int) -> "list[_Worker]":
    team: list[_Worker] = []
    size = min(workers, len(pieces))
    try:
        for w in range(size):
            team.append(_start(make, pieces[w::size], team))
    except BaseException:
        _stop(team)
        raise
    return team


def _stop(team: "list[_Worker]") -> None:
    while team:
        team.pop().stop()


@dataclass(slots=True)
class _Worker:
    process: int
    ask: int
    answers: BinaryIO

    def result(self) -> Found:
        """The next piece's."""
        head = self.answers.read(4)
        body = self.answers.read(struct.unpack(">I", head)[0]) if len(head) == 4 else b""
        if not body:
            raise Unusable("worker_died", N_("A part of the program was ended from outside; nothing was concluded."))
        kind, value = marshal.loads(body)  # noqa: S302  (our own child wrote it)
        if kind == "fault":
            raise Unusable(value[0], value[1], values=value[2])
        with suppress(BrokenPipeError):  # it has done its last piece
            os.write(self.ask, b".")
        return Found(*value)

    def stop(self) -> None:
        os.close(self.ask)
        self.answers.close()
        os.waitpid(self.process, 0)


def _start(make: Callable[[], Scan], pieces: range, others: list[_Worker]) -> _Worker:
    asked, ask = os.pipe()
    answers, answer = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.close(ask)
            os.close(answers)
            for one in others:  # else their pipes would never end
                os.close(one.ask)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            _work(make, pieces, asked, answer)
        except BaseException:  # noqa: S110  (the parent sees the pipe end; a traceback of a child helps nobody)
            pass
        finally:
            os._exit(0)
    os.close(asked)
    os.close(answer)
    return _Worker(process, ask, os.fdopen(answers, "rb"))


def _work(make: Callable[[], Scan], pieces: range, asked: int, answer: int) -> None:
    scan = make()
    for at, piece in enumerate(pieces):
        if at >= AHEAD and not os.read(asked, 1):
            return
        try:
            body = marshal.dumps(("found", astuple(scan(piece))))
        except Unusable as problem:
            body = marshal.dumps(("fault", (problem.code, problem.sentence, problem.values)))
        _write(answer, struct.pack(">I", len(body)) + body)


def _write(to: int, data: bytes) -> None:
    while data:
        data = data[os.write(to, data) :]


def how_many(size: int, rotational: bool | None, sampling: bool) -> int:
    """One for a turning disk, a sample or a small medium; else a process for each processor, at most four."""
    if rotational or sampling or size < 256 * 1024 * 1024:
        return 1
    return min(4, len(os.sched_getaffinity(0)))

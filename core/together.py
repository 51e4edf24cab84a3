"""Works that wait for the same disk are saved together: one transaction, a savepoint each, one durable commit for all.

Used on SQLite, which lets one connection write at a time. Whoever has the turn does their Work on the shared connection and,
instead of waiting for the disk, hands the turn to the next in line; the last one saves for all. Nobody returns before that.
The numbers and what speaks against it: docs/adr/0011."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

from sqlalchemy import Engine
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from core.turns import HouseBusy, Turns

Save = Callable[[Connection], None]
MOST = 64  # Works in one transaction
WORTH = 4  # a group goes on as long as this many times what the disk last took: waiting for it is a fifth of the time at most
LONGEST = 0.1  # seconds until it is saved in any case: other processes want the file, too


class NotSaved(HouseBusy):
    """The transaction that this Work shared was refused by the database: nothing of it is saved, trying again is right."""


@dataclass(slots=True, eq=False)
class _Slip:
    """One member who waits to hear whether the group was saved."""

    told: threading.Event = field(default_factory=threading.Event)
    fault: BaseException | None = None


class Together:
    """The group of a database. All but the waiting happens in one's turn, so that no lock is needed."""

    def __init__(self, engine: Engine, turns: Turns) -> None:
        self._engine, self._turns = engine, turns
        self._connection: Connection | None = None
        self._members: list[_Slip] = []
        self._begun, self._disk = 0.0, 0.001
        self._one_by_one = 0  # so many Works are saved alone, because a group was refused: one member is at fault, not all

    @contextmanager
    def member(self, session: Session, save: Save) -> Iterator[None]:
        """Run the body in one's turn, in a savepoint of the shared transaction; come back when that is saved by `save`.

        Whatever the body raises undoes its own part only. Raises HouseBusy when the line is too long and when the group
        could not be saved; alone in a group, one hears what the database itself said."""
        self._turns.enter(joins=True)
        slip = _Slip()
        try:
            with self._lent(session):
                yield
            self._members.append(slip)
        finally:
            self._go_on(save)
        slip.told.wait()
        if slip.fault is not None:
            raise slip.fault

    @contextmanager
    def _lent(self, session: Session) -> Iterator[None]:
        """The session works on the shared connection: what it commits is a savepoint (see Database.sessions)."""
        home, session.bind = session.bind, self._begin()
        try:
            yield
        finally:
            session.bind = home

    def _begin(self) -> Connection:
        if self._connection is None:
            connection = self._engine.connect().execution_options(writes=True)
            try:
                connection.begin()
            except BaseException:
                connection.close()
                raise
            self._connection, self._begun = connection, perf_counter()
        return self._connection

    def _go_on(self, save: Save) -> None:
        if self._may_grow() and self._turns.hand_on():
            return
        try:
            self._save(save)
        finally:
            self._turns.leave()

    def _may_grow(self) -> bool:
        if self._connection is None or self._one_by_one or len(self._members) >= MOST or not _alive(self._connection):
            return False
        return perf_counter() - self._begun < min(WORTH * self._disk, LONGEST)

    def _save(self, save: Save) -> None:
        """Save what the members did and tell them; they hear of a fault, whoever happens to do the saving doesn't."""
        connection, members = self._connection, self._members
        self._connection, self._members = None, []
        if connection is None:
            return
        fault: BaseException | None = None
        begun = perf_counter()
        try:
            if members:
                if not _alive(connection):  # SQLite gave all of it up (disk full, I/O): a commit would save nothing, silently
                    raise NotSaved()
                save(connection)
                self._disk = perf_counter() - begun
        except BaseException as wrong:
            fault = wrong
        try:
            _close(connection, fault)
        finally:
            self._tell(members, fault)

    def _tell(self, members: list[_Slip], fault: BaseException | None) -> None:
        self._one_by_one = len(members) if fault and len(members) > 1 else max(0, self._one_by_one - 1)
        for slip in members:
            slip.fault = _for_each(fault) if len(members) > 1 else fault
            slip.told.set()


def _for_each(fault: BaseException | None) -> BaseException | None:
    if fault is None:
        return None
    mine = NotSaved()
    mine.__cause__ = fault
    return mine


def _alive(connection: Connection) -> bool:
    """Is the transaction still open? SQLite ends it by itself when it can't go on."""
    raw = connection.connection.dbapi_connection
    return raw is not None and bool(raw.in_transaction)


def _close(connection: Connection, fault: BaseException | None) -> None:
    """Give the connection back; thrown away after a fault, for nobody shall begin in what another left open."""
    if fault is not None:
        connection.invalidate()
    connection.close()

"""The slip of work: who, when, in which transaction, and what happens afterwards. The only commit in the house."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core import audit
from core.audit import Fact
from core.jobs import WAKE, Job
from core.turns import Turns


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account's id, or a named part of the system such as `system:sealer`."""

    id: str

    @property
    def is_person(self) -> bool:
        return not self.id.startswith("system:")


SYSTEM = Actor("system:house")
_WRITING = "xunshi_writing"


class Work:
    def __init__(self, session: Session, actor: Actor, now: datetime) -> None:
        self.session, self.actor, self.now = session, actor, now
        self._after: list[Callable[[], None]] = []

    def record(self, word: str, subject: str, /, **facts: Fact) -> None:
        """Write an audit line in this transaction. `subject` is an id; facts are ids, codes, whole numbers."""
        audit.write_line(self.session, self.now, self.actor.id, word, subject, facts)

    def later(self, kind: str, /, **payload: Fact) -> None:
        """Put down a job row in this transaction: for what must not be lost if the process dies after the commit."""
        self.session.add(Job.new(kind, payload, self.now))
        self._after.append(WAKE.set)

    def at(self, moment: datetime, kind: str, /, **payload: Fact) -> None:
        """Like `later`, but not before that moment."""
        job = Job.new(kind, payload, self.now)
        job.run_after = max(moment, self.now)
        self.session.add(job)

    def afterwards(self, step: Callable[[], None]) -> None:
        """Run a step once all is saved; for what may be lost, such as waking the job runner."""
        self._after.append(step)

    def finish(self) -> None:
        for step in self._after:
            step()


@contextmanager
def work(session: Session, actor: Actor, now: datetime) -> Iterator[Work]:
    """One transaction, one commit. What was read before is read anew inside, under the write lock where there is one.

    Raises whatever the body raises, with nothing saved. A Work inside a Work is refused: the outer one is the unit."""
    if session.info.get(_WRITING):
        raise RuntimeError("a Work is open already: pass it on")
    turns: Turns | None = session.info.get("turns")
    with turns.turn() if turns else nullcontext():
        slip = Work(session, actor, now)
        with _transaction(session):
            yield slip
    slip.finish()


@contextmanager
def _transaction(session: Session) -> Iterator[None]:
    session.rollback()  # ends the read transaction and expires what it loaded: decisions are made on fresh rows
    session.connection(execution_options={"writes": True})
    session.info[_WRITING] = True
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info[_WRITING] = False

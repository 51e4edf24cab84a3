"""The slip of work: who, when, in which transaction, and what happens afterwards. The only commit in the house."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit
from core.audit import Fact
from core.db import Locks, begin_keeping, end_keeping, forget_locks, known_locks
from core.errors import Busy
from core.jobs import WAKE, Job
from core.together import Together
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
Mark = tuple[int, int, Locks]


class Work:
    def __init__(self, session: Session, actor: Actor, now: datetime) -> None:
        self.session, self.actor, self.now = session, actor, now
        self._after: list[Callable[[], None]] = []
        self._lines: list[audit.Line] = []

    def record(self, word: str, subject: str, /, **facts: Fact) -> None:
        """An audit line, written in this transaction when the Work ends. `subject` is an id; facts are ids, codes, whole numbers.

        Raises ValueError at once for anything that may not stand in the log."""
        self._lines.append(audit.line(self.now, self.actor.id, word, subject, facts))

    def write_down(self) -> None:
        """Write the lines, in the order in which things happened."""
        audit.write_lines(self.session, self._lines)

    def put(self, row: object) -> None:
        """Write a new row now. Raises Busy when a twin was quicker: the database keeps what there is only one of."""
        self.session.add(row)
        try:
            self.session.flush()
        except IntegrityError as twin:
            raise Busy() from twin

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

    def mark(self) -> Mark:
        """How far it has come, to go back to when a savepoint is rolled back (core/each.py)."""
        return len(self._lines), len(self._after), known_locks(self.session)

    def back_to(self, mark: Mark) -> None:
        """Forget what was to be written and done since: the savepoint it belonged to is gone, and so are its locks.

        Rows in memory are read anew when they are next asked for: a guarded step (core/states.py) sets what it wrote without
        marking the row as changed, so that SQLAlchemy's own rollback of a savepoint would leave it as it was in there."""
        lines, after, locks = mark
        del self._lines[lines:], self._after[after:]
        self.session.expire_all()
        forget_locks(self.session, locks)

    def finish(self) -> None:
        for step in self._after:
            step()


@contextmanager
def work(session: Session, actor: Actor, now: datetime) -> Iterator[Work]:
    """One transaction, one commit. What was read before is read anew inside, under the write lock where there is one.

    Raises whatever the body raises, with nothing saved. A Work inside a Work is refused: the outer one is the unit.
    On SQLite people's Works that wait in line are saved together (core/together.py); each is still all or nothing, and
    returns when it is on the disk. The house's own Works, which may be long, are saved alone."""
    if session.info.get(_WRITING):
        raise RuntimeError("a Work is open already: pass it on")
    session.rollback()  # ends the read transaction and expires what it loaded: decisions are made on fresh rows
    slip = Work(session, actor, now)
    together: Together | None = session.info.get("together")
    if together and actor.is_person:
        with together.member(session, _save), _transaction(session, slip):
            yield slip
    else:
        turns: Turns | None = session.info.get("turns")
        with turns.turn() if turns else nullcontext(), _transaction(session, slip, writes=True):
            yield slip
    slip.finish()


@contextmanager
def _transaction(session: Session, slip: Work, **options: bool) -> Iterator[None]:
    session.connection(execution_options=options)
    session.info[_WRITING] = True
    begin_keeping(session)
    try:
        yield
        slip.write_down()
        _save(session)
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info[_WRITING] = False
        end_keeping(session)


def _save(what: Session | Connection) -> None:
    """The only commit: of a session (a savepoint, where the transaction is shared) or of what several shared."""
    what.commit()

"""卖家自述: an owner shows the log of a wipe made at home. It is read and shown as the seller's word, and clears nothing."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import ids
from core.errors import Busy, Forbidden, NotFound, Refused
from core.goods.custody import locked
from core.goods.rules import mask
from core.i18n import N_
from core.ports import PersonClosing
from core.work import Work
from privacy.bench import Bench, bench
from privacy.clearance.grade import grade_of, proof_of
from privacy.evidence.model import DeviceRow, Evidence
from privacy.evidence.readers import read
from privacy.sampling.people_models import OwnRun, OwnStatement

KIND = "statement"
MOST = 8


def state(w: Work, bench: Bench, item_id: str, raw: bytes) -> OwnStatement:
    """Keep the owner's file and what it says. Raises Unreadable (an Invalid at field `file`) for what is no log, Forbidden for
    anybody but the owner, Refused for a thing without storage or the same file twice."""
    item = locked(w, item_id)
    if item.owner_id != w.actor.id:
        raise Forbidden()
    if not item.data_bearing:
        raise Refused("no_data", N_("This thing holds no data: it needs no wipe and can be listed at once."))
    evidence, before = read(raw), of_item(w.session, item_id)
    if any(one.digest == evidence.sha256 for one in before):
        raise Refused("stated_already", N_("This very file stands here already."), field="file")
    if len(before) >= MOST:
        raise Refused("stated_enough", N_("Eight files are enough. Take one back before you add another."), field="file")
    grade = grade_of(proof_of(evidence, bound=False, challenge="", own=True))
    row = OwnStatement(
        id=ids.new_id(), item_id=item_id, owner_id=w.actor.id, epoch=item.epoch, digest=bench.store.put(raw, KIND), size=len(raw),
        format=evidence.format[:30], parser=evidence.parser[:20], grade=grade,
        told=[_told(one) for one in evidence.devices], at=w.now, removed_at=None,
    )  # fmt: skip
    w.session.add(row)
    try:
        w.session.flush()
        w.session.add_all(OwnRun(core=core, statement_id=row.id, at=w.now) for core in _runs(evidence))
        w.session.flush()
    except IntegrityError as twin:
        raise Busy() from twin
    w.record("privacy:own:stated", item_id, statement=row.id, digest=row.digest, grade=row.grade, finished=_finished(evidence))
    return row


def _runs(evidence: Evidence) -> list[str]:
    """By what each run in the file is known again, under another name or with other line ends."""
    return sorted({row.core for row in evidence.devices if row.core})


def _told(row: DeviceRow) -> dict[str, Any]:
    """What the file says of one medium; its number masked."""
    return {
        "serial": mask(row.serial) if row.serial else None, "model": (row.model or "")[:80], "capacity": row.capacity_bytes,
        "method": (row.method or "")[:80], "status": row.status, "errors": row.errors, "finished": row.finished,
    }  # fmt: skip


def _finished(evidence: Evidence) -> int:
    return sum(1 for row in evidence.devices if row.status == "erased")


def remove(w: Work, bench: Bench, row: OwnStatement) -> None:
    """The owner takes it back: the file and what it says are erased, that there was one stays on record."""
    if row.owner_id != w.actor.id:
        raise Forbidden()
    _erase(w, bench, row)


def _erase(w: Work, bench: Bench, row: OwnStatement) -> None:
    if row.removed_at is not None:
        return
    row.told, row.removed_at = [], w.now
    w.session.flush()
    w.record("privacy:own:removed", row.item_id, statement=row.id)
    again = select(OwnStatement.id).where(OwnStatement.digest == row.digest, OwnStatement.removed_at.is_(None))
    if w.session.scalars(again.limit(1)).first() is None:
        w.afterwards(_remover(bench, row.digest))


def _remover(bench: Bench, digest: str) -> Callable[[], None]:
    """After the commit: what is on record as removed is removed, and not the other way round."""

    def remove() -> None:
        bench.store.remove(digest, KIND)

    return remove


def leave(w: Work, event: PersonClosing) -> None:
    """Who closes the account takes the own statements along."""
    query = select(OwnStatement).where(OwnStatement.owner_id == event.account_id, OwnStatement.removed_at.is_(None))
    for row in w.session.scalars(query):
        _erase(w, bench(), row)


def of_item(session: Session, item_id: str) -> list[OwnStatement]:
    """What stands now, newest first."""
    query = select(OwnStatement).where(OwnStatement.item_id == item_id, OwnStatement.removed_at.is_(None))
    return list(session.scalars(query.order_by(OwnStatement.id.desc())))


def get_statement(session: Session, statement_id: str) -> OwnStatement:
    found = session.get(OwnStatement, statement_id)
    if found is None or found.removed_at is not None:
        raise NotFound()
    return found

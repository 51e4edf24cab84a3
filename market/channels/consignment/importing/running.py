"""The jobs of an import: looking through a long file, and taking all of it in by one transaction."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from core import clock, ids
from core.db import get_locked
from core.errors import Refused
from core.files import NotStored
from core.i18n import N_
from core.jobs import handles
from core.states import walk
from core.turns import HouseBusy
from core.work import SYSTEM, Actor, Work, work
from market.channels.consignment.goods import taking_many
from market.channels.consignment.goods.queries import get_intake, places_of
from market.channels.consignment.goods.taking_many import Sound, WrongThings
from market.channels.consignment.importing import keeping, progress
from market.channels.consignment.importing.actions import READ, TAKE
from market.channels.consignment.importing.looking import Looked, look, open_table, report
from market.channels.consignment.importing.models import GoodsImport, GoodsImportLine
from market.channels.consignment.importing.rules import Read
from market.channels.consignment.importing.states import IMPORT

FAULTS: Final = {
    "intake_closed": N_("The visit was closed meanwhile."),
    "lines_changed": N_("Something changed meanwhile: not all of the lines fit any more."),
    "role_missing": N_("Whoever ordered it doesn't work at this shop any more."),
    "other": N_("Something came between. Try once more."),
}
"""Why taking in was stopped, with nothing taken in."""


@handles(READ)
def read_all(session: Session, payloads: list[dict[str, Any]]) -> None:
    for payload in payloads:
        read(session, payload["import_id"])


@handles(TAKE)
def take_all(session: Session, payloads: list[dict[str, Any]]) -> None:
    for payload in payloads:
        take(session, payload["import_id"])


def read(session: Session, import_id: str) -> None:
    """Look through a file that waits for it, and keep what was found. Done twice, the second time finds nothing to do."""
    row = session.get(GoodsImport, import_id, populate_existing=True)
    if row is None or row.state != "reading":
        return
    looked = _looked(session, row)
    codes = {one.id: one.code for one in places_of(session, row.org_id, row.intake.point_id)}
    found = keeping.keep_report(report(looked, codes))
    with work(session, SYSTEM, clock.now()) as w:
        row = get_locked(w.session, GoodsImport, import_id)
        keeping.forget(w, row.report)
        walk(w, IMPORT, row, "read", report=found, fit=len(looked.right))
        w.record("market:goods_import:read", row.id, lines=row.lines, fit=row.fit)
    progress.forget(import_id)


def _looked(session: Session, row: GoodsImport) -> Looked:
    intake, import_id = get_intake(session, row.intake_id), row.id
    table = open_table(keeping.opened(row.file), row.came_by)
    return look(session, intake, table, row.came_by, lambda done, total: progress.tell(import_id, done, total))


def take(session: Session, import_id: str) -> None:
    """Take in what was ordered, all by one transaction, as whoever ordered it. What stops it is written down, and the file is
    looked through anew. Done twice, taken in once: the state is walked in that very transaction."""
    row = session.get(GoodsImport, import_id, populate_existing=True)
    if row is None or row.state != "taking":
        return
    try:
        _take(session, row)
    except HouseBusy:
        raise  # the runner tries again
    except WrongThings:
        _stopped(session, import_id, "lines_changed")
    except (Refused, NotStored) as no:
        _stopped(session, import_id, getattr(no, "code", "other"))
    finally:
        progress.forget(import_id)


def _take(session: Session, row: GoodsImport) -> None:
    import_id, ordered_by = row.id, str(row.ordered_by)
    looked = _looked(session, row)
    if len(looked.right) != row.fit:
        raise Refused("lines_changed", FAULTS["lines_changed"])
    reads = [read for read, _given in looked.right]
    things = taking_many.sound(row.intake, [given for _read, given in looked.right])
    progress.tell(import_id, 0, len(reads))
    with work(session, Actor(ordered_by), clock.now()) as w:
        _save(w, import_id, things, reads)


def _save(w: Work, import_id: str, things: Sound, reads: Sequence[Read]) -> None:
    row = get_locked(w.session, GoodsImport, import_id)
    if row.state != "taking":  # a twin of this job was quicker
        return
    left = row.lines - len(reads)
    if row.all_or_nothing and left:
        raise Refused("lines_changed", FAULTS["lines_changed"])
    intake, many = get_intake(w.session, row.intake_id), len(reads)
    made = taking_many.take_many(w, intake, things, lambda done: progress.tell(import_id, done, many))
    w.session.execute(insert(GoodsImportLine), [
        {"id": ids.new_id(), "import_id": import_id, "line": read.number, "stock_id": stock_id, "own_number": read.own_number}
        for read, stock_id in zip(reads, made, strict=True)
    ])  # fmt: skip
    kept = row.report if left else ""  # what was left out can still be fetched for the rest of its days
    keeping.forget(w, row.file, "" if left else row.report)
    walk(
        w, IMPORT, row, "finish", taken=len(made), ended_at=w.now, file="", report=kept,
        erase_at=row.erase_at if left else None,
    )  # fmt: skip
    w.record("market:goods_import:taken", row.id, intake=row.intake_id, taken=len(made), left=left)


def _stopped(session: Session, import_id: str, code: str) -> None:
    with work(session, SYSTEM, clock.now()) as w:
        row = get_locked(w.session, GoodsImport, import_id)
        if row.state != "taking":
            return
        walk(w, IMPORT, row, "again", fault=code if code in FAULTS else "other")
        w.record("market:goods_import:stopped", row.id, why=row.fault)
        w.later(READ, import_id=import_id)

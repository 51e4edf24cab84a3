"""Counters read again: growth beyond tolerance means that the device was used after its wipe, and ends the clearance."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from core import clock, ids
from core.errors import Invalid, Refused
from core.goods import custody
from core.goods.custody import locked
from core.goods.intake import serial_of
from core.goods.models import Item, StorageMedium
from core.goods.rules import normalise_serial
from core.i18n import N_
from core.people.acting import demand_role
from core.work import Work
from privacy.bench import Bench
from privacy.clearance.actions import end_clearance
from privacy.clearance.queries import find_valid
from privacy.devices import fresh_readings, queries
from privacy.devices.claims import snapshot
from privacy.devices.reading_models import ReadingOrder
from privacy.devices.rules import COUNTING, Growth, growth
from privacy.evidence.model import DeviceRow, Evidence
from privacy.evidence.readers import read
from privacy.readback.stations import public_keys
from privacy.wipes import people
from privacy.wipes.models import WipeJob
from privacy.wipes.queries import present_media

# how long a code is good, and how long a reading before a hand-over counts for it
WITHIN: Final = timedelta(hours=24)
NO_CODE = N_("First let the page give you a code: the reading has to carry it. A code is good for a day and for one reading.")
SAY_COUNTERS = N_("Read the counters in your own look first, or state that they can't be read.")
DUE_WORDS: Final = {
    "due": N_("Its counters are read once more before it is handed over: growth since the wipe means that it was used."),
    "read": N_("Its counters were read today: not used since its wipe, as far as they tell."),
    "sealed": N_("It is in a sealed bag: the whole seal says that nobody used it."),
    "not_counted": N_("Its counters weren't read at the wipe, so that nobody can tell by them whether it was used since."),
    "no_counters": N_("Its storage doesn't count its use."),
}


@dataclass(frozen=True, slots=True)
class ReadingDue:
    """What a hand-over should know. `due`: read the counters first; `why`: a code of DUE_WORDS; `media`: masked names of those to
    read; `href`: the page where they are read."""

    due: bool
    why: str
    media: tuple[str, ...]
    href: str


def reading_due(session: Session, item_id: str) -> ReadingDue | None:
    """Should counters be read now, before this thing is handed over? None for what holds no data or has no valid clearance."""
    item, clearance = session.get(Item, item_id), find_valid(session, item_id)
    if item is None or not item.data_bearing or clearance is None:
        return None
    href, media = f"/items/{item_id}/device", present_media(session, item_id)
    if clearance.kept == "sealed_bag":
        return ReadingDue(False, "sealed", (), href)
    counted = [one for one in media if queries.find_baseline(session, one.id, item.epoch) is not None]
    if not counted:
        known = any(queries.is_counting(session, one) or one.kind in COUNTING for one in media)
        return ReadingDue(False, "not_counted" if known else "no_counters", (), href)
    waiting = tuple(one.masked for one in counted if not _read_lately(session, one, item.epoch))
    return ReadingDue(bool(waiting), "due" if waiting else "read", waiting, href)


def _read_lately(session: Session, medium: StorageMedium, epoch: int) -> bool:
    last = queries.find_last_reading(session, medium.id, epoch)
    return last is not None and last.moment in ("check", "hand_over") and last.at > clock.now() - WITHIN


def ask(w: Work, item_id: str) -> ReadingOrder:
    """Give who keeps the device a code for reading its counters."""
    item = locked(w, item_id)
    _demand_keeper(w, item_id)
    row = ReadingOrder(
        id=ids.new_id(), item_id=item_id, epoch=item.epoch, code=ids.new_checked_code(), asked_by=w.actor.id, at=w.now
    )
    w.session.add(row)
    w.session.flush()
    w.record("privacy:usage:asked", item_id, order=row.id)
    return row


def read_again(w: Work, bench: Bench, item_id: str, raw: bytes, moment: str) -> list[tuple[StorageMedium, Growth]]:
    """A file that staff read from the device now, compared with the reading from which use is counted.

    `moment`: `check` or `hand_over`. Use beyond the tolerance ends the clearance as void by use, in this transaction. Raises
    Unreadable; Invalid for a file without counters of this device's media, without the code, of before it was asked for, or
    that contradicts itself; Refused for one that is known already, without a code, or with nothing to compare with."""
    item = locked(w, item_id)
    _demand_keeper(w, item_id)
    evidence = read(raw, keys=public_keys(w.session, w.now))
    fresh_readings.demand_new(w.session, evidence.sha256)
    fresh_readings.demand_whole(evidence)
    found = rows_of(evidence, present_media(w.session, item_id))
    order = queries.find_order(w.session, item_id)
    answers = []
    for medium, row in found:
        if order is None or not _stands(w, order, item, medium):
            raise Refused("no_code", NO_CODE, field="file")
        challenged = fresh_readings.demand_code(evidence, row, order.code)
        fresh_readings.demand_since(evidence, row, order.at, w.now)
        answers.append((medium, _compared(w, item, medium, row, evidence, moment, challenged)))
    digest = bench.store.put(raw, "evidence")
    used = any(one.used for _, one in answers)
    w.record("privacy:usage:read", item_id, moment=moment, used=used, media=len(answers), digest=digest)
    if used:
        clearance = find_valid(w.session, item_id, lock=True)
        if clearance is not None:
            end_clearance(w, clearance, "used")
    return answers


def _demand_keeper(w: Work, item_id: str) -> None:
    line = custody.find_holder(w.session, item_id)
    demand_role(w, line.holder_id if line and line.holder_kind == "org" else None, *people.STAFF)


def _stands(w: Work, order: ReadingOrder, item: Item, medium: StorageMedium) -> bool:
    """Was the code given today, in this epoch, and not used for this medium yet?"""
    last = queries.find_last_reading(w.session, medium.id, item.epoch)
    spent = last is not None and last.moment in ("check", "hand_over") and last.at >= order.at
    return order.epoch == item.epoch and w.now - order.at <= WITHIN and not spent


def _compared(
    w: Work, item: Item, medium: StorageMedium, row: DeviceRow, evidence: Evidence, moment: str, challenged: bool | None
) -> Growth:
    """Growth since the wipe; a counter that counts less than at any reading since counts backwards, too."""
    baseline = queries.find_baseline(w.session, medium.id, item.epoch)
    last = queries.find_last_reading(w.session, medium.id, item.epoch)
    if baseline is None or last is None:
        raise Refused("no_baseline", N_("No counters were read right after the wipe, so there is nothing to compare with."))
    assert row.counters is not None
    now = snapshot(
        w, item.id, medium.id, item.epoch, moment, row.counters, evidence.sha256,
        challenged=challenged, key_id=evidence.signed_by,
    )  # fmt: skip
    since_wipe = growth(queries.usage_of(baseline), queries.usage_of(now))
    backwards = growth(queries.usage_of(last), queries.usage_of(now)).backwards
    if not backwards or since_wipe.backwards:
        return since_wipe
    return replace(since_wipe, used=True, backwards=backwards)


def demand_counted(w: Work, job: WipeJob, stated: bool) -> bool:
    """Raises Refused while a medium that is known to count its use has no reading from after its wipe; Invalid at `no_counters`
    while one of a kind that counts has none and the verifier hasn't `stated` that its counters can't be read. Answers whether
    the certificate rests on that statement."""
    for name in uncounted(w.session, job):
        raise Refused(
            "counters_missing",
            N_("%(medium)s counts its use, and no counters were read after its wipe. Read them in your own look first."),
            values={"medium": name},
        )
    unread = unread_media(w.session, job)
    if unread and not stated:
        raise Invalid("counters_unsaid", SAY_COUNTERS, field="no_counters")
    return bool(unread)


def unread_media(session: Session, job: WipeJob) -> list[str]:
    """Masked names of the media inside of a kind that counts its use, whose counters nobody has read since the wipe."""
    return [
        one.masked
        for one in present_media(session, job.item_id)
        if one.kind in COUNTING
        and not queries.is_counting(session, one)
        and queries.find_baseline(session, one.id, job.epoch) is None
    ]


def uncounted(session: Session, job: WipeJob) -> list[str]:
    """Masked names of the media inside that count their use, as is on record, and weren't read since the wipe."""
    return [
        one.masked
        for one in present_media(session, job.item_id)
        if queries.is_counting(session, one) and queries.find_baseline(session, one.id, job.epoch) is None
    ]


def rows_of(evidence: Evidence, media: Sequence[StorageMedium]) -> list[tuple[StorageMedium, DeviceRow]]:
    """Which row of the file tells the counters of which medium, by serial. Raises Invalid when it tells none."""
    found = []
    for medium in media:
        serial = normalise_serial(serial_of(medium))
        rows = [row for row in evidence.devices if row.counters and row.serial and normalise_serial(row.serial) == serial]
        if len(rows) == 1 and not (rows[0].usb_bridge and rows[0].bus == "USB"):
            found.append((medium, rows[0]))
    if not found:
        raise Invalid(
            "no_counters",
            N_("The file has no counters of this device's media. Use smartctl -x -j or the station tool on the device itself."),
            field="file",
        )
    return found

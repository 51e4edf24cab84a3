"""The verifier asks for a seed, reads the medium with an own tool, and brings the file."""

import hashlib
import secrets as dice

from core import ids
from core.errors import Forbidden, Invalid, Refused
from core.goods.intake import serial_of
from core.goods.models import StorageMedium
from core.goods.rules import normalise_serial
from core.i18n import N_
from core.people.acting import demand_role
from core.work import Work
from privacy.bench import Bench
from privacy.clearance.log import queries as log
from privacy.clearance.verifying import REFUSALS
from privacy.devices import fresh_readings
from privacy.devices.claims import snapshot
from privacy.devices.queries import find_baseline, usage_of
from privacy.devices.reading_time import span_of
from privacy.evidence.model import DeviceRow, Evidence
from privacy.evidence.readers import read
from privacy.evidence.readers.doc import looks_like_json, read_json
from privacy.looks import rules
from privacy.looks.models import ReadBackOrder, SecondLook
from privacy.looks.queries import find_order, find_pattern
from privacy.readback.report import ReadBack, is_readback, read_readback
from privacy.readback.stations import public_keys
from privacy.wipes import rules as wipes
from privacy.wipes.models import WipeJob
from privacy.wipes.queries import attached_by, passed_row


def order(w: Work, job: WipeJob, medium: StorageMedium) -> ReadBackOrder:
    """Give a seed from a new nonce and the latest checkpoint, which has to be younger than the wipe's last file: before that
    nobody can know the places. Raises Refused while the log hasn't caught up."""
    _demand_other_hand(w, job)
    _demand_inside(job, medium)
    checkpoint = log.latest(w.session)
    last = max(one.attached_at for one in job.evidence)
    if checkpoint is None or checkpoint.created <= last:
        raise Refused("log_behind", N_("The public log is just being written. Try again in a few seconds."))
    nonce = dice.token_hex(32)
    row = ReadBackOrder(
        id=ids.new_id(),
        job_id=job.id,
        medium_id=medium.id,
        nonce=nonce,
        checkpoint_size=checkpoint.size,
        root=checkpoint.root,
        seed=rules.seed_of(nonce, checkpoint.root),
        asked_by=w.actor.id,
        at=w.now,
    )
    w.session.add(row)
    w.session.flush()
    w.record("privacy:readback:ordered", job.id, medium=medium.id, order=row.id, checkpoint=checkpoint.size)
    return row


def look(w: Work, bench: Bench, job: WipeJob, medium: StorageMedium, raw: bytes) -> SecondLook:
    """Take the verifier's own file about a medium, whatever it says; its counters are where the count of use begins.

    Raises Unreadable for what is no such file, Refused for one that is on record already: that is nobody's own look."""
    _demand_other_hand(w, job)
    _demand_inside(job, medium)
    fresh_readings.demand_new(w.session, hashlib.sha256(raw).hexdigest())
    told: dict[str, str] = {}
    asked = find_order(w.session, job.id, medium.id)
    document = read_json(raw) if looks_like_json(raw) else None
    value = getattr(document, "value", document)
    if is_readback(value):
        kind, answer = "readback", _read_back(w, job, medium, value, raw, asked, told)
    else:
        kind, answer, asked = "state", _state(w, job, medium, raw, told), None
    row = SecondLook(
        id=ids.new_id(),
        job_id=job.id,
        medium_id=medium.id,
        order_id=asked.id if asked else None,
        kind=kind,
        digest=bench.store.put(raw, "evidence"),
        result=answer.result,
        grade=answer.grade,
        reasons=list(answer.reasons),
        told=told,
        verifier_id=w.actor.id,
        at=w.now,
    )
    w.session.add(row)
    w.session.flush()
    w.record("privacy:medium:looked_at", job.item_id, job=job.id, medium=medium.id, kind=kind, result=row.result)
    return row


def _read_back(
    w: Work, job: WipeJob, medium: StorageMedium, value: object, raw: bytes, asked: ReadBackOrder | None, told: dict[str, str]
) -> rules.Answer:
    if asked is None:
        raise Invalid("no_order", N_("First let the page give you a seed; then read the medium with it."), field="file")
    found = read_readback(value, raw, public_keys(w.session, w.now))
    key = find_pattern(w.session, job.id, medium.id)
    told.update(mode=found.mode, blocks=str(found.blocks_read), chance=found.chance, expected=found.expected or "")
    return rules.read_back(
        found,
        rules.Asked(
            seed=asked.seed,
            challenge=job.challenge,
            same_serial=_same_serial(found, medium),
            size=medium.capacity_bytes,
            left=rules.left_by(passed_row(w.session, job.id, medium.id)),
            pattern=key.key_id if key else "",
        ),
    )


def _same_serial(found: ReadBack, medium: StorageMedium) -> bool | None:
    """Is it this very medium, by its own answer? A typed serial that differs speaks against it, one that agrees binds nothing,
    and neither does a USB adapter's."""
    serial, identity = normalise_serial(serial_of(medium)), found.identity or {}
    if found.serial and normalise_serial(found.serial) != serial:
        return False
    own = "" if identity.get("bus") == "usb" else identity.get("serial", "")
    return normalise_serial(own) == serial if normalise_serial(own) else None


def _state(w: Work, job: WipeJob, medium: StorageMedium, raw: bytes, told: dict[str, str]) -> rules.Answer:
    evidence = read(raw, keys=public_keys(w.session, w.now))
    serial = normalise_serial(serial_of(medium))
    rows = [row for row in evidence.devices if row.serial and normalise_serial(row.serial) == serial]
    row = rows[0] if len(rows) == 1 else None
    baseline = find_baseline(w.session, medium.id, job.epoch)
    before = usage_of(baseline) if baseline else None
    answer = rules.state_read(evidence, row, before, when=_when(w, job, evidence, row))
    if row is not None and row.counters is not None and _may_count(evidence, row, answer):
        _count(w, job, medium, row, evidence, "check" if baseline else "after_wipe")
        told["counters"] = "read" if baseline else "begin"
    return answer


def _when(w: Work, job: WipeJob, evidence: Evidence, row: DeviceRow | None) -> str:
    """Does the file's own time say that it was read before the wipe was judged, or in the future?"""
    span = span_of(evidence, row) if row is not None else None
    if span is None:
        return ""
    if span.before(max(one.attached_at for one in job.evidence)):
        return "too_old"
    return "ahead" if span.after(w.now) else ""


def _may_count(evidence: Evidence, row: DeviceRow, answer: rules.Answer) -> bool:
    """Counters of this very medium, read now: they count even where the file says nothing about the wipe itself."""
    bridged = row.usb_bridge and row.bus == "USB"
    return not bridged and set(answer.reasons) <= {"says_nothing"} and span_of(evidence, row) is not None


def _count(w: Work, job: WipeJob, medium: StorageMedium, row: DeviceRow, evidence: Evidence, moment: str) -> None:
    assert row.counters is not None
    snapshot(
        w, job.item_id, medium.id, job.epoch, moment, row.counters, evidence.sha256,
        challenged=fresh_readings.carries_code(evidence, row, job.challenge), key_id=evidence.signed_by,
    )  # fmt: skip


def _demand_other_hand(w: Work, job: WipeJob) -> None:
    demand_role(w, None, "wipe_verifier")
    why = wipes.may_verify(job.operator_id, job.owner_id, attached_by(w.session, job.id), w.actor.id)
    if why:
        raise Forbidden(why, REFUSALS[why])
    if job.state not in ("judged", "verified"):
        raise Refused("not_waiting", N_("This job doesn't wait for a verifier: every medium needs a passed file first."))


def _demand_inside(job: WipeJob, medium: StorageMedium) -> None:
    if medium.item_id != job.item_id or medium.state != "present":
        raise Invalid("medium_unknown", N_("Choose a medium of this device."), field="medium")



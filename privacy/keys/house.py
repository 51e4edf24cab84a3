"""The house's own keys, for certificates and for the log, give way to new ones; any key on record is revoked, with a reason."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.config import Config
from core.errors import Invalid, NotFound, Refused
from core.i18n import N_
from core.work import Work
from privacy.bench import Bench, bench_of
from privacy.clearance import house_key
from privacy.clearance.house_key import LOG
from privacy.clearance.log import keys, sequencing
from privacy.clearance.log.models import EnrolledKey
from privacy.keys import actions
from privacy.keys.models import PersonKey

# what the house signs -> the role of that key on record
ROLES = {"house": "certificate", "log": "log"}
WHICH = {role: which for which, role in ROLES.items()}


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key on record. `state`: current (of the house), live, ended, revoked; `account_id`: whose it is, "" for the house's."""

    key_id: str
    role: str
    state: str
    since: datetime
    until: datetime | None
    revoked_at: datetime | None
    reason: str
    account_id: str


def listed(session: Session, bench: Bench) -> list[KeyLine]:
    """Every key on record, the house's first, the newest first."""
    mine = {house_key.current(_folder(bench, which)) for which in ROLES}
    owners = {one.key_id: one.account_id for one in session.scalars(select(PersonKey))}
    rows = session.scalars(select(EnrolledKey).order_by(EnrolledKey.since.desc(), EnrolledKey.key_id)).all()
    order = [*WHICH, "person"]
    found = [
        KeyLine(
            one.key_id, one.role, _state(one, mine), one.since, one.until, one.revoked_at, one.reason, owners.get(one.key_id, "")
        )
        for one in rows
    ]
    return sorted(found, key=lambda line: order.index(line.role) if line.role in order else len(order))


def _state(one: EnrolledKey, mine: set[str | None]) -> str:
    if one.revoked_at or one.until:
        return "revoked" if one.revoked_at else "ended"
    return "current" if one.key_id in mine else "live"


def _folder(bench: Bench, which: str) -> Path:
    return bench.keys / LOG if which == "log" else bench.keys


def rotate(w: Work, config: Config, which: str) -> str:
    """A new key signs for the `house` or the `log` from now on; returns its id. What the one before signed stays good."""
    if which not in ROLES:
        raise Invalid("which_key", N_("There is a key of the house and a key of the log."), field="which")
    bench = bench_of(config)
    folder = _folder(bench, which)
    sequencing.hold(w)
    old = house_key.current(folder)
    if old is not None and w.session.get(EnrolledKey, old) is None:
        _put_on_record(w, config, which)
    if old is not None:
        keys.retire(w, old)
    key = house_key.new_key(folder)
    name = sequencing.origin(w.session, config) if which == "log" else ""
    keys.enrol(w, public=key.public, role=ROLES[which], name=name)
    return key.key_id


def _put_on_record(w: Work, config: Config, which: str) -> None:
    """A key that has signed nothing since there is a log."""
    if which == "log":
        sequencing.identity(w, config)
    else:
        keys.enrol_house_key(w, house_key.house_key(bench_of(config).keys))


def revoke(w: Work, config: Config, key_id: str, reason: str) -> None:
    """No key on record is trusted for what it signs from now on, and what it signed before is unknown to who checks offline. The
    key that signs for the house or the log gives way to a new one in the same moment.

    Raises Invalid for an unknown reason or key, Refused for what is revoked already or belongs to a station."""
    if reason not in keys.REVOKED:
        raise Invalid("reason_missing", N_("Please choose a reason."), field="reason")
    row = w.session.get(EnrolledKey, key_id)
    if row is None:
        raise NotFound("no_key", N_("There is no such key on record."))
    if row.revoked_at is not None:
        raise Refused("revoked_already", N_("This key was revoked already."))
    if row.role == "person":
        actions.revoke(w, key_id, reason)
        return
    if row.role not in WHICH:
        raise Refused("station_key", N_("Keys of stations are revoked on the page of their point."))
    if key_id == house_key.current(_folder(bench_of(config), WHICH[row.role])):
        rotate(w, config, WHICH[row.role])
    keys.revoke(w, key_id, reason)

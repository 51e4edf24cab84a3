"""Enrol, revoke and find stations. The functions that write run in the caller's Work."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import ids, signing
from core.errors import Invalid, NotFound, Refused
from core.i18n import N_
from core.people.queries import get_organisation
from core.work import Work
from privacy.readback.keys import proven, read_public
from privacy.readback.models import Station
from privacy.readback.station_rules import REASONS, counted


def stations_of(session: Session, org_id: str) -> Sequence[Station]:
    """All of a point, the enrolled ones first, then the latest."""
    rows = session.scalars(select(Station).where(Station.org_id == org_id).order_by(Station.enrolled_at.desc()))
    return sorted(rows, key=lambda one: one.revoked_at is not None)


def get_station(session: Session, org_id: str, station_id: str) -> Station:
    found = session.get(Station, station_id)
    if found is None or found.org_id != org_id:
        raise NotFound()
    return found


def public_keys(session: Session, at: datetime, org_id: str | None = None) -> dict[str, bytes]:
    """Public halves by key id of the stations that counted at this moment; of one point if it is named."""
    query = select(Station) if org_id is None else select(Station).where(Station.org_id == org_id)
    rows = session.scalars(query)
    return {one.key_id: bytes.fromhex(one.public) for one in rows if counted(one.enrolled_at, one.revoked_at, one.reason, at)}


def find_by_key(session: Session, key_id: str) -> Station | None:
    return session.scalars(select(Station).where(Station.key_id == key_id)).one_or_none()


def enrol(w: Work, org_id: str, *, name: str, public_text: str, code: str, signature: str) -> Station:
    """Take up a key whose holder has just signed our code. Raises Invalid, Refused."""
    org = get_organisation(w.session, org_id)
    if org.state != "approved":
        raise Refused("not_approved", N_("Only an approved organisation can enrol a station."))
    try:
        called, public = read_public(public_text)
    except ValueError as problem:
        raise Invalid("bad_key", N_("This isn't the line that keygen printed. Copy the whole line."), field="public") from problem
    if not proven(public, code, signature):
        raise Invalid("not_proven", N_("This signature doesn't fit the key and the code shown now."), field="signature")
    key_id = signing.key_id(public)
    if find_by_key(w.session, key_id):
        raise Invalid("key_known", N_("This key has been enrolled before. Make a new one with keygen."), field="public")
    row = Station(
        id=ids.new_id(), org_id=org.id, name=name.strip() or called, key_id=key_id, public=public.hex(),
        enrolled_by=w.actor.id, enrolled_at=w.now, revoked_at=None, revoked_by=None, reason="",
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    w.record("privacy:station:enrolled", row.id, organisation=org.id, key=key_id)
    return row


def revoke(w: Work, org_id: str, station_id: str, reason: str) -> Station:
    """Raises Invalid for an unknown reason, Refused if it was revoked already."""
    if reason not in REASONS:
        raise Invalid("reason", N_("Please choose one of the answers offered."), field="reason")
    row = get_station(w.session, org_id, station_id)
    w.session.refresh(row, with_for_update=True)
    if row.revoked_at is not None:
        raise Refused("revoked_already", N_("This station was revoked already."))
    row.revoked_at, row.revoked_by, row.reason = w.now, w.actor.id, reason
    w.session.flush()
    w.record("privacy:station:revoked", row.id, organisation=row.org_id, reason=reason)
    return row

"""What other rooms ask: may this be listed, which certificate does it have, is this number ours."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, ids, secrets
from core.db import get_row
from core.errors import NotFound
from core.goods.digests import digests_of_number
from core.goods.models import Identifier, Item, StorageMedium
from core.goods.rules import normalise_serial
from privacy.clearance.models import Certificate, Clearance
from privacy.clearance.permit import Cleared, NotNeeded, Permit


def find_clearance(session: Session, item_id: str, now: datetime | None = None) -> Permit | None:
    """The permit to list this item now: Cleared, NotNeeded for what holds no data, None when it must be wiped first."""
    item = session.get(Item, item_id)
    if item is None:
        return None
    if not item.data_bearing:
        return NotNeeded(item_id)
    clearance = find_valid(session, item_id)
    if clearance is None or clearance.epoch != item.epoch or clearance.valid_until <= (now or clock.now()):
        return None
    certificate = certificate_of_clearance(session, clearance.id)
    if certificate is None or certificate.state != "issued":
        return None
    return Cleared(clearance.id, item_id, clearance.epoch, clearance.valid_until, certificate.number)


def find_valid(session: Session, item_id: str, *, lock: bool = False) -> Clearance | None:
    query = select(Clearance).where(Clearance.item_id == item_id, Clearance.state == "valid")
    return session.scalars(query.with_for_update() if lock else query).first()


def find_last(session: Session, item_id: str) -> Clearance | None:
    """The item's latest clearance, ended or not."""
    query = select(Clearance).where(Clearance.item_id == item_id)
    return session.scalars(query.order_by(Clearance.id.desc()).limit(1)).first()


def overdue(session: Session, now: datetime, most: int = 200) -> list[Clearance]:
    query = select(Clearance).where(Clearance.state == "valid", Clearance.valid_until <= now)
    return list(session.scalars(query.order_by(Clearance.valid_until).limit(most)))


def certificate_of_clearance(session: Session, clearance_id: str) -> Certificate | None:
    return session.scalars(select(Certificate).where(Certificate.clearance_id == clearance_id)).first()


def certificates_of(session: Session, item_id: str) -> list[Certificate]:
    """All certificates of an item, newest first."""
    query = select(Certificate).where(Certificate.item_id == item_id)
    return list(session.scalars(query.order_by(Certificate.id.desc())))


def certificate_of(session: Session, item_id: str) -> Certificate | None:
    """The newest certificate of an item, whatever its state."""
    return next(iter(certificates_of(session, item_id)), None)


def find_certificate(session: Session, number: str) -> Certificate | None:
    """By its number as people type it. Raises BadCode for what can't be a number of ours."""
    wanted = str(ids.parse_number(number))
    return session.scalars(select(Certificate).where(Certificate.number == wanted)).first()


def get_certificate(session: Session, number: str) -> Certificate:
    try:
        found = find_certificate(session, number)
    except ids.BadCode:
        found = None
    if found is None:
        raise NotFound()
    return found


def get_clearance(session: Session, clearance_id: str) -> Clearance:
    return get_row(session, Clearance, clearance_id)


def certificates_by_serial(session: Session, serial: str) -> list[Certificate]:
    """All certificates of the devices that carry, or carried, this serial number, IMEI or medium serial (exact match
    through keyed digests), newest first."""
    if not normalise_serial(serial):
        return []
    medium = secrets.keyed_digest(normalise_serial(serial), "medium")
    items = (
        select(Identifier.item_id)
        .where(Identifier.digest.in_(digests_of_number(serial)))
        .union(select(StorageMedium.item_id).where(StorageMedium.digest == medium))
    )
    query = select(Certificate).where(Certificate.item_id.in_(items))
    return list(session.scalars(query.order_by(Certificate.id.desc())))

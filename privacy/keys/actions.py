"""A person's key is made at first use, signs within ten minutes of a second factor, and ends when it is lost or replaced."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import secrets, signing
from core.access import FRESH, SecondFactorNeeded
from core.errors import Invalid
from core.i18n import N_
from core.signing import Signature, SigningKey
from core.work import Work
from privacy.bench import Bench
from privacy.clearance.house_key import PEOPLE
from privacy.clearance.log import keys as public
from privacy.keys.models import PersonKey

ENDS = {
    "replaced": N_("I want a new one"),
    "lost": N_("I lost my phone or my codes"),
    "stolen": N_("Somebody else may have used it"),
    "left": N_("I don't do this work any more"),
}


def find_key(session: Session, account_id: str) -> PersonKey | None:
    """The live key of a person."""
    query = select(PersonKey).where(PersonKey.account_id == account_id, PersonKey.ended_at.is_(None))
    return session.scalars(query).first()


def keys_of(session: Session, account_id: str) -> list[PersonKey]:
    """All keys a person ever had, newest first."""
    query = select(PersonKey).where(PersonKey.account_id == account_id)
    return list(session.scalars(query.order_by(PersonKey.created_at.desc(), PersonKey.key_id)))


def holder(account_id: str) -> str:
    """The same 64 hex digits for all keys of one person; says nothing to who doesn't have the deployment's secret."""
    return secrets.keyed_digest(account_id, "key-holder")


def key_of(w: Work, bench: Bench, signed_in_at: datetime | None) -> SigningKey:
    """The acting person's key, opened. Made and put on record at its first use. Raises SecondFactorNeeded unless the second
    factor was shown within the last ten minutes."""
    if signed_in_at is None or not w.now - FRESH <= signed_in_at <= w.now:
        raise SecondFactorNeeded()
    folder, wrapping = bench.keys / PEOPLE, _wrapping(w.actor.id)
    row = find_key(w.session, w.actor.id)
    if row is not None:
        return signing.load_key(folder, row.key_id, wrapping)
    key = signing.create_key(folder, wrapping)
    w.session.add(PersonKey(key_id=key.key_id, account_id=w.actor.id, created_at=w.now, ended_at=None))
    w.session.flush()
    public.enrol(w, public=key.public, role="person", holder=holder(w.actor.id))
    return key


def _wrapping(account_id: str) -> bytes:
    """Each person's file is wrapped under a key of its own: one opened file opens no other."""
    return secrets.field_key(f"person-key:{account_id}")


def sign(w: Work, bench: Bench, data: bytes, signed_in_at: datetime | None) -> Signature:
    """Sign bytes as the acting person."""
    return signing.sign(key_of(w, bench, signed_in_at), data)


def end_key(w: Work, why: str, signed_in_at: datetime | None) -> None:
    """The acting person ends the own key. `lost` and `stolen` revoke it: what it signs from now on is worth nothing; otherwise
    what it signed stays good. The next signature makes a new one."""
    if signed_in_at is None or not w.now - FRESH <= signed_in_at <= w.now:
        raise SecondFactorNeeded()
    if why not in ENDS:
        raise Invalid("reason_missing", N_("Please choose a reason."), field="reason")
    row = find_key(w.session, w.actor.id)
    if row is None:
        raise Invalid("no_own_key", N_("You have no signing key: one is made when you first sign."), field="reason")
    row.ended_at, row.ended_why = w.now, why
    w.session.flush()
    if why in ("lost", "stolen"):
        public.revoke(w, row.key_id, why)
    else:
        public.retire(w, row.key_id)

"""A person's key is made at first use, signs within ten minutes of a second factor, and ends when it is lost or replaced, when an
administrator revokes it, or when its person is suspended, leaves, or holds no role any more that signs."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import secrets, signing
from core.access import FRESH, SecondFactorNeeded
from core.db import get_row
from core.errors import Invalid, Refused
from core.i18n import N_
from core.people.actions.accounts import prove_own_password
from core.people.notices import notify
from core.people.visitors import held_roles
from core.ports import PersonClosing, PersonSuspended, RoleEnded
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
REPORTS = {why: ENDS[why] for why in ("lost", "stolen")}
SIGNERS = frozenset({"wipe_operator", "wipe_verifier"})


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
    _end_own(w, why)


def report(w: Work, why: str, password: str) -> Refused | None:
    """The acting person lost the key, or fears for it, and can't show the second factor any more: the password is enough to
    revoke what may be in other hands. A wrong one comes back as a refusal (its try must be saved)."""
    if why not in REPORTS:
        raise Invalid("reason_missing", N_("Please choose a reason."), field="reason")
    no = prove_own_password(w, w.actor.id, password)
    if no is None:
        _end_own(w, why)
    return no


def _end_own(w: Work, why: str) -> None:
    row = find_key(w.session, w.actor.id)
    if row is None:
        raise Invalid("no_own_key", N_("You have no signing key: one is made when you first sign."), field="reason")
    _end(w, row, why)


def _end(w: Work, row: PersonKey, why: str) -> None:
    row.ended_at, row.ended_why = w.now, why
    w.session.flush()
    if why in public.REVOKED:
        public.revoke(w, row.key_id, why)
    else:
        public.retire(w, row.key_id)


def revoke(w: Work, key_id: str, why: str) -> None:
    """An administrator revokes a person's key, also one that has ended already; its person is told. Raises Invalid, NotFound."""
    if why not in public.REVOKED:
        raise Invalid("reason_missing", N_("Please choose a reason."), field="reason")
    row = get_row(w.session, PersonKey, key_id)
    w.session.refresh(row, with_for_update=True)
    if row.ended_at is None:
        _end(w, row, why)
    else:
        public.revoke(w, key_id, why)
    sentence = N_("Your signing key %(key)s was revoked by the platform: %(reason)s. A new one is made when you next sign.")
    notify(w, row.account_id, sentence, "/me/keys", key=key_id, reason=public.REVOKED[why])


def follow_suspension(w: Work, event: PersonSuspended) -> None:
    """Who may not sign in doesn't sign. An account in other hands may have signed already: its key is revoked."""
    row = find_key(w.session, event.account_id)
    if row is not None:
        _end(w, row, "stolen" if event.why == "taken_over" else "suspended")


def follow_leaving(w: Work, event: PersonClosing) -> None:
    row = find_key(w.session, event.account_id)
    if row is not None:
        _end(w, row, "left")


def follow_role(w: Work, event: RoleEnded) -> None:
    """The key ends with the last role that signs; a new role brings a new key."""
    row = find_key(w.session, event.account_id)
    if row is not None and not SIGNERS & {role for role, _ in held_roles(w.session, event.account_id)}:
        _end(w, row, "role_ended")

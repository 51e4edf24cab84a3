"""Salts and values behind the commitments of certificates go: for those who leave at once, for all once their time is over.

The signed texts, the log's entries and every proof stay as they are; a commitment without its salt says nothing (PIPL 47)."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, delete, func, or_, select

from core import secrets
from core.goods.models import Item
from core.i18n import N_
from core.people.rules import months_later
from core.ports import PersonClosing
from core.work import Work
from privacy.clearance.models import Certificate, Clearance, Disclosure
from privacy.wipes.models import Verification

MONTHS = 36
LABEL = "disclosure"
OPERATOR, VERIFIER, VALIDATOR = "wipe_operator", "wipe_verifier", "wipe_validator"
BATCH = 500
WORDS = {"privacy:disclosure:erased": N_("What opened commitments of a certificate was deleted")}


def sweep(w: Work) -> None:
    """Certificates whose sale or end, whichever is later, is longer ago than the law asks; not of what is under inspection."""
    before = months_later(w.now, -MONTHS)
    over = (
        select(Certificate.id)
        .join(Item, Item.id == Certificate.item_id)
        .where(Certificate.id.in_(select(Disclosure.certificate_id)), Item.state != "frozen")
        .where(or_(Certificate.ended_at.is_not(None), Certificate.delivered_at.is_not(None)))
        .where(func.coalesce(Certificate.ended_at, Certificate.delivered_at) < before)
        .where(func.coalesce(Certificate.delivered_at, Certificate.ended_at) < before)
    )
    for certificate_id in w.session.scalars(over.order_by(Certificate.id).limit(BATCH)).all():
        _erase(w, certificate_id, Disclosure.certificate_id == certificate_id, why="time")


def leave(w: Work, event: PersonClosing) -> None:
    """Who wiped, verified or confirmed is forgotten in every certificate; so are the numbers of the devices that this person
    still owns. Those of a device that was sold belong to its buyer, too, and stay until their time is over."""
    for name, who in ((OPERATOR, Verification.operator_id), (VERIFIER, Verification.verifier_id)):
        acted = (
            select(Certificate.id)
            .join(Clearance, Clearance.id == Certificate.clearance_id)
            .join(Verification, Verification.id == Clearance.verification_id)
            .where(who == event.account_id)
        )
        for certificate_id in w.session.scalars(acted).all():
            _erase(w, certificate_id, Disclosure.name == name, Disclosure.certificate_id == certificate_id)
    for row in _confirmed_by(w, event.account_id):
        _erase(w, row.certificate_id, Disclosure.id == row.id)
    owned = select(Certificate.id).join(Item, Item.id == Certificate.item_id).where(Item.owner_id == event.account_id)
    for certificate_id in w.session.scalars(owned).all():
        numbers = Disclosure.name.not_in([OPERATOR, VERIFIER, VALIDATOR])
        _erase(w, certificate_id, numbers, Disclosure.certificate_id == certificate_id)


def _confirmed_by(w: Work, account_id: str) -> Iterable[Disclosure]:
    """A third person is asked for seldom: each of these rows is opened."""
    rows = w.session.scalars(select(Disclosure).where(Disclosure.name == VALIDATOR)).all()
    return [row for row in rows if secrets.decrypt(row.value, LABEL) == account_id]


def _erase(w: Work, certificate_id: str, *which: ColumnElement[bool], why: str = "left") -> None:
    done = w.session.execute(delete(Disclosure).where(*which))
    if count := done.rowcount:  # type: ignore[attr-defined]
        w.record("privacy:disclosure:erased", certificate_id, rows=count, why=why)

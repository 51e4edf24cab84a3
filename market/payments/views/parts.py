"""Loaders and small helpers that the payment pages share."""

from dataclasses import dataclass

from flask import g, request
from sqlalchemy.orm import Session

from core.access import visitor
from core.errors import NotFound
from core.money import Money, format_money
from core.people.models import Account, Organisation
from core.people.names import shown_name, shown_org
from market.payments.models import PaymentIntent, Refund

STAFF = {"mediator", "regulator", "administrator"}


def served() -> set[str]:
    """On whose side the visitor stands: their own, and that of places they serve."""
    me = visitor().account_id
    return ({me} if me else set()) | visitor().orgs_as("shop_manager", "shop_clerk")


def get_payment(session: Session, payment_id: str) -> PaymentIntent:
    """A payment as its two sides may see it, and staff. Raises NotFound for all others."""
    found = session.get(PaymentIntent, payment_id)
    if found is None or not ({found.payer_id, found.payee_id} & served() or visitor().roles & STAFF):
        raise NotFound()
    return found


@dataclass(frozen=True, slots=True)
class Back:
    """A refund with the two sides of its payment."""

    refund: Refund
    payer_id: str
    payee_id: str


def get_refund(session: Session, payment_id: str, refund_id: str) -> Back:
    payment, refund = get_payment(session, payment_id), session.get(Refund, refund_id)
    if refund is None or refund.intent_id != payment.id:
        raise NotFound()
    return Back(refund, payment.payer_id, payment.payee_id)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose collection code or payout account it is. `query`: what its pages carry in their address."""

    id: str
    name: str
    query: str


def get_owner(session: Session) -> Owner:
    """The visitor, or the place named by `for` in the address. Raises NotFound; the permission asks whether they manage it."""
    place_id, me = request.args.get("for", ""), visitor().account_id
    if place_id:
        place = session.get(Organisation, place_id)
        if place is None or ("shop_manager", place_id) not in visitor().grants:
            raise NotFound()
        return Owner(place.id, shown_org(place, g.language), f"?for={place.id}")
    person = session.get(Account, me) if me else None
    return Owner(me or "", person.name if person else "", "")


def places(current: str, path: str) -> list[tuple[str, str, bool]]:
    """Tabs (name, address, is current) when the visitor manages places besides their own things."""
    managed = sorted(visitor().orgs_as("shop_manager"))
    if not managed:
        return []
    rows = [(visitor().name, path, current == visitor().account_id)]
    for place_id in managed:
        place = g.db.get(Organisation, place_id)
        if place is not None:
            rows.append((shown_org(place, g.language), f"{path}?for={place_id}", place_id == current))
    return rows


def name_of(owner_id: str) -> str:
    person = g.db.get(Account, owner_id)
    if person is not None:
        return shown_name(person)
    place = g.db.get(Organisation, owner_id)
    return shown_org(place, g.language) if place is not None else owner_id


def written(minor: int, currency: str) -> str:
    return format_money(Money(minor, currency), g.language)

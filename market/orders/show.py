"""An order as its page shows it: where it stands, who holds the money, what comes next and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g
from flask_babel import gettext as _

from core import ids, labels, secrets
from core.goods.cards import get_card
from core.goods.pictures import first_pictures
from core.goods.rules import is_electronic
from core.i18n import N_
from core.money import Money, format_money
from core.people.models import Account, Organisation
from core.people.names import shown_name, shown_org
from core.states import State
from core.web import config
from market.ledger.actions import entries_of
from market.ledger.show import EntryLine, entry_lines
from market.listings.mine import icon_of
from market.listings.models import Listing
from market.orders import paying, queries, rules
from market.orders.contract import FULFILMENTS, PAYMENTS, returns_line
from market.orders.ended import paper_of, sentence_of
from market.orders.models import Order
from market.orders.queries import NOT_DELIVERED, last_check, reviews_of
from market.orders.replacing import replacements
from market.orders.review_models import grounds_of
from market.orders.review_rules import GROUNDS
from market.orders.snapshot import seller_name
from market.orders.standing import standing
from market.orders.states import ENDED, FREE, GIVEN_BACK, HOLDERS, NEVER_CAME, NOBODY, ORDER, SOLD, TO_BE_SENT
from market.orders.timers import Timer, timers
from market.payments.models import PaymentIntent
from market.payments.providers import get_provider

Step = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """Words and addresses only."""

    id: str
    number: str
    title: str
    listing_id: str
    photo: str | None
    icon: str
    price: str
    kind: str
    state: str
    label: str
    tone: str
    help: str
    ended: str
    ended_paper: str
    holder: tuple[str, str]
    paid_first: bool
    payment: str
    payment_code: str
    paid: bool
    pay_href: str
    pay_anew: bool
    fulfilment: str
    fulfilment_code: str
    switches_on: bool
    returns: str
    contract_at: datetime | None
    buyer: str
    seller: str
    seller_href: str
    buyer_id: str
    checked: bool
    receipt_code: str
    receipt_qr: str
    timers: list[Timer]
    steps: list[Step]
    answers: list[tuple[str, str]]
    entries: list[EntryLine]
    reviews: list[tuple[str, int, str, str, str]]
    given: list[tuple[str, str, datetime, str]]
    defects: list[str]


def view_of(order: Order, me: str | None) -> OrderView:
    listing, state = g.db.get_one(Listing, order.listing_id), state_of(order)
    photo = first_pictures(g.db, [order.item_id]).get(order.item_id)
    code = _receipt_code(order, me)
    told = order.snapshot or {}
    return OrderView(
        id=order.id, number=order.number, title=str(told.get("title") or listing.title), listing_id=listing.id,
        photo=photo.thumb if photo else None, icon=icon_of(listing.category), price=price_of(order), kind=order.kind,
        state=order.state, label=_(state.label), tone=state.tone, help=_(state.help),
        ended=_(sentence_of(order)) if sentence_of(order) else "", ended_paper=paper_of(g.db, order),
        holder=_holder(order), paid_first=paying.paid_first(order), payment=_(PAYMENTS.get(order.payment, order.payment)),
        payment_code=order.payment, paid=order.paid_at is not None,
        pay_href=f"/payments/{order.intent_id}" if order.intent_id else "",
        pay_anew=paying.can_begin_anew(order, g.db.get(PaymentIntent, order.intent_id) if order.intent_id else None),
        fulfilment=_(FULFILMENTS[order.fulfilment]), fulfilment_code=order.fulfilment,
        switches_on=is_electronic(get_card(listing.category), listing.data_bearing),
        returns=returns_line(order, g.language) if order.contract_at else "", contract_at=order.contract_at,
        buyer=name_of(order.buyer_id), seller=_seller_name(order, told),
        seller_href="" if listing.org_id else standing(g.db, order.seller_id).href, buyer_id=order.buyer_id,
        checked=order.checked_at is not None, receipt_code=ids.grouped(code) if code else "", receipt_qr=_qr(order, code),
        timers=timers(order), steps=steps(order), answers=_answers(order), entries=entry_lines(g.db, entries_of(g.db, order.id)),
        reviews=_reviews(order, me), given=_given(order),
        defects=[str(one[g.language if g.language in one else "zh"]) for one in told.get("defects", [])],
    )  # fmt: skip


def _given(order: Order) -> list[tuple[str, str, datetime, str]]:
    """What was given in exchange since: (title, its page, when, its wipe certificate or ""), oldest first."""
    return [
        (str(one.snapshot["title"]), f"/listings/{one.listing_id}", one.at, str(one.snapshot.get("certificate", "")))
        for one in replacements(g.db, order.id)
    ]


def state_of(order: Order) -> State:
    """The state as people read it: of a gift or a half of a swap nothing about paying."""
    if order.ended_why == queries.GIVEN_BACK and order.state == "completed":
        return GIVEN_BACK
    if not order.is_free:
        return ORDER[order.state]
    if order.state == "cancelled" and order.ended_why in NOT_DELIVERED:
        return NEVER_CAME
    if order.state == "awaiting_payment" and order.fulfilment == "parcel":
        return TO_BE_SENT
    return FREE.get(order.state, ORDER[order.state])


def _reviews(order: Order, me: str | None) -> list[tuple[str, int, str, str, str]]:
    """(who, stars, words, ground for which they are hidden, where to report them) of both sides."""
    rows = reviews_of(g.db, order.id)
    hidden = grounds_of(g.db, [one.id for one in rows])
    return [
        (
            name_of(one.author_id), one.stars, "" if one.id in hidden else one.words,
            _(GROUNDS[hidden[one.id]]) if one.id in hidden else "",
            f"/reviews/{one.id}/report" if me and me != one.author_id else "",
        )
        for one in rows
    ]  # fmt: skip


def _holder(order: Order) -> tuple[str, str]:
    """Who has the buyer's money now, in two true sentences."""
    found = HOLDERS[order.holder]
    if order.holder == "nobody" and paying.by_provider(order):
        split = get_provider(order.payment).holder == "provider_split"
        found = NOBODY["no_more" if order.paid_at is not None else "not_yet_split" if split else "not_yet"]
    elif order.is_free:
        found = NOBODY["free"]
    elif order.holder == "nobody" and order.fulfilment == "parcel":
        found = NOBODY["apart"]
    return _(found[0]), _(found[1])


def _seller_name(order: Order, told: dict[str, Any]) -> str:
    """A place as it was called then; a person as they are called now: whoever has left is a closed account."""
    seller = told.get("seller", {})
    return seller_name(told, g.language) if seller.get("org") else name_of(order.seller_id)


def price_of(order: Order) -> str:
    if order.kind == "swap":
        return str(_("In exchange"))
    return str(_("Free")) if order.is_free else format_money(Money(order.price_minor, order.currency), g.language)


def seller_of(listing: Listing) -> str:
    """The place that sells, else the person."""
    place = g.db.get(Organisation, listing.org_id) if listing.org_id else None
    return shown_org(place, g.language) if place else name_of(listing.seller_id)


def name_of(account_id: str) -> str:
    return shown_name(g.db.get_one(Account, account_id))


def _receipt_code(order: Order, me: str | None) -> str:
    """Only the buyer sees it, and only once they have checked it; prepaid, once it is paid, too."""
    fetched = order.checked_at is not None and order.fulfilment != "parcel"
    shows = fetched and (order.state == "paid" or (order.state == "checked" and not paying.paid_first(order)))
    return secrets.decrypt(order.receipt_code, "receipt") if shows and me == order.buyer_id else ""


def _qr(order: Order, code: str) -> str:
    """The QR opens the seller's hand-over page with the code filled in."""
    return labels.qr_svg(f"{config().base_url}/orders/{order.id}?code={code}#hand-over") if code else ""


def _answers(order: Order) -> list[tuple[str, str]]:
    found = last_check(g.db, order.id)
    spoken, said = {"yes": _("Yes"), "no": _("No")}, found.answers if found else {}
    asked = rules.questions(data_bearing=True, sealed=True)
    return [(_(one.ask), spoken[said[one.code]]) for one in asked if one.code in said]


def steps(order: Order) -> list[Step]:
    """The way of this order like that of a parcel: what is done, what is now, what comes."""
    reached = _reached(order)
    ways: list[tuple[str, str]] = [("created", N_("Reserved")), ("contract", N_("Ordered: the contract stands"))]
    if order.fulfilment == "parcel":
        ways += [("paid", N_("Paid")), ("shipped", N_("Given to the carrier")), ("received", N_("Received"))]
    elif order.payment in ("cash", "collect_code"):
        ways += [
            ("checked", N_("Met and checked together")),
            ("paid", N_("Paid the seller face to face")),
            ("received", N_("Handed over")),
        ]
    else:
        ways += [("paid", N_("Paid")), ("checked", N_("Met and checked together")), ("received", N_("Handed over"))]
    if order.is_free:
        ways = [one for one in ways if one[0] != "paid"]
    ways.append(("completed", N_("Completed")))
    done = [code in reached for code, _label in ways]
    now = done.index(False) if False in done else len(ways)
    over = order.state in ENDED or order.ended_why in NOT_DELIVERED
    return [
        {"label": _(label), "state": "done" if place < now else "skipped" if over else "current" if place == now else "todo"}
        for place, (_code, label) in enumerate(ways)
    ]


def _reached(order: Order) -> set[str]:
    moments = {
        "created": order.created_at, "contract": order.contract_at, "checked": order.checked_at, "paid": order.paid_at,
        "shipped": order.shipped_at, "received": order.received_at, "completed": order.completed_at,
    }  # fmt: skip
    return {code for code, moment in moments.items() if moment is not None} | ({"received"} if _had(order) else set())


def _had(order: Order) -> bool:
    """Has the buyer ever had it? What was sent counts once it came."""
    return order.state in SOLD and (order.shipped_at is None or order.received_at is not None)

"""Opens the orders: who may do what, the words of the log, what payments and other rooms tell, what time does, and the pages."""

from datetime import timedelta

from flask import Flask, g
from sqlalchemy.orm import Session

from core import audit, ports, runner
from core.access import Predicate, has_role, permissions, verified
from core.i18n import N_
from core.people.notices import leads
from core.ports import ClearanceEnded, ItemFrozen, ItemHeld, PersonClosing, PersonSuspended
from core.queue import kinds
from core.web import nav
from market.ledger import explaining, unclaimed
from market.ledger import words as ledger_words
from market.ledger.fees.events import FeesChange
from market.ledger.words import entry_words, subjects
from market.listings import blocking, on_the_way
from market.listings.events import GivenAway
from market.orders import (
    actions,
    bargaining,
    checking,
    checkout,
    explain,
    fee_news,
    getting,
    hiding,
    holds,
    leaving,
    moot,
    offering,
    parcel,
    paying,
    review_pages,
    seller_pages,
    settling,
    standing,
    swap_pages,
    swapping,
    ties,
    timers,
    views,
)
from market.orders.comparables import comparable_sales, offered_times
from market.orders.models import Order
from market.orders.queries import COUNTER, gives_out, is_sent, on_seller_side
from market.orders.sales import completed_sales
from market.payments import events

sells = Predicate("sells this, or works at the counter of the shop that does", on_seller_side)
buys = Predicate("buys this", lambda v, s: s.buyer_id == v.account_id)
not_own = Predicate("is not the seller", lambda v, s: s.seller_id != v.account_id)
swaps = Predicate("takes part in this swap", lambda v, s: v.account_id in (s.proposer_id, s.owner_id))
counter = Predicate("works at the counter that keeps it", lambda v, s: gives_out(g.db, s))
staff = tuple((has_role(role),) for role in ("mediator", "regulator", "administrator"))

PERMISSIONS = {
    "market:order:reserve": ((verified, not_own),),
    "market:order:read": ((buys,), (sells,), (counter,), *staff),
    "market:order:cancel": ((buys,), (sells,)),
    "market:order:check": ((buys,),),
    "market:order:complete": ((sells,),),
    "market:order:hand_out": ((counter,),),
    "market:counter:see": tuple((has_role(role),) for role in COUNTER),
    "market:order:review": ((buys,), (sells,)),
    "market:opinion:report": ((verified,),),
    "market:opinion:decide": ((has_role("reviewer"),), (has_role("administrator"),)),
    "market:order:meet": ((buys,), (sells,)),
    "market:swap:see": ((swaps,),),
    "market:offer:make": ((verified, not_own),),
    "market:offer:answer": ((buys, verified), (sells, verified)),
}
WORDS = {
    "market:order:reserved": N_("A thing was reserved"),
    "market:order:confirmed": N_("A thing was ordered: the contract stands"),
    "market:order:checked": N_("A thing was checked in person"),
    "market:order:paid": N_("An order was settled: nothing is left to pay"),
    "market:order:received": N_("A buyer has the thing"),
    "market:order:completed": N_("An order was completed: the thing was handed over"),
    "market:order:exchanged": N_("A thing was given in place of the one that was sold"),
    "market:order:ended": N_("An order ended without hand-over"),
    "market:order:refund_asked": N_("A refund of an order was decided"),
    "market:order:bank_took": N_("A buyer's bank took money of an order for good"),
    "market:order:reviewed": N_("A review was written"),
    "market:opinion:reported": N_("The words of a review were reported"),
    "market:opinion:decided": N_("A report about a review was decided"),
    "market:swap:proposed": N_("A swap was proposed"),
    "market:swap:answered": N_("A proposed swap was answered"),
    "market:offer:made": N_("An offer was made"),
    "market:offer:answered": N_("An offer was answered"),
    "market:meeting:proposed": N_("A place and time to meet were proposed"),
    "market:meeting:answered": N_("A proposed meeting was answered"),
    "market:parcel:addressed": N_("A buyer gave an address for a parcel"),
    "market:parcel:looked": N_("A seller opened the address of a parcel"),
    "market:parcel:sent": N_("A parcel was given to the carrier"),
    "market:parcel:lost": N_("A parcel is lost on its way"),
    "market:parcel:came_back": N_("A parcel came back to its seller undelivered"),
    "market:parcel:found": N_("A parcel that was lost is back with its seller"),
    "market:parcel:erased": N_("The address of a parcel was erased"),
}


def subject(session: Session, subject_id: str) -> tuple[str, str] | None:
    """For the books: which order an entry is about."""
    order = session.get(Order, subject_id)
    return (order.number, f"/orders/{order.id}") if order else None


def parties(session: Session, subject_id: str) -> set[str]:
    """For the books: between whom it is."""
    order = session.get(Order, subject_id)
    return {order.buyer_id, order.seller_id, order.payee_id} if order else set()


def register(app: Flask) -> None:
    """Called once by the market room, before listings hear of the same events: orders end first, so that a reserved listing comes
    down with nothing open on it."""
    permissions(PERMISSIONS)
    audit.words(WORDS)
    entry_words({
        "refund": N_("Part of a sale taken back"), "dispute_lost": N_("Part of a sale lost at the buyer's bank"),
    })  # fmt: skip
    explain.register()
    explaining.behind(explain.behind)
    subjects(subject)
    ledger_words.parties(parties)
    ledger_words.keeps(settling.kept_with_its_money)
    unclaimed.excludes(settling.not_to_fetch)
    for part in (views, checkout, checking, getting, bargaining, swap_pages, seller_pages, review_pages):
        app.register_blueprint(part.blueprint)
    ports.subscribe(ClearanceEnded, actions.stop_orders)
    ports.subscribe(ItemFrozen, actions.stop_orders)
    ports.subscribe(ItemHeld, actions.stop_orders)
    ports.subscribe(PersonSuspended, actions.stop_orders_of)
    ports.subscribe(PersonSuspended, moot.take_back_all)
    ports.subscribe(PersonClosing, moot.take_back_all)
    ports.subscribe(GivenAway, moot.given_away)
    ports.subscribe(events.PaymentSucceeded, paying.paid)
    ports.subscribe(events.PaymentFailed, paying.not_paid)
    ports.subscribe(events.PaymentCancelled, paying.not_paid)
    ports.subscribe(events.RefundDone, paying.refunded)
    ports.subscribe(events.RefundFailed, paying.refund_failed)
    ports.subscribe(events.ReleaseDone, paying.released)
    ports.subscribe(events.ReleaseWanted, paying.release_again)
    ports.subscribe(events.ChargebackOpened, paying.at_the_bank)
    ports.subscribe(events.ChargebackClosed, paying.bank_decided)
    ports.subscribe(events.RefundAdopted, paying.sent_back_at_provider)
    ports.subscribe(events.HoldEnding, holds.hold_ending)
    kinds.source("review_report", hiding.waiting)
    nav("/orders/hand-out", N_("Give out"), "hand", *COUNTER)
    ports.provide("completed_sales", "market", completed_sales)
    ports.provide("comparable_sales", "market", comparable_sales)
    ports.provide("offered_times", "market", offered_times)
    ports.subscribe(FeesChange, fee_news.tell_sellers)
    blocking.stands_between(standing.contract_between)
    on_the_way.tells_what_is_sent(is_sent)
    leads("orders", "/orders", "/offers", "/swaps")
    ports.provide("holds", "market", leaving.holds)
    ports.provide("asked_price", "market", ties.asked_price)
    ports.provide("graded_sale", "market", ties.graded_sale)
    ports.provide("relations", "market", ties.counterparties)
    ports.provide("standing", "market", standing.standing)
    runner.sweep("swaps", timedelta(minutes=30), swapping.expire)
    runner.sweep("offers", timedelta(minutes=5), offering.expire)
    runner.sweep("parcel_addresses", timedelta(hours=6), parcel.erase_old)
    runner.sweep("reservations", timedelta(seconds=30), timers.run_out)

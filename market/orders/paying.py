"""An order and its payment: what each does when the other moves. Payments tell by events; nothing here talks to a provider."""

from core.db import find_locked
from core.errors import Refused
from core.i18n import N_
from core.money import Money
from core.states import walk
from core.work import Work
from market.listings.models import Listing
from market.listings.terms_rules import BUSINESS
from market.orders import bank_losses, settling
from market.orders.models import Order
from market.orders.states import BEFORE_PAYMENT, ORDER
from market.orders.telling import tell, tell_both
from market.payments import actions as payments
from market.payments.events import (
    ChargebackClosed,
    ChargebackOpened,
    PaymentCancelled,
    PaymentFailed,
    PaymentSucceeded,
    RefundAdopted,
    RefundDone,
    RefundFailed,
    ReleaseDone,
    ReleaseWanted,
)
from market.payments.models import PaymentIntent
from market.payments.providers import get_provider
from market.payments.queries import at_bank, held, of_subject, refundable, releases_of
from market.payments.states import OPEN


def find_intent(w: Work, order: Order) -> PaymentIntent | None:
    return w.session.get(PaymentIntent, order.intent_id) if order.intent_id else None


def begin(w: Work, order: Order, listing: Listing, key: str = "") -> PaymentIntent:
    """The way of paying that was agreed, once for an order; `key` tells a later try from the first."""
    return payments.begin(
        w, provider=order.payment, subject_id=order.id, payer_id=order.buyer_id, payee_id=order.payee_id,
        amount=Money(order.price_minor, order.currency), title=listing.title, key=key or f"order/{order.id}",
        remote=order.fulfilment == "parcel", business=listing.seller_kind in BUSINESS,
    )  # fmt: skip


def begin_anew(w: Work, order: Order) -> PaymentIntent:
    """The payment was called off or failed while the order waits: the agreed way once more. Raises Refused else."""
    order = w.session.get_one(Order, order.id, with_for_update=True, populate_existing=True)
    there = find_intent(w, order)
    if there is not None and there.state == "begun" and there.key != f"order/{order.id}":
        return there  # asked again: the new try is open
    if not can_begin_anew(order, there):
        raise Refused("payment_stands", N_("The payment stands as it is: open it from the order."))
    tries = len(of_subject(w.session, order.id))
    intent = begin(w, order, w.session.get_one(Listing, order.listing_id), f"order/{order.id}/{tries}")
    order.intent_id = intent.id
    return intent


def can_begin_anew(order: Order, intent: PaymentIntent | None) -> bool:
    waits = order.state in ("awaiting_payment", "checked")
    return waits and intent is not None and intent.state in ("cancelled", "failed")


def by_provider(order: Order) -> bool:
    """Does a provider take the money? Then it says what is paid, and nobody's word in its place."""
    return not order.is_free and not get_provider(order.payment).in_person


def paid_first(order: Order) -> bool:
    """Is it paid before the hand-over, by a way that also works from afar?"""
    return not order.is_free and get_provider(order.payment).remote


def underway(w: Work, order: Order) -> bool:
    """Is the provider still working on it? Then the order doesn't run out under the buyer's hands."""
    intent = find_intent(w, order)
    return intent is not None and intent.state == "underway"


def paid_face_to_face(w: Work, order: Order) -> None:
    """The buyer showed the receipt code, the seller typed it: both say by that that the price changed hands.

    Raises Refused where a provider takes the money: it isn't paid before the provider says so."""
    if by_provider(order):
        raise Refused("not_paid", N_("It isn't paid yet. The buyer pays on the order's page; then type the code again."))
    if order.is_free:  # a gift: there is nothing to pay
        settled(w, order, "nobody")
        return
    if order.intent_id is None:  # reserved before there were payments
        order.intent_id = begin(w, order, w.session.get_one(Listing, order.listing_id)).id
    payments.both_confirmed(w, w.session.get_one(PaymentIntent, order.intent_id))


def paid(w: Work, event: PaymentSucceeded) -> None:
    """The money is there. An order that has ended meanwhile gets it back, and so does a try that another one has followed."""
    order = _locked(w, event.subject_id)
    if order is None:
        return
    if order.intent_id != event.intent_id:
        one = w.session.get_one(PaymentIntent, event.intent_id)
        payments.refund(w, one, event.amount, key=f"another_try/{one.id}", why="paid_twice")
        return
    if order.state not in ("awaiting_payment", "checked"):
        unwind(w, order, "paid_too_late")
        return
    settled(w, order, event.holder)


def settled(w: Work, order: Order, holder: str) -> None:
    listing = w.session.get_one(Listing, order.listing_id)
    order.holder = holder
    walk(w, ORDER, order, "pay", paid_at=w.now)
    settling.book_sale(w, order, listing)
    w.record("market:order:paid", order.id, holder=holder)
    if holder != "nobody":
        tell_both(w, order, N_("“%(title)s” is paid. Now it is handed over or sent."))


def not_paid(w: Work, event: PaymentFailed | PaymentCancelled) -> None:
    """The order waits on: the buyer may try once more until its time runs out."""
    order = _locked(w, event.subject_id)
    if (
        order is not None
        and order.intent_id == event.intent_id
        and order.state in BEFORE_PAYMENT
        and isinstance(event, PaymentFailed)
    ):
        tell(w, order, order.buyer_id, N_("The payment for “%(title)s” failed. Nothing was taken; you can try again."))


def unwind(w: Work, order: Order, why: str) -> None:
    """The order ended: a payment that isn't made is called off, one that is made goes back to the buyer in full."""
    intent = find_intent(w, order)
    if intent is None:
        return
    if intent.state in OPEN:
        payments.cancel(w, intent, why)
    elif intent.state == "paid":
        if order.paid_at is None:
            settled_too_late(w, order)
        refund(w, order, Money(order.price_minor - order.refunded_minor, order.currency), f"unwind/{order.id}", why)


def settled_too_late(w: Work, order: Order) -> None:
    """Money came for an order that had ended: the sale is booked and taken back, so that the books tell what happened."""
    order.paid_at = w.now
    settling.book_sale(w, order, w.session.get_one(Listing, order.listing_id))


def refund(w: Work, order: Order, amount: Money, key: str, why: str) -> None:
    """Send a part of the price back: in the books now, at the provider by a job. Never more than is left of the price.

    While the bank examines the payment nothing can be sent: what is owed then goes back when it has decided (`bank_decided`).
    What isn't there any more is told to staff."""
    intent = find_intent(w, order)
    amount = Money(min(amount.minor, order.price_minor - order.refunded_minor), order.currency)
    if intent is None or amount.minor <= 0:
        return
    before = order.refunded_minor
    settling.book_refund(w, order, amount, f"refund/{key}")
    w.record("market:order:refund_asked", order.id, amount=amount.minor, why=why)
    if at_bank(w.session, intent):
        return
    share = settling.share_of_seller(order, before)
    _send_back(w, order, intent, amount, key, why, share)


def _send_back(w: Work, order: Order, intent: PaymentIntent, amount: Money, key: str, why: str, share: Money) -> None:
    """As much of it as is left of the payment; staff hear of the rest, unless the bank has given it back already."""
    there = min(amount.minor, refundable(w.session, intent)) if intent.state == "paid" else 0
    if there:
        part = Money(there, order.currency)
        from_seller = min(share, part, key=lambda one: one.minor) if settling.was_released(w.session, order) else None
        payments.refund(w, intent, part, key=key, why=why, from_seller=from_seller)
    rest = min(amount.minor - there, settling.owed_to_buyer(w.session, order))
    if rest > 0:
        payments.refund_missing(w, intent, Money(rest, order.currency), f"{key}/missing", why)


def refunded(w: Work, event: RefundDone) -> None:
    """The money is back. When all of it is, and the order ended for that, it reads refunded."""
    order = _locked(w, event.subject_id)
    if order is None:
        return
    tell(w, order, order.buyer_id, N_("Money for “%(title)s” was sent back to you."))
    if order.refunded_minor == order.price_minor and ORDER.can(order.state, "refund"):
        walk(w, ORDER, order, "refund")
        order.holder = "nobody"


def refund_failed(w: Work, event: RefundFailed) -> None:
    order = _locked(w, event.subject_id)
    if order is not None:
        tell_both(w, order, N_("The refund for “%(title)s” didn't arrive. Staff look for another way."))


def release(w: Work, order: Order) -> None:
    """It is closed: what is held goes to the seller, less the fee, as the books say. Once; a try that
    failed is followed by another with a key of its own, for the first one's answer stays what it is."""
    intent = find_intent(w, order)
    if order.holder == "nobody" or intent is None or settling.was_released(w.session, order):
        return
    tries = len(releases_of(w.session, intent.id))
    key = f"release/{order.id}/{tries}" if tries else f"release/{order.id}"
    if at_bank(w.session, intent):
        return  # nothing moves until the bank has decided: `bank_decided` goes on
    owed = settling.owed_to_seller(w.session, order)
    fee = Money(order.fee_minor, order.currency) - settling.fee_given_back(order)
    there = held(w.session, intent).minor
    to_payee = max(0, min(owed.minor, there))
    kept = max(0, min(fee.minor, there - to_payee))
    if to_payee + kept > 0:
        payments.release(w, intent, to_payee=Money(to_payee, order.currency), fee=Money(kept, order.currency), key=key)
    if owed.minor > to_payee and not tries:
        payments.release_missing(w, intent, Money(owed.minor - to_payee, order.currency), f"{key}/missing")


def at_the_bank(w: Work, event: ChargebackOpened) -> None:
    order = _locked(w, event.subject_id)
    if order is not None:
        tell_both(w, order, N_("The buyer's bank asks the money for “%(title)s” back. Until it has decided, none of it moves."))


def bank_decided(w: Work, event: ChargebackClosed) -> None:
    """What waited for the bank goes on: what is owed to the buyer goes back, what is held of a closed order to the seller."""
    order = _locked(w, event.subject_id)
    intent = w.session.get_one(PaymentIntent, event.intent_id)
    if order is None or order.intent_id != intent.id or at_bank(w.session, intent):
        return
    tell_both(w, order, N_("The buyer's bank has decided about “%(title)s”. The payment says what came of it."))
    bank_losses.take_over(w, order, intent, event.chargeback_id)
    owed = Money(settling.owed_to_buyer(w.session, order), order.currency)
    if owed.minor > 0:
        share = settling.share_of_seller(order, max(0, order.refunded_minor - owed.minor))
        _send_back(w, order, intent, owed, f"bank/{event.chargeback_id}", "bank_decided", share)
    if order.state == "completed":
        release(w, order)


def sent_back_at_provider(w: Work, event: RefundAdopted) -> None:
    """The operator sent money back at the provider itself: the order's books follow."""
    order = _locked(w, event.subject_id)
    if order is None or order.intent_id != event.intent_id:
        return
    amount = Money(min(event.amount.minor, order.price_minor - order.refunded_minor), order.currency)
    if amount.minor > 0 and order.paid_at is not None:
        settling.book_refund(w, order, amount, f"refund/at_provider/{event.refund_id}")
        tell(w, order, order.seller_id, N_("A part of the money for “%(title)s” was sent back to the buyer. See the payment."))


def release_again(w: Work, event: ReleaseWanted) -> None:
    """The seller's account is in order now. Raises Refused where the order isn't closed: then nothing is to be handed on."""
    order = _locked(w, event.subject_id)
    if order is None or order.state != "completed":
        raise Refused("not_closed", N_("The order isn't closed, so nothing is to be handed on. Look at its case first."))
    release(w, order)


def released(w: Work, event: ReleaseDone) -> None:
    order = _locked(w, event.subject_id)
    if order is not None:
        order.holder = "nobody"
        tell(w, order, order.seller_id, N_("The money for “%(title)s” was handed on to your account."))


def _locked(w: Work, order_id: str) -> Order | None:
    return find_locked(w.session, Order, order_id)

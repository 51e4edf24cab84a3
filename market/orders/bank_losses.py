"""A lost dispute at the buyer's bank: who bears it.

What the bank takes for good counts like a refund of that part of the sale: seller and platform give up their shares of it, so
that the commission stands only for what stays sold. Before the release the bank's part leaves what is held, and the seller is
handed on what is left; after it the seller's share is fetched back from their account at the provider, or stays owed. What the
provider charges for the dispute is the platform's (docs/adr/0013)."""

from core.i18n import N_
from core.money import Money
from core.states import walk
from core.work import Work
from market.orders import settling
from market.orders.models import Order
from market.orders.states import ORDER
from market.orders.telling import tell
from market.payments import actions as payments
from market.payments.models import PaymentIntent
from market.payments.queries import held

TAKEN = N_(
    "The buyer's bank took money for “%(title)s” for good. Your share of it is taken off what you get, or fetched back from "
    "your account; the entry in your money page shows it."
)
NOT_HANDED_OVER = N_("“%(title)s” isn't to be handed over any more: the buyer's bank took the money back, and the order ended.")


def take_over(w: Work, order: Order, intent: PaymentIntent, chargeback_id: str) -> None:
    """All disputes of this payment are decided: what the bank keeps is booked against the sale, once. Told again, or where the
    bank gave everything back, nothing happens."""
    taken = min(settling.taken_by_bank(w.session, order), order.price_minor - order.refunded_minor)
    if taken <= 0 or order.paid_at is None:
        return
    amount, before = Money(taken, order.currency), order.refunded_minor
    settling.book_refund(w, order, amount, f"dispute_lost/{chargeback_id}", "dispute_lost")
    w.record("market:order:bank_took", order.id, amount=taken)
    if settling.was_released(w.session, order):
        payments.fetch_back(w, intent, settling.share_of_seller(order, before), f"dispute_lost/{chargeback_id}")
    tell(w, order, order.seller_id, TAKEN)
    if order.state == "paid":
        _stop(w, order)
    if not held(w.session, intent).minor:
        order.holder = "nobody"
    if order.refunded_minor == order.price_minor and ORDER.can(order.state, "refund"):
        walk(w, ORDER, order, "refund")


def _stop(w: Work, order: Order) -> None:
    """It is still with the seller: it isn't handed over for money that was taken back. What is left goes back to the buyer."""
    from market.orders.actions import end

    end(w, order, "cancel", "bank_took")
    tell(w, order, order.seller_id, NOT_HANDED_OVER)

"""What payments write into the ledger: only money that has moved. Orders write the sale and its fee.

Positive is owed to an account. At payment the buyer's debt is settled and the provider owes us what it holds; in person or by
transfer the seller has it. Every key is our own row, so that the same news posts once."""

from core.i18n import N_
from core.money import Money
from core.work import Work
from market.ledger.actions import Line, post
from market.ledger.unclaimed import fetch_all
from market.payments.models import PaymentIntent, Refund, Release, Reversal
from market.payments.providers import get_provider

ENTRIES = {
    "payment": N_("Payment received by the provider"),
    "payment_in_person": N_("Payment in person"),
    "payment_by_transfer": N_("Payment by bank transfer"),
    "provider_fee": N_("The payment provider's fee"),
    "refund_paid": N_("Money paid back"),
    "refund_came_back": N_("Money paid back did not arrive"),
    "paid_otherwise": N_("Money paid out by the platform in another way"),
    "release": N_("Money handed on to the seller"),
    "fetched_back": N_("Money fetched back from the seller"),
    "seller_paid": N_("The seller paid what they owed in another way"),
    "written_off": N_("Not asked for any more: the platform bears it"),
    "given_back": N_("What was taken from the seller twice was given back"),
    "chargeback": N_("Chargeback by the payer's bank"),
    "at_provider": N_("Movement at the provider: payout or charge"),
}
PLATFORM = "platform"


def _both(intent: PaymentIntent) -> tuple[str, str]:
    """The account on the other side of the buyer: the provider's, or the seller's own hand."""
    held = not get_provider(intent.provider).in_person
    return ("provider_clearing", intent.provider) if held else ("seller_payable", intent.payee_id)


def paid(w: Work, intent: PaymentIntent) -> None:
    kind, owner = _both(intent)
    amount = Money(intent.amount_minor, intent.currency)
    by_hand = "payment_by_transfer" if intent.provider == "bank_transfer" else "payment_in_person"
    name = "payment" if kind == "provider_clearing" else by_hand
    if kind == "seller_payable":  # a fee is owed from now on: what was set aside of the seller counts towards it
        fetch_all(w, intent.payee_id, intent.currency)
    lines = [Line("buyer", intent.payer_id, amount), Line(kind, owner, -amount)]
    post(w, name, intent.subject_id, f"payment/{intent.id}", lines)


def provider_fee(w: Work, intent: PaymentIntent, fee: Money) -> None:
    if fee.minor:
        lines = [Line("platform_fee", PLATFORM, -fee), Line("provider_clearing", intent.provider, fee)]
        post(w, "provider_fee", intent.subject_id, f"provider_fee/{intent.id}", lines)


def refunded(w: Work, intent: PaymentIntent, refund: Refund) -> None:
    kind, owner = _both(intent)
    amount = Money(refund.amount_minor, intent.currency)
    lines = [Line("buyer", intent.payer_id, -amount), Line(kind, owner, amount)]
    post(w, "refund_paid", intent.subject_id, f"refund/{refund.id}", lines)


def refund_came_back(w: Work, intent: PaymentIntent, refund: Refund) -> None:
    amount = Money(refund.amount_minor, intent.currency)
    lines = [Line("buyer", intent.payer_id, amount), Line("provider_clearing", intent.provider, -amount)]
    post(w, "refund_came_back", intent.subject_id, f"refund_back/{refund.id}", lines)


def paid_otherwise(w: Work, intent: PaymentIntent, row: Refund | Release) -> None:
    """The platform paid buyer or seller out of its own pocket: what the provider holds for that is now the platform's."""
    amount = Money(row.amount_minor, intent.currency)
    if isinstance(row, Release):
        fetch_all(w, row.payee_id, intent.currency)
    to = Line("buyer", intent.payer_id, -amount) if isinstance(row, Refund) else Line("seller_payable", row.payee_id, -amount)
    post(w, "paid_otherwise", intent.subject_id, f"paid_otherwise/{row.id}", [to, Line("platform_fee", PLATFORM, amount)])


def released(w: Work, intent: PaymentIntent, release: Release) -> None:
    amount = Money(release.amount_minor, intent.currency)
    if amount.minor:
        fetch_all(w, release.payee_id, intent.currency)
        lines = [Line("seller_payable", release.payee_id, -amount), Line("provider_clearing", intent.provider, amount)]
        post(w, "release", intent.subject_id, f"release/{release.id}", lines)


def fetched_back(w: Work, intent: PaymentIntent, reversal: Reversal) -> None:
    amount = Money(reversal.amount_minor, intent.currency)
    lines = [Line("seller_payable", reversal.payee_id, amount), Line("provider_clearing", intent.provider, -amount)]
    post(w, "fetched_back", intent.subject_id, f"fetched_back/{reversal.id}", lines)


def owed_settled(w: Work, intent: PaymentIntent, row: Reversal, *, paid: bool) -> None:
    """A seller's debt ends outside the provider: they paid the platform, or it gives the money up. Once, whichever it is."""
    left = Money(row.amount_minor - row.recovered_minor, intent.currency)
    lines = [Line("seller_payable", row.payee_id, left), Line("platform_fee", PLATFORM, -left)]
    post(w, "seller_paid" if paid else "written_off", intent.subject_id, f"owed_settled/{row.id}", lines)


def given_back(w: Work, intent: PaymentIntent, row: Reversal, *, at_provider: bool) -> None:
    """What was taken twice is with the seller again: out of the platform's pocket, or by its own hand at the provider. Once."""
    twice = Money(row.recovered_minor, intent.currency)
    kind, owner = ("provider_clearing", intent.provider) if at_provider else ("platform_fee", PLATFORM)
    post(w, "given_back", intent.subject_id, f"given_back/{row.id}", [
        Line("seller_payable", row.payee_id, -twice), Line(kind, owner, twice),
    ])  # fmt: skip


def charged_back(w: Work, intent: PaymentIntent, ref: str, amount: Money, fee: Money) -> None:
    """One movement of a chargeback; `amount` below zero: taken. What it costs is the platform's."""
    lines = [Line("buyer", intent.payer_id, amount), Line("provider_clearing", intent.provider, -amount)]
    lines += [Line("platform_fee", PLATFORM, -fee), Line("provider_clearing", intent.provider, fee)]
    post(w, "chargeback", intent.subject_id, f"chargeback/{ref}", lines)


def at_provider(w: Work, provider: str, ref: str, net: Money) -> None:
    """The operator's own movement there: a payout to the platform's bank, a charge for the service, money put in."""
    lines = [Line("platform_fee", PLATFORM, net), Line("provider_clearing", provider, -net)]
    post(w, "at_provider", provider, f"at_provider/{ref}", lines)

"""How payments, the provider's fee and refunds in the books came about. Reckoned anew from our own rows."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from core.i18n import N_
from core.money import Money
from market.ledger.explaining import explains, unit_of
from market.ledger.models import Entry
from market.ledger.steps import Said, Step, both, said, whole
from market.payments import explain_moves as moves
from market.payments.explain_moves import AS_REPORTED, COMES_IN, GOES_OUT, row_id
from market.payments.models import PaymentIntent, Refund
from market.payments.providers import get_provider


def _provider(one: PaymentIntent) -> Said:
    return said(get_provider(one.provider).label)


def _hand(one: PaymentIntent) -> str:
    return "seller_payable" if get_provider(one.provider).in_person else "provider_clearing"


def payment(session: Session, entry: Entry) -> Sequence[Step]:
    one = session.get(PaymentIntent, row_id(entry))
    if one is None:
        return ()
    why = [said(N_("The amount that was agreed for this payment, by %(way)s."), way=_provider(one))]
    if _hand(one) == "seller_payable":
        why += _words_of_both(one)
        other = said(N_("The seller has it, nobody in between"))
    else:
        why.append(said(AS_REPORTED, ref=one.pay_ref or "—"))
        other = said(COMES_IN)
    step = whole(said(N_("What the buyer paid")), one.amount_minor, one.currency, *why, account="buyer")
    return both(step, _hand(one), other)


def _words_of_both(one: PaymentIntent) -> list[Said]:
    found = []
    if one.payer_said_at:
        found.append(said(N_("The buyer said on %(day)s that it is paid."), day=one.payer_said_at))
    if one.payee_said_at:
        found.append(said(N_("The seller said on %(day)s that it has arrived."), day=one.payee_said_at))
    return found


def provider_fee(session: Session, entry: Entry) -> Sequence[Step]:
    one = session.get(PaymentIntent, row_id(entry))
    if one is None or one.fee_minor is None:
        return ()
    why = [
        said(AS_REPORTED, ref=one.charge_ref or one.pay_ref or "—"),
        said(N_("The platform bears it: it is charged neither to the buyer nor to the seller.")),
    ]
    step = whole(said(N_("The provider's own fee")), one.fee_minor, one.currency, *why, account="platform_fee",
                 side=-1, rule=said(N_("Price list of %(provider)s"), provider=_provider(one)))  # fmt: skip
    return both(step, "provider_clearing", said(GOES_OUT))


def refund_paid(session: Session, entry: Entry) -> Sequence[Step]:
    row = session.get(Refund, row_id(entry))
    if row is None:
        return ()
    one, ref = session.get_one(PaymentIntent, row.intent_id), row.provider_ref
    why = _of_payment(row.amount_minor, one)
    why += [said(AS_REPORTED, ref=ref)] if ref else [said(N_("The two of them said that it went from hand to hand."))]
    step = whole(said(N_("Paid back to the buyer")), row.amount_minor, one.currency, *why, account="buyer", side=-1)
    gave = said(N_("The seller gave it out of their own hands")) if _hand(one) == "seller_payable" else said(GOES_OUT)
    return both(step, _hand(one), gave)


def _of_payment(minor: int, one: PaymentIntent) -> list[Said]:
    part, paid = Money(minor, one.currency), Money(one.amount_minor, one.currency)
    return [said(N_("%(part)s of the %(paid)s that were paid."), part=part, paid=paid)]


def refund_came_back(session: Session, entry: Entry) -> Sequence[Step]:
    row = session.get(Refund, row_id(entry))
    if row is None:
        return ()
    why = [said(N_("The whole of what was paid back: the buyer's bank or card didn't take it. It is owed to them again."))]
    if row.provider_ref:
        why.append(said(AS_REPORTED, ref=row.provider_ref))
    unit = unit_of(entry)
    step = whole(said(N_("Came back from the buyer's bank")), row.amount_minor, unit, *why, account="buyer")
    return both(step, "provider_clearing", said(COMES_IN))


TELLERS = {
    "payment": payment, "payment_in_person": payment, "payment_by_transfer": payment, "provider_fee": provider_fee,
    "refund_paid": refund_paid, "refund_came_back": refund_came_back, "paid_otherwise": moves.paid_otherwise,
    "release": moves.release, "fetched_back": moves.fetched_back, "chargeback": moves.chargeback,
    "at_provider": moves.at_provider, "seller_paid": moves.owed_settled, "written_off": moves.owed_settled,
    "given_back": moves.given_back,
}  # fmt: skip


def register() -> None:
    for kind, teller in TELLERS.items():
        explains(kind, teller)

"""How money that is handed on, fetched back, taken by a bank or moved by the operator came to its amount in the books."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.i18n import N_
from core.money import Money
from market.ledger.explaining import on, unit_of
from market.ledger.models import Entry
from market.ledger.steps import Said, Step, both, said, whole
from market.payments.models import Refund, Release, Reversal
from market.payments.queries import chargebacks_of, of_subject

AS_REPORTED = N_("As the provider reported it, under the number %(ref)s.")
BEARS = N_("Rule of this market: what a refund or the buyer's bank takes after the release, the seller bears (ADR 13)")
GOES_OUT, COMES_IN = N_("Out of what the provider holds"), N_("Into what the provider holds")


def row_id(entry: Entry) -> str:
    """The row that an entry of payments was posted for, as its key says."""
    return entry.key.partition("/")[2]


def release(session: Session, entry: Entry) -> Sequence[Step]:
    row = session.get(Release, row_id(entry))
    return () if row is None else both(_handed_on(row, unit_of(entry)), "provider_clearing", said(GOES_OUT))


def _handed_on(row: Release, unit: str) -> Step:
    """To the seller less what they owed from earlier; the platform's fee stays behind and was booked with the sale."""
    to_payee, why = row.amount_minor + row.withheld_minor, []
    if row.withheld_minor:
        why.append(said(N_("%(amount)s settles what the seller owed from an earlier refund: that part stays at the provider."),
                        amount=Money(row.withheld_minor, unit)))  # fmt: skip
    if row.fee_minor:
        why.append(said(N_("The platform's fee of %(fee)s stays behind; it was booked with the sale."),
                        fee=Money(row.fee_minor, unit)))  # fmt: skip
    if row.provider_ref:
        why.append(said(AS_REPORTED, ref=row.provider_ref))
    formula = f"{to_payee} - {row.withheld_minor}" if row.withheld_minor else ""
    label = said(N_("Handed on to the seller"))
    return whole(label, row.amount_minor, unit, *why, formula=formula, account="seller_payable", side=-1)


def paid_otherwise(session: Session, entry: Entry) -> Sequence[Step]:
    refund, handed = session.get(Refund, row_id(entry)), session.get(Release, row_id(entry))
    unit = unit_of(entry)
    why = said(N_("It couldn't go the usual way. Staff wrote down that the platform paid it in another way."))
    if refund is not None:
        step = whole(said(N_("Paid back to the buyer")), refund.amount_minor, unit, why, account="buyer", side=-1)
    elif handed is not None:
        one = _handed_on(handed, unit)
        step = replace(one, why=(why, *one.why))
    else:
        return ()
    return both(step, "platform_fee", said(N_("The platform paid it: what is held for it is now the platform's")))


def fetched_back(session: Session, entry: Entry) -> Sequence[Step]:
    row = session.get(Reversal, row_id(entry))
    if row is None:
        return ()
    others, unit = _other_parts(session, row), unit_of(entry)
    share = row.amount_minor + sum(others)
    told = N_("The seller's share of what went back is %(share)s, less what comes out of other payments to them.")
    all_of_it = N_("The seller's share of what went back is %(share)s, all of it.")
    why = [said(told if others else all_of_it, share=Money(share, unit))]
    if row.provider_ref:
        why.append(said(AS_REPORTED, ref=row.provider_ref))
    formula = " - ".join(str(one) for one in (share, *others))
    label = said(N_("Fetched back from the seller"))
    step = whole(label, row.amount_minor, unit, *why, formula=formula, account="seller_payable")
    return both(step, "provider_clearing", said(COMES_IN))


def asked_by(row: Reversal) -> str:
    """The key of what asked for it: all parts of one share have it in common."""
    return row.key.rpartition("/")[0]


def _other_parts(session: Session, row: Reversal) -> list[int]:
    parts = select(Reversal).where(Reversal.intent_id == row.intent_id, Reversal.id != row.id).order_by(Reversal.id)
    return [one.amount_minor for one in session.scalars(parts) if asked_by(one) == asked_by(row)]


def owed_settled(session: Session, entry: Entry) -> Sequence[Step]:
    """A seller's debt that ended outside the provider: what was to be fetched back, less what later sales had settled of it."""
    row = session.get(Reversal, row_id(entry))
    if row is None:
        return ()
    owed, settled, unit = row.amount_minor, row.recovered_minor, unit_of(entry)
    why = [said(N_("It was to be fetched back from the seller, whose account hadn't enough, or the provider refused it."))]
    if settled:
        why.append(said(N_("%(amount)s of it was kept back from later sales already."), amount=Money(settled, unit)))
    paid = entry.kind == "seller_paid"
    label = said(N_("What the seller still owed")) if paid else said(N_("What isn't asked for any more"))
    into = said(N_("The platform got it in another way")) if paid else said(N_("The platform bears it"))
    formula = f"{owed} - {settled}" if settled else ""
    step = whole(label, owed - settled, unit, *why, formula=formula, account="seller_payable", rule=said(BEARS))
    return both(step, "platform_fee", into)


def given_back(session: Session, entry: Entry) -> Sequence[Step]:
    row = session.get(Reversal, row_id(entry))
    if row is None:
        return ()
    unit, total = unit_of(entry), Money(row.amount_minor, unit_of(entry))
    why = said(N_("The provider fetched back all of %(total)s, although later sales had settled this part of it."), total=total)
    step = whole(said(N_("Taken from the seller twice, given back")), row.recovered_minor, unit, why,
                 account="seller_payable", side=-1)  # fmt: skip
    if on(entry, "platform_fee"):
        return both(step, "platform_fee", said(N_("The platform paid it: what is held for it is now the platform's")))
    return both(step, "provider_clearing", said(GOES_OUT))


def chargeback(session: Session, entry: Entry) -> list[Step]:
    """The amount as the bank moved it, and what the provider charged for it."""
    moved, fee, unit = on(entry, "buyer"), -on(entry, "platform_fee"), unit_of(entry)
    why = [said(AS_REPORTED, ref=row_id(entry)), *_disputes(session, entry, unit)]
    took = N_("Taken back by the payer's bank") if moved < 0 else N_("Given back by the payer's bank")
    found: list[Step] = []
    if moved:
        step = whole(said(took), abs(moved), unit, *why, account="buyer", side=1 if moved > 0 else -1)
        found += both(step, "provider_clearing", said(GOES_OUT if moved < 0 else COMES_IN))
    if fee:
        bears = said(N_("What the provider charges for the dispute; the platform bears it."))
        side = -1 if fee > 0 else 1
        cost = whole(said(N_("Fee of the dispute")), abs(fee), unit, bears, account="platform_fee", side=side)
        found += both(cost, "provider_clearing", said(GOES_OUT if fee > 0 else COMES_IN))
    return found


def _disputes(session: Session, entry: Entry, unit: str) -> list[Said]:
    rows = [row for one in of_subject(session, entry.subject_id) for row in chargebacks_of(session, one.id)]
    told = N_("Dispute %(ref)s asks for %(amount)s; %(taken)s of it are taken, fees %(fee)s.")
    return [
        said(told, ref=row.provider_ref, amount=Money(row.amount_minor, unit), taken=Money(row.taken_minor, unit),
             fee=Money(row.fee_minor, unit))
        for row in rows
    ]  # fmt: skip


def at_provider(session: Session, entry: Entry) -> list[Step]:
    net, unit = on(entry, "platform_fee"), unit_of(entry)
    why = [
        said(AS_REPORTED, ref=row_id(entry)),
        said(N_("A movement of the platform's own there: a payout to its bank, a charge for the service, or money put in.")),
    ]
    label = said(N_("Put in at the provider")) if net > 0 else said(N_("Taken out at the provider"))
    step = whole(label, abs(net), unit, *why, account="platform_fee", side=1 if net > 0 else -1)
    return both(step, "provider_clearing", said(COMES_IN if net > 0 else GOES_OUT))

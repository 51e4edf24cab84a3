"""How the fee of an appraisal in the books came about: the fee for the kind and what the way adds, by a version of the agency's
fees. Reckoned anew from the booking and its table; a house test adds the steps up."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from core.i18n import N_
from core.money import CNY, Money
from market.channels.appraisal.models import AppraisalBooking, FeeTable
from market.ledger.explaining import Behind, explains, on
from market.ledger.models import Entry
from market.ledger.steps import Said, Step, both, said, whole

WHY_BACK = {
    "owner": N_("Its owner called off in time, or later and the agency keeps what the terms say."),
    "agency": N_("The agency called off: all of it goes back."),
    "moved": N_("The thing went into other hands before: it counts as called off by its owner."),
    "no_show": N_("Nobody came: the agency keeps what the terms say."),
    "ungraded": N_("The thing went back without a grade: all of it goes back."),
    "appeal": N_("An appeal against the report was upheld: all of it goes back."),
}


def fee(session: Session, entry: Entry) -> Sequence[Step]:
    row = session.get(AppraisalBooking, entry.subject_id)
    if row is None:
        return ()
    why = [
        said(N_("%(fee)s for the kind of thing and %(extra)s for the way."), fee=Money(row.fee_minor, CNY),
             extra=Money(row.extra_minor, CNY)),
        said(N_("It hangs on neither the grade nor the price, and the platform takes nothing of it.")),
    ]  # fmt: skip
    formula = f"{row.fee_minor} + {row.extra_minor}" if row.extra_minor else str(row.fee_minor)
    label = said(N_("Fee that the owner owes"))
    step = whole(label, row.total_minor, CNY, *why, formula=formula, account="buyer", side=-1, rule=_table(session, row))
    return both(step, "seller_payable", said(N_("Owed to the agency")))


def _table(session: Session, row: AppraisalBooking) -> Said:
    version = session.get_one(FeeTable, row.fee_table_id).version
    return said(N_("Fees and terms of the agency, version %(version)s, as agreed when it was booked"), version=version)


def back(session: Session, entry: Entry) -> Sequence[Step]:
    row = session.get(AppraisalBooking, entry.subject_id)
    if row is None:
        return ()
    amount = on(entry, "buyer")
    code = "appeal" if "/appeal/" in entry.key else row.why
    rest = row.total_minor - amount
    why = [said(WHY_BACK[code])] if code in WHY_BACK else []
    if rest:
        why.append(said(N_("%(rest)s of it stays with the agency or went back before."), rest=Money(rest, CNY)))
    formula = f"{row.total_minor} - {rest}" if rest else ""
    label = said(N_("Part of the fee that goes back"))
    step = whole(label, amount, CNY, *why, formula=formula, account="buyer", rule=_table(session, row))
    return both(step, "seller_payable", said(N_("The agency gives it back")))


def behind(session: Session, entry: Entry) -> Iterator[Behind]:
    row = session.get(AppraisalBooking, entry.subject_id)
    if row is not None:
        told = said(N_("Booking %(number)s"), number=row.number)
        yield Behind(told, f"/appraisal-bookings/{row.id}", "market:appraisal_booking:read", row)


def subject(session: Session, subject_id: str) -> tuple[str, str] | None:
    """For the books: which booking an entry is about."""
    row = session.get(AppraisalBooking, subject_id)
    return (row.number, f"/appraisal-bookings/{row.id}") if row else None


def is_fee(session: Session, subject_id: str) -> bool:
    """For payments: it pays for a booking."""
    return session.get(AppraisalBooking, subject_id) is not None


def account_names(session: Session, entry: Entry) -> dict[str, str]:
    """For the books: in an entry about a booking nobody buys or sells."""
    told = {"buyer": N_("Owner of the thing"), "seller_payable": N_("Owed to the agency")}
    return told if is_fee(session, entry.subject_id) else {}


def parties(session: Session, subject_id: str) -> set[str]:
    """For the books: between whom it is."""
    row = session.get(AppraisalBooking, subject_id)
    return {row.booked_by, row.org_id} if row else set()


def register() -> None:
    explains("appraisal_fee", fee)
    explains("appraisal_fee_back", back)

"""Why a part of a sale was taken back: the case behind it, what was asked, agreed or decided in it, under which return policy."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from core.i18n import N_
from core.money import Money
from market.aftersales.models import Case
from market.aftersales.words import ALL_GROUNDS, ALL_KINDS, OUTCOME_WORDS
from market.ledger.explaining import Behind, behind, leads_to, on
from market.ledger.models import Entry
from market.ledger.steps import Said, Step, said, whole
from market.listings.terms import POLICIES
from market.payments.explain_moves import row_id
from market.payments.models import Refund


def case_of(session: Session, entry: Entry) -> Case | None:
    """Entries of a case carry its id in their key, or their refund does."""
    key = entry.key
    if entry.kind in ("refund_paid", "refund_came_back", "paid_otherwise"):
        row = session.get(Refund, row_id(entry))
        key = f"refund/{row.key}" if row is not None else ""
    parts = key.split("/")
    return session.get(Case, parts[2]) if parts[:2] == ["refund", "case"] and len(parts) > 2 else None


def refund(session: Session, entry: Entry) -> Sequence[Step]:
    case = case_of(session, entry)
    if case is None or case.granted_minor is None:
        return ()
    granted, booked = case.granted_minor, on(entry, "buyer")
    label = said(N_("Granted in case %(number)s"), number=case.number)
    step = whole(label, granted, case.currency, *_why(case), rule=_rule(case))
    if granted == booked:
        return (step,)
    left = said(N_("No more was left of the price."))
    return step, whole(said(N_("What goes back of it")), booked, case.currency, left, formula=f"min({granted}, {booked})")


def _why(case: Case) -> list[Said]:
    kind, ground = said(ALL_KINDS[case.kind]), said(ALL_GROUNDS[case.ground])
    asked = [said(N_("Asked for: %(kind)s. Why: %(ground)s."), kind=kind, ground=ground)]
    if case.kind == "undelivered":
        asked.append(said(OUTCOME_WORDS[case.outcome]))
        if ended := _ended(case):
            return [*asked, said(ended)]
    if case.outcome == "return_first":
        asked.append(said(N_("It was decided that the thing goes back first. It is back.")))
    if case.final_by:
        return [*asked, said(N_("A second mediator decided it on appeal."))]
    if case.decided_by:
        return [*asked, said(N_("A mediator decided it."))]
    if case.kind == "return":
        return [*asked, said(N_("The seller accepted: all that was left of the price goes back."))]
    wanted = Money(case.amount_minor, case.currency)
    return [*asked, said(N_("The seller accepted %(wanted)s, or what was left of the price."), wanted=wanted)]


_SETTLED_BY = {
    "accepted": N_("The seller agreed that it is lost."),
    "came_back": N_("The seller has it back."),
    "lost": N_("The seller didn't show in time that it was delivered."),
}


def _ended(case: Case) -> str:
    """By whose word a case about a parcel ended, if not by a mediator's; English for gettext, or ""."""
    return next((_SETTLED_BY[one.what] for one in reversed(case.lines) if one.what in _SETTLED_BY), "")


RISK = N_("Until the buyer has it, what happens on the way is the seller's risk (Civil Code 604 and 512)")


def _rule(case: Case) -> Said:
    if case.kind == "undelivered":
        return said(RISK)
    return said(N_("Return policy frozen with the order: %(policy)s"), policy=said(POLICIES[case.order.return_policy]))


def find(session: Session, entry: Entry) -> Iterator[Behind]:
    case = case_of(session, entry)
    if case is not None:
        yield Behind(said(N_("Case %(number)s"), number=case.number), f"/cases/{case.id}", "market:case:read", case)


def register() -> None:
    leads_to("refund", "aftersales", refund)
    behind(find)

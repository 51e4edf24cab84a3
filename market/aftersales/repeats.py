"""The same said twice: a second click, a form sent again. It changes nothing and leads where the first one led."""

from sqlalchemy import select

from core.work import Work
from market.aftersales.models import Case, CaseLine
from market.aftersales.states import CASE, OPEN

LINE_OF = {
    "accept": "accepted", "refuse": "refused", "take_back": "back", "withdraw": "withdrawn", "mediate": "mediation",
    "appeal": "appeal", "decide": "decision", "made_good": "settled", "arrived": "arrived",
}  # fmt: skip
"""What each verb leaves in the case; `say` leaves one each time and goes by its key."""


def find_open_same(w: Work, order_id: str, *, kind: str, ground: str, words: str, amount: int) -> Case | None:
    """The open case in which this person has asked for exactly this."""
    case = w.session.scalars(select(Case).where(Case.order_id == order_id, Case.state.in_(OPEN))).first()
    if case is None or (case.asked_by, case.kind, case.ground, case.amount_minor) != (w.actor.id, kind, ground, amount):
        return None
    first = w.session.scalars(select(CaseLine).where(CaseLine.case_id == case.id).order_by(CaseLine.id)).first()
    return case if first is not None and first.words == words.strip()[:2000] else None


def said_before(w: Work, case: Case, verb: str, words: str, found: int | str) -> bool:
    """Is this what this person did last in the case, word for word, and can't it be done once more? `found`: how much a mediator
    grants, or what became of a parcel."""
    step = {"made_good": "settle", "arrived": "settle"}.get(verb, verb)
    if verb not in LINE_OF or CASE.can(case.state, step) or case.state == "appealed" and verb == "decide":
        return False
    mine = select(CaseLine).where(CaseLine.case_id == case.id, CaseLine.by_id == w.actor.id, CaseLine.what != "said")
    if verb != "made_good":
        mine = mine.where(CaseLine.what != "settled")
    last = w.session.scalars(mine.order_by(CaseLine.id.desc())).first()
    also = {"decide": "final", "refuse": "proof"}.get(verb, LINE_OF[verb])
    if last is None or last.what not in (LINE_OF[verb], also):
        return False
    if verb in ("take_back", "made_good", "withdraw", "arrived"):
        return True
    decided = case.outcome if case.kind == "undelivered" else case.granted_minor
    return last.words == words.strip()[:2000] and (verb != "decide" or found == decided)

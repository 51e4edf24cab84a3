"""What waits for mediators, as the queue asks for it."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.queue.kinds import Ask
from market.aftersales.models import Case


def mediation_ask(case: Case) -> Ask:
    """Decided by somebody who isn't involved."""
    return Ask(subject_id=case.id, title=_title(case), link=f"/cases/{case.id}", barred=(case.buyer_id, case.seller_id))


def appeal_ask(case: Case) -> Ask:
    """... and who hasn't decided on it before."""
    barred = (case.buyer_id, case.seller_id, *([case.decided_by] if case.decided_by else []))
    return Ask(subject_id=case.id, title=_title(case), link=f"/cases/{case.id}", barred=barred)


def _title(case: Case) -> str:
    return f"{case.number} · {case.order.listing.title}"


def mediations(session: Session) -> Iterator[Ask]:
    for case in session.scalars(select(Case).where(Case.state == "mediation").order_by(Case.id)):
        yield mediation_ask(case)


def appeals(session: Session) -> Iterator[Ask]:
    for case in session.scalars(select(Case).where(Case.state == "appealed").order_by(Case.id)):
        yield appeal_ask(case)

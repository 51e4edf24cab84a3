"""What waits for the platform's staff about shops' files, as the queue asks for it."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people.models import Organisation
from core.queue.kinds import Ask
from market.shops import queries
from market.shops.models import ShopExemption, TradePermit


def exemption_ask(session: Session, row: ShopExemption, org: Organisation) -> Ask:
    """Never decided by who works there."""
    barred = tuple(sorted(queries.part_of(session, org.id, row.asked_by)))
    return Ask(subject_id=row.id, title=org.name, link=f"/shop-exemptions/{row.id}", barred=barred, since=row.asked_at)


def permit_ask(session: Session, row: TradePermit, org: Organisation) -> Ask:
    barred = tuple(sorted(queries.part_of(session, org.id, row.asked_by)))
    return Ask(subject_id=row.id, title=org.name, link=f"/trade-permits/{row.id}", barred=barred, since=row.asked_at)


def exemptions(session: Session) -> Iterator[Ask]:
    for row in session.scalars(select(ShopExemption).where(ShopExemption.state == "asked").order_by(ShopExemption.id)):
        yield exemption_ask(session, row, row.org)


def permits(session: Session) -> Iterator[Ask]:
    for row in session.scalars(select(TradePermit).where(TradePermit.state == "asked").order_by(TradePermit.id)):
        yield permit_ask(session, row, row.org)

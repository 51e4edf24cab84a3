"""What waits for the platform's staff about people and organisations, as the queue asks for it."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.people.models import Account, Organisation
from core.people.sellers import seller_checks_due
from core.queue.kinds import Ask


def organisation_ask(org: Organisation) -> Ask:
    """Never decided by who proposed it; an office is proposed by an administrator, and any may approve it."""
    barred = (org.proposed_by,) if org.proposed_by and org.kind != "regulator" else ()
    return Ask(subject_id=org.id, title=org.name, link=f"/admin/organisations/{org.id}", barred=barred, since=org.created_at)


def organisations(session: Session) -> Iterator[Ask]:
    for org in session.scalars(select(Organisation).where(Organisation.state == "proposed").order_by(Organisation.id)):
        yield organisation_ask(org)


def seller_checks(session: Session) -> Iterator[Ask]:
    """Sellers whose check has run out; they come by time, so the clockwork enters them."""
    for file in seller_checks_due(session, clock.now()):
        link = f"/admin/organisations/{file.org_id}" if file.org_id else f"/admin/people/{file.account_id}"
        org = session.get(Organisation, file.org_id) if file.org_id else None
        person = session.get(Account, file.account_id) if file.account_id else None
        title = org.name if org else person.name if person else file.id
        barred = (file.account_id,) if file.account_id else ()
        yield Ask(subject_id=file.id, title=title, link=link, since=file.next_check_at, barred=barred)

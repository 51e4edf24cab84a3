"""Checkpoints go by themselves to people who don't belong to the operator: to the regulators' offices daily, to the managers of
points weekly. Who holds an older one can show that the log was rewritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import mail
from core.config import Config
from core.i18n import N_
from core.people.models import Account, Contact, Membership, Organisation
from core.people.notices import notify
from core.people.queries import opened
from core.work import Work
from privacy.clearance.log import pushing, queries
from privacy.clearance.log.models import LogCheckpoint, LogLetter
from privacy.clearance.log.settings import pace

# audience -> the role that is written to, in which kinds of organisation
AUDIENCES = {"regulator": ("regulator", ("regulator",)), "point": ("shop_manager", ("shop", "agency", "community"))}
KEEP = N_("Please keep the root of checkpoint %(size)s of the public log: %(root)s")


@dataclass(frozen=True, slots=True)
class Held:
    """How many people of an audience were sent a checkpoint, and when the last one went out."""

    audience: str
    people: int
    last: datetime | None


def sweep(w: Work) -> None:
    """Now and then, by the house's clockwork."""
    send_due(w, current_app.extensions["xunshi"])


def send_due(w: Work, config: Config) -> int:
    """Send the latest checkpoint to everybody whose turn it is. Returns to how many."""
    checkpoint = queries.latest(w.session)
    if checkpoint is None:
        return 0
    text, count = queries.cosigned(w.session, checkpoint), 0
    for audience in AUDIENCES:
        for account in recipients(w.session, audience):
            if _due(w, account.id, checkpoint, _every(audience)):
                _send(w, account, checkpoint, text, config)
                count += 1
    return count


def recipients(session: Session, audience: str) -> Sequence[Account]:
    """Who is written to today: roles that count, in organisations that do."""
    role, kinds = AUDIENCES[audience]
    query = (
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .join(Organisation, Organisation.id == Membership.org_id)
        .where(Membership.role == role, Membership.ended_at.is_(None), Account.state == "active")
        .where(Organisation.state == "approved", Organisation.kind.in_(kinds))
        .distinct()
        .order_by(Account.id)
    )
    return session.scalars(query).all()


def _every(audience: str) -> timedelta:
    return pace().regulators if audience == "regulator" else pace().points


def _due(w: Work, account_id: str, checkpoint: LogCheckpoint, every: timedelta) -> bool:
    query = select(LogLetter).where(LogLetter.account_id == account_id).order_by(LogLetter.size.desc()).limit(1)
    last = w.session.scalars(query).first()
    return last is None or (last.size < checkpoint.size and w.now - last.created >= every)


def _send(w: Work, account: Account, checkpoint: LogCheckpoint, text: str, config: Config) -> None:
    """By e-mail, which leaves the house; who has none finds the root in the inbox here, to be copied."""
    query = select(Contact).where(Contact.account_id == account.id, Contact.kind == "email", Contact.verified_at.is_not(None))
    contact = w.session.scalars(query.order_by(Contact.id)).first()
    if contact is not None:
        address = opened(contact)
        mail.send(w, "email", address.value, address.masked, *pushing.letter(checkpoint, text, config))
    else:
        notify(w, account.id, KEEP, f"/log/checkpoint/{checkpoint.size}", size=checkpoint.size, root=queries.root_of(checkpoint))
    w.session.add(LogLetter(size=checkpoint.size, account_id=account.id, created=w.now))
    w.session.flush()
    w.record("privacy:checkpoint:mailed", str(checkpoint.size), to=account.id)


def held(session: Session) -> list[Held]:
    """Who outside was sent checkpoints so far."""
    found = []
    for audience in AUDIENCES:
        people = [one.id for one in recipients(session, audience)]
        query = select(func.count(LogLetter.account_id.distinct()), func.max(LogLetter.created))
        count, last = session.execute(query.where(LogLetter.account_id.in_(people))).one()
        found.append(Held(audience, count, datetime.fromisoformat(last) if isinstance(last, str) else last))
    return found

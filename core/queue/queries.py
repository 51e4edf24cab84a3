"""What stands in the queue for somebody: only what they may decide, the nearest date first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, false, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from core.access import Visitor
from core.db import get_row
from core.people.models import Account, Membership
from core.queue.kinds import Kind, all_kinds, get_kind
from core.queue.models import QueueEntry
from core.queue.rules import Grant

SHOWN = ("open", "mine", "free", "overdue", "done")
A_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries: `show` one of SHOWN, `kind` a code or "" for all; `me`: whose "mine" is meant."""

    show: str = "open"
    kind: str = ""
    me: str = ""


def get_entry(session: Session, entry_id: str) -> QueueEntry:
    """Raises NotFound."""
    return get_row(session, QueueEntry, entry_id)


def kinds_of(grants: Iterable[Grant]) -> list[Kind]:
    """What somebody with these roles may decide at all."""
    roles = {role for role, _ in grants}
    return [kind for kind in all_kinds() if roles & {*kind.roles, *kind.org_roles}]


def theirs(grants: Iterable[Grant], account_id: str) -> ColumnElement[bool]:
    """The condition by which an entry is theirs to decide; the same as `rules.may_decide`."""
    held = list(grants)
    mine = or_(false(), *(and_(QueueEntry.kind == kind.code, _in_reach(kind, held)) for kind in kinds_of(held)))
    return and_(mine, ~type_coerce(QueueEntry.barred, String).contains(f'"{account_id}"', autoescape=True))


def _in_reach(kind: Kind, held: list[Grant]) -> ColumnElement[bool]:
    if any(role in kind.roles for role, _ in held):
        return ~false()
    orgs = sorted({org for role, org in held if role in kind.org_roles})
    return or_(false(), *(type_coerce(QueueEntry.orgs, String).contains(f'"{org}"', autoescape=True) for org in orgs))


def _wanted(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    found = [QueueEntry.state != "open" if wanted.show == "done" else QueueEntry.state == "open"]
    if wanted.kind:
        found.append(QueueEntry.kind == wanted.kind)
    if wanted.show == "mine":
        found.append(QueueEntry.owner_id == wanted.me)
    if wanted.show == "free":
        found.append(QueueEntry.owner_id.is_(None))
    if wanted.show == "overdue":
        found.append(QueueEntry.due_at < now)
    return found


def entries(session: Session, visitor: Visitor, wanted: Wanted, now: datetime, page: int = 1) -> Sequence[QueueEntry]:
    """A page of what the visitor may decide, or has seen decided: the nearest date first, done ones newest first."""
    query = select(QueueEntry).where(theirs(visitor.grants, str(visitor.account_id)), *_wanted(wanted, now))
    order = (QueueEntry.ended_at.desc(), QueueEntry.id) if wanted.show == "done" else (QueueEntry.due_at, QueueEntry.id)
    return session.scalars(query.order_by(*order).limit(A_PAGE).offset((page - 1) * A_PAGE)).all()


def count(session: Session, visitor: Visitor, wanted: Wanted, now: datetime) -> int:
    query = select(func.count()).select_from(QueueEntry)
    return int(session.scalar(query.where(theirs(visitor.grants, str(visitor.account_id)), *_wanted(wanted, now))) or 0)


def all_entries(session: Session, wanted: Wanted, now: datetime) -> Sequence[QueueEntry]:
    """For the command: every entry, whoever may decide on it."""
    return session.scalars(select(QueueEntry).where(*_wanted(wanted, now)).order_by(QueueEntry.due_at, QueueEntry.id)).all()


def colleagues(session: Session, entry: QueueEntry) -> list[Account]:
    """Who may decide on it, by name."""
    kind = get_kind(entry.kind)
    reach = or_(
        Membership.role.in_(kind.roles), and_(Membership.role.in_(kind.org_roles), Membership.org_id.in_(list(entry.orgs)))
    )
    query = (
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.ended_at.is_(None), Account.state == "active", reach, Account.id.not_in(list(entry.barred)))
        .distinct()
        .order_by(Account.name, Account.id)
    )
    return list(session.scalars(query))

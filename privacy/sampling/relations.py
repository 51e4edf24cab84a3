"""Who is of one family, as people declare it themselves; who works for the same organisation, as memberships tell."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from core import ids
from core.db import get_row
from core.errors import Forbidden, Invalid, Refused
from core.i18n import N_
from core.people.models import Account, Membership
from core.people.notices import notify
from core.people.queries import digest_of, find_account
from core.people.rules import read_address
from core.people.visitors import held_roles
from core.ports import PersonClosing, Tie
from core.work import Work
from privacy.sampling.people_models import PersonRelation
from privacy.sampling.settings import shares

WORKERS = ("wipe_operator", "wipe_verifier", "shop_clerk", "shop_manager", "appraiser")
NOBODY = N_("Nobody who works here has this contact. Ask which one they registered with.")


def declare(w: Work, contact: str) -> PersonRelation:
    """The acting person says that a colleague is family. Declared twice is declared once; the other one is told.

    Raises Invalid at field `contact` for what is no contact, nobody who works here, or oneself."""
    found = find_account(w.session, digest_of(read_address(contact)))
    if found is None or found.state != "active" or not _works(w.session, found.id):
        raise Invalid("nobody_at_work", NOBODY, field="contact")
    if found.id == w.actor.id:
        raise Invalid("yourself", N_("This is your own contact."), field="contact")
    before = find_open(w.session, w.actor.id, found.id)
    if before is not None:
        return before
    first, second = sorted((w.actor.id, found.id))
    row = PersonRelation(
        id=ids.new_id(), first_id=first, second_id=second, kind="family", declared_by=w.actor.id, declared_at=w.now,
        ended_at=None, ended_by=None, counts_until=None,
    )  # fmt: skip
    w.put(row)
    w.record("privacy:relation:declared", row.id)
    notify(
        w, found.id, N_("A colleague declared that you two are family. Look at it and tell us if it is wrong."), "/me/relations"
    )
    return row


def end(w: Work, relation: PersonRelation) -> None:
    """Who declared it ends it. It goes on counting for a while (settings.toml), so that nobody ends it for one wipe; what was
    drawn while it counted stays as it was."""
    if relation.declared_by != w.actor.id:
        raise Forbidden("not_declared_by_you", N_("Only who declared it can end it."))
    _end(w, relation)


def _end(w: Work, relation: PersonRelation) -> None:
    if relation.ended_at is not None:
        raise Refused("relation_ended", N_("This was ended already."))
    relation.ended_at, relation.ended_by = w.now, w.actor.id
    relation.counts_until = w.now + shares().family
    w.session.flush()
    w.record("privacy:relation:ended", relation.id)


def leave(w: Work, event: PersonClosing) -> None:
    """Who closes the account has no colleagues any more."""
    for row in of_person(w.session, event.account_id):
        if row.ended_at is None:
            _end(w, row)


def _works(session: Session, account_id: str) -> bool:
    return any(role in WORKERS for role, _org in held_roles(session, account_id))


def get_relation(session: Session, relation_id: str) -> PersonRelation:
    return get_row(session, PersonRelation, relation_id)


def find_open(session: Session, one: str, other: str) -> PersonRelation | None:
    first, second = sorted((one, other))
    query = select(PersonRelation).where(
        PersonRelation.first_id == first, PersonRelation.second_id == second, PersonRelation.ended_at.is_(None)
    )
    return session.scalars(query).first()


def of_person(session: Session, account_id: str) -> list[PersonRelation]:
    """Every relation this person is in, newest first."""
    mine = or_(PersonRelation.first_id == account_id, PersonRelation.second_id == account_id)
    return list(session.scalars(select(PersonRelation).where(mine).order_by(PersonRelation.id.desc())))


def other_of(relation: PersonRelation, account_id: str) -> str:
    return relation.second_id if relation.first_id == account_id else relation.first_id


def family_of(session: Session, people: Iterable[str], at: datetime) -> frozenset[str]:
    """Everybody in a relation, counting at that moment, that one of these people is in."""
    wanted = sorted(set(people))
    either = or_(PersonRelation.first_id.in_(wanted), PersonRelation.second_id.in_(wanted))
    rows = session.scalars(select(PersonRelation).where(either, _counting(at)))
    return frozenset(one for row in rows for one in (row.first_id, row.second_id))


def ties(session: Session, account_id: str, since: datetime, now: datetime) -> list[Tie]:
    """For the port: everybody declared as this person's family, counting now. `since` is about deals: none here."""
    return [Tie(one, "family") for one in sorted(family_of(session, [account_id], now) - {account_id})]


def _counting(at: datetime) -> ColumnElement[bool]:
    """Declared by then, and not ended so long ago that it doesn't count any more."""
    return and_(
        PersonRelation.declared_at <= at, or_(PersonRelation.counts_until.is_(None), PersonRelation.counts_until > at)
    )


def were_family(session: Session, one: str, other: str, at: datetime) -> bool:
    first, second = sorted((one, other))
    query = select(PersonRelation.id).where(
        PersonRelation.first_id == first,
        PersonRelation.second_id == second,
        _counting(at),
    )
    return session.scalars(query.limit(1)).first() is not None


def employers(session: Session, account_id: str, at: datetime) -> frozenset[str]:
    """The organisations in which this person held any role at that moment."""
    query = select(Membership.org_id).where(
        Membership.account_id == account_id,
        Membership.granted_at <= at,
        or_(Membership.ended_at.is_(None), Membership.ended_at > at),
    )
    return frozenset(session.scalars(query))


def colleagues(session: Session, people: Iterable[str]) -> frozenset[str]:
    """Everybody who holds a role, now, in an organisation in which one of these people holds one."""
    theirs = select(Membership.org_id).where(Membership.account_id.in_(sorted(set(people))), Membership.ended_at.is_(None))
    query = select(Membership.account_id).where(and_(Membership.org_id.in_(theirs), Membership.ended_at.is_(None)))
    return frozenset(session.scalars(query))


def names(session: Session, people: Iterable[str]) -> dict[str, Account]:
    return {one.id: one for one in session.scalars(select(Account).where(Account.id.in_(sorted(set(people)))))}

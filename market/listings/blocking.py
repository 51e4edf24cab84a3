"""Blocking a person: no messages, offers, reservations, swaps or new meetings between the two, either way.

An order whose contract stands goes on: the two need each other to finish it, so messages and meetings for it still arrive. Who
was blocked is told that something isn't possible between the two, never who has blocked whom; who blocked is reminded of it."""

from collections.abc import Callable, Sequence

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from core.errors import Invalid, Refused
from core.i18n import N_
from core.people.models import Account
from core.work import Work
from market.listings.block_models import Block

MOST = 500
MINE = N_("You have blocked this person. End the block in your settings first.")
CLOSED = N_("This isn't possible between the two of you at the moment.")
Standing = Callable[[Session, str, str], bool]
_standing: list[Standing] = []


def stands_between(provider: Standing) -> None:
    """Orders say whether a contract stands between two people; asked from here, because nobody imports upwards."""
    if provider not in _standing:
        _standing.append(provider)


def deal_stands(session: Session, one: str, other: str) -> bool:
    return any(provider(session, one, other) for provider in _standing)


def blocks_between(session: Session, one: str, other: str) -> set[str]:
    """Who of the two has blocked the other: their ids."""
    there = or_(
        and_(Block.blocker_id == one, Block.blocked_id == other), and_(Block.blocker_id == other, Block.blocked_id == one)
    )
    return set(session.scalars(select(Block.blocker_id).where(there)))


def why_closed(session: Session, me: str, other: str) -> str:
    """What to say to `me` where a block stands between the two (English for gettext), or ""."""
    by = blocks_between(session, me, other)
    return MINE if me in by else CLOSED if by else ""


def refuse_blocked(session: Session, me: str, other: str) -> None:
    """Raises Refused where one of the two has blocked the other."""
    why = why_closed(session, me, other)
    if why:
        raise Refused("blocked", why)


def blocked_by(session: Session, account_id: str) -> Sequence[tuple[Block, Account]]:
    """Whom a person has blocked, newest first."""
    query = select(Block, Account).join(Account, Account.id == Block.blocked_id).where(Block.blocker_id == account_id)
    return [(row, person) for row, person in session.execute(query.order_by(Block.at.desc(), Block.blocked_id))]


def block(w: Work, other_id: str) -> None:
    """The person of this Work blocks somebody; twice is once. Raises Invalid for oneself, Refused for far too many."""
    me = w.actor.id
    if me == other_id:
        raise Invalid("block_self", N_("You can't block yourself."))
    if w.session.get(Block, (me, other_id)) is not None:
        return
    if len(blocked_by(w.session, me)) >= MOST:
        raise Refused("blocked_many", N_("You have blocked as many people as this list holds. End some blocks first."))
    w.session.add(Block(blocker_id=me, blocked_id=other_id, at=w.now))
    w.record("market:person:blocked", me)


def unblock(w: Work, other_id: str) -> None:
    row = w.session.get(Block, (w.actor.id, other_id))
    if row is not None:
        w.session.delete(row)
        w.record("market:person:unblocked", w.actor.id)


def forget(w: Work, account_id: str) -> None:
    """Whoever leaves the market neither blocks nor is blocked any more."""
    w.session.execute(delete(Block).where(or_(Block.blocker_id == account_id, Block.blocked_id == account_id)))

"""Propose a swap, agree to it, and let both sides stand or fall together: both things are reserved in one transaction."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core import ids
from core.db import get_row
from core.each import each
from core.errors import Busy, Refused
from core.i18n import N_
from core.people.notices import notify
from core.states import State, StateTable, walk
from core.work import Work
from market.listings.blocking import refuse_blocked
from market.listings.models import Listing
from market.orders import placing
from market.orders.swap_models import Swap

EXPIRES = timedelta(days=3)
SWAP = StateTable(
    "swap",
    {
        "proposed": State(N_("Proposed"), "info", N_("The owner of the other thing agrees or declines.")),
        "agreed": State(N_("Agreed"), "good", N_("Both things are reserved; each of you reads what is told and confirms.")),
        "declined": State(N_("Declined"), "neutral", N_("The owner doesn't want to swap.")),
        "withdrawn": State(N_("Taken back"), "neutral", N_("Whoever proposed it took it back.")),
        "expired": State(N_("Expired"), "neutral", N_("It got no answer in time.")),
    },
    {
        ("proposed", "agree"): "agreed", ("proposed", "decline"): "declined", ("proposed", "withdraw"): "withdrawn",
        ("proposed", "expire"): "expired",
    },
)  # fmt: skip


def get_swap(session: Session, swap_id: str) -> Swap:
    return get_row(session, Swap, swap_id)


def swaps_of(session: Session, account_id: str) -> Sequence[Swap]:
    mine = or_(Swap.proposer_id == account_id, Swap.owner_id == account_id)
    return session.scalars(select(Swap).where(mine).order_by(Swap.id.desc()).limit(100)).all()


def mine_to_give(session: Session, account_id: str) -> Sequence[Listing]:
    """What this person has on sale in their own name and could give."""
    mine = select(Listing).where(Listing.seller_id == account_id, Listing.org_id.is_(None), Listing.state == "published")
    return session.scalars(mine.order_by(Listing.id.desc()).limit(50)).all()


def propose(w: Work, wanted: Listing, given: Listing) -> Swap:
    """The person of this Work offers their own thing for another. Raises Refused or Busy."""
    if wanted.seller_id == w.actor.id:
        raise Refused("own_thing", N_("This is your own thing."))
    if given.seller_id != w.actor.id or given.org_id or wanted.org_id:
        raise Refused("not_yours_to_swap", N_("You can only give what you sell in your own name, to somebody who does so too."))
    refuse_blocked(w.session, w.actor.id, wanted.seller_id)
    _both_on_sale(wanted, given)
    twin = select(Swap).where(Swap.wanted_id == wanted.id, Swap.given_id == given.id, Swap.state == "proposed")
    found = w.session.scalars(twin).first()
    if found is not None:
        return found
    row = Swap(
        id=ids.new_id(), wanted_id=wanted.id, given_id=given.id, proposer_id=w.actor.id, owner_id=wanted.seller_id, at=w.now,
        expires_at=w.now + EXPIRES, answered_at=None, wanted_order_id=None, given_order_id=None,
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    w.record("market:swap:proposed", row.id, wanted=wanted.id, given=given.id)
    sentence = N_("Somebody offers “%(given)s” for your “%(title)s”. Agree, or decline.")
    notify(w, row.owner_id, sentence, f"/swaps/{row.id}", title=wanted.title, given=given.title)
    return row


def _both_on_sale(*listings: Listing) -> None:
    if any(one.state != "published" for one in listings):
        raise Busy("not_on_sale", N_("One of the two isn't on sale any more."))


def agree(w: Work, row: Swap) -> None:
    """The owner agrees: both things are reserved, or neither. Raises Busy when somebody was quicker with one of them."""
    if row.state == "agreed" and w.actor.id == row.owner_id:  # sent again
        return
    SWAP.next(row.state, "agree")
    if w.actor.id != row.owner_id or row.expires_at <= w.now:
        raise Refused("not_to_answer", N_("There is nothing for you to answer here."))
    refuse_blocked(w.session, w.actor.id, row.proposer_id)
    first, second = sorted((row.wanted_id, row.given_id))  # always in the same order, so that two swaps never wait for each other
    found = {one: w.session.get_one(Listing, one, with_for_update=True, populate_existing=True) for one in (first, second)}
    _both_on_sale(*found.values())
    wanted = placing.reserve(w, row.wanted_id, buyer_id=row.proposer_id, kind="swap")
    given = placing.reserve(w, row.given_id, buyer_id=row.owner_id, kind="swap")
    walk(w, SWAP, row, "agree", answered_at=w.now, wanted_order_id=wanted.id, given_order_id=given.id)
    w.record("market:swap:answered", row.id, how="agreed")
    notify(w, row.proposer_id, N_("Your swap was agreed: both things are reserved."), f"/orders/{wanted.id}")


def decline(w: Work, row: Swap) -> None:
    if _end(w, row, "decline", row.owner_id):
        notify(w, row.proposer_id, N_("Your swap was declined."), f"/swaps/{row.id}")


def withdraw(w: Work, row: Swap) -> None:
    _end(w, row, "withdraw", row.proposer_id)


def _end(w: Work, row: Swap, verb: str, who: str) -> bool:
    """False when the same was said before."""
    if w.actor.id != who:
        raise Refused("not_to_answer", N_("There is nothing for you to answer here."))
    if row.state == SWAP.next("proposed", verb):
        return False
    walk(w, SWAP, row, verb, answered_at=w.now)
    w.record("market:swap:answered", row.id, how=verb)
    return True


def expire(w: Work) -> None:
    late = select(Swap).where(Swap.state == "proposed", Swap.expires_at <= w.now).with_for_update(skip_locked=True).limit(200)
    each(w, w.session.scalars(late), lambda row: _expire(w, row))


def _expire(w: Work, row: Swap) -> None:
    walk(w, SWAP, row, "expire", answered_at=w.now)
    title = w.session.get_one(Listing, row.wanted_id).title
    notify(w, row.proposer_id, N_("Your swap for “%(title)s” got no answer in time."), f"/swaps/{row.id}", title=title)
    notify(w, row.owner_id, N_("The swap that was offered for “%(title)s” ran out."), f"/swaps/{row.id}", title=title)

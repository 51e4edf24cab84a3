"""Keeping a thing as a favourite, and the one word when it costs less than this person was ever told."""

from sqlalchemy import exists, or_, select

from core.i18n import N_
from core.money import Money
from core.people.models import Account
from core.people.notices import notify
from core.work import Work
from market.listings.block_models import Block
from market.listings.models import Favourite, Listing
from market.listings.watching_rules import worth_telling


def favour(w: Work, listing: Listing) -> bool:
    """Keep it, or keep it no longer. True when it is kept now; from here on this price is known."""
    row = w.session.get(Favourite, (w.actor.id, listing.id))
    if row is not None:
        w.session.delete(row)
        return False
    w.session.add(Favourite(account_id=w.actor.id, listing_id=listing.id, at=w.now, told_minor=listing.price_minor))
    return True


def price_fell(w: Work, listing: Listing, before: int) -> int:
    """Tell whoever keeps it that it costs less than they know; how many were told. `before`: the price until now, for rows kept
    before prices were remembered. Nobody is told of what isn't on sale, of their own thing, or across a block."""
    if listing.state != "published":
        return 0
    blocked = exists().where(
        or_(
            (Block.blocker_id == Favourite.account_id) & (Block.blocked_id == listing.seller_id),
            (Block.blocked_id == Favourite.account_id) & (Block.blocker_id == listing.seller_id),
        )
    )
    query = (
        select(Favourite)
        .join(Account, Account.id == Favourite.account_id)
        .where(Favourite.listing_id == listing.id, Favourite.account_id != listing.seller_id, Account.state == "active", ~blocked)
        .where(or_(Favourite.told_minor.is_(None), Favourite.told_minor > listing.price_minor))
        .with_for_update(of=Favourite)
    )
    told = 0
    for row in w.session.scalars(query.order_by(Favourite.account_id)).all():
        known = before if row.told_minor is None else row.told_minor
        row.told_minor = known
        if worth_telling(known, listing.price_minor):
            row.told_minor = listing.price_minor
            _tell(w, row.account_id, listing, known)
            told += 1
    return told


def _tell(w: Work, account_id: str, listing: Listing, known: int) -> None:
    if listing.gift:
        sentence = N_("“%(title)s”, which you keep, is given away now.")
        notify(w, account_id, sentence, f"/listings/{listing.id}", kind="favourites", title=listing.title)
        return
    now, then = (Money(one, listing.currency) for one in (listing.price_minor, known))
    sentence = N_("“%(title)s”, which you keep, costs %(now)s now instead of %(then)s.")
    notify(w, account_id, sentence, f"/listings/{listing.id}", kind="favourites", title=listing.title, now=now, then=then)

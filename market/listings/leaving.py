"""Somebody leaves the market: what is on sale comes down, and what was kept for that person only goes."""

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.i18n import N_
from core.ports import Hold, PersonClosing
from core.work import Work
from market.listings import blocking, private_proof
from market.listings.actions import withdraw
from market.listings.models import Favourite, Listing, ListingProof, SellDraft
from market.listings.states import OPEN


def holds(session: Session, account_id: str) -> Iterable[Hold]:
    """What is under examination has to be decided while its seller can be asked."""
    frozen = select(Listing).where(Listing.seller_id == account_id, Listing.state == "frozen").order_by(Listing.id)
    for listing in session.scalars(frozen):
        yield Hold(
            code="listing_frozen", sentence=N_("“%(title)s” is frozen while it is examined."), values={"title": listing.title},
            link=f"/listings/{listing.id}", way=N_("Open the listing"),
        )  # fmt: skip


def leave(w: Work, event: PersonClosing) -> None:
    """Withdraw what is open; erase drafts, favourites and a proof nobody has decided by. Messages stay with their listing."""
    mine = select(Listing).where(Listing.seller_id == event.account_id, Listing.state.in_(OPEN)).with_for_update()
    for listing in w.session.scalars(mine):
        withdraw(w, listing)
    undecided = select(ListingProof).where(ListingProof.added_by == event.account_id, ListingProof.decided_at.is_(None))
    private_proof.forget(w, w.session.scalars(undecided), "market:proof:erased")
    w.session.execute(delete(SellDraft).where(SellDraft.owner_id == event.account_id))
    w.session.execute(delete(Favourite).where(Favourite.account_id == event.account_id))
    blocking.forget(w, event.account_id)

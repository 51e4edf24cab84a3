"""What is sold in an organisation's name: not once it has closed, and not without the permit that such goods need.

Persons who sell their own things are asked for none."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import local
from core.errors import Refused
from core.goods.cards import all_cards, get_card
from core.i18n import N_
from core.people.notices import notify
from core.states import walk
from core.work import Work
from market.listings.models import Listing
from market.listings.states import LISTING
from market.shops import queries, standing
from market.shops.events import PermitEnded, ShopEnded
from market.shops.models import ShopClosing, TradePermit

ENDED = N_("This shop has closed: nothing is sold in its name.")
NO_PERMIT = N_(
    "A shop that sells these needs a publication trade licence that counts. Its manager enters it in the shop file; "
    "it counts once the platform has confirmed it."
)


def demand_shop(w: Work, org_id: str | None, category: str) -> None:
    """Raises Refused at the field sell_as."""
    if org_id is not None and (no := find_shop_problem(w.session, org_id, category, w.now)) is not None:
        raise no


def find_shop_problem(session: Session, org_id: str, category: str, now: datetime) -> Refused | None:
    """Why an organisation may not sell things of this category now."""
    if standing.has_ended(session, org_id):
        return Refused("shop_ended", ENDED, field="sell_as")
    needed = get_card(category).shop_permit
    if needed and queries.find_valid_permit(session, org_id, needed, local(now).date()) is None:
        return Refused("permit_missing", NO_PERMIT, field="sell_as")
    return None


def shop_ended(w: Work, event: ShopEnded) -> None:
    """Nothing stays on sale in its name; what is reserved or ordered goes its way."""
    _stop(w, event.org_id, [str(card.code) for card in all_cards()], "shop_ended", N_(
        "“%(title)s” is off sale: the shop has closed."
    ))  # fmt: skip


def permit_ended(w: Work, event: PermitEnded) -> None:
    """What needs it comes off sale until a renewed one counts."""
    kinds = [str(card.code) for card in all_cards() if card.shop_permit == event.kind]
    _stop(w, event.org_id, kinds, "permit_ended", N_("“%(title)s” is off sale: the shop's permit for it has run out."))


def sweep(w: Work) -> None:
    """What came back on the shelf afterwards, such as a reservation that ended without a sale."""
    ended = select(ShopClosing.org_id).where(ShopClosing.state == "ended")
    left = select(Listing.org_id).where(Listing.state == "published", Listing.org_id.in_(ended)).distinct()
    for org_id in w.session.scalars(left).all():
        shop_ended(w, ShopEnded(str(org_id)))
    over = select(TradePermit.org_id, TradePermit.kind).where(TradePermit.state == "expired").distinct()
    for org_id, kind in w.session.execute(over).all():
        if queries.find_valid_permit(w.session, org_id, kind, local(w.now).date()) is None:
            permit_ended(w, PermitEnded(org_id, kind))


def _stop(w: Work, org_id: str, kinds: list[str], why: str, sentence: str) -> None:
    query = select(Listing).where(Listing.org_id == org_id, Listing.state == "published", Listing.category.in_(kinds))
    for listing in w.session.scalars(query.order_by(Listing.id).with_for_update()).all():
        walk(w, LISTING, listing, "pause")
        w.record("market:listing:shop_stopped", listing.id, why=why)
        w.later("market:index_listing", listing_id=listing.id)
        notify(w, listing.seller_id, sentence, f"/listings/{listing.id}", title=listing.title)

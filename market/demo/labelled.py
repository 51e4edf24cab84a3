"""The demonstration's labels: what stands in a shop or is on sale has its code, as if its label had been printed."""

from datetime import datetime

from sqlalchemy import select

from core.goods import life
from market.demo.walk import House
from market.listings.models import Listing
from market.passport.queries import kept_in


def stick(house: House, now: datetime) -> None:
    kept, _total = kept_in(house.session, house.cast.organisations.values())
    offered = house.session.scalars(select(Listing.item_id).where(Listing.state.in_(("published", "reserved", "sold")))).all()
    things = list(dict.fromkeys([*(item.id for item in kept), *offered]))
    with house.doing("wang", now) as w:
        for item_id in things:
            life.code_of(w, item_id)

"""The program asks for a look: after something went on sale, after it was sold, and now and then over marked lines."""

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, ids
from core.clock import local
from core.jobs import handles
from core.ports import CustodyRaised
from core.queue import actions as queue
from core.queue.kinds import Ask
from core.work import SYSTEM, Work, work
from market.listings.events import OfferShown
from market.listings.models import Listing
from market.oversight import comparing, flag_rules
from market.oversight.limits import limits
from market.oversight.models import Flag

KIND: Final = "market:look_at_price"


def flag_ask(flag: Flag, listing: Listing) -> Ask:
    """Not decided by whom it is about."""
    return Ask(subject_id=flag.id, title=listing.title, link=f"/flags/{flag.id}", barred=(flag.about_id,), since=flag.at)


def raise_flag(w: Work, kind: str, listing: Listing, about_id: str, key: str, facts: dict[str, Any]) -> Flag | None:
    """Put it down for a person, once for each key; None when that was said before."""
    if w.session.scalars(select(Flag.id).where(Flag.key == key)).first() is not None:
        return None
    flag = Flag(
        id=ids.new_id(), kind=kind, listing_id=listing.id, about_id=about_id, facts=facts, key=key, at=w.now, decided_by=None,
        decided_at=None,
    )  # fmt: skip
    queue.ask(w, "flag", flag_ask(flag, listing))
    w.session.add(flag)
    w.session.flush()
    w.record("market:flag:raised", flag.id, kind=kind, listing=listing.id)
    return flag


def look_later(w: Work, event: OfferShown) -> None:
    """Somebody sees a price for the first time: compare it soon, after this transaction."""
    w.later(KIND, listing_id=event.listing_id)


@handles(KIND)
def look_at_prices(session: Session, payloads: list[dict[str, Any]]) -> None:
    with work(session, SYSTEM, clock.now()) as w:
        for listing_id in dict.fromkeys(str(one["listing_id"]) for one in payloads):
            listing = w.session.get(Listing, listing_id)
            if listing is not None and listing.state in ("published", "reserved"):
                look_at_price(w, listing)


def look_at_price(w: Work, listing: Listing) -> None:
    """Flag a price far from what others ask and got for the like; once for each price of a listing."""
    asked, since = limits(), w.now - limits().price_days
    if listing.gift:
        return
    found = flag_rules.price_outlier(
        listing.price_minor,
        comparing.prices_of_others(w.session, listing, since, same_grade=True) if listing.grade else [],
        comparing.prices_of_others(w.session, listing, since, same_grade=False), times=asked.price_times, least=asked.price_least,
    )  # fmt: skip
    if found is None:
        return
    facts = {
        "price": listing.price_minor, "currency": listing.currency, "side": found.side, "basis": found.basis,
        "count": found.count, "median_twice": found.median_twice, "times": asked.price_times, "grade": listing.grade or "",
    }  # fmt: skip
    raise_flag(w, "price", listing, listing.seller_id, f"price/{listing.id}/{listing.price_minor}", facts)


def look_at_sales(w: Work, event: CustodyRaised) -> None:
    """In the transaction of the sale: was this very thing sold a short while ago, too?"""
    if event.why != "sold":
        return
    asked = limits()
    sales = comparing.sales_of(w.session, comparing.same_things(w.session, event.item_id), w.now - asked.again_days)
    if not sales or not flag_rules.sold_again(len(sales), times=asked.again_times):
        return
    newest = sales[0]
    facts = {
        "sales": len(sales), "days": asked.again_days.days, "times": asked.again_times,
        "orders": [
            {"number": one.number, "id": one.id, "price": one.price_minor, "currency": one.currency} for one in sales[:10]
        ],
    }  # fmt: skip
    listing = w.session.get_one(Listing, newest.listing_id)
    raise_flag(w, "again", listing, newest.seller_id, f"again/{newest.id}", facts)


def look_at_lines(w: Work) -> None:
    """Whose marked lines went to several people; once a week and person."""
    asked = limits()
    for one in comparing.marked_lines(w.session, asked, w.now):
        if flag_rules.leads_away(one.people, least=asked.away_people):
            year, week, _day = local(w.now).isocalendar()
            listing = w.session.get_one(Listing, one.listing_id)
            facts = {"people": one.people, "lines": one.lines, "days": asked.away_days.days}
            raise_flag(w, "away", listing, one.author_id, f"away/{one.author_id}/{year}W{week}", facts)

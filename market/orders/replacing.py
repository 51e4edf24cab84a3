"""Another thing in place of the one that was sold: kept for the buyer, given once, and from then on what the order is about."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import canonical, ids
from core.db import get_locked
from core.errors import Invalid, Refused
from core.goods import custody
from core.goods.models import Item
from core.i18n import N_
from core.people.models import Account
from core.ports import happened
from core.states import walk
from core.work import Work
from market.listings.actions import reindex
from market.listings.models import Listing
from market.listings.states import LISTING
from market.orders import placing, snapshot
from market.orders.counters import demand_read
from market.orders.events import ThingBack
from market.orders.models import Order
from market.orders.order_rules import after_sales_end, later, warranty_end
from market.orders.replacement_models import Replacement

NOT_FREE = N_("What was chosen can't be given any more. The seller chooses something else.")


def replacements(session: Session, order_id: str) -> Sequence[Replacement]:
    """Oldest first."""
    return session.scalars(select(Replacement).where(Replacement.order_id == order_id).order_by(Replacement.id)).all()


def thing_of(session: Session, order: Order) -> str:
    """The id of the thing that the order is about now: what was given last, else what was sold."""
    given = replacements(session, order.id)
    return given[-1].item_id if given else order.item_id


def went_back(session: Session, order: Order) -> bool:
    """Had the buyer the thing, and is it its seller's again? Then nothing is left to be put right."""
    return order.received_at is not None and session.get_one(Item, thing_of(session, order)).owner_id == order.seller_id


def to_seller(w: Work, item: Item, seller_id: str, why: str) -> None:
    """It is in its seller's hands again: a person's, or those of a house at its counter."""
    if w.session.get_one(Account, seller_id).house:
        custody.move(w, item, holder_kind="org", holder_id=seller_id, place="counter", why=why)
    else:
        custody.move(w, item, holder_kind="person", holder_id=seller_id, place="owner", why=why)


def keep(w: Work, listing: Listing, buyer_id: str) -> None:
    """Nobody else can reserve it from now on. `listing` is locked. Raises as reserving it does."""
    placing.may_have(w, listing, buyer_id)
    walk(w, LISTING, listing, "reserve")
    w.session.flush()
    reindex(w, listing)


def free(w: Work, listing_id: str, *, paused: bool = False) -> bool:
    """Put it back on sale; `paused`: only once its seller says so, for it is on its way or stopped at a check. False where it was
    given already."""
    listing = get_locked(w.session, Listing, listing_id)
    if listing.state == "reserved":
        walk(w, LISTING, listing, "stop" if paused else "release")
        reindex(w, listing)
    return listing.state != "sold"


def told_of(session: Session, listing: Listing) -> list[snapshot.Defect]:
    """What its buyer ticks, one by one, before it is theirs."""
    item = session.get_one(Item, listing.item_id)
    return snapshot.defects(session, item, listing.appraisal_id, listing.condition)


def demand_ticks(session: Session, listing: Listing, ticked: Sequence[str]) -> None:
    """Raises Invalid at a defect that wasn't ticked."""
    for told in told_of(session, listing):
        if told.code not in ticked:
            raise Invalid("defect_unread", N_("Tick each of these: that you have read it before you take it."), field=told.code)


def give(w: Work, order: Order, listing_id: str, *, case: tuple[str, str], ticked: Sequence[str]) -> Replacement:
    """The buyer has it: it is theirs and sold, and what it replaces is the seller's again. `case`: id and number of the exchange.

    The database lets a device through only while its clearance stands. Raises Refused for what can't be given any more."""
    listing, before = get_locked(w.session, Listing, listing_id), custody.locked(w, thing_of(w.session, order))
    if listing.state != "reserved":
        raise Refused("not_free", NOT_FREE)
    if custody.is_with_staff(w.session, listing.item_id):
        demand_read(w, listing.item_id)
    body = _offer(w, order, listing, before.id, case[1], ticked)
    walk(w, LISTING, listing, "sell")
    item = custody.locked(w, listing.item_id)
    custody.move(w, item, holder_kind="person", holder_id=order.buyer_id, place="buyer", why="sold")
    item.owner_id, before.owner_id = order.buyer_id, order.seller_id
    w.session.flush()
    happened(w, ThingBack(before.id, order.seller_id, order.id))
    row = Replacement(
        id=ids.new_id(), order_id=order.id, case_id=case[0], listing_id=listing.id, item_id=item.id, instead_of=before.id,
        snapshot=body, snapshot_digest=canonical.digest(body), at=w.now,
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    _rights_anew(w, order)
    reindex(w, listing)
    w.record("market:order:exchanged", order.id, item=item.id, instead_of=before.id)
    return row


def _offer(w: Work, order: Order, listing: Listing, before: str, number: str, ticked: Sequence[str]) -> dict[str, Any]:
    """What was told of it, frozen as at a sale; returns and warranty stay as they were agreed."""
    body, _ = snapshot.take(w, listing, order)
    body["defects"] = [{**one, "acknowledged": one["code"] in ticked} for one in body["defects"]]
    return {**body, "returns": (order.snapshot or {}).get("returns", {}), "instead_of": before, "case": number}


def _rights_anew(w: Work, order: Order) -> None:
    """The time to look at it, to say that something is wrong, and the warranty count from the day on which the replacement came,
    and never end earlier than before: this market's own rule. Money that is still held waits for that time."""
    months = int((order.snapshot or {}).get("returns", {}).get("warranty_months", 0))
    until = later(order.after_sales_until, after_sales_end(order.return_policy, order.fulfilment == "parcel", w.now))
    order.received_at, order.after_sales_until = w.now, until
    order.warranty_until = later(order.warranty_until, warranty_end(months, w.now))
    if order.completed_at is None:
        order.confirm_until = later(order.confirm_until, until)

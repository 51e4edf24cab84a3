"""Stories of the market that tests begin with: a coat on sale, a laptop on sale, something reserved."""

from collections.abc import Callable
from typing import Any

from core.goods.models import Item
from market.listings import actions
from market.listings.actions import Offer
from market.listings.models import Listing
from market.orders import actions as orders
from market.orders import placing, snapshot
from market.orders.models import Order
from privacy.clearance.queries import find_clearance
from tests import stories

Doing = Callable[..., Any]


def listed(doing: Doing, item_id: str, owner: Any, *, title: str = "波司登羽绒服 95新", price: int = 19900) -> str:
    """An item put on sale by its owner with the permit it has. Returns the listing's id."""
    with doing(owner) as w:
        item = w.session.get_one(Item, item_id)
        offer = Offer(title=title, description="自提，无瑕疵", price_minor=price, district="330106")
        listing = actions.draft(w, item, owner.id, offer, seller_kind="idle")
        permit = find_clearance(w.session, item_id)
        assert permit is not None
        actions.publish(w, listing, permit)
        return listing.id


def listed_coat(doing: Doing, owner: Any, **words: Any) -> str:
    return listed(doing, stories.coat(doing, owner), owner, **words)


def listed_laptop(app: Any, doing: Doing, owner: Any, operator: Any, verifier: Any, org: str, *, nth: int = 0) -> str:
    item_id = stories.wiped_laptop(app, doing, owner, operator, verifier, org, nth=nth)
    return listed(doing, item_id, owner, title="联想 ThinkPad X1 笔记本", price=280000)


def reserved(doing: Doing, listing_id: str, buyer: Any) -> str:
    """Kept for the buyer; nothing binds yet."""
    with doing(buyer) as w:
        return placing.reserve(w, listing_id).id


def ordered(doing: Doing, listing_id: str, buyer: Any, *, payment: str = "cash", fulfilment: str = "meet") -> str:
    """Reserved and ordered: every stated defect ticked, the contract stands."""
    order_id = reserved(doing, listing_id, buyer)
    confirmed(doing, order_id, buyer, payment=payment, fulfilment=fulfilment)
    return order_id


def confirmed(doing: Doing, order_id: str, buyer: Any, *, payment: str = "cash", fulfilment: str = "meet") -> None:
    with doing(buyer) as w:
        order = w.session.get_one(Order, order_id)
        item, listing = w.session.get_one(Item, order.item_id), order.listing
        told = snapshot.defects(w.session, item, listing.appraisal_id, listing.condition)
        ticked = [one.code for one in told]
        placing.confirm(w, order, placing.Choice(payment=payment, fulfilment=fulfilment, acknowledged=ticked, no_return=True))


ALL_YES = {code: "yes" for code in ("serial", "setup_screen", "no_account", "seal", "same_thing", "defects")}


def checked(doing: Doing, order_id: str, buyer: Any, *, tail: str = "", answers: dict[str, str] | None = None) -> bool:
    with doing(buyer) as w:
        order = w.session.get_one(Order, order_id)
        asked = {one.code for one in orders.asked(w, order)}
        said = {code: value for code, value in (answers or ALL_YES).items() if code in asked}
        return orders.check_in_person(w, order, said, serial_tail=tail)


def sold(doing: Doing, order_id: str, seller: Any) -> None:
    from core import secrets

    with doing(seller) as w:
        order = w.session.get_one(Order, order_id)
        orders.hand_over(w, order, secrets.decrypt(order.receipt_code, "receipt"))
        kept = order.state == "paid"
    if kept:  # the point that keeps it gives it out
        with doing() as w:
            order = w.session.get_one(Order, order_id)
            orders.hand_out(w, order, secrets.decrypt(order.receipt_code, "receipt"))


def state_of(session: Any, listing_id: str) -> str:
    session.rollback()
    return str(session.get_one(Listing, listing_id).state)


HOME = ("王小明", "139 1234 8000", "杭州市西湖区文三路 1 号")


def on_its_way(doing: Doing, order_id: str, seller: Any, buyer: Any) -> None:
    """An order by parcel that is paid is packed and given to the carrier."""
    addressed(doing, order_id, buyer)
    sent(doing, order_id, seller)


def addressed(doing: Doing, order_id: str, buyer: Any) -> None:
    from market.orders import parcel

    with doing(buyer) as w:
        parcel.give_address(w, w.session.get_one(Order, order_id), parcel.Address(*HOME))


def sent(doing: Doing, order_id: str, seller: Any) -> None:
    from market.orders import parcel

    with doing(seller) as w:
        parcel.ship(w, w.session.get_one(Order, order_id), "sf", "SF1234567890")


def transferred_and_sent(doing: Doing, listing_id: str, seller: Any, buyer: Any) -> str:
    """Bought by parcel, paid by bank transfer to the seller (nobody holds the money), sent. Returns the order's id."""
    from sqlalchemy import select

    from market.payments import actions as payments
    from market.payments.models import PaymentIntent

    with doing() as w:
        w.session.get_one(Listing, listing_id).by_parcel = True
    order_id = ordered(doing, listing_id, buyer, payment="bank_transfer", fulfilment="parcel")
    with doing(seller) as w:
        payments.confirm_received(w, w.session.scalars(select(PaymentIntent).where(PaymentIntent.subject_id == order_id)).one())
    on_its_way(doing, order_id, seller, buyer)
    return order_id


def by_parcel(doing: Doing, owner: Any, listing_id: str, *, gift: bool = False) -> str:
    """Its owner also sends it; `gift`: for nothing. Returns the listing's id."""
    from market.listings.terms import Terms, set_terms

    with doing(owner) as w:
        set_terms(w, w.session.get_one(Listing, listing_id), Terms(gift=gift, by_parcel=True))
    return listing_id


def swap_agreed(session: Any, doing: Doing, wanted: str, given: str, owner: Any, proposer: Any) -> tuple[str, str]:
    """Both listings are reserved for a swap. Returns the orders: what the proposer gets, what the owner gets."""
    from market.orders import swapping
    from market.orders.swap_models import Swap

    with doing(proposer) as w:
        swap_id = swapping.propose(w, w.session.get_one(Listing, wanted), w.session.get_one(Listing, given)).id
    with doing(owner) as w:
        swapping.agree(w, w.session.get_one(Swap, swap_id))
    row = session.get_one(Swap, swap_id)
    return str(row.wanted_order_id), str(row.given_order_id)


def swap_to_send(session: Any, doing: Doing, owner: Any, proposer: Any) -> tuple[str, str]:
    """A coat for a jacket, both ordered by parcel and addressed. Returns the orders as `swap_agreed` does."""
    coat, jacket = (by_parcel(doing, who, listed_coat(doing, who)) for who in (owner, proposer))
    halves = swap_agreed(session, doing, coat, jacket, owner, proposer)
    for order_id, who in zip(halves, (proposer, owner), strict=True):
        confirmed(doing, order_id, who, fulfilment="parcel")
        addressed(doing, order_id, who)
    return halves

"""Stories of an exchange: asked for, agreed to, chosen, and given in person or by parcel."""

from sqlalchemy import select

from core import secrets
from core.goods.models import Identifier, Item
from market.aftersales import actions, exchanging, handing
from market.aftersales.models import Case
from market.listings.models import Listing
from market.orders import actions as orders
from market.orders import parcel, replacement_ways, replacing
from market.orders.models import Order
from tests.market_stories import HOME, checked, ordered, sold


def bought(doing, listing_id, seller, buyer, **check):
    order_id = ordered(doing, listing_id, buyer)
    assert checked(doing, order_id, buyer, **check)
    sold(doing, order_id, seller)
    return order_id


def agreed(doing, order_id, seller, buyer):
    """Its buyer asks to have it exchanged, its seller agrees."""
    with doing(buyer) as w:
        asked = {"kind": "exchange", "ground": "broken", "words": "拉链坏了"}
        case_id = actions.open_case(w, w.session.get_one(Order, order_id), **asked).id
    step(doing, case_id, seller, actions.answer, True, "")
    return case_id


def step(doing, case_id, who, act, *args):
    with doing(who) as w:
        act(w, w.session.get_one(Case, case_id, with_for_update=True), *args)


def looked_at(doing, case_id, buyer, *, tail="", **answers):
    """The buyer goes through the check in person: yes to all, but for `answers`."""
    with doing(buyer) as w:
        case = w.session.get_one(Case, case_id, with_for_update=True)
        listing = exchanging.instead(w.session, case)
        asked = orders.asked_of(w.session, listing.item_id)
        return handing.check(w, case, {**{one.code: "yes" for one in asked}, **answers}, serial_tail=tail)


def code_of(session, case_id):
    session.rollback()
    return replacement_ways.code_of(replacement_ways.find_way(session, case_id))


def tail_of(session, listing_id):
    numbers = session.scalars(select(Identifier.value).where(Identifier.item_id == item_of(session, listing_id).id))
    return secrets.decrypt(numbers.first(), "identifier")[-4:]


def given(doing, case_id, seller, buyer, ticked=(), *, tail=""):
    """In person: the buyer takes it on what is told, checks it and shows the code, which the seller types."""
    step(doing, case_id, buyer, handing.agree, list(ticked), "meet")
    assert looked_at(doing, case_id, buyer, tail=tail)
    with doing(seller) as w:
        case = w.session.get_one(Case, case_id, with_for_update=True)
        handing.hand_over(w, case, replacement_ways.code_of(replacement_ways.find_way(w.session, case_id)))


def sent(doing, case_id, seller, buyer, ticked=()):
    """By parcel: the buyer takes it on what is told and says where it goes, the seller gives it to the carrier."""
    step(doing, case_id, buyer, handing.agree, list(ticked), "parcel")
    step(doing, case_id, buyer, handing.address, parcel.Address(*HOME))
    step(doing, case_id, seller, handing.send, "sf", "SF1234567890")


def item_of(session, listing_id):
    return session.get_one(Item, session.get_one(Listing, listing_id).item_id)


def all_told(session, listing_id):
    return [one.code for one in replacing.told_of(session, session.get_one(Listing, listing_id))]

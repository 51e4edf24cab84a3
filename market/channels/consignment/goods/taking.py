"""Taking one thing into a shop: into the register, with its numbers, photos and code, under the visit's terms. All or nothing."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from appraisal.identity import lists
from appraisal.identity.queries import digests_of
from core import ids
from core.db import get_locked
from core.errors import Invalid, Refused
from core.goods import custody
from core.goods.intake import Intake as Facts
from core.goods.intake import take_in
from core.goods.models import Item
from core.goods.pictures import keep_photo
from core.i18n import N_
from core.numbers import next_number
from core.once import done_once
from core.people.acting import demand_role
from core.people.houses import house_of
from core.work import Work
from market.channels.consignment.actions import STAFF
from market.channels.consignment.agreements.terms import Terms
from market.channels.consignment.goods import queries, rules
from market.channels.consignment.goods.models import Intake, StockItem, StockPlace
from market.channels.consignment.goods.opening import not_own
from market.channels.consignment.goods.rules import Given, tidied
from market.channels.consignment.goods.stepping import line
from market.listings.actions import Offer, check_offer
from market.listings.models import Listing
from market.listings.shop_gate import demand_shop
from market.listings.states import OPEN

PREFIX = "RK"
NOT_THEIRS = N_("It is in the register as somebody else's. Look at its number once more; if that is right, don't take it in.")
LISTED = N_("This thing is on offer elsewhere. Its owner ends that first.")


class Wrong(Invalid):
    """What was written down can't be taken in; `all`: everything that is wrong, each at its field."""

    def __init__(self, found: list[Invalid]) -> None:
        first = found[0]
        super().__init__(first.code, first.sentence, field=first.field, values=first.values)
        self.all = found


def take(w: Work, intake: Intake, given: Given) -> StockItem:
    """Take a thing in. Raises Wrong with all that is wrong, Invalid at the field for a number that is on another thing, Refused
    for banned goods and what a shop may not sell. Sent twice, taken in once. A number on a list freezes it at once."""
    demand_role(w, intake.org_id, *STAFF)
    demand_shop(w, intake.org_id, given.card.code)
    get_locked(w.session, Intake, intake.id)
    not_own(w, intake.consignor)
    if intake.state != "open":
        raise Refused("intake_closed", N_("This visit is closed. Begin a new one."))
    given, terms = _tidied(w, intake, given), queries.terms_under(intake)
    if found := rules.problems(given, terms):
        raise Wrong(found)
    facts = (intake.id, given.card.code, given.title, given.wanted)
    return queries.get_stock(w.session, done_once(w, "stock_item", given.once, lambda: _take(w, intake, given, terms), *facts))


def _tidied(w: Work, intake: Intake, given: Given) -> Given:
    if given.place_id:
        place = w.session.get(StockPlace, given.place_id)
        if place is None or place.org_id != intake.org_id or place.point_id != intake.point_id or place.ended_at:
            raise Invalid("place_unknown", rules.CHOOSE, field="place")
    return tidy(given)


def tidy(given: Given) -> Given:
    """What was written down, as it will stand in the register."""
    return replace(
        given, title=tidied(given.title), words=given.words.strip()[:4000], came_words=tidied(given.came_words),
        proof=tidied(given.proof),
    )  # fmt: skip


def _take(w: Work, intake: Intake, given: Given, terms: Terms | None) -> str:
    item = _known(w, intake, given.known) if given.known else _new(w, intake, given)
    check_offer(item, offer_of(given, intake))
    for nth, photo in enumerate(given.photos, start=len(item.photos)):
        kept = {name: value for name, value in photo.items() if name != "view"}
        keep_photo(w, item, kept, str(photo.get("view", "")), nth)
    custody.move(w, item, holder_kind="org", holder_id=intake.org_id, place="counter", why="taken_in")
    number = next_number(w, PREFIX)
    row = StockItem(**row_values(w, intake, given, item_id=item.id, data_bearing=item.data_bearing, number=number))
    try:
        w.put(row)
    except IntegrityError as twin:
        raise Refused("in_stock_already", N_("This thing stands in a shop's stock already.")) from twin
    line(w, row, "taken_in", item=item.id, intake=intake.id, wanted=given.wanted, reserve=given.reserve)
    _look_on_lists(w, item)
    return row.id


def _new(w: Work, intake: Intake, given: Given) -> Item:
    """The shop keeps it in its own name (Civil Code 951); whose it is stands in the consignor's file."""
    return take_in(w, house_of(w, intake.org_id).id, facts_of(given))


def facts_of(given: Given) -> Facts:
    """What the register of things keeps of it."""
    return Facts(
        card=given.card, attributes=given.attributes, disclosures=given.disclosures, identifiers=given.identifiers,
        media=given.media, smart=given.smart,
    )  # fmt: skip


def offer_of(given: Given, intake: Intake) -> Offer:
    """What is said of it, as the list of banned goods is asked."""
    return Offer(
        title=given.title, description=given.words, price_minor=given.wanted, district=intake.point.district,
        condition=given.condition,
    )  # fmt: skip


def _known(w: Work, intake: Intake, item_id: str) -> Item:
    """A thing that is in the register keeps its code, numbers and history. It comes from its owner's own hands, or from whom it
    was given back to here."""
    item = get_locked(w.session, Item, item_id)
    account, before = (intake.consignor.account_id if intake.consignor else None), queries.last_of(w.session, item_id)
    given_back = before is not None and before.state == "returned" and before.org_id == intake.org_id
    theirs = item.owner_id == account or (given_back and before is not None and before.consignor_id == intake.consignor_id)
    if not theirs or item.state != "active":
        raise Refused("not_theirs", NOT_THEIRS)
    if w.session.scalars(select(Listing.id).where(Listing.item_id == item_id, Listing.state.in_(OPEN))).first():
        raise Refused("listed_elsewhere", LISTED)
    item.owner_id = house_of(w, intake.org_id).id
    return item


def row_values(w: Work, intake: Intake, given: Given, *, item_id: str, data_bearing: bool, number: str) -> dict[str, Any]:
    """The columns of its row in the stock: a device waits to be wiped, and nothing has a price yet."""
    file = intake.consignor
    return {
        "id": ids.new_id(), "number": number, "org_id": intake.org_id, "intake_id": intake.id, "item_id": item_id,
        "data_bearing": data_bearing, "kind": intake.kind, "consignor_id": intake.consignor_id, "category": str(given.card.code),
        "title": given.title, "words": given.words, "condition": given.condition, "used": given.used,
        "wanted_minor": given.wanted, "reserve_minor": given.reserve, "asking_minor": None, "clearance_id": None, "epoch": None,
        "kept_price": given.kept_price or bool(file and file.no_discount),
        "donate_unsold": given.donate_unsold or bool(file and file.donate_unsold), "came_by": given.came_by,
        "came_words": given.came_words, "proof": given.proof, "point_id": intake.point_id, "place_id": given.place_id or None,
        "listing_id": None, "state": "waiting" if data_bearing else "in_stock", "taken_by": w.actor.id, "taken_at": w.now,
        "floor_at": None, "ended_at": None, "went": "", "went_words": "",
    }  # fmt: skip


def _look_on_lists(w: Work, item: Item) -> None:
    """A number on a list of stolen or barred goods freezes the thing before anybody can sell it."""
    w.session.flush()
    w.session.refresh(item, ["identifiers"])
    lists.see(w, item, digests_of(item))

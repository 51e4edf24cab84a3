"""What can happen to a listing. `publish` can't be called without a permit, and the database checks it again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from appraisal.grades.queries import find_standing
from appraisal.grades.report_queries import is_refused
from core import ids
from core.errors import Invalid, Refused
from core.goods.cards import get_card
from core.goods.custody import locked
from core.goods.models import Item
from core.goods.pictures import add_photo
from core.goods.pictures import remove_photo as hide_photo
from core.goods.rules import is_electronic
from core.i18n import N_
from core.people.notices import notify
from core.ports import ClearanceEnded, ItemHeld, ItemScrapped, happened
from core.queue import actions as queue
from core.states import walk
from core.work import Work
from market.listings import photo_alarm, restricted_rules, tags, watching
from market.listings.condition_rules import CONDITIONS
from market.listings.events import OfferShown, WordsSaid
from market.listings.lost import refuse_held, refuse_lost
from market.listings.models import Listing
from market.listings.on_the_way import is_on_its_way
from market.listings.proof import is_off_sale
from market.listings.shop_gate import demand_shop
from market.listings.shots import least
from market.listings.states import EDITABLE, LISTING, LIVE, OPEN
from market.listings.terms_rules import default_policy, default_warranty
from market.listings.waits import restricted_ask
from privacy.clearance.permit import Cleared, Permit
from privacy.clearance.queries import find_clearance

NOT_CLEARED = N_("It can hold data: it is listed once its wiping has been verified.")
BEING_CHECKED = N_("Its wipe is checked once more by a third person. It can be put on sale again after that.")
MOST_PRICE = 100_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What the seller says of the sale. price_minor: fen, more than nothing. condition: a code of CONDITIONS, or "" for none."""

    title: str
    description: str = ""
    price_minor: int
    district: str
    negotiable: bool = False
    condition: str = ""


def draft(w: Work, item: Item, seller_id: str, offer: Offer, *, seller_kind: str, org_id: str | None = None) -> Listing:
    """Put down a draft for an item. Raises Invalid for banned goods or a bad price; Refused for a second listing."""
    check_offer(item, offer)
    refuse_lost(w.session, item.id)
    open_twin = select(Listing.id).where(Listing.item_id == item.id, Listing.state.in_(OPEN))
    if w.session.scalars(open_twin).first():
        raise Refused("listed_already", N_("This thing has an open listing already. Change that one."))
    listing = Listing(
        id=ids.new_id(), item_id=item.id, data_bearing=item.data_bearing, clearance_id=None, epoch=None,
        seller_id=seller_id, org_id=org_id, seller_kind=seller_kind, category=item.category, grade=None,
        created_at=w.now, changed_at=w.now, published_at=None, return_policy=default_policy(seller_kind),
        warranty_months=default_warranty(seller_kind, is_electronic(get_card(item.category), item.data_bearing)), **_said(offer),
    )  # fmt: skip
    w.session.add(listing)
    w.session.flush()
    w.record("market:listing:drafted", listing.id, item=item.id, category=item.category)
    return listing


def _said(offer: Offer) -> dict[str, object]:
    return {
        "title": offer.title.strip(), "description": offer.description.strip(), "price_minor": offer.price_minor,
        "district": offer.district, "negotiable": offer.negotiable, "condition": offer.condition,
        "gift": False,
    }  # fmt: skip


def check_offer(item: Item, offer: Offer, *, gift: bool = False) -> None:
    """Title, price and the closed code list of banned and restricted goods (R-BAN). Raises Invalid at the field."""
    check_said(item.category, item.attributes, offer, gift=gift)


def check_said(category: str, attributes: Mapping[str, object], offer: Offer, *, gift: bool = False) -> None:
    """The same of a thing that isn't in the register yet."""
    if not offer.title.strip():
        raise Invalid("title_missing", N_("Give it a short name that says what it is."), field="title")
    if not gift and not 0 < offer.price_minor <= MOST_PRICE:
        raise Invalid("price_range", N_("The price must be more than nothing and less than a billion."), field="price")
    if offer.condition and offer.condition not in CONDITIONS:
        raise Invalid("condition_unknown", N_("Please choose one of the answers offered."), field="condition")
    for hit in _signs(category, attributes, offer):
        if hit.kind == "banned":
            raise Invalid("banned_goods", hit.text, field=hit.where, reasons=(hit.code,))


def edit(w: Work, listing: Listing, offer: Offer) -> None:
    """Change what is said; the code list is checked again. A reserved or sold listing keeps its words."""
    words_can_change(listing)
    check_offer(w.session.get_one(Item, listing.item_id), offer)
    tags.demand_price(w.session, listing.id, listing.price_minor, offer.price_minor, negotiable=offer.negotiable)
    before, words = listing.price_minor, (listing.title, listing.description)
    for name, value in _said(offer).items():
        setattr(listing, name, value)
    listing.changed_at = w.now
    item = w.session.get_one(Item, listing.item_id)
    if restricted_hits(item, listing):
        queue.lapse(w, "restricted", listing.id)
        listing.review = ""
        if listing.state == "published":
            walk(w, LISTING, listing, "pause")
    w.record("market:listing:edited", listing.id, price=offer.price_minor)
    watching.price_fell(w, listing, before)
    if listing.state == "published":
        happened(w, OfferShown(listing.id))
    if words != (listing.title, listing.description):
        happened(w, WordsSaid(listing.id, words))
    reindex(w, listing)


def add_photos(w: Work, listing: Listing, raws: list[bytes]) -> None:
    """Add photos to the listing's thing. Raises BadPhoto or Invalid with nothing kept; a sold one keeps its pictures."""
    words_can_change(listing)
    item = w.session.get_one(Item, listing.item_id)
    for raw in raws:
        add_photo(w, item, raw)
    listing.changed_at = w.now
    photo_alarm.look_later(w, listing)


def remove_photo(w: Work, listing: Listing, photo_id: str) -> None:
    """Take a photo off the page; as many as its kind needs stay."""
    words_can_change(listing)
    item = w.session.get_one(Item, listing.item_id)
    standing = [photo for photo in item.photos if photo.removed_at is None]
    if len(standing) <= least(get_card(item.category)):
        raise Refused("last_photo", N_("As many photos as its kind needs stay: add another one first."))
    hide_photo(w, next(photo for photo in standing if photo.id == photo_id))
    listing.changed_at = w.now


def words_can_change(listing: Listing) -> None:
    """Raises Refused where somebody relies on what was said: a buyer, a report, or the record of a sale."""
    if listing.state not in EDITABLE:
        raise Refused("words_fixed", N_("Once it is reserved, sold, withdrawn or frozen its words can't be changed."))


def publish(w: Work, listing: Listing, permit: Permit) -> bool:
    """Put it on sale. The permit is either a clearance of this very item and epoch, or says that none is needed.

    False when it is a restricted good: it stays where it is until a reviewer has seen the proof it needs."""
    # whoever ends a clearance holds the item, too: what is read after this lock stands until the end of this Work
    item = locked(w, listing.item_id)
    if permit.item_id != item.id or (item.data_bearing and not isinstance(permit, Cleared)):
        raise Refused("not_cleared", NOT_CLEARED)
    stands_now = find_clearance(w.session, item.id, w.now) if isinstance(permit, Cleared) else permit
    if isinstance(permit, Cleared) and (not isinstance(stands_now, Cleared) or stands_now.clearance_id != permit.clearance_id):
        raise Refused("not_cleared", NOT_CLEARED)
    demand_shop(w, listing.org_id, item.category)
    refuse_held(w.session, item, w.now)
    tags.demand_tag(w.session, listing.id, listing.price_minor)
    if is_off_sale(w.session, item.id):
        raise Refused("being_checked", BEING_CHECKED)
    stands = find_standing(w.session, item.id, w.now)
    if is_refused(w.session, item.id, item.epoch):
        raise Refused("gate_failed", N_("Its appraisal found something that must not be sold: see the report."))
    check_offer(item, Offer(**{name: getattr(listing, name) for name in Offer.__dataclass_fields__}), gift=listing.gift)
    if listing.review != "granted" and restricted_hits(item, listing):
        ask_review(w, listing)
        return False
    if isinstance(permit, Cleared):
        listing.clearance_id, listing.epoch = permit.clearance_id, permit.epoch
    # one that has run out since isn't carried on: no grade rather than a stale one
    listing.appraisal_id, listing.grade = (stands.id, stands.grade) if stands is not None else (None, None)
    listing.published_at = listing.changed_at = w.now
    walk(w, LISTING, listing, "publish" if listing.state != "paused" else "resume")
    w.record("market:listing:published", listing.id, item=item.id, clearance=listing.clearance_id or "not_needed")
    watching.price_fell(w, listing, listing.price_minor)
    photo_alarm.look_later(w, listing)
    happened(w, OfferShown(listing.id))
    happened(w, WordsSaid(listing.id))
    reindex(w, listing)
    return True


def restricted_hits(item: Item, said: Listing | Offer) -> list[restricted_rules.Hit]:
    return [hit for hit in _signs(item.category, item.attributes, said) if hit.kind == "restricted"]


def _signs(category: str, attributes: Mapping[str, object], said: Listing | Offer) -> list[restricted_rules.Hit]:
    return restricted_rules.check(said.title, said.description, category, {**attributes, "condition": said.condition})


def ask_review(w: Work, listing: Listing) -> None:
    """A restricted good waits for a reviewer; asked twice is asked once."""
    if listing.review == "refused":
        raise Refused("review_refused", N_("A reviewer refused it. Change what is said, or talk to us."))
    if listing.review != "asked":
        listing.changed_at = w.now
        queue.ask(w, "restricted", restricted_ask(listing))
        listing.review = "asked"
        w.record("market:review:asked", listing.id)


def decide_review(w: Work, listing: Listing, granted: bool, reason: str) -> None:
    """A reviewer has looked at the proof and says why; the seller is told and can publish, or not."""
    queue.settle(w, "restricted", listing.id, "granted" if granted else "refused", reason)
    listing.review, listing.changed_at = "granted" if granted else "refused", w.now
    w.record("market:review:decided", listing.id, granted=granted)
    sentence = (
        N_("“%(title)s” was reviewed: you can publish it now.") if granted
        else N_("“%(title)s” was reviewed and can't be sold here.")
    )  # fmt: skip
    notify(w, listing.seller_id, sentence, f"/listings/{listing.id}", title=listing.title)


def wait_for_wipe(w: Work, listing: Listing) -> None:
    walk(w, LISTING, listing, "wait")
    w.record("market:listing:waits", listing.id)


def pause(w: Work, listing: Listing) -> None:
    _step(w, listing, "pause", "market:listing:paused")


def withdraw(w: Work, listing: Listing) -> None:
    _step(w, listing, "withdraw", "market:listing:withdrawn")


def _step(w: Work, listing: Listing, verb: str, word: str) -> None:
    if verb == "withdraw":
        queue.lapse(w, "restricted", listing.id)
    walk(w, LISTING, listing, verb)
    w.record(word, listing.id)
    reindex(w, listing)


def reindex(w: Work, listing: Listing) -> None:
    """The search index follows through a job row in this transaction."""
    w.later("market:index_listing", listing_id=listing.id)


def open_listings(w: Work, item_id: str, states: Iterable[str]) -> list[Listing]:
    query = select(Listing).where(Listing.item_id == item_id, Listing.state.in_(tuple(states))).with_for_update()
    return list(w.session.scalars(query))


def take_down(w: Work, event: ClearanceEnded) -> None:
    """The clearance ends: live listings that rest on it come down in the same transaction."""
    for listing in open_listings(w, event.item_id, LIVE):
        walk(w, LISTING, listing, "take_down")
        w.record("market:listing:taken_down", listing.id, why=event.why)
        notify(
            w, listing.seller_id, N_("“%(title)s” was taken off sale: its clearance ended. It needs a new wipe."),
            f"/listings/{listing.id}", title=listing.title,
        )  # fmt: skip
        reindex(w, listing)


def hold(w: Work, event: ItemHeld) -> None:
    """It is off sale until it was looked at once more; then its seller puts it back. Orders have ended before."""
    for listing in open_listings(w, event.item_id, ("published", "reserved")):
        if is_on_its_way(w.session, listing.id):
            continue
        walk(w, LISTING, listing, "stop" if listing.state == "reserved" else "pause")
        w.record("market:listing:held", listing.id, why=event.why)
        notify(
            w, listing.seller_id, N_("“%(title)s” is off sale while its wipe is checked once more."),
            f"/listings/{listing.id}", title=listing.title,
        )  # fmt: skip
        reindex(w, listing)


def scrap(w: Work, event: ItemScrapped) -> None:
    """What is scrapped leaves the shelf; what somebody has reserved can't be scrapped under the buyer's hands."""
    for listing in open_listings(w, event.item_id, OPEN):
        if listing.state == "reserved":
            raise Refused("reserved_now", N_("Somebody has reserved it. End that order first."))
        _step(w, listing, "withdraw", "market:listing:withdrawn")


def expire_old(w: Work) -> None:
    """After 90 days without a change a listing leaves the shelf; the seller is told."""
    query = select(Listing).where(Listing.state.in_(("published", "paused")), Listing.changed_at < w.now - timedelta(days=90))
    for listing in w.session.scalars(query.limit(200)):
        _step(w, listing, "expire", "market:listing:expired")
        notify(w, listing.seller_id, N_("“%(title)s” was on sale for 90 days and has expired."),
               f"/listings/{listing.id}", title=listing.title)  # fmt: skip

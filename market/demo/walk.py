"""One thing's way through the house, by the rooms' own actions and by the people who may do each step."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from appraisal.grades import actions as grading
from appraisal.grades import photos
from appraisal.grades.guide import photo_code
from appraisal.grades.guide_rules import needed_views
from appraisal.grades.models import Appraisal
from appraisal.grades.photo_queries import photos_of
from appraisal.identity import actions as identity
from appraisal.identity.actions import Typed
from appraisal.identity.places import find_fed
from core import clock, secrets
from core.clock import local
from core.goods.cards import get_card
from core.goods.intake import take_in
from core.goods.models import Item
from core.goods.pictures import keep_photo
from core.people.sellers import seller_kind
from core.work import Work, work
from market.demo.cast import Cast
from market.demo.looks import appraisal_photo, own_look
from market.demo.shelves import Shelved, Wiped
from market.listings import actions as listings
from market.listings.models import Listing
from market.listings.terms import Terms, set_terms
from market.orders import actions as orders
from market.orders import placing, snapshot
from market.orders.models import Order
from privacy.bench import Bench
from privacy.clearance.moving import hand_on
from privacy.clearance.permit import NotNeeded
from privacy.clearance.queries import find_clearance
from privacy.clearance.verifying import Keeping, accept
from privacy.devices.counting import count
from privacy.keys.signing_off import sign_off
from privacy.wipes import actions as wipes
from privacy.wipes import rules
from privacy.wipes.attaching import attach
from privacy.wipes.locks import read_before
from privacy.wipes.models import WipeJob
from privacy.wipes.queries import present_media

STAFF = {"xihu": ("wang", "zhao"), "gongshu": ("feng", "wei")}  # who wipes, who verifies
GOOD: dict[str, Any] = {
    "serial_matches": "match", "claims": "clear", "locks": "none", "unused": "used", "starts": "works",
    "charging": "works", "electrical_safety": "safe", "cooling": "works", "storage": "healthy", "battery_swollen": "no",
    "battery_health": 90, "battery_runs": "works", "display_image": "perfect", "screen_glass": "S0", "keys": "works",
    "keyboard_wear": "S1", "touchpad": "works", "ports": "works", "wifi": "works", "bluetooth": "works",
    "camera": "works", "microphone": "works", "speakers": "works", "lid": "S1", "base": "S1", "inside": "S0",
    "hinge": "firm", "parts_missing": "none", "repair": "none", "liquid": "none", "adapter": "original",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class House:
    """What a walk needs: the session, who is who, and the privacy room's bench."""

    session: Session
    cast: Cast
    bench: Bench

    @contextmanager
    def doing(self, person: str, moment: datetime) -> Iterator[Work]:
        """A Work of this person at that moment; the clock stands still meanwhile, so that ids tell the same time."""
        with clock.stopped_at(moment), work(self.session, self.cast.actor(person), moment) as w:
            yield w


def shelve(house: House, thing: Shelved, photos: Sequence[dict[str, Any]], moment: datetime) -> str:
    """The seller registers and lists a thing; what holds data waits for its wipe. Returns the listing's id."""
    org_id = house.cast.organisations[thing.org] if thing.org else None
    seller_id = house.cast.people[thing.seller]
    with house.doing(thing.seller, moment) as w:
        item = take_in(w, seller_id, thing.intake)
        for place, stored in enumerate(photos):
            keep_photo(w, item, stored, position=place)
        kind = seller_kind(w.session, seller_id, org_id)
        listing = listings.draft(w, item, seller_id, thing.offer, seller_kind=kind, org_id=org_id)
        if thing.by_parcel:
            set_terms(w, listing, Terms(by_parcel=True))
        if item.data_bearing:
            listings.wait_for_wipe(w, listing)
        else:
            listings.publish(w, listing, NotNeeded(item.id))
        return listing.id


def clear(house: House, thing: Shelved, wiped: Wiped, listing_id: str, moment: datetime) -> None:
    """Consent, wipe, log, second person, appraisal, sale: `moment` is when the verifier accepts."""
    operator, verifier = STAFF[wiped.point]
    point = house.cast.organisations[wiped.point]
    item_id = _listing(house, listing_id).item_id
    job_id = _wipe(house, thing, wiped, item_id, moment - timedelta(minutes=50))
    with house.doing(verifier, moment) as w:
        job = w.session.get_one(WipeJob, job_id)
        accept(
            w,
            house.bench,
            job,
            checks=list(rules.CHECKS),
            counted=len(present_media(w.session, item_id)),
            keeping=Keeping(kept="at_point"),
            signed_in_at=moment,
            look=own_look(w, job, thing.motif, thing.n),
        )
    if thing.grade is not None:
        _grade(house, thing, item_id, point, moment + timedelta(seconds=20))
    put_on_sale(house, thing, operator, wiped.point, listing_id, moment)


def put_on_sale(house: House, thing: Shelved, operator: str, point: str, listing_id: str, moment: datetime) -> None:
    """From the bench to the shelf, and on sale by its seller with the clearance that was given at `moment`."""
    item_id = _listing(house, listing_id).item_id
    with house.doing(operator, moment + timedelta(seconds=60)) as w:
        hand_on(w, item_id, place="shelf", org_id=house.cast.organisations[point])
    with house.doing(thing.seller, moment + timedelta(seconds=90)) as w:
        listing = w.session.get_one(Listing, listing_id)
        permit = find_clearance(w.session, item_id, w.now)
        assert permit is not None
        if listing.state == "waiting_wipe":
            listings.publish(w, listing, permit)


def _wipe(house: House, thing: Shelved, wiped: Wiped, item_id: str, moment: datetime) -> str:
    operator, _ = STAFF[wiped.point]
    with house.doing(thing.seller, moment) as w:
        job = wipes.open_job(w, item_id)
        job_id = job.id
        origin = "business" if thing.org else "private"
        wipes.consent(w, job, origin=origin, ticks=dict.fromkeys(rules.TICKS, True))
    with house.doing(operator, moment + timedelta(minutes=8)) as w:
        wipes.start(w, w.session.get_one(WipeJob, job_id), house.cast.organisations[wiped.point])
        count(w, w.session.get_one(WipeJob, job_id), len(present_media(w.session, item_id)))
        read_before(w, w.session.get_one(WipeJob, job_id), dict.fromkeys(rules.locks_of(thing.category), "off"))
    with house.doing(operator, moment + timedelta(minutes=38)) as w:
        if wiped.file.kind_raw:
            attach(w, house.bench, w.session.get_one(WipeJob, job_id), wiped.file.kind_raw)
        attach(w, house.bench, w.session.get_one(WipeJob, job_id), wiped.file.raw)
        sign_off(w, house.bench, w.session.get_one(WipeJob, job_id), w.now)
    return job_id


def _grade(house: House, thing: Shelved, item_id: str, org_id: str, moment: datetime) -> None:
    """The appraiser photographs it, looks at each photo, answers the list and signs."""
    with house.doing("li", moment) as w:
        hand_on(w, item_id, place="appraiser", org_id=org_id)
        made = grading.begin(w, item_id, org_id)
        for view in needed_views(get_card(thing.category)):
            photos.add(w, made, view, photos.read(appraisal_photo(thing, view, photo_code(made.id))))
        shown = [one.id for one in photos_of(w.session, made.id)]
        photos.say(w, made, among=shown, code_read=shown, clean_ones=shown)
        _read_numbers(w, made, w.session.get_one(Item, item_id))
        grading.sign(w, made, {**GOOD, **(thing.grade or {})})


def _read_numbers(w: Work, made: Appraisal, item: Item) -> None:
    """The appraiser reads them in the system and on the thing, and asks the carrier's page where there is an IMEI."""
    fed = find_fed(made.standard)
    if fed is None:
        return
    known = {one.kind: secrets.decrypt(one.value, "identifier") for one in reversed(item.identifiers) if one.live}
    typed = Typed(numbers=[(kind, known.get(kind, "")) for kind in dict.fromkeys(fed.kinds)])
    identity.read_places(w, made.id, item, fed, {place.code: typed for place in fed.places if place.side in ("system", "thing")})
    if "imei" in known:
        identity.look_up_oneself(w, made.id, "carrier_page", local(w.now).date().isoformat())


def reserve(house: House, listing_id: str, buyer: str, moment: datetime) -> str:
    with house.doing(buyer, moment) as w:
        return placing.reserve(w, listing_id).id


def order(house: House, order_id: str, buyer: str, moment: datetime) -> None:
    """The buyer reads what is told, ticks each defect, and orders: cash when they meet."""
    with house.doing(buyer, moment) as w:
        found = w.session.get_one(Order, order_id)
        item, listing = w.session.get_one(Item, found.item_id), found.listing
        told = snapshot.defects(w.session, item, listing.appraisal_id, listing.condition)
        placing.confirm(w, found, placing.Choice(acknowledged=[one.code for one in told]))


def complete(house: House, order_id: str, buyer: str, seller: str, moment: datetime) -> None:
    """They meet, look at it together, pay in cash, and say how it was."""
    with house.doing(buyer, moment) as w:
        order = w.session.get_one(Order, order_id)
        answers = {question.code: "yes" for question in orders.asked(w, order)}
        orders.check_in_person(w, order, answers)
    with house.doing(seller, moment + timedelta(minutes=4)) as w:
        order = w.session.get_one(Order, order_id)
        orders.hand_over(w, order, secrets.decrypt(order.receipt_code, "receipt"))
        kept = order.state == "paid"
    if kept:
        with house.doing("wang", moment + timedelta(minutes=6)) as w:
            order = w.session.get_one(Order, order_id)
            orders.hand_out(w, order, secrets.decrypt(order.receipt_code, "receipt"))


def review(house: House, order_id: str, author: str, words: str, moment: datetime) -> None:
    with house.doing(author, moment) as w:
        orders.review(w, w.session.get_one(Order, order_id), 5, words)


def _listing(house: House, listing_id: str) -> Listing:
    return house.session.get_one(Listing, listing_id)

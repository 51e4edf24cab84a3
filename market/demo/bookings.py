"""The demonstration's agency takes bookings: hours, fees, and a few people who come in the next days."""

from collections.abc import Iterable
from datetime import datetime

from core.goods.cards import get_card
from core.goods.intake import Intake, take_in
from market.channels.appraisal import actions, desk, offering, queries
from market.channels.appraisal.actions import Wanted
from market.channels.appraisal.models import AppraisalBooking
from market.channels.appraisal.offering import Charged, Offered
from market.demo.walk import House

AGENCY, MANAGER = "zhijiang", "ji"
WEEK = {**dict.fromkeys(range(5), "9:00-12:00, 13:30-18:00"), 5: "10:00-16:00", 6: "10:00-16:00"}
FEES = {
    "phone": 5000, "tablet": 5000, "laptop": 8000, "desktop": 8000, "camera": 6000, "game_console": 4000, "wearable": 3000,
    "home_appliance": 6000, "furniture": 6000, "clothing": 2000, "book": 1000,
}  # fmt: skip
# who brings what: a person of people.toml, kind of thing, brand, model, its number, how, which free slot
COMING = (
    ("bob", "phone", "Redmi", "Note 12", "imei", "013977000323877", "drop_off", 1),
    ("alice", "tablet", "Lenovo", "Pad Pro", "serial", "HA1F9K2P", "drop_off", 5),
    ("tang", "laptop", "Dell", "XPS 13", "serial", "7XK2PQ3", "visit", 9),
)


def fees_of(covered: Iterable[str]) -> dict[str, int]:
    """What the agency charges for whatever it may appraise. Raises NotFound for a fee of no kind there is."""
    for code in FEES:
        get_card(code)
    return {code: FEES[code] for code in covered if code in FEES}


def open_desk(house: House, moment: datetime) -> None:
    """The agency says when it has time and what it charges, for whatever its credential covers."""
    org_id = house.cast.organisations[AGENCY]
    with house.doing(MANAGER, moment) as w:
        fees = fees_of(queries.scope_of(w.session, org_id, w.now))
        offering.offer(w, org_id, Offered(
            taking=True, categories=list(fees), hours=WEEK, closed=[], minutes=60, places=2, drop_off=True, visits=True,
            districts=["330106", "330108"], note="",
        ))  # fmt: skip
        offering.charge(w, org_id, Charged(fees=fees, drop_off=0, visit=3000, free_hours=24, late=2000, missed=3000))


def book_some(house: House, now: datetime) -> None:
    """Booked a few hours ago; the first one stands at the counter already."""
    made = [_book(house, row, now) for row in COMING]
    with house.doing(MANAGER, now) as w:
        first = w.session.get_one(AppraisalBooking, made[0], with_for_update=True)
        desk.check_in(w, first, queries.code_of(first), paid=True)


def _book(house: House, row: tuple[str, str, str, str, str, str, str, int], now: datetime) -> str:
    who, kind, brand, model, number, value, way, nth = row
    org_id, visit = house.cast.organisations[AGENCY], way == "visit"
    with house.doing(who, now) as w:
        given = Intake(card=get_card(kind), attributes={"brand": brand, "model": model}, identifiers={number: [value]})
        item_id = take_in(w, house.cast.people[who], given).id
    with house.doing(who, now) as w:
        agency = queries.find_agency(w.session, org_id, w.now)
        if agency is None:
            raise RuntimeError("the demonstration's agency takes no bookings")
        slot = queries.free_slots(w.session, agency.desk, w.now, way)[nth]
        return actions.book(w, item_id, Wanted(
            org_id=org_id, slot=slot, way=way, table_id=agency.table.id, agreed=True, payment="cash",
            district="330106" if visit else "", address="1 Wensan Road" if visit else "",
        )).id  # fmt: skip

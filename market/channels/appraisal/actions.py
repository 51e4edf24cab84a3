"""An owner books a slot for a thing of theirs, or gives it back; the agency calls it off. Money follows by the terms agreed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core import ids, secrets
from core.clock import LOCAL_ZONE
from core.db import get_row
from core.errors import Busy, Forbidden, Invalid, Refused
from core.goods import custody
from core.goods.models import Item
from core.i18n import N_
from core.money import CNY, Money
from core.numbers import next_number
from core.once import done_once
from core.people.acting import demand_role
from core.people.models import Organisation
from core.states import walk
from core.when import exact
from core.work import Work
from market.channels.appraisal import people, queries, refunds, rules
from market.channels.appraisal.models import AgencyDesk, AppraisalBooking
from market.channels.appraisal.queries import Agency
from market.channels.appraisal.states import BOOKING
from market.payments import actions as payments
from market.payments.providers import get_provider, known

CHOOSE = N_("Choose one of the answers offered.")
FULL = N_("This slot has just been taken. Choose another one.")
CHANGED = N_("The agency's fees or terms changed a moment ago. Look at them once more, then book.")

SOON = N_("A visit is booked at least a day before: choose a time from %(time)s on.")
# what the desk is told of a slot that others gave back
TOLD = {
    "owner": N_("The booking %(number)s for %(time)s was called off by its owner."),
    "moved": N_("The booking %(number)s for %(time)s was called off: the thing went into other hands."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the owner chose. `table_id`: the version of the fees that was shown; `agreed`: the tick below it; `payment`: a way of
    paying, "" only where nothing is paid; `district`, `address`: of a visit."""

    org_id: str
    slot: datetime
    way: str
    table_id: str
    agreed: bool
    payment: str = ""
    district: str = ""
    address: str = ""
    once: str = ""


def ways_of_paying() -> list[str]:
    """Those in which the money goes to the agency itself: nobody in between has to hand it on."""
    return [one.code for one in known() if one.in_person]


def book(w: Work, item_id: str, wanted: Wanted) -> AppraisalBooking:
    """Book a slot and agree on the fee. Raises Invalid at the field, Refused when it was taken or isn't offered, Forbidden for a
    thing of somebody else. Sent twice, booked once."""
    facts = (item_id, wanted.org_id, wanted.slot, wanted.way, wanted.table_id)
    made = done_once(w, "appraisal_booking", wanted.once, lambda: _book(w, item_id, wanted), *facts)
    return get_row(w.session, AppraisalBooking, made)


def _book(w: Work, item_id: str, wanted: Wanted) -> str:
    item = custody.locked(w, item_id)
    if item.owner_id != w.actor.id:
        raise Forbidden("not_the_owner", N_("Only the owner books an appraisal for a thing."))
    if item.state != "active":
        raise Refused("not_active", N_("It can't be appraised now: it is not here any more, or frozen."))
    if queries.find_open(w.session, item_id) is not None:
        raise Refused("booked_already", N_("An appraisal is booked for it already. Call that one off first."))
    w.session.get(AgencyDesk, wanted.org_id, with_for_update=True)
    agency = queries.find_agency(w.session, wanted.org_id, w.now)
    if agency is None:
        raise Refused("agency_closed", N_("This agency takes no bookings now. Choose another one."))
    if item.category not in agency.fees:
        raise Refused("kind_not_taken", N_("This agency doesn't take this kind of thing. Choose another one."))
    _check_way(agency, wanted)
    if wanted.table_id != agency.table.id:
        raise Busy("fees_changed", CHANGED)
    if not people.eligible(w, item, wanted.org_id):
        raise Refused("nobody_eligible", N_(
            "Nobody at this agency may appraise this thing of yours just now: whoever is related to its owner, works with them "
            "or had a deal with them leaves it to others. Choose another agency."
        ))  # fmt: skip
    if wanted.way == rules.VISIT and wanted.slot < w.now + rules.VISIT_NOTICE:
        soonest = exact(w.now + rules.VISIT_NOTICE)
        raise Refused("visit_too_soon", SOON, field="slot", values={"time": soonest})
    if wanted.slot.astimezone(LOCAL_ZONE) not in queries.free_slots(w.session, agency.desk, w.now, wanted.way):
        raise Refused("slot_full", FULL, field="slot")
    if not wanted.agreed:
        raise Invalid("not_agreed", N_("Agree to the fee and the terms to book."), field="agreed")
    row = _write(w, item, agency, wanted)
    _agree_payment(w, row, agency, wanted)
    w.record("market:appraisal_booking:made", row.id, item=item.id, org=row.org_id, way=row.way, fee=row.total_minor)
    _tell_booked(w, row)
    return row.id


def _check_way(agency: Agency, wanted: Wanted) -> None:
    desk = agency.desk
    if not (wanted.way == rules.DROP_OFF and desk.drop_off or wanted.way == rules.VISIT and desk.visits):
        raise Invalid("way_missing", CHOOSE, field="way")
    if wanted.way == rules.VISIT:
        if wanted.district not in desk.districts:
            district = N_("Choose one of the districts in which the agency visits people.")
            raise Invalid("district_missing", district, field="district")
        if not 5 <= len(wanted.address.strip()) <= 200:
            raise Invalid("address_missing", N_("Write where the appraiser comes to, with street and number."), field="address")


def _write(w: Work, item: Item, agency: Agency, wanted: Wanted) -> AppraisalBooking:
    visit, table = wanted.way == rules.VISIT, agency.table
    row = AppraisalBooking(
        id=ids.new_id(), number=next_number(w, "YJ"), item_id=item.id, org_id=agency.org.id, fee_table_id=table.id,
        category=item.category, slot=wanted.slot, until=wanted.slot + timedelta(minutes=agency.desk.minutes), way=wanted.way,
        district=wanted.district if visit else "",
        address=secrets.encrypt(wanted.address.strip(), queries.ADDRESS) if visit else "", fee_minor=agency.fees[item.category],
        extra_minor=rules.fee(0, wanted.way, table.drop_off_minor, table.visit_minor), code=new_code(), booked_by=w.actor.id,
        booked_at=w.now, intent_id=None, appraiser_id=None, checked_in_at=None, appraisal_id=None, graded_at=None, ended_at=None,
    )  # fmt: skip
    w.put(row)
    return row


def new_code() -> str:
    """A fresh code for the owner to show, as it is kept."""
    return secrets.encrypt(ids.new_checked_code(), queries.CODE)


def _agree_payment(w: Work, row: AppraisalBooking, agency: Agency, wanted: Wanted) -> None:
    """In which way the fee goes to the agency itself; nothing where it is free."""
    if not row.total_minor:
        return
    if wanted.payment not in ways_of_paying():
        raise Invalid("payment_missing", CHOOSE, field="payment")
    intent = payments.begin(
        w, provider=wanted.payment, subject_id=row.id, payer_id=row.booked_by, payee_id=row.org_id,
        amount=Money(row.total_minor, CNY), title=f"{row.number} {agency.org.name}", key=f"appraisal_booking/{row.id}",
        remote=get_provider(wanted.payment).remote, business=True,
    )  # fmt: skip
    row.intent_id = intent.id
    w.session.flush()


def _tell_booked(w: Work, row: AppraisalBooking) -> None:
    people.tell_owner(w, row, N_("An appraisal is booked (%(number)s): %(time)s. Show the code there."))
    people.tell_desk(w, row, N_("An appraisal was booked with your agency (%(number)s): %(time)s."))


def cancel(w: Work, row: AppraisalBooking) -> None:
    """The owner gives the slot back, by the terms agreed; or the agency calls it off, and then all that was paid goes back.
    Called off once more by the same side changes nothing. Raises Refused when it is too late for it."""
    mine = w.actor.id == row.booked_by
    if not mine:
        demand_role(w, row.org_id, *people.DESK)
    why = "owner" if mine else "agency"
    if row.state == "cancelled" and row.why == _whose(w, row, why):
        return
    end(w, row, "cancel", why)
    if mine:
        return
    org = w.session.get_one(Organisation, row.org_id)
    sentence = N_(
        "%(agency)s had to call off your appraisal of %(time)s (%(number)s). Whatever you paid goes back in full; "
        "book another slot."
    )
    people.tell_owner(w, row, sentence, agency=org.name)


def end(w: Work, row: AppraisalBooking, verb: str, why: str) -> None:
    """Walk it to its end and settle the fee: what may be kept is decided here, once, by the terms agreed. An agency that may not
    appraise any more keeps nothing of what falls through. Its desk is told of what others ended. Raises Refused when it isn't in
    that state."""
    told, why = TOLD.get(why) if verb == "cancel" else None, _whose(w, row, why)
    keep = rules.kept(queries.terms_of(w.session, row), why, row.way, row.slot, w.now)
    walk(w, BOOKING, row, verb, ended_at=w.now, why=why, keep_minor=min(keep, row.total_minor - row.back_minor))
    w.session.flush()
    w.record("market:appraisal_booking:ended", row.id, why=why, kept=row.keep_minor)
    refunds.settle(w, row)
    if told:
        people.tell_desk(w, row, told)


def _whose(w: Work, row: AppraisalBooking, why: str) -> str:
    """Whose doing it is: what falls through at an agency that may not appraise any more is the agency's."""
    return "agency" if why in ("owner", "no_show") and not queries.is_admitted(w.session, row.org_id) else why

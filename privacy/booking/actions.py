"""A slot is booked, changed, given back, kept or missed; a point says what its bench offers."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from core import ids
from core.clock import LOCAL_ZONE
from core.errors import Forbidden, Invalid, Refused
from core.goods.words import MEDIUM_OF
from core.i18n import N_
from core.people.acting import demand_role
from core.people.notices import notify
from core.slot_rules import GRACE, kept_hours
from core.states import walk
from core.when import exact
from core.work import Work
from privacy.booking import queries, rules
from privacy.booking.models import BenchPoint, Booking
from privacy.booking.states import BOOKING
from privacy.wipes import people
from privacy.wipes.models import WipeJob

FULL = N_("This slot has just been taken. Choose another one.")


def offer(
    w: Work,
    org_id: str,
    *,
    taking: bool,
    kinds: Sequence[str],
    price: int,
    hours: Mapping[int, str],
    closed: Sequence[date],
    minutes: int,
    places: int,
    note: str,
) -> BenchPoint:
    """A manager says what the bench of this point wipes, when and for how many fen. Bookings that stand stay as they are."""
    demand_role(w, org_id, "shop_manager", "wipe_operator")
    kept = kept_hours(hours)
    if not kinds or any(MEDIUM_OF.get(kind, "unknown") == "unknown" for kind in kinds):
        raise Invalid("kinds_missing", N_("Choose at least one kind of storage."), field="kinds")
    row = w.session.get(BenchPoint, org_id, with_for_update=True) or BenchPoint(org_id=org_id)
    row.kinds, row.price, row.minutes, row.places = list(kinds), price, minutes, places
    row.hours = kept
    row.closed, row.note = [day.isoformat() for day in closed], note.strip()
    row.changed_by, row.changed_at = w.actor.id, w.now
    row.taking = taking
    w.session.add(row)
    w.session.flush()
    w.record("privacy:bench:offered", org_id, taking=taking, price=price, kinds=len(row.kinds), places=places)
    return row


def book(w: Work, job: WipeJob, org_id: str, slot: datetime) -> Booking:
    """The owner books a slot for an agreed job; an earlier one is given back. Raises Refused when it was taken meanwhile."""
    if job.owner_id != w.actor.id:
        raise Forbidden("not_the_owner", N_("Only the owner books a slot for the device."))
    if job.state != "consented":
        raise Refused("consent_first_book", N_("First read what is wiped and agree to it; then book a slot."))
    if job.org_id not in (None, org_id):
        raise Refused("other_point", N_("This job belongs to another point."))
    point = w.session.get(BenchPoint, org_id, with_for_update=True)
    if point is None or not point.taking:
        raise Refused("point_closed", N_("This point takes no bookings now. Choose another one."), field="slot")
    if not rules.takes(point.kinds, queries.media_of_job(w.session, job)):
        raise Refused("not_offered", N_("This point can't wipe that kind of storage. Choose another one."), field="slot")
    before = queries.find_open(w.session, job.id)
    if before is not None and (before.org_id, before.slot) == (org_id, slot):
        return before
    if slot.astimezone(LOCAL_ZONE) not in queries.free_slots(w.session, point, w.now):
        raise Refused("slot_full", FULL, field="slot")
    if before is not None:
        _end(w, before, "cancel")
    row = Booking(
        id=ids.new_id(),
        job_id=job.id,
        org_id=org_id,
        slot=slot,
        until=slot + timedelta(minutes=point.minutes),
        price=point.price,
        booked_by=w.actor.id,
        booked_at=w.now,
        ended_at=None,
        facts={"kinds": queries.media_of_job(w.session, job)},
    )
    w.put(row)
    w.record("privacy:slot:booked", job.id, booking=row.id, org=org_id)
    notify(
        w,
        job.owner_id,
        N_("You have booked a slot for %(number)s: %(time)s. Show the drop-off code at the counter."),
        f"/wipes/{job.id}",
        number=job.number,
        time=exact(slot),
    )
    return row


def give_back(w: Work, booking: Booking) -> None:
    """The owner doesn't come, or the point calls it off; the job stays and can be booked anew."""
    job = w.session.get_one(WipeJob, booking.job_id)
    mine = w.actor.id == job.owner_id
    if not mine:
        demand_role(w, booking.org_id, *people.COUNTER)
    _end(w, booking, "cancel")
    if not mine:
        notify(
            w,
            job.owner_id,
            N_("The point had to call off your slot (%(number)s). Please book another one."),
            f"/wipes/{job.id}/book",
            number=job.number,
        )


def _end(w: Work, booking: Booking, verb: str) -> None:
    walk(w, BOOKING, booking, verb, ended_at=w.now)
    w.record("privacy:slot:ended", booking.job_id, booking=booking.id, how=verb)


def received(w: Work, job_id: str) -> None:
    """The device is at the counter or on the bench: its slot is kept, whenever it came."""
    booking = queries.find_open(w.session, job_id)
    if booking is not None:
        _end(w, booking, "receive")


def cancelled(w: Work, job_id: str) -> None:
    """The job is over before anybody came."""
    booking = queries.find_open(w.session, job_id)
    if booking is not None:
        _end(w, booking, "cancel")


def remind_and_clear(w: Work) -> None:
    """Sweep: a word the day before; a slot that nobody came to is missed."""
    for booking in queries.coming(w.session, w.now - GRACE):
        job = w.session.get_one(WipeJob, booking.job_id)
        _end(w, booking, "miss")
        sentence = N_("You didn't come to your slot (%(number)s). Book another one when it suits you.")
        notify(w, job.owner_id, sentence, f"/wipes/{job.id}/book", number=job.number)
    for booking in queries.coming(w.session, w.now + timedelta(days=1), reminded=False):
        job = w.session.get_one(WipeJob, booking.job_id)
        booking.reminded = True
        sentence = N_("Your slot for wiping is within a day (%(number)s). Bring the device, its charger and yourself.")
        notify(w, job.owner_id, sentence, f"/wipes/{job.id}", number=job.number)

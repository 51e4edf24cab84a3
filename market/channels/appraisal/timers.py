"""What time does to a booking: a word the day before, a slot that nobody came to, a thing that nobody fetches."""

from datetime import timedelta

from sqlalchemy import select

from core.each import each
from core.i18n import N_
from core.slot_rules import GRACE
from core.work import Work
from market.channels.appraisal import actions, people, queries, rules
from market.channels.appraisal.models import AppraisalBooking

EVERY = timedelta(minutes=5)
AT_ONCE = 200


def run(w: Work) -> None:
    """Sweep; each row by itself, so that one at fault stops no other."""
    each(w, queries.booked_before(w.session, w.now - GRACE), lambda row: _miss(w, row))
    soon = queries.booked_before(w.session, w.now + rules.REMIND, AppraisalBooking.reminded.is_(False))
    each(w, soon, lambda row: _remind(w, row))
    waiting = select(AppraisalBooking).where(
        AppraisalBooking.state == "graded", AppraisalBooking.nudges < len(rules.NUDGES),
        AppraisalBooking.graded_at <= w.now - timedelta(days=rules.NUDGES[0]),
    )  # fmt: skip
    each(w, w.session.scalars(waiting.limit(AT_ONCE)).all(), lambda row: _nudge(w, row))
    old = select(AppraisalBooking).where(AppraisalBooking.address != "", AppraisalBooking.ended_at < w.now - rules.ADDRESS_KEPT)
    each(w, w.session.scalars(old.limit(AT_ONCE)).all(), lambda row: forget_address(w, row))


def _miss(w: Work, row: AppraisalBooking) -> None:
    w.session.refresh(row, with_for_update=True)
    if row.state != "booked":
        return
    actions.end(w, row, "miss", "no_show")
    people.tell_owner(w, row, N_("Nobody came to the slot of %(time)s (%(number)s). Book another one when it suits you."))
    people.tell_desk(w, row, N_("Nobody came to the booked slot of %(time)s (%(number)s)."))


def _remind(w: Work, row: AppraisalBooking) -> None:
    w.session.refresh(row, with_for_update=True)
    if row.state != "booked" or row.reminded:
        return
    row.reminded = True
    people.tell_owner(w, row, N_("Your appraisal is within a day: %(time)s (%(number)s). Have the code at hand."))


def _nudge(w: Work, row: AppraisalBooking) -> None:
    w.session.refresh(row, with_for_update=True)
    due = rules.next_nudge(row.graded_at, row.nudges) if row.graded_at else None
    if row.state != "graded" or due is None or due > w.now:
        return
    row.nudges += 1
    sentence = N_("Your graded thing still waits at the agency (%(number)s). It is kept for you and costs nothing more.")
    people.tell_owner(w, row, sentence)
    if row.nudges == len(rules.NUDGES):
        people.tell_desk(w, row, N_("The owner hasn't fetched %(number)s for a month."))


def forget_address(w: Work, row: AppraisalBooking) -> None:
    row.address = ""
    w.record("market:appraisal_booking:address_erased", row.id)

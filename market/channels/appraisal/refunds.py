"""Money back to who booked: when a slot is called off, when a thing goes back ungraded, and when an appeal against the report was
upheld."""

from appraisal.appeals.events import GradeOverturned
from core.db import get_locked
from core.i18n import N_
from core.money import CNY, Money
from core.work import Work
from market.channels.appraisal import books, people, queries, rules
from market.channels.appraisal.models import AppraisalBooking
from market.payments import actions as payments
from market.payments.events import PaymentSucceeded
from market.payments.models import PaymentIntent
from market.payments.states import OPEN


def find_intent(w: Work, booking: AppraisalBooking) -> PaymentIntent | None:
    return w.session.get(PaymentIntent, booking.intent_id) if booking.intent_id else None


def paid(w: Work, event: PaymentSucceeded) -> None:
    """The fee is there. A booking that has ended meanwhile gets back what the agency may not keep of it."""
    booking = w.session.get(AppraisalBooking, event.subject_id, with_for_update=True)
    if booking is None or booking.intent_id != event.intent_id:
        return
    books.charged(w, booking)
    w.record("market:appraisal_booking:paid", booking.id, amount=event.amount.minor)
    if booking.ended_at is not None:
        give_back(w, booking, "ended")


def settle(w: Work, booking: AppraisalBooking) -> None:
    """A booking ended: a payment that isn't made is called off, of one that is made goes back what may not be kept.

    A transfer that the owner says is on its way is waited for: when it comes, it goes back (`paid`)."""
    intent = find_intent(w, booking)
    if intent is None:
        return
    if intent.state == "paid":
        give_back(w, booking, "ended")
    elif intent.state in OPEN and not (intent.provider == "bank_transfer" and intent.payer_said_at is not None):
        payments.cancel(w, intent, booking.why)


def give_back(w: Work, booking: AppraisalBooking, key: str) -> int:
    """Pay back what was paid and may not be kept; the agency does it the way the money came, and the owner confirms. Returns how
    many fen. Nothing is left the second time."""
    intent = find_intent(w, booking)
    if intent is None or intent.state not in ("paid", "refunded"):
        return 0
    minor = rules.to_pay_back(booking.total_minor, booking.keep_minor, booking.back_minor)
    if minor:
        amount, name = Money(minor, CNY), f"{booking.id}/{key}"
        books.taken_back(w, booking, amount, name)
        payments.refund(w, intent, amount, f"appraisal_booking/{name}", booking.why or key)
        booking.back_minor += minor
        w.session.flush()
        w.record("market:appraisal_booking:paid_back", booking.id, amount=minor, why=key)
    return minor


def fee_back(w: Work, report_id: str, key: str) -> int:
    """An appeal against this report was upheld: the whole fee of the booking it came from goes back, also to who fetched the
    thing long ago. `report_id`: the appraisal's id; `key`: the id of what decided it. A second time changes nothing.

    Returns how many fen go back now: none where the appraisal wasn't booked, cost nothing, or the fee went back already."""
    found = queries.of_report(w.session, report_id)
    if found is None:
        return 0
    booking = get_locked(w.session, AppraisalBooking, found.id)
    booking.keep_minor = 0
    minor = give_back(w, booking, f"appeal/{key}")
    if minor:
        sentence = N_("The fee for the appraisal %(number)s goes back to you in full, %(amount)s: an appeal was upheld.")
        people.tell_owner(w, booking, sentence, amount=Money(minor, CNY))
    return minor


def overturned(w: Work, event: GradeOverturned) -> None:
    """What an appeal that changed a grade for good leads to."""
    fee_back(w, event.appraisal_id, event.appeal_id)

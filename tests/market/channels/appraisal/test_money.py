"""The fee and what goes back: by whom, when, how much, and that the books always sum to zero."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core import clock
from core.work import Actor, work
from market.channels.appraisal import actions, offering, queries, refunds, timers
from market.channels.appraisal.models import AppraisalBooking
from market.ledger.queries import balance, entries_of, verify
from market.payments import actions as payments
from market.payments.models import Refund
from market.payments.queries import get_intent
from tests import booking_stories as story
from tests.explained import recheck_all, walk_books
from tests.market.channels.appraisal.test_booking import graded, look, told


def transferred(doing, session, alice, ji, phone, agency, when=None):
    """Booked, and paid ahead by a transfer that the agency has confirmed."""
    booking = story.booked(doing, alice, phone, agency, when or story.slot(), payment="bank_transfer")
    with doing(ji) as w:
        payments.confirm_received(w, get_intent(w.session, look(session, booking).intent_id))
    return booking


def given_back(doing, session, alice, ji, booking):
    """The agency says that it paid back, the owner that it arrived."""
    for refund in session.scalars(select(Refund).where(Refund.intent_id == look(session, booking).intent_id)).all():
        found = refund.id
        with doing(ji) as w:
            payments.say_refunded(w, w.session.get_one(Refund, found))
        with doing(alice) as w:
            payments.confirm_refunded(w, w.session.get_one(Refund, found))


def even(session, alice, agency):
    session.expire_all()
    return balance(session, "buyer", alice.id).minor == balance(session, "seller_payable", agency).minor == 0 and verify(session).ok


def cancelled(doing, who, session, booking, now=None):
    with work(session, Actor(who.id), now or clock.now()) as w:
        actions.cancel(w, story.row(w, booking))


def test_called_off_in_time_all_of_it_goes_back(doing, session, alice, ji, han, phone, agency):
    booking = transferred(doing, session, alice, ji, phone, agency, story.slot(3))
    cancelled(doing, alice, session, booking)
    assert (look(session, booking).keep_minor, look(session, booking).back_minor) == (0, 6000)
    assert balance(session, "buyer", alice.id).minor == 6000, "owed to her until she says that it arrived"
    given_back(doing, session, alice, ji, booking)
    assert even(session, alice, agency)


def test_called_off_late_the_agency_keeps_what_the_terms_say(doing, session, alice, ji, han, phone, agency):
    booking = transferred(doing, session, alice, ji, phone, agency)
    cancelled(doing, alice, session, booking, story.slot() - timedelta(hours=3))
    assert (look(session, booking).keep_minor, look(session, booking).back_minor) == (2500, 3500)
    given_back(doing, session, alice, ji, booking)
    assert even(session, alice, agency)


def test_called_off_by_the_agency_late_all_of_it_goes_back(doing, session, alice, ji, han, phone, agency):
    booking = transferred(doing, session, alice, ji, phone, agency)
    cancelled(doing, ji, session, booking, story.slot() - timedelta(hours=1))
    assert (look(session, booking).why, look(session, booking).back_minor) == ("agency", 6000)


def test_terms_of_the_day_of_booking_count(doing, session, alice, ji, han, phone, agency):
    booking = transferred(doing, session, alice, ji, phone, agency)
    with doing(ji) as w:
        offering.charge(w, agency, story.charged(late=6000, free_hours=240))
    cancelled(doing, alice, session, booking, story.slot() - timedelta(hours=3))
    assert look(session, booking).keep_minor == 2500


def test_nobody_came_who_had_paid(doing, session, alice, ji, han, phone, agency):
    with doing(ji) as w:
        offering.charge(w, agency, story.charged(missed=5000))
    booking = transferred(doing, session, alice, ji, phone, agency)
    with work(session, Actor("system:test"), story.slot() + timedelta(hours=3)) as w:
        timers.run(w)
    assert (look(session, booking).why, look(session, booking).keep_minor, look(session, booking).back_minor) == ("no_show", 5000, 1000)


def test_nobody_came_who_had_not_paid_owes_nothing(doing, session, alice, agency, booking):
    with work(session, Actor("system:test"), story.slot() + timedelta(hours=3)) as w:
        timers.run(w)
    assert get_intent(session, look(session, booking).intent_id).state == "cancelled"
    assert not entries_of(session, booking) and even(session, alice, agency)


def test_a_transfer_that_comes_after_the_end_goes_back(doing, session, alice, ji, han, phone, agency):
    """She said that it was on its way, then called off: it is waited for, and sent back when it comes."""
    booking = story.booked(doing, alice, phone, agency, story.slot(3), payment="bank_transfer")
    with doing(alice) as w:
        payments.say_paid(w, get_intent(w.session, look(session, booking).intent_id))
    cancelled(doing, alice, session, booking)
    assert get_intent(session, look(session, booking).intent_id).state == "said"
    with doing(ji) as w:
        payments.confirm_received(w, get_intent(w.session, look(session, booking).intent_id))
    assert look(session, booking).back_minor == 6000
    given_back(doing, session, alice, ji, booking)
    assert even(session, alice, agency)


def test_an_upheld_appeal_brings_the_whole_fee_back_once(doing, session, alice, ji, han, phone, agency, booking, all_wiped):
    story.taken_in(doing, ji, booking)
    report = graded(doing, han, phone, agency)
    story.fetched(doing, ji, booking, sealed=True, seal_number="FD-8")
    assert (look(session, booking).keep_minor, look(session, booking).back_minor) == (6000, 0)
    for expected in (6000, 0):
        with doing() as w:
            assert refunds.fee_back(w, report, "appeal-1") == expected
    with doing() as w:
        assert refunds.fee_back(w, report, "appeal-2") == 0, "nothing is left for another one"
    assert sum("an appeal was upheld" in one for one in told(session, alice)) == 1
    given_back(doing, session, alice, ji, booking)
    assert even(session, alice, agency)
    assert recheck_all(session)["appraisal_fee_back"] == 1


def test_an_appeal_upheld_before_it_was_fetched(doing, session, alice, ji, han, phone, agency, booking, all_wiped):
    story.taken_in(doing, ji, booking)
    report = graded(doing, han, phone, agency)
    with doing() as w:
        assert refunds.fee_back(w, report, "appeal-1") == 6000
    story.fetched(doing, ji, booking)
    assert (look(session, booking).keep_minor, look(session, booking).back_minor) == (0, 6000)


def test_an_appeal_about_what_was_never_booked(doing, session, alice, ji, han, phone, agency, all_wiped):
    report = graded(doing, han, phone, agency)
    with doing() as w:
        assert refunds.fee_back(w, report, "appeal-1") == 0
        assert refunds.fee_back(w, "nothing", "appeal-1") == 0


def test_every_entry_tells_how_it_came_about(doing, session, alice, ji, han, phone, agency, root):
    booking = transferred(doing, session, alice, ji, phone, agency)
    cancelled(doing, alice, session, booking, story.slot() - timedelta(hours=3))
    given_back(doing, session, alice, ji, booking)
    assert [one.kind for one in entries_of(session, booking)] == ["payment_by_transfer", "appraisal_fee", "appraisal_fee_back", "refund_paid"]
    assert recheck_all(session) == {"payment_by_transfer": 1, "appraisal_fee": 1, "appraisal_fee_back": 1, "refund_paid": 1}
    assert walk_books(root.client())["entries"] == 4


WAYS = st.fixed_dictionaries({
    "fee": st.integers(1, 200_000), "extra": st.integers(0, 50_000), "late": st.integers(0, 300_000), "missed": st.integers(0, 300_000),
    "free": st.integers(0, 336), "ahead": st.booleans(), "end": st.sampled_from(["owner_early", "owner_late", "agency", "missed", "ungraded", "kept"]),
})  # fmt: skip


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WAYS)
def test_whatever_happens_the_books_sum_to_zero(doing, session, alice, ji, han, agency, phone, way):
    """Every way a booking can end, at any fee and terms: what the owner gets back and what the agency keeps is what was paid."""
    with doing(ji) as w:
        offering.offer(w, agency, story.offered(places=50))
        offering.charge(w, agency, story.charged(fees={"phone": way["fee"], "laptop": 1_000_000}, drop_off=way["extra"], late=way["late"], missed=way["missed"], free_hours=way["free"]))
    total = way["fee"] + way["extra"]
    make = transferred if way["ahead"] else lambda doing, session, alice, ji, phone, agency, when: story.booked(doing, alice, phone, agency, when)
    booking = make(doing, session, alice, ji, phone, agency, story.slot(4))
    _ends(doing, session, alice, ji, booking, way["end"])
    row = look(session, booking)
    moves = way["end"] != "kept" and (way["ahead"] or way["end"] == "ungraded")  # it ended, and there was something to give back
    assert row.back_minor == (total - row.keep_minor if moves else 0) and 0 <= row.keep_minor <= total
    assert row.keep_minor == 0 or way["end"] in ("owner_late", "missed", "owner_early")
    given_back(doing, session, alice, ji, booking)
    assert even(session, alice, agency)
    if way["end"] == "kept":
        cancelled(doing, ji, session, booking)  # the next example books the same phone
        given_back(doing, session, alice, ji, booking)
        assert even(session, alice, agency)


def _ends(doing, session, alice, ji, booking, end):
    if end in ("owner_early", "owner_late", "agency"):
        who, before = (ji, 1) if end == "agency" else (alice, 80 if end == "owner_early" else 1)
        cancelled(doing, who, session, booking, story.slot(4) - timedelta(hours=before))
    elif end == "missed":
        with work(session, Actor("system:test"), story.slot(4) + timedelta(hours=3)) as w:
            timers.run(w)
    elif end == "ungraded":
        story.taken_in(doing, ji, booking)
        story.fetched(doing, ji, booking, sealed=True, seal_number="FD-9")


SEQUENCE = st.lists(st.tuples(st.integers(0, 2), st.integers(9, 11), st.booleans(), st.sampled_from([45, 60])), min_size=1, max_size=14)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SEQUENCE, st.integers(1, 2))
def test_no_slot_is_ever_fuller_than_its_places(doing, session, people, ji, han, agency, bob, steps, places):
    """Booking, calling off and changing how long slots are, in any order: each answer is a booking or a clear refusal, and the count never passes the places."""
    from core.errors import Refused

    with doing(ji) as w:
        offering.offer(w, agency, story.offered(places=places))
    imeis = ("490154203237518", "356938035643809", "352099001761481")
    things = [_phone_of(session, doing, bob, imei) for imei in imeis]
    for which, hour, wants, minutes in steps:
        with doing(ji) as w:
            offering.offer(w, agency, story.offered(places=places, minutes=minutes))
        found = queries.find_open(session, things[which])
        if wants and found is None:
            try:
                story.booked(doing, bob, things[which], agency, story.slot(5, hour))
            except Refused as no:
                assert no.code == "slot_full"
        elif found is not None:
            cancelled(doing, bob, session, found.id)
        session.expire_all()
        spans = queries.booked_spans(session, [agency], clock.now())[agency]
        assert all(sum(begin <= at < end for begin, end in spans) <= places for at, _ in spans)
    for one in session.scalars(select(AppraisalBooking.id).where(AppraisalBooking.state == "booked")).all():
        cancelled(doing, bob, session, one)


def _phone_of(session, doing, owner, imei):
    from core import secrets
    from core.goods.models import Identifier

    found = session.scalars(select(Identifier.item_id).where(Identifier.digest == secrets.keyed_digest(imei, "identifier"), Identifier.live)).first()
    return found or story.phone(doing, owner, imei)


@pytest.fixture
def suspend(doing, agency):
    def now():
        from appraisal.appraisers.queries import find_agency
        from appraisal.appraisers.states import APPRAISER
        from core.states import walk

        with doing() as w:
            walk(w, APPRAISER, find_agency(w.session, agency), "suspend")

    return now


@pytest.mark.parametrize("who", ["owner", "agency"])
def test_called_off_twice_changes_nothing_more(doing, session, alice, ji, han, phone, agency, who):
    from core.errors import Refused

    booking = transferred(doing, session, alice, ji, phone, agency)
    person, other = (alice, ji) if who == "owner" else (ji, alice)
    cancelled(doing, person, session, booking)
    before = look(session, booking).back_minor
    cancelled(doing, person, session, booking)
    with pytest.raises(Refused, match="not_in_this_state"):
        cancelled(doing, other, session, booking)
    assert (look(session, booking).why, look(session, booking).back_minor) == (who, before)
    assert sum("was called off by its owner" in one for one in told(session, ji)) == (who == "owner")


def test_a_second_press_at_an_agency_that_was_suspended(doing, session, alice, ji, han, phone, agency, suspend):
    booking = transferred(doing, session, alice, ji, phone, agency)
    suspend()
    for _ in range(2):
        cancelled(doing, alice, session, booking)
    assert (look(session, booking).why, look(session, booking).back_minor) == ("agency", 6000)


@pytest.mark.parametrize(("suspended", "why", "back"), [(True, "agency", 6000), (False, "owner", 3500)])
def test_a_suspended_agency_keeps_nothing(doing, session, alice, ji, han, phone, agency, suspend, suspended, why, back):
    booking = transferred(doing, session, alice, ji, phone, agency)
    if suspended:
        suspend()
    cancelled(doing, alice, session, booking, story.slot() - timedelta(hours=3))
    assert (look(session, booking).why, look(session, booking).back_minor) == (why, back)

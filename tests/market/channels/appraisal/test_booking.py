"""An owner books an agency's slot, brings the phone, pays, has it graded and fetches it; every step has its refusals."""

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import Integer, select, text
from sqlalchemy.exc import DBAPIError

from appraisal.grades import actions as grading
from appraisal.grades.desk_queries import to_appraise
from appraisal.grades.models import Appraisal
from core import clock
from core.db import Base
from core.errors import Busy, Forbidden, Invalid, Refused
from core.goods import custody
from core.people.models import Notice
from core.work import Actor, work
from market.channels.appraisal import actions, desk, offering, queries, timers
from market.channels.appraisal.models import AppraisalBooking
from market.channels.appraisal.states import BOOKING
from market.ledger.queries import balance, verify
from tests import booking_stories as story
from tests.appraisal_stories import unasked
from tests.appraiser_stories import by_grade


def look(session, booking_id):
    session.expire_all()
    return session.get(AppraisalBooking, booking_id)


def told(session, person):
    session.expire_all()
    return [one.sentence for one in session.scalars(select(Notice).where(Notice.account_id == person.id))]


def graded(doing, appraiser, item_id, agency):
    """Graded faultless, without photos: this story is about the desk, not about the grade."""
    with unasked(), doing(appraiser) as w:
        made = grading.begin(w, item_id, agency)
        assert grading.sign(w, made, next(iter(by_grade(made.standard).values()))) == _standard(w, made).scale[0].code
        return made.id


def undetermined(doing, appraiser, item_id, agency):
    """Signed "not tested" throughout: what nobody can grade."""
    with doing(appraiser) as w:
        made = grading.begin(w, item_id, agency)
        assert grading.sign(w, made, dict.fromkeys(one.code for one in _standard(w, made).checks)) == "U"
        return made.id


def _standard(w, made):
    from appraisal.standards.queries import standard_of

    return standard_of(w.session, made)


# --- what an agency offers ---


def test_an_agency_offers_only_what_its_credential_covers(people, doing, session, ji, bob):
    org_id = story.opened(people, doing, ji, scope={"phone": 1}, categories=["phone"])
    with pytest.raises(Invalid) as no, doing(ji) as w:
        offering.offer(w, org_id, story.offered(categories=["phone", "laptop"]))
    assert (no.value.code, no.value.field) == ("out_of_scope", "categories")
    assert queries.find_desk(session, org_id).categories == ["phone"]
    assert sorted(queries.find_agency(session, org_id, clock.now()).fees) == ["phone"], "a fee alone offers nothing"
    with pytest.raises(Forbidden), doing(bob) as w:
        offering.offer(w, org_id, story.offered(categories=["phone"]))


@pytest.mark.parametrize(("also", "code", "field"), [
    ({"hours": {1: "12-9"}}, "hours_order", "day_1"), ({"categories": []}, "kinds_missing", "categories"),
    ({"drop_off": False, "visits": False}, "way_missing", "drop_off"), ({"districts": []}, "districts_missing", "districts"),
    ({"districts": ["999999"]}, "district_unknown", "districts"),
])  # fmt: skip
def test_a_calendar_is_checked_at_its_field(doing, session, ji, agency, also, code, field):
    with pytest.raises(Invalid) as no, doing(ji) as w:
        offering.offer(w, agency, story.offered(**also))
    assert (no.value.code, no.value.field) == (code, field)
    with doing(ji) as w:
        assert offering.offer(w, agency, story.offered(places=3)) == 0
    assert queries.find_desk(session, agency).places == 3


def test_fees_are_versions_and_what_is_booked_keeps_its_own(doing, session, ji, agency, booking):
    with doing(ji) as w:
        assert offering.charge(w, agency, story.charged()).version == 1, "the same once more writes nothing"
        assert offering.charge(w, agency, story.charged(fees={"phone": 9900})).version == 2
    assert [one.version for one in queries.tables_of(session, agency)] == [2, 1]
    assert look(session, booking).fee_minor == 6000
    with pytest.raises(DBAPIError, match="append-only"), doing() as w:
        w.session.execute(text("UPDATE appraisal_fee_lines SET amount_minor = 1"))


def at_once(app, *steps):
    """Each of (person, step) in a transaction of its own, the second begun while the first isn't saved yet."""
    begun, faults = threading.Event(), []

    def go(nth, who, step):
        if nth:
            begun.wait()
        try:
            with app.extensions["xunshi_db"].session() as own, work(own, Actor(who.id), clock.now()) as w:
                step(w)
                begun.set()
                if not nth:
                    time.sleep(0.5)
        except Exception as fault:  # noqa: BLE001  (told by the test)
            faults.append(fault)

    threads = [threading.Thread(target=go, args=(nth, *one)) for nth, one in enumerate(steps)]
    [one.start() for one in threads]
    [one.join() for one in threads]
    assert not faults


def test_two_managers_at_once_write_two_versions(app, people, session, ji, agency):
    lou = people.person("Lou")
    people.give_role(lou, "shop_manager", agency)
    session.rollback()
    at_once(
        app, (ji, lambda w: offering.charge(w, agency, story.charged(fees={"phone": 5000}))),
        (lou, lambda w: offering.charge(w, agency, story.charged(fees={"phone": 7000}))),
    )  # fmt: skip
    assert [(one.version, one.lines[0].amount_minor) for one in queries.tables_of(session, agency)][:2] == [(3, 7000), (2, 5000)]


def test_two_managers_open_the_desk_at_once(app, people, session, ji):
    from tests.appraiser_stories import admitted

    org_id, lou = people.organisation("钱江鉴定所", "agency"), people.person("Lou")
    for one in (ji, lou):
        people.give_role(one, "shop_manager", org_id)
    admitted(session, org_id, org=True)
    session.rollback()
    at_once(app, *((one, lambda w, n=n: offering.offer(w, org_id, story.offered(places=n))) for n, one in enumerate((ji, lou), 1)))
    assert queries.find_desk(session, org_id).places == 2


def test_no_column_can_tie_the_fee_to_a_grade_a_result_or_a_price():
    """What can be said of a fee is a whole number of fen for a kind of thing and a way, and nothing else."""
    columns = {table: set(Base.metadata.tables[table].columns.keys()) for table in ("appraisal_fee_tables", "appraisal_fee_lines")}
    assert columns == {
        "appraisal_fee_tables": {
            "id", "org_id", "version", "drop_off_minor", "visit_minor", "free_hours", "late_minor", "missed_minor", "set_by", "set_at",
        },
        "appraisal_fee_lines": {"table_id", "category", "amount_minor"},
    }  # fmt: skip
    money = [one for table in columns for name, one in Base.metadata.tables[table].columns.items() if name.endswith("_minor")]
    assert len(money) == 5 and all(type(one.type) is Integer for one in money)


def test_the_database_itself_holds_the_fee_to_the_kinds_line(doing, session, booking):
    for change in ("until = '2099-01-01T00:00:00.000000Z'", "fee_minor = 1", "extra_minor = 1", "way = 'visit'"):
        with pytest.raises(DBAPIError, match="stay as agreed"), doing() as w:
            w.session.execute(text(f"UPDATE appraisal_bookings SET {change}"))
    with pytest.raises(DBAPIError, match="FOREIGN KEY|fee_of_the_kind"), doing() as w:
        w.session.add(_copy(w, booking, fee_minor=6001))
    with doing() as w:
        w.session.add(_copy(w, booking))


def _copy(w, booking, **also):
    """The same booking once more, called off, as raw rows would be written past the program."""
    from core import ids

    one = w.session.get_one(AppraisalBooking, booking)
    told = {column.name: getattr(one, column.name) for column in AppraisalBooking.__table__.columns}
    new = ids.new_id()
    return AppraisalBooking(**{**told, "id": new, "number": new[:20], "slot": story.slot(5), "until": story.slot(5, 11), "state": "cancelled", "why": "owner", "ended_at": w.now, "intent_id": None, **also})


# --- booking ---


def test_booked_brought_graded_and_fetched_sealed(app, doing, session, alice, ji, han, phone, agency, booking, all_wiped):
    assert "An appraisal is booked (%(number)s): %(time)s. Show the code there." in told(session, alice)
    first = story.code(session, booking)
    story.taken_in(doing, ji, booking)
    row = look(session, booking)
    assert (row.state, row.appraiser_id) == ("checked_in", han.id)
    line = custody.find_holder(session, phone)
    assert (line.holder_kind, line.holder_id, line.place) == ("org", agency, "counter")
    assert [one.id for one in to_appraise(session, [agency], han.id)] == [phone], "it leads to the appraiser's desk"
    assert story.code(session, booking) != first, "who took it in doesn't know the code for fetching"
    made = graded(doing, han, phone, agency)
    row = look(session, booking)
    assert (row.state, row.appraisal_id) == ("graded", made)
    story.fetched(doing, ji, booking, sealed=True, seal_number="FD-7")
    assert (look(session, booking).state, look(session, booking).why) == ("handed_back", "done")
    assert custody.find_holder(session, phone).place == "sealed_bag"
    assert session.get(Appraisal, made).state == "signed", "in its bag the grade goes on counting"
    assert balance(session, "buyer", alice.id).minor == balance(session, "seller_payable", agency).minor == 0
    assert verify(session).ok


def test_handed_back_open_the_grade_ends(doing, session, alice, ji, han, phone, agency, booking, all_wiped):
    story.taken_in(doing, ji, booking)
    made = graded(doing, han, phone, agency)
    with pytest.raises(Invalid) as no:
        story.fetched(doing, ji, booking, sealed=True)
    assert (no.value.code, no.value.field) == ("seal_number_missing", "seal_number")
    story.fetched(doing, ji, booking)
    assert look(session, booking).state == "handed_back" and session.get(Appraisal, made).state == "expired"
    assert custody.find_holder(session, phone).place == "owner"


def test_fetched_with_a_signature_instead_of_the_code(doing, session, ji, han, phone, agency, booking, all_wiped):
    story.taken_in(doing, ji, booking)
    graded(doing, han, phone, agency)
    with pytest.raises(Invalid, match="by_missing"):
        story.fetched(doing, ji, booking, by="")
    story.fetched(doing, ji, booking, by="signature", code="")
    assert look(session, booking).back_by == "signature"


def test_only_the_owner_books_and_once(doing, session, alice, bob, phone, agency, han):
    with pytest.raises(Forbidden, match="not_the_owner"):
        story.booked(doing, bob, phone, agency, story.slot())
    first = story.booked(doing, alice, phone, agency, story.slot(), once="k1")
    assert story.booked(doing, alice, phone, agency, story.slot(), once="k1") == first, "sent twice, booked once"
    with pytest.raises(Refused, match="booked_already"):
        story.booked(doing, alice, phone, agency, story.slot(3), once="k2")


@pytest.mark.parametrize(("also", "code", "field"), [
    ({"agreed": False}, "not_agreed", "agreed"), ({"payment": ""}, "payment_missing", "payment"), ({"payment": "stripe"}, "payment_missing", "payment"),
    ({"payment": "collect_code"}, "way_unfit", "payment"), ({"way": "by_post"}, "way_missing", "way"), ({"table_id": "x"}, "fees_changed", ""),
    ({"way": "visit"}, "district_missing", "district"), ({"way": "visit", "district": "330106", "address": "x"}, "address_missing", "address"),
    ({"slot": story.slot() + timedelta(minutes=7)}, "slot_full", "slot"), ({"slot": story.slot(40)}, "slot_full", "slot"),
])  # fmt: skip
def test_what_cannot_be_booked_is_told_at_its_field(doing, alice, phone, agency, han, also, code, field):
    with pytest.raises(Refused) as no, doing(alice) as w:
        actions.book(w, phone, story.wanted(w.session, agency, **{"when": story.slot(), **{k: v for k, v in also.items() if k != "slot"}}) if "slot" not in also
                     else story.wanted(w.session, agency, also["slot"]))  # fmt: skip
    assert (no.value.code, no.value.field) == (code, field)
    story.booked(doing, alice, phone, agency, story.slot())


def test_a_kind_it_does_not_take_and_an_agency_that_is_closed(doing, alice, ji, agency, han):
    with pytest.raises(Refused, match="kind_not_taken"):
        story.booked(doing, alice, story.coat(doing, alice), agency, story.slot())
    mine = story.phone(doing, alice)
    with doing(ji) as w:
        offering.offer(w, agency, story.offered(taking=False))
    with pytest.raises(Refused, match="agency_closed"):
        story.booked(doing, alice, mine, agency, story.slot())
    with doing(ji) as w:
        offering.offer(w, agency, story.offered())
    story.booked(doing, alice, mine, agency, story.slot())


def test_recusal_an_agency_whose_appraisers_all_know_the_owner(people, doing, agency, ji, han, charlie):
    """Ji manages the agency: her own phone is nobody's to grade there; a stranger's is."""
    mine = story.phone(doing, ji)
    with pytest.raises(Refused, match="nobody_eligible"):
        story.booked(doing, ji, mine, agency, story.slot())
    story.booked(doing, charlie, story.phone(doing, charlie, "356938035643809"), agency, story.slot())


def test_one_is_drawn_who_has_nothing_to_do_with_the_owner(people, doing, session, alice, ji, han, phone, agency, booking):
    """Han is declared family of Alice after the booking: Qiu is drawn, whatever the lot."""
    from core import ids
    from privacy.sampling.people_models import PersonRelation

    qiu = people.person("Qiu")
    people.give_role(qiu, "appraiser", agency)
    first, second = sorted((han.id, alice.id))
    with doing(han) as w:
        w.session.add(PersonRelation(
            id=ids.new_id(), first_id=first, second_id=second, kind="family", declared_by=han.id, declared_at=w.now, ended_at=None,
            ended_by=None, counts_until=None,
        ))  # fmt: skip
    story.taken_in(doing, ji, booking)
    assert look(session, booking).appraiser_id == qiu.id


def test_a_shop_grades_its_own_stock_and_the_report_will_say_so(people, doing, session, ji):
    """As today: own stock is graded in-house, labelled B; a shop may offer bookings like an agency."""
    from appraisal.appraisers.recusal import body_type

    shop = story.opened(people, doing, ji, kind="shop")
    lou = people.person("Lou")
    people.give_role(lou, "appraiser", shop)
    booking = story.booked(doing, ji, story.phone(doing, ji), shop, story.slot())
    assert look(session, booking).state == "booked" and body_type(session, shop, ji.id) == "B"


def test_the_last_place_over_real_connections(app, doing, session, alice, bob, agency, han):
    """Two owners want the one place at the same moment: one has it, the other is told."""
    things = [(alice, story.phone(doing, alice)), (bob, story.phone(doing, bob, "356938035643809"))]
    session.rollback()
    answers, gate = [], threading.Barrier(2)

    def go(who, item_id):
        with app.extensions["xunshi_db"].session() as own:
            gate.wait()
            try:
                with work(own, Actor(who.id), clock.now()) as w:
                    actions.book(w, item_id, story.wanted(w.session, agency, story.slot()))
                answers.append("won")
            except (Refused, Busy):
                answers.append("told")

    both = [threading.Thread(target=go, args=one) for one in things]
    [one.start() for one in both]
    [one.join() for one in both]
    assert sorted(answers) == ["told", "won"]
    session.expire_all()
    assert len(session.scalars(select(AppraisalBooking)).all()) == 1


def test_the_database_gives_no_place_away_twice(doing, session, alice, bob, agency, han, booking, monkeypatch):
    """Even when the program believed the slot to be free."""
    other = story.phone(doing, bob, "356938035643809")
    monkeypatch.setattr(queries, "free_slots", lambda *_: [story.slot()])
    with pytest.raises(Busy):
        story.booked(doing, bob, other, agency, story.slot())
    monkeypatch.undo()
    story.booked(doing, bob, other, agency, story.slot(hour=11))


def test_slots_of_another_length_are_not_sold_over_what_is_booked(doing, session, alice, bob, ji, agency, han, booking):
    """10:00 to 11:00 is booked. With slots of 45 minutes from 9:00 on, 9:45 and 10:30 lie over it, whatever the program believes."""
    with doing(ji) as w:
        assert offering.offer(w, agency, story.offered(minutes=45)) == 1, "no slot begins at 10:00 any more"
    day = [one for one in queries.free_slots(session, queries.find_desk(session, agency), clock.now()) if one.date() == story.slot().date()]
    assert [f"{one:%H:%M}" for one in day][:3] == ["09:00", "11:15", "12:00"]
    other = story.phone(doing, bob, "356938035643809")
    for minutes in (-15, 30):
        with pytest.raises(Refused, match="slot_full"):
            story.booked(doing, bob, other, agency, story.slot() + timedelta(minutes=minutes))
    story.booked(doing, bob, other, agency, story.slot(hour=9))


def test_nor_past_the_program(doing, session, bob, ji, agency, han, booking, monkeypatch):
    with doing(ji) as w:
        offering.offer(w, agency, story.offered(minutes=45))
    other, at = story.phone(doing, bob, "356938035643809"), story.slot() - timedelta(minutes=15)
    monkeypatch.setattr(queries, "free_slots", lambda *_: [at, story.slot(hour=9)])
    with pytest.raises(Busy):
        story.booked(doing, bob, other, agency, at)
    story.booked(doing, bob, other, agency, story.slot(hour=9))


def test_two_places_hold_two_at_any_moment(doing, session, alice, bob, charlie, ji, agency, han, booking):
    """Hours that begin at 9:30 lay slots over the booked one; the second place is still there, a third isn't."""
    with doing(ji) as w:
        offering.offer(w, agency, story.offered(places=2, hours={day: "9:30-18:00" for day in range(7)}))
    at = story.slot() - timedelta(minutes=30)
    story.booked(doing, bob, story.phone(doing, bob, "356938035643809"), agency, at)
    with pytest.raises(Refused, match="slot_full"):
        story.booked(doing, charlie, story.phone(doing, charlie, "352099001761481"), agency, at)
    story.booked(doing, charlie, story.phone(doing, charlie, "013977000323877"), agency, story.slot() + timedelta(minutes=90))


# --- at the desk ---


def test_the_desk_asks_for_the_code_and_the_fee(doing, session, alice, bob, ji, booking):
    right = story.code(session, booking)
    for code, paid, why, field in (
        ("", True, "code_length", "code"), ("ABCDEFGH", True, "code_check", "code"), (_other(right), True, "code_wrong", "code"), (right, False, "fee_missing", "paid"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as no, doing(ji) as w:
            desk.check_in(w, story.row(w, booking), code, paid=paid)
        assert (no.value.code, no.value.field) == (why, field)
    with pytest.raises(Forbidden), doing(bob) as w:
        desk.check_in(w, story.row(w, booking), right, paid=True)
    assert look(session, booking).state == "booked" and balance(session, "seller_payable", look(session, booking).org_id).minor == 0
    story.taken_in(doing, ji, booking)


def _other(code):
    from core import ids

    return next(one for one in (ids.new_checked_code() for _ in range(9)) if one != code)


def test_a_transfer_is_confirmed_before_the_thing_is_taken_in(doing, session, alice, ji, han, phone, agency):
    from market.payments import actions as payments
    from market.payments.queries import get_intent

    booking = story.booked(doing, alice, phone, agency, story.slot(), payment="bank_transfer")
    with pytest.raises(Refused, match="transfer_missing"):
        story.taken_in(doing, ji, booking)
    with doing(ji) as w:
        payments.confirm_received(w, get_intent(w.session, look(session, booking).intent_id))
    story.taken_in(doing, ji, booking)
    assert look(session, booking).state == "checked_in"


def test_a_free_appraisal_asks_for_no_payment(doing, session, alice, ji, han, phone, agency):
    with doing(ji) as w:
        offering.charge(w, agency, story.charged(fees={"phone": 0, "laptop": 8000}))
    booking = story.booked(doing, alice, phone, agency, story.slot(), payment="")
    assert look(session, booking).intent_id is None
    story.taken_in(doing, ji, booking)
    assert look(session, booking).state == "checked_in"


def test_a_visit_leaves_the_thing_with_its_owner(doing, session, alice, ji, han, phone, agency, all_wiped):
    booking = story.booked(doing, alice, phone, agency, story.slot(3), way="visit", district="330106", address="文三路 1 号 2 幢 301")
    row = look(session, booking)
    assert (row.total_minor, queries.address_of(row)) == (8000, "文三路 1 号 2 幢 301")
    assert "文三路" not in row.address, "kept encrypted"
    story.taken_in(doing, han, booking)
    assert custody.find_holder(session, phone).holder_id == alice.id
    graded(doing, han, phone, agency)
    assert (look(session, booking).state, look(session, booking).why) == ("handed_back", "done")


@pytest.mark.parametrize("hours", [1, 23])
def test_a_visit_needs_a_day_of_notice(session, alice, phone, agency, han, hours):
    """Whatever time it is now: the story is told so many hours before a slot; brought to the agency, the same slot is fine."""
    visit = {"way": "visit", "district": "330106", "address": "文三路 1 号"}

    def book(before, **also):
        with work(session, Actor(alice.id), story.slot() - before) as w:
            return actions.book(w, phone, story.wanted(w.session, agency, story.slot(), **also)).id

    with pytest.raises(Refused) as no:
        book(timedelta(hours=hours), **visit)
    assert (no.value.code, no.value.field) == ("visit_too_soon", "slot")
    first = book(timedelta(hours=hours))
    with work(session, Actor(alice.id), story.slot() - timedelta(hours=hours)) as w:
        actions.cancel(w, story.row(w, first))
    book(timedelta(hours=24), **visit)


def test_handed_back_ungraded_the_whole_fee_goes_back(doing, session, alice, ji, han, phone, agency, booking):
    story.taken_in(doing, ji, booking)
    assert balance(session, "buyer", alice.id).minor == 0
    story.fetched(doing, ji, booking)
    row = look(session, booking)
    assert (row.state, row.why, row.keep_minor, row.back_minor) == ("handed_back", "ungraded", 0, 6000)
    assert balance(session, "buyer", alice.id).minor == 6000 and verify(session).ok
    assert not to_appraise(session, [agency], han.id)


def test_what_cannot_be_graded_earns_nothing(doing, session, alice, ji, han, phone, agency, booking, all_wiped):
    """A signed "undetermined" is no grade: it is handed back, and the whole fee with it, as the terms say."""
    story.taken_in(doing, ji, booking)
    undetermined(doing, han, phone, agency)
    row = look(session, booking)
    assert (row.state, row.appraisal_id) == ("checked_in", None)
    assert any("couldn't be graded" in one for one in told(session, alice)) and any("couldn't be graded" in one for one in told(session, ji))
    story.fetched(doing, ji, booking)
    row = look(session, booking)
    assert (row.state, row.why, row.keep_minor, row.back_minor) == ("handed_back", "ungraded", 0, 6000)
    assert balance(session, "buyer", alice.id).minor == 6000 and verify(session).ok


def test_graded_after_all_before_it_was_handed_back(doing, session, ji, han, phone, agency, booking, all_wiped):
    """The owner told the passcode: the second look is a grade, and the fee is earned."""
    story.taken_in(doing, ji, booking)
    undetermined(doing, han, phone, agency)
    made = graded(doing, han, phone, agency)
    assert (look(session, booking).state, look(session, booking).appraisal_id) == ("graded", made)
    story.fetched(doing, ji, booking)
    assert (look(session, booking).why, look(session, booking).keep_minor, look(session, booking).back_minor) == ("done", 6000, 0)


def test_a_report_of_before_that_counts_again_earns_no_fee(doing, session, alice, ji, han, phone, agency, booking, all_wiped):
    """Booked once more while the first report was held: that it stands again is no second look, and the second look is one."""
    story.taken_in(doing, ji, booking)
    before = graded(doing, han, phone, agency)
    story.fetched(doing, ji, booking)
    again = story.booked(doing, alice, phone, agency, story.slot(3))
    story.taken_in(doing, ji, again)
    with doing() as w:
        grading.make_known(w, w.session.get_one(Appraisal, before))
    assert (look(session, again).state, look(session, again).appraisal_id) == ("checked_in", None)
    made = graded(doing, han, phone, agency)
    assert (look(session, again).state, look(session, again).appraisal_id) == ("graded", made)


@pytest.mark.parametrize(("sign", "why", "back"), [(undetermined, "ungraded", 8000), (graded, "done", 0)])
def test_a_visit_ends_with_the_report(doing, session, alice, ji, han, phone, agency, all_wiped, sign, why, back):
    booking = story.booked(doing, alice, phone, agency, story.slot(3), way="visit", district="330106", address="文三路 1 号 2 幢")
    story.taken_in(doing, han, booking)
    sign(doing, han, phone, agency)
    assert (look(session, booking).state, look(session, booking).why, look(session, booking).back_minor) == ("handed_back", why, back)


@pytest.mark.parametrize(("state", "verb"), [(one, verb) for one in BOOKING.states for verb in ("check_in", "cancel", "miss", "grade", "give_back", "hand_back")])
def test_only_the_tables_arrows_can_be_walked(state, verb):
    ways = {("booked", "check_in"), ("booked", "cancel"), ("booked", "miss"), ("checked_in", "grade"), ("checked_in", "give_back"), ("graded", "hand_back")}
    assert BOOKING.can(state, verb) == ((state, verb) in ways)


# --- time ---


def test_a_word_the_day_before_and_only_one(doing, session, alice, booking):
    for hours in (40, 20, 10):
        with work(session, Actor("system:test"), story.slot() - timedelta(hours=hours)) as w:
            timers.run(w)
    assert sum("within a day" in one for one in told(session, alice)) == 1


def test_nobody_came(doing, session, alice, ji, phone, agency, booking):
    with work(session, Actor("system:test"), story.slot() + timedelta(hours=1)) as w:
        timers.run(w)
    assert look(session, booking).state == "booked"
    with work(session, Actor("system:test"), story.slot() + timedelta(hours=3)) as w:
        timers.run(w)
    assert look(session, booking).state == "no_show"
    assert any(one.startswith("Nobody came to the booked slot") for one in told(session, ji))
    story.booked(doing, alice, phone, agency, story.slot(4))


def test_who_does_not_fetch_it_is_told_four_times(doing, session, alice, ji, han, phone, agency, booking, all_wiped):
    story.taken_in(doing, ji, booking)
    graded(doing, han, phone, agency)
    for day in range(1, 60):
        with work(session, Actor("system:test"), clock.now() + timedelta(days=day)) as w:
            timers.run(w)
    assert sum("still waits at the agency" in one for one in told(session, alice)) == 4
    assert any("for a month" in one for one in told(session, ji))


def test_an_address_is_erased_a_week_after(doing, session, alice, phone, agency, han):
    booking = story.booked(doing, alice, phone, agency, story.slot(3), way="visit", district="330106", address="文三路 1 号 2 幢")
    with doing(alice) as w:
        actions.cancel(w, story.row(w, booking))
    with work(session, Actor("system:test"), clock.now() + timedelta(days=6)) as w:
        timers.run(w)
    assert queries.address_of(look(session, booking))
    with work(session, Actor("system:test"), clock.now() + timedelta(days=8)) as w:
        timers.run(w)
    assert queries.address_of(look(session, booking)) == ""


# --- other rooms ---


def test_sold_before_the_slot_the_booking_ends_with_it(doing, session, alice, bob, ji, phone, booking):
    with doing() as w:
        item = custody.locked(w, phone)
        custody.move(w, item, holder_kind="person", holder_id=bob.id, place="buyer", why="sold")
        item.owner_id = bob.id
    assert (look(session, booking).state, look(session, booking).why) == ("cancelled", "moved")
    assert sum("was called off: the thing went into other hands" in one for one in told(session, ji)) == 1


def test_back_from_elsewhere_the_slot_stands(doing, session, alice, phone, booking, shop):
    with doing() as w:
        custody.move(w, custody.locked(w, phone), holder_kind="org", holder_id=shop, place="counter", why="taken_in")
        custody.move(w, custody.locked(w, phone), holder_kind="person", holder_id=alice.id, place="owner", why="released_unsealed")
    assert look(session, booking).state == "booked"


def test_whoever_leaves_fetches_their_thing_first_and_gives_slots_back(doing, session, alice, ji, booking):
    from core import ports
    from core.ports import PersonClosing, happened

    assert "thing_at_agency" not in [one.code for one in ports.holds(session, alice.id)]
    story.taken_in(doing, ji, booking)
    assert "thing_at_agency" in [one.code for one in ports.holds(session, alice.id)]
    story.fetched(doing, ji, booking)
    again = story.booked(doing, alice, look(session, booking).item_id, look(session, booking).org_id, story.slot(4))
    with doing(alice) as w:
        happened(w, PersonClosing(alice.id))
    assert look(session, again).state == "cancelled"
    assert sum("was called off by its owner" in one for one in told(session, ji)) == 1, "the desk waits for nobody"


def test_what_a_person_may_ask_for_and_the_life_of_a_thing(doing, session, alice, phone, booking):
    from core import ports
    from market.dossier import personal_data

    assert personal_data(session, alice.id)["appraisals_booked"][0]["fee_minor"] == 6000
    assert any(one.link == f"/appraisal-bookings/{booking}" for one in ports.dossier(session, phone))


def test_an_export_has_every_booking_and_the_page_the_last_ones(doing, session, alice, booking):
    from market.channels.appraisal.views.owner import SHOWN
    from market.dossier import personal_data

    with doing() as w:
        for _ in range(SHOWN):
            w.session.add(_copy(w, booking))
    assert len(personal_data(session, alice.id)["appraisals_booked"]) == SHOWN + 1
    session.rollback()
    page = alice.client().get("/appraisal-bookings").text
    assert page.count('href="/appraisal-bookings/') == SHOWN and f'href="/appraisal-bookings/{booking}"' in page, "open ones first"


def test_changed_hours_leave_what_is_booked_and_name_it(doing, session, alice, ji, agency, booking):
    with doing(ji) as w:
        assert offering.offer(w, agency, story.offered(hours={day: "14:00-18:00" for day in range(7)})) == 1
    assert look(session, booking).state == "booked"
    assert [one.id for one in queries.outside(session, queries.find_desk(session, agency), clock.now())] == [booking]
    with doing(ji) as w:
        actions.cancel(w, story.row(w, booking))
    assert (look(session, booking).state, look(session, booking).why) == ("cancelled", "agency")
    assert any("had to call off your appraisal" in one for one in told(session, alice))


def test_two_clerks_take_it_in_at_once(app, doing, session, alice, ji, people, agency, han, booking):
    """Over real connections: taken in once, the fee charged once."""
    from market.ledger.queries import entries_of

    lou = people.person("Lou")
    people.give_role(lou, "shop_clerk", agency)
    code = story.code(session, booking)
    session.rollback()
    answers, gate = [], threading.Barrier(2)

    def go(who):
        with app.extensions["xunshi_db"].session() as own:
            gate.wait()
            try:
                with work(own, Actor(who.id), clock.now()) as w:
                    desk.check_in(w, story.row(w, booking), code, paid=True)
                answers.append("taken")
            except (Refused, Busy):
                answers.append("told")

    both = [threading.Thread(target=go, args=(one,)) for one in (ji, lou)]
    [one.start() for one in both]
    [one.join() for one in both]
    assert sorted(answers) == ["taken", "told"]
    assert [one.kind for one in entries_of(session, booking)] == ["payment_in_person", "appraisal_fee"]
    assert len(custody.history(session, look(session, booking).item_id)) == 2

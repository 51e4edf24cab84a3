"""A gift or a half of a swap that was sent and doesn't come: nothing goes back but things, and nobody keeps both."""

import itertools
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core import clock
from core.errors import Refused
from core.goods.models import Item
from core.people.models import Notice
from market.aftersales import actions, halves, undelivered
from market.aftersales.models import Case
from market.ledger.models import Entry
from market.listings import actions as listings
from market.listings.models import Listing
from market.orders import actions as orders
from market.orders import both_halves, parcel, timers
from market.orders.models import Order
from market.payments.models import Refund
from privacy.clearance.models import Certificate
from privacy.clearance.queries import find_clearance
from tests.market.orders.test_free_parcels import speaks_of_paying
from tests.market_stories import (
    addressed,
    by_parcel,
    listed_laptop,
    on_its_way,
    ordered,
    sent,
    state_of,
    swap_to_send,
)
from tests.soak import soak


def gift_sent(doing, listing_id, giver, taker):
    by_parcel(doing, giver, listing_id, gift=True)
    order_id = ordered(doing, listing_id, taker, fulfilment="parcel")
    on_its_way(doing, order_id, giver, taker)
    return order_id


@pytest.fixture
def gift(doing, coat, alice, bob):
    """Alice's gift to Bob is with the carrier."""
    return gift_sent(doing, coat, alice, bob)


@pytest.fixture
def both(session, doing, alice, bob):
    """A swap by parcel, nothing sent yet: (the coat that Bob gets, the jacket that Alice gets)."""
    return swap_to_send(session, doing, alice, bob)


def missed(at, order_id, who, day=6):
    with at(day, who) as w:
        return undelivered.miss(w, w.session.get_one(Order, order_id, with_for_update=True), "没有更新", days=5).id


def step(at, day, who, case_id, what, *args, **more):
    with at(day, who) as w:
        what(w, w.session.get_one(Case, case_id, with_for_update=True), *args, **more)


def lost(at, order_id, giver, taker, day=6):
    step(at, day, giver, missed(at, order_id, taker, day), undelivered.answer, True, "找不到了")


def received(at, order_id, who, day=6):
    with at(day, who) as w:
        parcel.confirm_receipt(w, w.session.get_one(Order, order_id, with_for_update=True))


def sweep(at, day):
    for one in (timers.run_out, actions.run_out):
        with at(day) as w:
            one(w)


def stands(session, order_id):
    """(state, why it ended, whose the thing is)."""
    session.rollback()
    order = session.get_one(Order, order_id)
    return order.state, order.ended_why, session.get_one(Item, order.item_id).owner_id


def nothing_moved(session):
    return not session.query(Entry).count() and not session.query(Refund).count()


# --- a gift -------------------------------------------------------------------------------------------------------


def test_a_lost_gift_is_over_without_money(session, at, coat, gift, alice, bob):
    case_id = missed(at, gift, bob)
    told = session.scalars(select(Notice.sentence).where(Notice.account_id == alice.id)).all()
    assert any("without an answer it counts as lost" in one for one in told) and not any("price" in one for one in told)
    session.rollback()
    step(at, 7, alice, case_id, undelivered.answer, True, "找不到了")
    assert stands(session, gift) == ("cancelled", "lost_on_its_way", alice.id) and state_of(session, coat) == "lost"
    case = session.get_one(Case, case_id)
    assert (case.state, case.outcome, case.granted_minor) == ("settled", "lost", 0) and nothing_moved(session)
    assert session.get_one(Order, gift).completed_at is None, "it doesn't count as given"


def test_no_answer_in_time_and_it_counts_as_lost(session, at, gift, alice, bob):
    missed(at, gift, bob)
    sweep(at, 12.9)
    assert stands(session, gift)[0] == "after_sales"
    sweep(at, 13.1)
    assert stands(session, gift) == ("cancelled", "lost_on_its_way", alice.id)


def test_a_gift_that_came_back_can_be_given_to_somebody_else(session, doing, at, coat, gift, alice, bob, charlie):
    with at(3, alice) as w:
        undelivered.come_back(w, w.session.get_one(Order, gift), "拒收")
    assert stands(session, gift) == ("cancelled", "came_back", alice.id) and state_of(session, coat) == "paused"
    with at(4, alice) as w:
        listing = w.session.get_one(Listing, coat)
        listings.publish(w, listing, find_clearance(w.session, listing.item_id))
    again = ordered(doing, coat, charlie, fulfilment="parcel")
    on_its_way(doing, again, alice, charlie)
    received(at, again, charlie, 0)
    assert stands(session, again) == ("completed", "", charlie.id)


def test_a_gift_that_came_after_all_is_theirs(session, at, coat, gift, bob):
    step(at, 8, bob, missed(at, gift, bob), undelivered.arrived)
    assert stands(session, gift) == ("completed", "", bob.id) and state_of(session, coat) == "sold"


def test_waiting_on_the_clock_of_a_gift_goes_on(session, at, gift, bob):
    case_id = missed(at, gift, bob)
    sweep(at, 11)
    assert stands(session, gift)[0] == "after_sales", "it doesn't count as received meanwhile"
    step(at, 11.5, bob, case_id, actions.withdraw)
    assert stands(session, gift)[0] == "shipped"
    sweep(at, 16)
    assert stands(session, gift) == ("completed", "", bob.id)


@pytest.mark.parametrize(("outcome", "state", "why"), [
    ("lost", "cancelled", "lost_on_its_way"), ("came_back", "cancelled", "came_back"), ("arrived", "completed", ""),
])  # fmt: skip
def test_a_mediator_says_what_became_of_a_gift(session, at, gift, alice, bob, mediators, outcome, state, why):
    case_id = missed(at, gift, bob)
    step(at, 7, alice, case_id, undelivered.answer, False, "显示已签收")
    step(at, 8, bob, case_id, actions.mediate, "不是我签的")
    assert stands(session, gift)[0] == "disputed"
    step(at, 9, mediators[0], case_id, undelivered.decide, outcome, "看了底单")
    sweep(at, 16.5)
    assert stands(session, gift)[:2] == (state, why) and nothing_moved(session)


def test_a_lost_device_has_no_clearance(app, session, doing, at, alice, bob, wang, zhao, shop):
    laptop = listed_laptop(app, doing, alice, wang, zhao, shop)
    order_id = gift_sent(doing, laptop, alice, bob)
    case_id = missed(at, order_id, bob)
    with app.app_context():
        step(at, 7, alice, case_id, undelivered.answer, True, "丢了")
    assert stands(session, order_id) == ("cancelled", "lost_on_its_way", alice.id) and state_of(session, laptop) == "lost"
    assert session.scalars(select(Certificate.ended_why)).all() == ["lost"]
    assert find_clearance(session, session.get_one(Order, order_id).item_id) is None


# --- a swap -------------------------------------------------------------------------------------------------------


def test_one_half_is_lost_before_the_other_is_sent(session, doing, at, both, alice, bob):
    coat, jacket = both
    sent(doing, coat, alice)
    lost(at, coat, alice, bob)
    assert stands(session, coat) == ("cancelled", "lost_on_its_way", alice.id)
    assert stands(session, jacket) == ("cancelled", "half_undelivered", bob.id), "Bob sends nothing for nothing"
    assert state_of(session, session.get_one(Order, jacket).listing_id) == "published" and nothing_moved(session)


def test_it_arrives_and_the_other_half_is_owed_as_ever(session, doing, at, both, alice, bob):
    coat, jacket = both
    sent(doing, coat, alice)
    step(at, 7, bob, missed(at, coat, bob), undelivered.arrived)
    assert stands(session, coat) == ("completed", "", bob.id) and stands(session, jacket)[0] == "awaiting_payment"
    with at(9.1, alice) as w:
        assert halves.miss_half(w, w.session.get_one(Order, coat), "还没寄来").ground == "half_missing"


def test_a_half_that_came_back_ends_the_other_one_too(session, doing, at, both, alice, bob):
    sent(doing, both[0], alice)
    with at(3, alice) as w:
        undelivered.come_back(w, w.session.get_one(Order, both[0]), "拒收")
    assert stands(session, both[0]) == ("cancelled", "came_back", alice.id)
    assert stands(session, both[1]) == ("cancelled", "half_undelivered", bob.id)


def test_who_gave_theirs_for_a_lost_one_asks_for_it_back(session, doing, at, both, alice, bob):
    coat, jacket = both
    sent(doing, coat, alice)
    sent(doing, jacket, bob)
    received(at, jacket, alice, 2)
    with pytest.raises(Refused, match="other_under_way"), at(5, bob) as w:
        halves.miss_half(w, w.session.get_one(Order, jacket), "没有来")
    session.rollback()
    assert f"/orders/{jacket}/half" not in bob.client().get(f"/orders/{coat}").text
    session.rollback()
    lost(at, coat, alice, bob)
    assert stands(session, jacket) == ("completed", "", alice.id)
    told = session.scalars(select(Notice.sentence).where(Notice.account_id == bob.id)).all()
    assert any("never came: it was lost" in one for one in told)
    session.rollback()
    assert f"/orders/{jacket}/half" in bob.client().get(f"/orders/{coat}").text
    session.rollback()
    with at(7, bob) as w:
        case_id = halves.miss_half(w, w.session.get_one(Order, jacket), "大衣丢了").id
    step(at, 8, alice, case_id, actions.answer, True, "")
    step(at, 9, alice, case_id, actions.sent_back, "顺丰 SF1234567890")
    step(at, 10, bob, case_id, actions.take_back)
    assert stands(session, jacket) == ("completed", "given_back", bob.id) and stands(session, coat)[2] == alice.id


def test_one_is_lost_while_the_other_is_on_its_way(session, doing, at, both, alice, bob):
    coat, jacket = both
    sent(doing, coat, alice)
    sent(doing, jacket, bob)
    lost(at, coat, alice, bob)
    assert stands(session, jacket)[0] == "shipped"
    with pytest.raises(Refused, match="half_under_way"), at(6, bob) as w:
        halves.miss_half(w, w.session.get_one(Order, jacket), "大衣丢了")
    received(at, jacket, alice, 7)
    with at(7, bob) as w:
        assert halves.miss_half(w, w.session.get_one(Order, jacket), "大衣丢了").asked_by == bob.id


def test_both_are_lost_and_both_are_over(session, doing, at, both, alice, bob):
    for order_id, giver in zip(both, (alice, bob), strict=True):
        sent(doing, order_id, giver)
    for order_id, giver, taker in ((both[0], alice, bob), (both[1], bob, alice)):
        lost(at, order_id, giver, taker)
    assert [stands(session, one) for one in both] == [
        ("cancelled", "lost_on_its_way", alice.id), ("cancelled", "lost_on_its_way", bob.id),
    ]  # fmt: skip


def test_what_comes_for_a_half_that_went_back_meanwhile_is_owed_back(session, doing, at, both, alice, bob):
    coat, jacket = both
    sent(doing, jacket, bob)
    received(at, jacket, alice, 1)
    sent(doing, coat, alice)
    with at(2, alice) as w:
        case_id = actions.open_case(w, w.session.get_one(Order, jacket), kind="return", ground="broken", words="开线").id
    step(at, 3, bob, case_id, actions.answer, True, "")
    step(at, 3, bob, case_id, actions.take_back)
    assert stands(session, jacket) == ("completed", "given_back", bob.id) and stands(session, coat)[0] == "shipped"
    received(at, coat, bob, 4)
    case = session.scalars(select(Case).where(Case.order_id == coat)).one()
    assert (case.ground, case.state, case.asked_by) == ("half_back", "accepted", alice.id)
    step(at, 6, alice, case.id, actions.take_back)
    assert stands(session, coat) == ("completed", "given_back", alice.id)


# --- pages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_missed_gift_on_the_phone_without_a_word_of_paying(session, coat, gift, alice, bob, language):
    def pages(client, *paths):
        for path in paths:
            answer = client.get(path)
            assert answer.status_code == 200 and not speaks_of_paying(answer.text), path

    path = f"/orders/{gift}"
    with clock.stopped_at(clock.now() + timedelta(days=6)):
        his, hers = bob.client(language=language), alice.client(language=language)
        pages(his, f"{path}/missing")
        pages(hers, f"{path}/came-back")
        assert his.post(f"{path}/missing", data={"words": " "}).status_code == 422
        case = his.post(f"{path}/missing", data={"words": "没有更新"}).location
        for client in (his, hers):
            pages(client, path, case)
        assert hers.post(f"{case}/refuse", data={"words": ""}).status_code == 422
        assert hers.post(f"{case}/accept", data={"words": "丢了"}).status_code == 303
        for client in (his, hers):
            pages(client, path, case)
        assert ("未送达" if language == "zh" else "Not delivered") in his.get(path).text
        assert hers.post(f"{path}/found").status_code == 303


# --- any story ----------------------------------------------------------------------------------------------------

VERBS = ("send", "confirm", "miss", "accept", "refuse", "arrived", "came_back", "withdraw", "half", "ask", "take_back", "sent_back",
         "cancel", "mediate", "decide")  # fmt: skip
TRIES = tuple(itertools.product((0, 1), (True, False), VERBS))
STEP = st.tuples(st.permutations(TRIES), st.sampled_from((0, 1, 3, 6)))
OPEN = ("created", "awaiting_payment", "checked", "paid")
NEVER = ("lost_on_its_way", "came_back")


class Posted:
    """A swap by parcel and what two people and a mediator try with it, each in its time; what isn't allowed is refused."""

    def __init__(self, session, doing, at, alice, bob, mediators):
        self.session, self.at, self.mediators, self.day = session, at, mediators, 0.0
        self.halves, self.people = swap_to_send(session, doing, alice, bob), (alice, bob)

    def go_on(self, tries, days):
        self.day += days + 0.001
        self.attempt(0, True, "sweep")
        self.holds()
        for half, giver, verb in tries:
            if self.attempt(half, giver, verb):
                return verb
        return "nothing"

    def attempt(self, half, giver, verb):
        who = None if verb == "sweep" else self.mediators[0] if verb == "decide" else self.people[half if giver else 1 - half]
        try:
            with self.at(self.day, who) as w:
                self._do(w, w.session.get_one(Order, self.halves[half], with_for_update=True), verb)
        except Refused:
            return False
        return True

    def _do(self, w, order, verb):
        case = halves.open_case_of(w.session, order.id)
        mine = w.actor.id == (order.seller_id if verb in ("send", "came_back") else order.buyer_id)
        if verb == "sweep":
            actions.run_out(w)
            timers.run_out(w)
        elif verb in ("send", "confirm") and (not mine or order.shipped_at if verb == "send" else not mine or order.received_at):
            raise Refused("not_yours", "The other side does this, once.")
        elif verb == "send":
            parcel.ship(w, order, "sf", "SF1234567890")
        elif verb == "confirm":
            parcel.confirm_receipt(w, order)
        elif verb == "miss":
            undelivered.miss(w, order, "没有来", days=5)
        elif verb == "came_back":
            if order.ended_why == "came_back":
                raise Refused("over", "It has come back already.")
            undelivered.come_back(w, order, "退回")
        elif verb == "half":
            halves.miss_half(w, order, "没有来")
        elif verb == "ask":
            actions.open_case(w, order, kind="return", ground="broken", words="坏了")
        elif verb == "cancel":
            if order.state not in OPEN:
                raise Refused("over", "It is over already.")
            orders.cancel(w, order)
        else:
            self._in_case(w, case, verb)

    def _in_case(self, w, case, verb):
        if case is None:
            raise Refused("no_case", "There is none.")
        parcels = case.kind == "undelivered"
        if verb in ("accept", "refuse"):
            (undelivered if parcels else actions).answer(w, case, verb == "accept", "好")
        elif verb == "arrived":
            undelivered.arrived(w, case)
        elif verb == "decide" and parcels:
            undelivered.decide(w, case, undelivered.rules.OUTCOMES[len(case.lines) % 3], "理由")
        elif verb == "decide":
            actions.decide(w, case, 0, "理由", outcome="return_first")
        elif verb in ("mediate", "sent_back"):
            getattr(actions, verb)(w, case, "单号 SF1")
        else:
            getattr(actions, verb)(w, case)

    def holds(self):
        self.session.rollback()
        rows = [self.session.get_one(Order, one) for one in self.halves]
        for order in rows:
            with_buyer = order.received_at is not None and order.ended_why != "given_back"
            owner = self.session.get_one(Item, order.item_id).owner_id
            assert owner == (order.buyer_id if with_buyer else order.seller_id), "the register says what the order says"
            assert order.state not in ("paid", "refunded") and order.paid_at is None and order.refunded_minor == 0
            if order.ended_why in NEVER:
                assert order.state == "cancelled" and order.received_at is None
            if order.state == "cancelled" and order.shipped_at is not None:
                assert order.ended_why in NEVER, "what is with the carrier isn't called off"
        for one, other in (rows, rows[::-1]):
            over = one.ended_why in (*NEVER, "given_back") or one.state in ("cancelled", "expired")
            assert not (over and other.state in OPEN), "nobody owes anything for nothing"
            if over and both_halves.has_gone(other):
                asked = halves.open_case_of(self.session, other.id)
                now = clock.now() + timedelta(days=self.day)
                assert asked or halves.fault_of(self.session, other, now) == "", "nobody is left with nothing and no way"
        assert nothing_moved(self.session)


def test_whatever_they_do_by_parcel_nobody_keeps_both_and_no_money_moves(session, doing, at, alice, bob, mediators):
    seen: Counter[str] = Counter()

    @settings(max_examples=soak(80), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(steps=st.lists(STEP, min_size=6, max_size=10))
    def story(steps):
        one = Posted(session, doing, at, alice, bob, mediators)
        assert one.attempt(0, True, "send")
        for tries, days in steps:
            seen[one.go_on(tries, days)] += 1
            one.holds()
        with doing() as w:  # so that the two can reserve again
            for order_id in one.halves:
                order = w.session.get_one(Order, order_id)
                if order.state in OPEN:
                    orders.end(w, order, "cancel", "called_off")

    story()
    assert len(seen) > min(4, soak(80) // 2), seen  # few cases can't show every way


def test_an_address_goes_a_month_after_a_gift_was_lost(session, doing, at, gift, alice, bob):
    lost(at, gift, alice, bob)
    for day, gone in ((29, False), (40, True)):
        with at(day) as w:
            parcel.erase_old(w)
        session.rollback()
        assert (parcel.find_parcel(session, gift).to == "") is gone
    with pytest.raises(Refused, match="no_address_now"):
        addressed(doing, gift, bob)

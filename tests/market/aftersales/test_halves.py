"""Half a swap: one half was handed over and the other never came, or one of the two went back. Nobody keeps both."""

import io
import itertools
import json
import zipfile
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core import clock, ports, secrets
from core.errors import Invalid, Refused
from core.goods.models import Identifier, Item
from core.people.models import Notice
from core.queue.models import QueueEntry
from market.aftersales import actions, halves
from market.aftersales.models import Case
from market.ledger.models import Entry
from market.listings.models import Listing
from market.orders import actions as orders
from market.orders import both_halves, swapping, timers
from market.orders.models import Order
from market.orders.swap_models import Swap
from privacy.clearance.queries import find_clearance
from tests.market_stories import checked, confirmed, listed_coat, listed_laptop, sold, state_of
from tests.soak import soak


def swapped(session, doing, wanted, given, alice, bob, **check):
    """Bob wants Alice's thing and gives his own for it: agreed, ordered and checked by both. Returns the two orders."""
    with doing(bob) as w:
        swap_id = swapping.propose(w, w.session.get_one(Listing, wanted), w.session.get_one(Listing, given)).id
    with doing(alice) as w:
        swapping.agree(w, w.session.get_one(Swap, swap_id))
    row = session.get_one(Swap, swap_id)
    coat, jacket = str(row.wanted_order_id), str(row.given_order_id)
    for order_id, buyer in ((coat, bob), (jacket, alice)):
        confirmed(doing, order_id, buyer)
        assert checked(doing, order_id, buyer, **check)
    return coat, jacket


@pytest.fixture
def half(session, doing, alice, bob):
    """Alice has handed her coat to Bob, and his jacket hasn't come: (order of the coat, order of the jacket)."""
    found = swapped(session, doing, listed_coat(doing, alice, title="大衣"), listed_coat(doing, bob, title="冲锋衣"), alice, bob)
    sold(doing, found[0], alice)
    return found


@pytest.fixture
def whole(doing, half, bob):
    sold(doing, half[1], bob)
    return half


def missed(at, order_id, who, day=2.1, words="约好当面互换，他没有来"):
    with at(day, who) as w:
        return halves.miss_half(w, w.session.get_one(Order, order_id), words).id


def step(at, day, who, case_id, verb, *args):
    with at(day, who) as w:
        getattr(actions, verb)(w, w.session.get_one(Case, case_id, with_for_update=True), *args)


def stands(session, order_id):
    """(state, why it ended, whose the thing is) of a half."""
    session.rollback()
    order = session.get_one(Order, order_id)
    return order.state, order.ended_why, session.get_one(Item, order.item_id).owner_id


def open_on(session, order_id):
    session.rollback()
    return session.scalars(select(Case).where(Case.order_id == order_id).order_by(Case.id.desc())).first()


def test_who_got_nothing_gets_their_half_back_and_the_other_one_is_called_off(session, at, half, alice, bob):
    coat, jacket = half
    case_id = missed(at, coat, alice)
    case = session.get_one(Case, case_id)
    assert (case.asked_by, case.answers_id, case.by_giver) == (alice.id, bob.id, True)
    assert missed(at, coat, alice) == case_id, "said again it is the same case"
    step(at, 3, bob, case_id, "answer", True, "")
    assert stands(session, jacket)[0] == "checked", "as long as the coat isn't back nothing else changes"
    step(at, 4, bob, case_id, "sent_back", "顺丰 SF1234567890")
    step(at, 6, alice, case_id, "take_back")
    assert stands(session, coat) == ("completed", "given_back", alice.id)
    assert stands(session, jacket) == ("cancelled", "half_back", bob.id)
    assert session.get_one(Case, case_id).state == "settled" and session.query(Entry).count() == 0
    assert state_of(session, session.get_one(Order, jacket).listing_id) == "published", "his jacket is on sale again"
    with at(7) as w:
        assert not orders.other_half_went(w.session, w.session.get_one(Order, jacket))


def ending(who, case_id):
    """Which of the ends of a half its page says."""
    page = who.client().get(f"/cases/{case_id}").text
    ends = {"back": "It is done: this half is back with who gave it", "came": "The other half came after all", "stays": "It was decided that it stays"}
    return [code for code, words in ends.items() if words in page]


def test_the_page_says_which_of_the_two_it_was(session, doing, at, half, alice, bob):
    case_id = missed(at, half[0], alice)
    page = alice.client().get(f"/cases/{case_id}").text
    assert ending(alice, case_id) == [] and "If the other half is handed over, this is settled by itself." in page
    with at(2.5, bob) as w:
        order = w.session.get_one(Order, half[1])
        orders.hand_over(w, order, secrets.decrypt(order.receipt_code, "receipt"))
    assert ending(alice, case_id) == ["came"]
    assert "另一件最终已交付" in bob.client(language="zh").get(f"/cases/{case_id}").text


def test_a_half_that_went_back_says_that(session, at, half, alice, bob):
    case_id = missed(at, half[0], alice)
    step(at, 3, bob, case_id, "answer", True, "")
    step(at, 6, alice, case_id, "take_back")
    assert ending(alice, case_id) == ["back"]
    page = bob.client(language="zh").get(f"/cases/{case_id}").text
    assert "已归还给交出的一方" in page and "最终已交付" not in page


def test_what_went_back_offers_no_more_case_and_doesnt_read_as_with_its_buyer(session, at, half, alice, bob):
    order = f"/orders/{half[0]}"
    listing = f"/listings/{session.get_one(Order, half[0]).listing_id}"
    assert "Something is wrong" in bob.client().get(order).text and bob.client().get(f"{order}/case").status_code == 200
    for who in (alice, bob):
        assert "It has been handed over to its buyer" in who.client().get(listing).text
    case_id = missed(at, half[0], alice)
    step(at, 3, bob, case_id, "answer", True, "")
    assert "To the case" in bob.client().get(order).text
    step(at, 6, alice, case_id, "take_back")
    assert "Something is wrong" not in bob.client().get(order).text and bob.client().get(f"{order}/case").location == order
    for who in (alice, bob):
        page, zh = who.client().get(listing).text, who.client(language="zh").get(listing).text
        assert "went back to who had given it" in page and "handed over to its buyer" not in page
        assert "后来归还给交出的一方" in zh and "已交付给买家" not in zh


def test_the_other_half_that_comes_after_all_settles_it(session, doing, at, half, alice, bob):
    case_id = missed(at, half[0], alice)
    sold(doing, half[1], bob)
    assert stands(session, half[0]) == ("completed", "", bob.id) and stands(session, half[1])[2] == alice.id
    assert session.get_one(Case, case_id).state == "settled"


def test_it_comes_while_a_mediator_looks_at_it(session, doing, at, half, alice, bob):
    case_id = missed(at, half[0], alice)
    step(at, 3, bob, case_id, "answer", False, "下周就给")
    step(at, 4, alice, case_id, "mediate", "一拖再拖")
    waiting = select(QueueEntry.state).where(QueueEntry.subject_id == case_id)
    assert session.scalars(waiting).all() == ["open"]
    sold(doing, half[1], bob)
    session.rollback()
    assert session.get_one(Case, case_id).state == "settled" and session.scalars(waiting).all() == ["lapsed"]


def test_first_they_get_two_days_to_hand_over_theirs(session, at, half, alice):
    for day in (0, 1.9):
        with pytest.raises(Refused, match="half_early"):
            missed(at, half[0], alice, day=day)
    assert missed(at, half[0], alice, day=2.01)


def test_once_the_other_half_fell_through_nobody_waits(session, doing, at, half, alice, bob):
    with doing() as w:
        ports.happened(w, ports.PersonSuspended(bob.id, "fraud"))
    session.rollback()
    assert session.get_one(Order, half[1]).state == "cancelled" and missed(at, half[0], alice, day=0.1)


def test_who_may_ask_and_when(session, doing, at, half, whole, alice, bob, charlie):
    for who in (bob, charlie):
        with pytest.raises(Refused, match="giver_asks"):
            missed(at, half[0], who)
    with pytest.raises(Refused, match="other_came"):
        missed(at, half[0], alice)


def test_what_wasnt_given_isnt_asked_back(at, half, bob):
    with pytest.raises(Refused, match="half_not_given"):
        missed(at, half[1], bob)


def test_words_are_needed_and_said_at_their_field(at, half, alice):
    with pytest.raises(Invalid, match="words_missing") as no:
        missed(at, half[0], alice, words=" ")
    assert no.value.field == "words" and missed(at, half[0], alice)


def test_a_sale_has_no_other_half(doing, at, alice, bob):
    from tests.market_stories import ordered

    order_id = ordered(doing, listed_coat(doing, alice), bob)
    checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    with pytest.raises(Refused, match="no_swap"):
        missed(at, order_id, alice)


@pytest.mark.parametrize(("verb", "args", "mine"), [
    ("answer", (True, ""), "bob"), ("answer", (False, "没有"), "bob"), ("withdraw", (), "alice"), ("take_back", (), "alice"),
    ("sent_back", ("寄了",), "bob"),
])  # fmt: skip
def test_each_step_is_said_by_its_own_side(session, at, half, alice, bob, verb, args, mine):
    case_id = missed(at, half[0], alice)
    if verb in ("take_back", "sent_back"):
        step(at, 3, bob, case_id, "answer", True, "")
    people = {"alice": alice, "bob": bob}
    with pytest.raises(Refused, match="not_yours"):
        step(at, 3, people["bob" if mine == "alice" else "alice"], case_id, verb, *args)
    step(at, 3, people[mine], case_id, verb, *args)


def test_no_answer_goes_to_a_mediator_who_decides_that_it_comes_back(session, at, half, mediators, alice, bob):
    coat, jacket = half
    case_id = missed(at, coat, alice)
    with pytest.raises(Refused, match="answer_first"):
        step(at, 3, alice, case_id, "mediate", "")
    with at(5.2) as w:
        actions.run_out(w)
    told = {one.account_id: one.sentence for one in session.scalars(select(Notice).where(Notice.sentence.contains("in time")))}
    assert told[alice.id].startswith("The other side didn't answer") and "the other side may ask" in told[bob.id]
    step(at, 5.3, alice, case_id, "mediate", "三天没有回音")
    with at(6, mediators[0]) as w:
        actions.decide(w, w.session.get_one(Case, case_id), 0, "只换了一半", outcome="return_first")
    with at(13.1) as w:
        actions.run_out(w)
    session.rollback()
    assert (session.get_one(Case, case_id).state, stands(session, coat)[2]) == ("accepted", bob.id)
    for day in (20.2, 30, 90):
        with at(day) as w:
            actions.run_out(w)
    session.rollback()
    assert session.get_one(Case, case_id).state == "accepted", "it isn't forgotten because somebody lets the time pass"
    assert len(session.scalars(select(Notice).where(Notice.sentence == "Case %(number)s: the half of the swap wasn't given back in time "
        "and is still owed. Whoever has it gives it back and says so here. Somebody who doesn't can be reported at their listing.")).all()) == 2
    step(at, 91, alice, case_id, "take_back")
    assert stands(session, coat) == ("completed", "given_back", alice.id) and stands(session, jacket)[:2] == ("cancelled", "half_back")


def test_sent_back_and_nobody_says_otherwise_counts_as_back(session, at, half, alice, bob):
    case_id = missed(at, half[0], alice)
    step(at, 3, bob, case_id, "answer", True, "")
    step(at, 4, bob, case_id, "sent_back", "顺丰 SF1234567890")
    with at(10.9) as w:
        actions.run_out(w)
    assert stands(session, half[0])[2] == bob.id
    with at(11.1) as w:
        actions.run_out(w)
    assert stands(session, half[0]) == ("completed", "given_back", alice.id) and stands(session, half[1])[1] == "half_back"


def test_a_faulty_half_that_goes_back_brings_the_other_one_back(session, doing, at, whole, alice, bob):
    coat, jacket = whole
    with at(1, alice) as w:
        asked = {"kind": "return", "ground": "not_as_told", "words": "拉链坏了"}
        case_id = actions.open_case(w, w.session.get_one(Order, jacket), **asked).id
    step(at, 2, bob, case_id, "answer", True, "")
    step(at, 3, bob, case_id, "take_back")
    assert stands(session, jacket) == ("completed", "given_back", bob.id)
    mine = open_on(session, coat)
    assert (mine.state, mine.ground, mine.asked_by) == ("accepted", "half_back", alice.id) and stands(session, coat)[2] == bob.id
    assert [(one.what, one.by_id) for one in mine.lines] == [("asked", None)], "nobody had to ask"
    step(at, 4, alice, mine.id, "take_back")
    assert stands(session, coat) == ("completed", "given_back", alice.id)
    assert open_on(session, jacket).id == case_id, "and that is the end of it"


def test_a_faulty_half_that_came_first_calls_the_other_one_off(session, at, half, alice, bob):
    coat, jacket = half
    with at(1, bob) as w:
        case_id = actions.open_case(w, w.session.get_one(Order, coat), kind="return", ground="broken", words="开线").id
    step(at, 2, alice, case_id, "answer", True, "")
    step(at, 3, alice, case_id, "take_back")
    assert stands(session, coat) == ("completed", "given_back", alice.id)
    assert stands(session, jacket) == ("cancelled", "half_back", bob.id) and open_on(session, jacket) is None


def test_what_else_was_asked_about_the_other_half_is_settled_by_its_going_back(session, at, whole, alice, bob):
    coat, jacket = whole
    with at(1, bob) as w:
        repair = actions.open_case(w, w.session.get_one(Order, coat), kind="repair", ground="broken", words="扣子掉了").id
    with at(1, alice) as w:
        case_id = actions.open_case(w, w.session.get_one(Order, jacket), kind="return", ground="broken", words="开线").id
    step(at, 2, bob, case_id, "answer", True, "")
    step(at, 3, bob, case_id, "take_back")
    session.rollback()
    assert session.get_one(Case, repair).state == "settled" and open_on(session, coat).ground == "half_back"


def test_letting_them_keep_it_is_possible_and_can_be_asked_once_more(session, at, whole, alice, bob):
    coat, jacket = whole
    with at(1, alice) as w:
        case_id = actions.open_case(w, w.session.get_one(Order, jacket), kind="return", ground="broken", words="开线").id
    step(at, 2, bob, case_id, "answer", True, "")
    step(at, 3, bob, case_id, "take_back")
    step(at, 4, alice, open_on(session, coat).id, "withdraw")
    assert stands(session, coat) == ("completed", "", bob.id)
    assert missed(at, coat, alice, day=5), "it was hers to give up, and nobody else's"


def test_a_device_that_comes_back_is_wiped_anew(app, session, doing, at, alice, bob, wang, zhao, shop):
    """Alice's laptop for Bob's coat, and the coat never comes."""
    laptop = listed_laptop(app, doing, alice, wang, zhao, shop)
    item_id = session.get_one(Listing, laptop).item_id
    numbers = [secrets.decrypt(one, "identifier") for one in session.scalars(select(Identifier.value).where(Identifier.item_id == item_id))]
    session.rollback()
    with app.app_context():
        gone, due = swapped(session, doing, laptop, listed_coat(doing, bob), alice, bob, tail=numbers[0][-4:])
        sold(doing, gone, alice)
        epoch = session.get_one(Item, item_id).epoch
        case_id = missed(at, gone, alice)
        step(at, 3, bob, case_id, "answer", True, "")
        step(at, 4, alice, case_id, "take_back")
    assert stands(session, gone) == ("completed", "given_back", alice.id) and stands(session, due)[1] == "half_back"
    assert session.get_one(Item, item_id).epoch == epoch + 1 and find_clearance(session, item_id) is None


def test_no_money_can_be_asked_for_where_none_was_paid(at, whole, alice):
    page = alice.client().get(f"/orders/{whole[1]}/case").text
    assert "Give it back, and get back what was given for it" in page and "Be compensated" not in page and 'name="amount"' not in page
    with pytest.raises(Refused, match="nothing_paid"), at(1, alice) as w:
        actions.open_case(w, w.session.get_one(Order, whole[1]), kind="refund", ground="broken", words="开线", amount=1)


@pytest.mark.parametrize("change", [
    "asked_by = seller_id", "ground = 'broken', asked_by = seller_id", "asked_by = 'somebody'", "ground = 'half_missing'",
])  # fmt: skip
def test_the_database_keeps_who_asked(at, whole, alice, change):
    with at(1, alice) as w:
        actions.open_case(w, w.session.get_one(Order, whole[1]), kind="return", ground="broken", words="开线")
    with pytest.raises(IntegrityError), at(1, alice) as w:
        w.session.execute(text(f"UPDATE aftersales_cases SET {change}"))  # noqa: S608


# --- pages --------------------------------------------------------------------------------------------------------


def test_on_the_phone_from_the_order_to_the_half_that_is_back(session, half, alice, bob, charlie, mediators):
    coat, jacket = half
    giver, other = alice.client(), bob.client(language="zh")
    for page in half:
        assert "/half\"" not in giver.get(f"/orders/{page}").text, "it can't be said yet"
        assert "If the other half doesn't come, you can say so from" in giver.get(f"/orders/{page}").text
        assert "can say so from" not in other.get(f"/orders/{page}").text
    for who, status in ((bob, 403), (charlie, 404)):
        assert who.client().get(f"/orders/{coat}/half").status_code == status
    early = giver.get(f"/orders/{coat}/half").text
    assert "You can say so from" in early and "Ask for my half back" not in early
    with clock.stopped_at(clock.now() + timedelta(days=2, minutes=1)):
        giver, other = alice.client(), bob.client(language="zh")
        for page in half:
            shown = giver.get(f"/orders/{page}").text
            assert f"/orders/{coat}/half" in shown and "can say so from" not in shown, "both halves lead there"
            assert "/half" not in other.get(f"/orders/{page}").text
        empty = giver.post(f"/orders/{coat}/half", data={"words": " "})
        assert empty.status_code == 422 and 'id="words-error"' in empty.text
        path = giver.post(f"/orders/{coat}/half", data={"words": "说好周六互换"}).location
        assert giver.get(f"/orders/{coat}/half").location == path, "from now on it leads to the case"
        mine, theirs = giver.get(path).text, other.get(path).text
        assert "Waits for the other side" in mine and f"{path}/withdraw" in mine and f"{path}/accept" not in mine
        assert f"{path}/accept" in theirs and f"{path}/refuse" in theirs and f"{path}/withdraw" not in theirs and "¥" not in theirs
        assert giver.post(f"{path}/accept", data={"words": ""}).status_code == 409
        assert [other.post(f"{path}/accept", data={"words": ""}).status_code for _ in range(2)] == [303, 303]
        assert f"{path}/sent_back" in other.get(path).text and f"{path}/take_back" in giver.get(path).text
        bundle = zipfile.ZipFile(io.BytesIO(giver.get(f"{path}/evidence.zip").data))
        assert json.loads(bundle.read("case.json"))["asked_by"] == "seller"
        assert json.loads(bundle.read("other_half.json"))["state"] == "checked"
        assert giver.post(f"{path}/take_back").status_code == 303
        assert "Given back" in giver.get(f"/orders/{coat}").text and "已归还" in other.get(f"/orders/{coat}").text
        assert "The other half never came" not in giver.get(f"/orders/{coat}").text


def test_a_mediator_decides_without_an_amount(session, at, half, alice, bob, mediators):
    case_id = missed(at, half[0], alice, day=3)
    step(at, 3, bob, case_id, "answer", False, "不给")
    step(at, 3, alice, case_id, "mediate", "请裁决")
    with clock.stopped_at(clock.now() + timedelta(days=3, minutes=1)):
        mei = mediators[0].client()
        page = mei.get(f"/cases/{case_id}").text
        assert "It goes back to who gave it" in page and 'name="amount"' not in page
        assert mei.post(f"/cases/{case_id}/decide", data={"words": "只换了一半", "return_first": "y"}).status_code == 303
    session.rollback()
    assert (session.get_one(Case, case_id).state, session.get_one(Case, case_id).outcome) == ("decided", "return_first")


def test_timers_dont_let_the_owed_half_lapse_but_do_end_it_once_the_other_is_back(session, at, half, alice, bob):
    with at(30) as w:
        timers.run_out(w)
    assert stands(session, half[1])[0] == "checked"
    case_id = missed(at, half[0], alice, day=31)
    step(at, 31, bob, case_id, "answer", True, "")
    step(at, 32, alice, case_id, "take_back")
    assert stands(session, half[1])[0] == "cancelled"


# --- any story ----------------------------------------------------------------------------------------------------

VERBS = ("miss", "ask", "accept", "refuse", "sent_back", "take_back", "withdraw", "hand_over", "mediate", "decide")
TRIES = tuple(itertools.product((0, 1), (True, False), VERBS))
STEP = st.tuples(st.permutations(TRIES), st.sampled_from((0, 1, 3, 8)))


class Swapped:
    """Two halves and what two people and a mediator try with them, each in its time; what isn't allowed is refused."""

    def __init__(self, session, doing, at, alice, bob, mediators):
        self.session, self.at, self.mediators, self.day = session, at, mediators, 0.0
        things = [listed_coat(doing, one) for one in (alice, bob)]
        self.halves = swapped(session, doing, *things, alice, bob)
        self.people = (alice, bob)

    def go_on(self, tries, days):
        """Days pass, and what is due happens; then the first of these that is allowed. Returns what was done, and what was refused."""
        self.day += days + 0.001
        self.attempt(0, True, "sweep")
        self.holds()
        refused = 0
        for half, giver, verb in tries:
            if self.attempt(half, giver, verb) != "refused":
                return verb, refused
            refused += 1
        return "nothing", refused

    def attempt(self, half, giver, verb):
        """`giver`: does who gave this half try it, or who gets it?"""
        who = self.people[half if giver else 1 - half]
        try:
            with self.at(self.day, None if verb == "sweep" else self.mediators[0] if verb == "decide" else who) as w:
                self._do(w, w.session.get_one(Order, self.halves[half], with_for_update=True), verb)
        except Refused:
            return "refused"
        return verb

    def _do(self, w, order, verb):
        case = halves.open_case_of(w.session, order.id)
        if verb == "sweep":
            actions.run_out(w)
            timers.run_out(w)
        elif verb == "miss":
            halves.miss_half(w, order, "没有来")
        elif verb == "ask":
            actions.open_case(w, order, kind="return", ground="broken", words="坏了")
        elif verb == "hand_over":
            if w.actor.id != order.seller_id or order.received_at is not None:
                raise Refused("not_yours", "The other side does this, once.")
            orders.hand_over(w, order, secrets.decrypt(order.receipt_code, "receipt"))
        elif case is None:
            raise Refused("no_case", "There is none.")
        elif verb in ("accept", "refuse"):
            actions.answer(w, case, verb == "accept", "好")
        elif verb == "decide":
            actions.decide(w, case, 0, "理由", outcome="return_first")
        elif verb in ("take_back", "withdraw"):
            getattr(actions, verb)(w, case)
        else:
            getattr(actions, verb)(w, case, "单号 SF1")

    def holds(self):
        self.session.rollback()
        rows = [self.session.get_one(Order, one) for one in self.halves]
        for order in rows:
            with_buyer = order.received_at is not None and order.ended_why != "given_back"
            owner = self.session.get_one(Item, order.item_id).owner_id
            assert owner == (order.buyer_id if with_buyer else order.seller_id), "the register says what the order says"
        for one, other in (rows, rows[::-1]):
            if one.ended_why == "given_back" and both_halves.has_gone(other):
                asked = halves.open_case_of(self.session, other.id)
                assert asked or halves.fault_of(self.session, other, clock.now()) == "", "nobody is left with nothing and no way"
            assert not (one.ended_why == "given_back" and other.state in ("created", "awaiting_payment", "checked", "paid"))
        for case in self.session.scalars(select(Case).where(Case.order_id.in_(self.halves))):
            for line in case.lines:
                if line.what in ("accepted", "refused"):
                    assert line.by_id == case.answers_id
                assert line.what != "withdrawn" or line.by_id == case.asked_by
                assert line.what != "back" or line.by_id in (None, case.seller_id)


def test_whatever_they_do_the_register_is_right_and_nobody_is_left_without_a_way(session, doing, at, alice, bob, mediators):
    seen: Counter[str] = Counter()

    @settings(max_examples=soak(12), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(steps=st.lists(STEP, min_size=6, max_size=9))
    def story(steps):
        one = Swapped(session, doing, at, alice, bob, mediators)
        assert one.attempt(0, True, "hand_over") == "hand_over"
        for tries, days in steps:
            did, refused = one.go_on(tries, days)
            one.holds()
            seen.update({did: 1, "refused": refused})
        with doing() as w:  # so that the two can reserve again
            for order_id in one.halves:
                order = w.session.get_one(Order, order_id)
                if order.state in ("created", "awaiting_payment", "checked", "paid"):
                    orders.end(w, order, "cancel", "called_off")

    story()
    assert seen["refused"] and len(seen) > 2, seen

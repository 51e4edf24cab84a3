"""Bob reserves, they meet, he checks, pays cash, the code is typed: the thing is his, the books balance."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update

from core import clock, secrets
from core.db import Database
from core.errors import Busy, Invalid, Refused
from core.goods.models import Item
from core.work import work
from market.ledger.actions import balance
from market.ledger.models import Entry, Posting
from market.orders import actions, timers
from market.orders.models import Order
from privacy.clearance.queries import certificate_of, find_clearance
from tests.market_stories import checked, listed_coat, listed_laptop, ordered, reserved, sold, state_of


@pytest.fixture
def laptop(app, doing, alice, wang, zhao, shop):
    return listed_laptop(app, doing, alice, wang, zhao, shop)


def test_a_coat_is_sold_in_person(session, doing, coat, alice, bob):
    order_id = ordered(doing, coat, bob)
    assert state_of(session, coat) == "reserved"
    assert checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    assert state_of(session, coat) == "sold"
    order = session.get_one(Order, order_id)
    assert (order.state, order.holder) == ("completed", "nobody")
    assert session.get_one(Item, order.item_id).owner_id == bob.id
    assert balance(session, "buyer", bob.id).minor == balance(session, "seller_payable", alice.id).minor == 0
    assert session.scalar(select(func.count()).select_from(Posting)) == 4
    assert session.scalar(select(func.sum(Posting.amount_minor))) == 0


def test_a_laptop_sold_ends_its_clearance_as_delivered(session, doing, laptop, alice, bob):
    order_id = ordered(doing, laptop, bob)
    item_id = session.get_one(Order, order_id).item_id
    assert checked(doing, order_id, bob, tail=_tail(session, item_id))
    sold(doing, order_id, alice)
    certificate = certificate_of(session, item_id)
    assert certificate.state == "delivered" and certificate.delivered_at is not None
    assert find_clearance(session, item_id) is None
    assert session.get_one(Item, item_id).epoch == 2


def _tail(session, item_id):
    from core.goods.models import Identifier

    value = session.scalars(select(Identifier.value).where(Identifier.item_id == item_id)).first()
    return secrets.decrypt(value, "identifier")[-4:]


def test_the_wrong_serial_is_asked_again_and_nothing_is_kept(session, doing, laptop, bob):
    order_id = ordered(doing, laptop, bob)
    with pytest.raises(Invalid, match="serial_differs"):
        checked(doing, order_id, bob, tail="0000")
    assert session.get_one(Order, order_id).state == "awaiting_payment"


def test_one_no_stops_the_order_without_fault(session, doing, coat, bob):
    order_id = ordered(doing, coat, bob)
    assert not checked(doing, order_id, bob, answers={"same_thing": "yes", "defects": "no"})
    assert session.get_one(Order, order_id).state == "check_failed"
    assert state_of(session, coat) == "paused"


def test_a_foreign_account_on_the_device_ends_its_clearance(session, doing, laptop, bob):
    order_id = ordered(doing, laptop, bob)
    item_id = session.get_one(Order, order_id).item_id
    answers = {"serial": "yes", "setup_screen": "yes", "no_account": "no", "same_thing": "yes", "defects": "yes"}
    assert not checked(doing, order_id, bob, tail=_tail(session, item_id), answers=answers)
    assert state_of(session, laptop) == "waiting_wipe"
    assert find_clearance(session, item_id) is None


def test_an_unanswered_question_is_not_a_yes(doing, coat, bob):
    order_id = ordered(doing, coat, bob)
    with pytest.raises(Invalid, match="answer_missing"):
        checked(doing, order_id, bob, answers={"same_thing": "yes"})


def test_the_code_of_another_order_opens_nothing(session, doing, coat, alice, bob):
    order_id = ordered(doing, coat, bob)
    checked(doing, order_id, bob)
    with pytest.raises(Refused), doing(alice) as w:
        actions.hand_over(w, w.session.get_one(Order, order_id), "2345-6789")
    assert session.get_one(Order, order_id).state == "checked"
    sold(doing, order_id, alice)
    assert session.get_one(Order, order_id).state == "completed"


def test_no_hand_over_before_the_check(doing, coat, alice, bob):
    order_id = ordered(doing, coat, bob)
    with pytest.raises(Refused, match="not_in_this_state"):
        sold(doing, order_id, alice)


def test_typing_the_code_twice_sells_once(session, doing, coat, alice, bob):
    order_id = ordered(doing, coat, bob)
    checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    sold(doing, order_id, alice)
    assert session.scalar(select(func.count()).select_from(Entry)) == 2


def test_nobody_reserves_their_own_thing_or_a_taken_one(doing, coat, alice, bob, charlie):
    with pytest.raises(Refused, match="own_thing"):
        reserved(doing, coat, alice)
    first = reserved(doing, coat, bob)
    assert reserved(doing, coat, bob) == first
    with pytest.raises(Busy, match="taken"):
        reserved(doing, coat, charlie)


def test_five_open_reservations_are_enough(doing, alice, bob):
    for n in range(5):
        reserved(doing, listed_coat(doing, alice, title=f"羽绒服 {n}"), bob)
    with pytest.raises(Refused, match="reserved_many"):
        reserved(doing, listed_coat(doing, alice, title="第六件"), bob)


def test_a_reservation_runs_out_and_the_thing_is_on_sale_again(session, doing, coat, bob):
    order_id = ordered(doing, coat, bob)
    later = clock.now() + timedelta(hours=49)
    with work(session, bob.actor, later) as w:
        timers.expire_reservations(w)
    assert session.get_one(Order, order_id).state == "expired"
    assert state_of(session, coat) == "published"


def test_calling_it_off_puts_it_back_on_sale(session, doing, coat, alice, bob):
    order_id = ordered(doing, coat, bob)
    with doing(alice) as w:
        actions.cancel(w, w.session.get_one(Order, order_id))
    assert state_of(session, coat) == "published"
    again = reserved(doing, coat, bob)
    with doing(alice) as w:
        actions.cancel(w, w.session.get_one(Order, order_id))
    assert state_of(session, coat) == "reserved", "called off once more, it touches nobody's newer reservation"
    with doing(alice) as w:
        w.session.execute(update(Order).where(Order.id == again).values(state="expired"))
    with pytest.raises(Refused), doing(alice) as w:
        actions.cancel(w, w.session.get_one(Order, again))


def test_both_may_review_once(session, doing, coat, alice, bob, charlie):
    order_id = ordered(doing, coat, bob)
    with pytest.raises(Refused, match="review_later"), doing(bob) as w:
        actions.review(w, w.session.get_one(Order, order_id), 5, "好")
    checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    for person in (alice, bob):
        with doing(person) as w:
            actions.review(w, w.session.get_one(Order, order_id), 5, "很好")
    with pytest.raises(Refused, match="reviewed"), doing(bob) as w:
        actions.review(w, w.session.get_one(Order, order_id), 1, "")
    with pytest.raises(Refused), doing(charlie) as w:
        actions.review(w, w.session.get_one(Order, order_id), 1, "")


def test_two_people_at_once_over_real_connections(database: Database, doing, alice, bob, charlie):
    """One wins, one is told; never both, never neither, never a fault."""
    for round_ in range(5):
        listing_id = listed_coat(doing, alice, title=f"大衣 {round_}")
        start, told = threading.Barrier(2), []

        def go(person, listing_id=listing_id, start=start, told=told):
            with database.session() as session:
                start.wait()
                try:
                    with work(session, person.actor, clock.now()) as w:
                        told.append(("won", actions.reserve(w, listing_id).id))
                except Busy as no:
                    told.append(("told", no.code))

        threads = [threading.Thread(target=go, args=(person,)) for person in (bob, charlie)]
        [thread.start() for thread in threads]
        [thread.join(30) for thread in threads]
        assert sorted(word for word, _ in told) == ["told", "won"], told
        with database.session() as session:
            won = session.scalars(select(Order).where(Order.listing_id == listing_id)).one()
            with work(session, alice.actor, clock.now()) as w:
                actions.cancel(w, w.session.get_one(Order, won.id))


@pytest.mark.parametrize("sql", [
    "UPDATE ledger_postings SET amount_minor = 1", "DELETE FROM ledger_postings", "DELETE FROM ledger_entries",
    "UPDATE ledger_entries SET kind = 'x'", "UPDATE ledger_entries SET posted = false",
])  # fmt: skip
def test_the_books_are_append_only(session, doing, coat, alice, bob, sql):
    order_id = ordered(doing, coat, bob)
    checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    with pytest.raises(Exception, match="append-only|sum to zero"):
        session.execute(text(sql))
    session.rollback()


def test_an_unbalanced_entry_is_refused_by_python_and_by_the_database(session, doing, alice, bob):
    from core import ids
    from core.money import Money
    from market.ledger.actions import Line, Unbalanced, get_account, post

    with pytest.raises(Unbalanced), doing(alice) as w:
        lines = [Line("buyer", bob.id, Money(-100, "CNY")), Line("seller_payable", alice.id, Money(99, "CNY"))]
        post(w, "sale", "x", "k1", lines)
    with pytest.raises(Exception, match="sum to zero"), doing(alice) as w:
        entry = Entry(id=ids.new_id(), kind="sale", key="k2", subject_id="x", at=w.now, entered_by="x")
        w.session.add(entry)
        w.session.flush()
        for kind, amount in (("buyer", -100), ("seller_payable", 99)):
            account = get_account(w.session, kind, alice.id, "CNY")
            w.session.add(
                Posting(id=ids.new_id(), entry_id=entry.id, account_id=account.id, amount_minor=amount, unit="CNY")
            )
        w.session.flush()
        entry.posted = True
        w.session.flush()
    with doing(alice) as w:
        lines = [Line("buyer", bob.id, Money(-100, "CNY")), Line("seller_payable", alice.id, Money(100, "CNY"))]
        assert post(w, "sale", "x", "k3", lines).posted

"""Both sides of a swap act in the same instant, over real connections: one waits for the other, nobody is turned away by a fault,
and what comes of it is what one after the other would have come to."""

import threading

import pytest

from core import clock, secrets
from core.work import Actor, work
from market.aftersales import evidence, halves
from market.aftersales.models import Case
from market.orders import both_halves, timers
from market.orders.models import Order
from tests.market.aftersales.test_halves import half, missed, stands, swapped
from tests.market_stories import listed_coat

__all__ = ["half"]
ROUNDS = 5


def at_once(*steps):
    """Each step in a thread of its own, all in the same instant. Returns what they returned, in their order."""
    gate, told = threading.Barrier(len(steps)), {}

    def go(place, step):
        gate.wait(30)
        told[place] = step()

    threads = [threading.Thread(target=go, args=one, daemon=True) for one in enumerate(steps)]
    [one.start() for one in threads]
    [one.join(30) for one in threads]
    return [told.get(place) for place in range(len(steps))]


def agreed(session, doing, alice, bob):
    """A coat for a jacket, checked by both and not handed over yet."""
    return swapped(session, doing, listed_coat(doing, alice, title="大衣"), listed_coat(doing, bob, title="冲锋衣"), alice, bob)


def hands_over(session, giver, order_id):
    session.rollback()
    code, client = secrets.decrypt(session.get_one(Order, order_id).receipt_code, "receipt"), giver.client()
    session.rollback()
    return lambda: client.post(f"/orders/{order_id}/hand-over", data={"code": code}).status_code


def posts(giver, path):
    client = giver.client()
    return lambda: client.post(path, data={}).status_code


def test_both_hand_over_at_once(session, doing, alice, bob):
    for _nth in range(ROUNDS):
        coat, jacket = agreed(session, doing, alice, bob)
        assert at_once(hands_over(session, alice, coat), hands_over(session, bob, jacket)) == [303, 303]
        assert stands(session, coat) == ("completed", "", bob.id) and stands(session, jacket) == ("completed", "", alice.id)


def test_one_hands_over_while_the_other_one_calls_it_off(session, doing, alice, bob):
    """Either both halves end, or one is handed over and the other still stands: never a thing given for nothing."""
    for _nth in range(ROUNDS):
        coat, jacket = agreed(session, doing, alice, bob)
        given, off = at_once(hands_over(session, alice, coat), posts(bob, f"/orders/{jacket}/cancel"))
        assert sorted((given, off)) == [303, 409], (given, off)
        whose = {coat: stands(session, coat), jacket: stands(session, jacket)}
        if given == 303:
            assert (whose[coat], whose[jacket]) == (("completed", "", bob.id), ("checked", "", bob.id))
        else:
            assert [one[:2] for one in whose.values()] == [("cancelled", "called_off")] * 2 and whose[coat][2] == alice.id


def test_the_missing_half_comes_while_its_giver_takes_the_case_back(session, doing, at, alice, bob):
    """The case is about the coat, what settles it is the jacket's hand-over: both end in peace, whoever was first."""
    for _nth in range(ROUNDS):
        coat, jacket = agreed(session, doing, alice, bob)
        assert hands_over(session, alice, coat)() == 303
        case_id = missed(at, coat, alice)
        told = at_once(posts(alice, f"/cases/{case_id}/withdraw"), hands_over(session, bob, jacket))
        assert told[1] == 303 and told[0] in (303, 409), told
        assert stands(session, coat) == ("completed", "", bob.id) and stands(session, jacket) == ("completed", "", alice.id)
        assert session.get_one(Case, case_id).state == ("withdrawn" if told[0] == 303 else "settled")


def test_a_clock_waits_for_nobody(session, doing, at, database, alice, bob):
    """While somebody is at a half, its time isn't up: the clock comes by again and ends both."""
    coat, jacket = agreed(session, doing, alice, bob)
    asked, done = threading.Event(), threading.Event()

    def at_it():
        with database.session() as own, work(own, Actor(bob.id), clock.now()) as w:
            both_halves.locked(w, jacket)
            asked.set()
            done.wait(20)

    other = threading.Thread(target=at_it, daemon=True)
    other.start()
    assert asked.wait(30)
    if not database.is_sqlite:  # there the clock waits until it has the file to itself
        with at(5) as w:
            timers.run_out(w)
        assert [stands(session, one)[0] for one in (coat, jacket)] == ["checked", "checked"]
    done.set()
    other.join(60)
    session.rollback()
    with at(5) as w:
        timers.run_out(w)
    assert sorted(stands(session, one)[0] for one in (coat, jacket)) == ["cancelled", "expired"]


def test_who_only_reads_waits_for_nobody(app, session, at, database, half, alice, bob):
    """While Bob is at it Alice's pages open, and her bundle of evidence is made."""
    coat, jacket = half
    case_id = missed(at, coat, alice)
    client, held, done, told = alice.client(), threading.Event(), threading.Event(), []
    assert client.get(f"/orders/{coat}").status_code == 200

    def at_it():
        with database.session() as own, work(own, Actor(bob.id), clock.now()) as w:
            both_halves.locked(w, jacket)
            held.set()
            done.wait(20)

    def reads():
        told.extend(client.get(path).status_code for path in (f"/orders/{coat}", f"/orders/{jacket}", f"/cases/{case_id}"))
        with app.app_context(), database.session() as own:
            told.append(len(evidence.bundle(own, own.get_one(Case, case_id))) > 1000)
            told.append(halves.fault_of(own, own.get_one(Order, coat), clock.now()) == "half_early")

    session.rollback()
    threads = [threading.Thread(target=one, daemon=True) for one in (at_it, reads)]
    threads[0].start()
    assert held.wait(30)
    threads[1].start()
    threads[1].join(10)
    seen = list(told)
    done.set()
    [one.join(60) for one in threads]
    assert seen == [200, 200, 200, True, True]


@pytest.mark.parametrize("fresh", [True, False])
def test_what_is_decided_by_is_read_anew(session, doing, database, alice, bob, fresh):
    """A Work that has looked at the other half before it locks it sees what happened meanwhile; only looking doesn't."""
    coat, jacket = agreed(session, doing, alice, bob)
    if database.is_sqlite:
        pytest.skip("a Work has the whole file to itself there, so nothing can happen meanwhile")
    give = hands_over(session, bob, jacket)
    with database.session() as own, work(own, Actor(alice.id), clock.now()) as w:
        order = w.session.get_one(Order, coat)
        before = both_halves.other_order(w.session, order)
        assert before is not None and before.state == "checked" and at_once(give) == [303]
        after = both_halves.other_order(w.session, order, lock=fresh)
        assert after is before and after.state == ("completed" if fresh else "checked")

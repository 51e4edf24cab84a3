"""Given away for nothing, or thing for thing: no money moves, everything else is as careful as a sale."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import or_, select

from core import clock, ports
from core.errors import Busy, Refused
from core.goods.models import Item
from core.money import Money
from market.ledger.models import Entry
from market.listings.models import Listing
from market.listings.terms import Terms, set_terms
from market.orders import actions, swapping, timers
from market.orders.models import Order
from market.orders.swap_models import Swap
from tests.market_stories import checked, confirmed, listed_coat, ordered, reserved, sold, state_of


def given_away(doing, owner):
    listing_id = listed_coat(doing, owner)
    with doing(owner) as w:
        set_terms(w, w.session.get_one(Listing, listing_id), Terms(gift=True))
    return listing_id


def test_a_gift_costs_nothing_and_changes_hands_with_a_code(session, doing, alice, bob):
    listing_id = given_away(doing, alice)
    order_id = ordered(doing, listing_id, bob)
    order = session.get_one(Order, order_id)
    assert (order.kind, order.price_minor, order.intent_id) == ("gift", 0, None)
    assert checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    assert session.get_one(Order, order_id).state == "completed" and session.query(Entry).count() == 0
    assert session.get_one(Item, order.item_id).owner_id == bob.id


@pytest.mark.parametrize("gift", [True, False])
def test_its_life_tells_of_money_only_where_some_was_paid(session, doing, ines, alice, bob, gift):
    """The log's words are the same for a gift and for a sale, and true of both; what was paid stands in the books."""
    listing_id = given_away(doing, alice) if gift else listed_coat(doing, alice)
    order_id = ordered(doing, listing_id, bob)
    checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    item_id = session.get_one(Order, order_id).item_id
    for language, words in (("en", ("nothing is left to pay", "An order was completed")), ("zh", ("没有待付款项", "订单完成"))):
        chain = re.search(r'id="chain".*?</section>', ines.client(language=language).get(f"/regulator/items/{item_id}").text, re.S).group()
        assert all(one in chain for one in words) and " paid" not in chain and "已付款" not in chain and "付款并" not in chain
    assert (session.query(Entry).count() > 0) is not gift


def test_a_gift_is_called_free_on_its_page(doing, alice, bob):
    listing_id = given_away(doing, alice)
    assert "Free" in bob.client().get(f"/listings/{listing_id}").text
    assert "免费" in bob.client(language="zh").get(f"/listings/{listing_id}").text


def test_the_terms_page(session, doing, alice, bob):
    listing_id = listed_coat(doing, alice, price=20000)
    client, path = alice.client(), f"/listings/{listing_id}/terms"
    assert bob.client().get(path).status_code == 403
    for data, field in (
        ({"floor": "abc", "policy": "private_sale"}, "floor"), ({"floor": "201", "policy": "private_sale"}, "floor"),
        ({"policy": "anything"}, "policy"), ({"policy": "excluded_by_nature"}, "policy"),
        ({"policy": "private_sale", "warranty": "61"}, "warranty"),
    ):
        answer = client.post(path, data=data)
        assert answer.status_code == 422 and f'id="{field}-error"' in answer.text, (data, field)
    assert client.post(path, data={"floor": "150", "policy": "private_sale", "by_parcel": "y", "warranty": "1"}).status_code == 303
    session.rollback()
    row = session.get_one(Listing, listing_id)
    assert (row.floor_minor, row.by_parcel, row.warranty_months) == (15000, True, 1)
    assert "150.00" not in bob.client().get(f"/listings/{listing_id}").text, "the floor is nobody's business"


def test_a_business_cannot_sell_like_a_private_person(doing, alice):
    listing_id = listed_coat(doing, alice)
    with doing() as w:
        row = w.session.get_one(Listing, listing_id)
        row.seller_kind, row.return_policy = "operator", "no_reason_7d"
    with pytest.raises(Refused, match="business_owes_returns"), doing(alice) as w:
        set_terms(w, w.session.get_one(Listing, listing_id), Terms(policy="private_sale"))
    with doing(alice) as w:
        set_terms(w, w.session.get_one(Listing, listing_id), Terms(policy="excluded_by_nature", ground="hygiene", floor=Money(1, "CNY")))


# --- swaps --------------------------------------------------------------------------------------------------------


@pytest.fixture
def two(doing, alice, bob):
    """Alice's coat, Bob's jacket, both on sale."""
    return listed_coat(doing, alice, title="大衣"), listed_coat(doing, bob, title="冲锋衣")


def proposed(doing, two, who):
    with doing(who) as w:
        return swapping.propose(w, w.session.get_one(Listing, two[0]), w.session.get_one(Listing, two[1])).id


def said(doing, swap_id, who, verb):
    with doing(who) as w:
        getattr(swapping, verb)(w, w.session.get_one(Swap, swap_id))


def agreed(session, doing, two, alice, bob):
    swap_id = proposed(doing, two, bob)
    said(doing, swap_id, alice, "agree")
    row = session.get_one(Swap, swap_id)
    return row.wanted_order_id, row.given_order_id


def test_thing_for_thing_both_confirm_and_both_change_hands(session, doing, two, alice, bob):
    mine, theirs = agreed(session, doing, two, alice, bob)
    assert [state_of(session, one) for one in two] == ["reserved", "reserved"]
    for order_id, buyer in ((mine, bob), (theirs, alice)):
        confirmed(doing, order_id, buyer)
        assert checked(doing, order_id, buyer)
    for order_id, seller in ((mine, alice), (theirs, bob)):
        sold(doing, order_id, seller)
    owners = {session.get_one(Order, one).item_id: session.get_one(Item, session.get_one(Order, one).item_id).owner_id for one in (mine, theirs)}
    assert list(owners.values()) == [bob.id, alice.id] and session.query(Entry).count() == 0


def swap_page(session, order_id, who, **how):
    row = session.scalars(select(Swap).where(or_(Swap.wanted_order_id == order_id, Swap.given_order_id == order_id))).one()
    return who.client(**how).get(f"/swaps/{row.id}").text


def test_who_has_to_answer_a_swap_reads_that_it_is_for_them(doing, two, alice, bob):
    page = f"/swaps/{proposed(doing, two, bob)}"
    theirs, mine = alice.client().get(page).text, bob.client().get(page).text
    assert "It is for you to agree or to decline." in theirs and "The owner of the other thing" not in theirs
    assert "The owner of the other thing agrees or declines." in mine and "It is for you" not in mine
    assert "由您同意或婉拒" in alice.client(language="zh").get(page).text


def test_a_swap_says_how_far_its_halves_are(session, doing, two, alice, bob):
    mine, theirs = agreed(session, doing, two, alice, bob)
    said = ["Both things are reserved", "One half is ordered", "Both halves are ordered", "One half is handed over", "Both things have changed"]

    def says(who=alice):
        page = swap_page(session, mine, who)
        return [place for place, words in enumerate(said) if words in page]

    assert says() == [0] and "请各自查看告知并确认" in swap_page(session, mine, bob, language="zh")
    confirmed(doing, mine, bob)
    assert says() == [1]
    confirmed(doing, theirs, alice)
    assert says() == says(bob) == [2] and "请各自" not in swap_page(session, mine, bob, language="zh")
    for order_id, buyer in ((mine, bob), (theirs, alice)):
        assert checked(doing, order_id, buyer)
    sold(doing, mine, alice)
    assert says() == [3]
    sold(doing, theirs, bob)
    assert says() == says(bob) == [4] and "两件物品都已交付" in swap_page(session, mine, bob, language="zh")


def test_a_swap_that_was_called_off_says_so(session, doing, two, alice, bob):
    mine, _theirs = agreed(session, doing, two, alice, bob)
    with doing(alice) as w:
        actions.cancel(w, w.session.get_one(Order, mine))
    page = swap_page(session, mine, bob)
    assert "It didn&#39;t come about." in page and "are reserved" not in page


def test_both_halves_and_their_swap_lead_to_each_other(session, doing, two, alice, bob, charlie):
    halves = agreed(session, doing, two, alice, bob)
    for who in (alice, bob):
        page = swap_page(session, halves[0], who)
        assert all(f'href="/orders/{one}"' in page for one in halves)
        for one, other in (halves, halves[::-1]):
            shown = who.client().get(f"/orders/{one}").text
            assert f'href="/orders/{other}"' in shown and 'href="/swaps/' in shown
    sale = reserved(doing, listed_coat(doing, alice), charlie)
    shown = charlie.client().get(f"/orders/{sale}").text
    assert 'href="/swaps/' not in shown and "To the other half" not in shown


def test_if_one_half_falls_through_so_does_the_other(session, doing, two, alice, bob):
    mine, theirs = agreed(session, doing, two, alice, bob)
    confirmed(doing, mine, bob)
    assert not checked(doing, mine, bob, answers={"same_thing": "yes", "defects": "no"})
    session.expire_all()
    assert [session.get_one(Order, one).state for one in (mine, theirs)] == ["check_failed", "cancelled"]
    assert [state_of(session, one) for one in two] == ["paused", "published"]


def test_calling_one_half_off_calls_off_both(session, doing, two, alice, bob):
    mine, theirs = agreed(session, doing, two, alice, bob)
    with doing(alice) as w:
        actions.cancel(w, w.session.get_one(Order, mine))
    session.expire_all()
    assert {session.get_one(Order, one).state for one in (mine, theirs)} == {"cancelled"}
    assert [state_of(session, one) for one in two] == ["published", "published"]


def test_what_is_taken_meanwhile_is_not_swapped_and_nothing_is_half_reserved(session, doing, two, alice, bob, charlie):
    swap_id = proposed(doing, two, bob)
    reserved(doing, two[1], charlie)
    with pytest.raises(Busy, match="not_on_sale"):
        said(doing, swap_id, alice, "agree")
    assert state_of(session, two[0]) == "published"


def test_who_answers_what(doing, two, alice, bob, charlie):
    swap_id = proposed(doing, two, bob)
    assert proposed(doing, two, bob) == swap_id, "asked twice is asked once"
    for who, verb in ((bob, "agree"), (charlie, "agree"), (alice, "withdraw"), (bob, "decline")):
        with pytest.raises(Refused, match="not_to_answer"):
            said(doing, swap_id, who, verb)
    said(doing, swap_id, alice, "decline")
    with pytest.raises(Refused, match="not_in_this_state"):
        said(doing, swap_id, alice, "agree")


def test_one_gives_only_ones_own(doing, two, alice, charlie):
    with pytest.raises(Refused, match="not_yours_to_swap"):
        proposed(doing, two, charlie)
    with pytest.raises(Refused, match="own_thing"):
        proposed(doing, two, alice)


def test_on_the_phone(session, two, alice, bob, charlie):
    client, path = bob.client(language="zh"), f"/listings/{two[0]}/swap"
    assert "冲锋衣" in client.get(path).text and "没有在售物品" in charlie.client(language="zh").get(path).text
    assert client.post(path, data={}).status_code == 422
    swap = client.post(path, data={"given": two[1]}).location
    assert charlie.client().get(swap).status_code == 403
    assert alice.client().post(f"{swap}/agree").status_code == 303
    assert "/orders/" in client.get(swap).text


def test_the_page_says_truly_who_gives_what_before_and_after_they_agree(doing, session, two, alice, bob):
    swap_id = proposed(doing, two, bob)
    titles = [session.get_one(Listing, one).title for one in two]
    session.rollback()

    def told(who):
        page = who.client().get(f"/swaps/{swap_id}").text
        return page.index("You get") < page.index("You give"), page.index(titles[0]) < page.index(titles[1])

    for _ in range(2):
        assert told(bob) == (True, True), "the proposer gets what is wanted"
        assert told(alice) == (False, True), "its owner gives it"
        said(doing, swap_id, alice, "agree") if _ == 0 else None


def later(doing, step, **by):
    with clock.stopped_at(clock.now() + timedelta(**by)), doing() as w:
        step(w)


def test_a_swap_that_nobody_confirmed_ends_as_one(session, doing, two, alice, bob):
    mine, theirs = agreed(session, doing, two, alice, bob)
    later(doing, timers.run_out, hours=47)
    assert [session.get_one(Order, one).state for one in (mine, theirs)] == ["created", "created"], "not before its time"
    later(doing, timers.run_out, hours=49)
    assert sorted(session.get_one(Order, one).state for one in (mine, theirs)) == ["cancelled", "expired"]
    assert [state_of(session, one) for one in two] == ["published", "published"]


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_a_swap_of_somebody_who_is_suspended_ends_as_one(session, doing, two, alice, bob, who):
    mine, theirs = agreed(session, doing, two, alice, bob)
    with doing() as w:
        ports.happened(w, ports.PersonSuspended({"alice": alice, "bob": bob}[who].id, "fraud"))
    session.expire_all()
    assert {session.get_one(Order, one).state for one in (mine, theirs)} == {"cancelled"}
    assert [state_of(session, one) for one in two] == (["frozen", "published"] if who == "alice" else ["published", "frozen"])


def half_swapped(session, doing, two, alice, bob):
    """Alice has handed her coat over to Bob, and Bob hasn't handed over his jacket."""
    mine, theirs = agreed(session, doing, two, alice, bob)
    for order_id, buyer in ((mine, bob), (theirs, alice)):
        confirmed(doing, order_id, buyer)
        assert checked(doing, order_id, buyer)
    sold(doing, mine, alice)
    return mine, theirs


def test_who_has_the_one_half_cant_keep_the_other(session, doing, two, alice, bob):
    mine, theirs = half_swapped(session, doing, two, alice, bob)
    session.rollback()
    assert bob.client().post(f"/orders/{theirs}/cancel").status_code == 409
    assert f"/orders/{theirs}/cancel" not in bob.client().get(f"/orders/{theirs}").text
    later(doing, timers.run_out, days=30)
    session.rollback()
    assert [session.get_one(Order, one).state for one in (mine, theirs)] == ["completed", "checked"]
    assert "尚未交付" in bob.client(language="zh").get("/inbox").text
    sold(doing, theirs, bob)
    assert session.get_one(Item, session.get_one(Order, theirs).item_id).owner_id == alice.id


def test_before_anything_is_handed_over_a_checked_swap_can_be_called_off(session, doing, two, alice, bob):
    mine, theirs = agreed(session, doing, two, alice, bob)
    for order_id, buyer in ((mine, bob), (theirs, alice)):
        confirmed(doing, order_id, buyer)
        assert checked(doing, order_id, buyer)
    assert f"/orders/{theirs}/cancel" in bob.client().get(f"/orders/{theirs}").text
    assert bob.client().post(f"/orders/{theirs}/cancel").status_code == 303
    assert {session.get_one(Order, one).state for one in (mine, theirs)} == {"cancelled"}


def test_a_half_that_falls_through_later_is_told_to_both(session, doing, two, alice, bob):
    mine, theirs = half_swapped(session, doing, two, alice, bob)
    with doing() as w:
        ports.happened(w, ports.PersonSuspended(bob.id, "fraud"))
    session.rollback()
    assert [session.get_one(Order, one).state for one in (mine, theirs)] == ["completed", "cancelled"]
    assert "应当归还" in alice.client(language="zh").get("/inbox").text

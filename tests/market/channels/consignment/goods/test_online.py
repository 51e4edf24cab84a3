"""What stands in the shop is sold online, too: in the shop's name, at the price on its tag, once."""

import threading

import pytest
from sqlalchemy import select

from core import clock
from core.audit import AuditLine
from core.errors import Busy, Forbidden, Invalid, Refused
from core.goods.models import CustodyLine, Item
from core.people.models import Account
from core.work import work
from market.channels.consignment.goods import following, online, pricing, queries
from market.channels.consignment.goods.models import StockItem
from market.channels.consignment.goods.stepping import step
from market.ledger.actions import balance
from market.listings import actions as listings
from market.listings import terms
from market.listings.actions import Offer
from market.listings.models import Listing, Message
from market.orders import actions as orders
from market.orders import offering, transport
from market.orders.models import Order
from tests import online_stories as story
from tests import stock_stories as stock
from tests.market_stories import checked, ordered, reserved, sold, state_of, transferred_and_sent


@pytest.fixture
def tagged(doing, chen, visit):
    """A coat at 199 yuan on the floor, with photos."""
    return story.on_floor(doing, chen, visit)


@pytest.fixture
def listing(doing, chen, tagged):
    return story.online(doing, chen, tagged)


def row(session, stock_id):
    return stock.row(session, stock_id)


def test_it_is_sold_in_the_shops_name_at_the_price_on_its_tag(session, doing, chen, tagged, listing, shop, bob, anonymous):
    one = session.get_one(Listing, listing)
    assert (one.seller_id, one.org_id, one.seller_kind, one.state) == (shop, shop, "consignment", "published")
    assert (one.price_minor, one.negotiable, one.return_policy, one.condition) == (19_900, False, "no_reason_7d", "light_use")
    assert row(session, tagged).listing_id == listing and row(session, tagged).state == "on_sale"
    session.rollback()
    for client in (anonymous, bob.client()):
        page = client.get(f"/listings/{listing}").text
        assert "西湖旧货行" in page and "Chen" not in page and "Reserve it" in page
    at_counter = chen.client().get(f"/listings/{listing}").text
    assert f"/stock/{tagged}" in at_counter and "Reserve it" not in at_counter


def test_twice_it_is_online_once(session, doing, chen, mu, tagged, listing):
    assert story.online(doing, mu, tagged) == listing
    assert session.query(Listing).count() == 1


def test_own_stock_is_sold_by_the_shop_as_an_operator(session, doing, chen, mu, shop):
    own = story.on_floor(doing, chen, stock.begun(doing, chen, shop), reserve=0)
    listing_id = story.online(doing, chen, own)
    assert session.get_one(Listing, listing_id).seller_kind == "operator"


def test_only_what_has_its_tag_goes_online(session, doing, chen, coat_stock):
    story.shot(doing, chen, coat_stock, 3)
    with pytest.raises(Refused) as no:
        story.online(doing, chen, coat_stock)
    assert no.value.code == "not_on_floor"
    stock.priced(doing, chen, coat_stock, 19_900)
    assert state_of(session, story.online(doing, chen, coat_stock)) == "published"


def test_without_photos_it_waits_as_a_draft(session, doing, chen, coat_stock):
    stock.priced(doing, chen, coat_stock, 19_900)
    first = story.online(doing, chen, coat_stock)
    assert state_of(session, first) == "draft"
    story.shot(doing, chen, coat_stock, 3)
    assert story.online(doing, chen, coat_stock) == first and state_of(session, first) == "published"


def test_nobody_of_elsewhere_puts_it_online(session, people, doing, alice, chen, tagged):
    other = people.organisation("城南寄售行")
    lou = people.person("Lou")
    people.give_role(lou, "shop_clerk", other)
    for person in (alice, lou):
        with pytest.raises(Forbidden):
            story.online(doing, person, tagged)
        assert person.client().post(f"/stock/{tagged}/online").status_code == 403
    assert chen.client().post(f"/stock/{tagged}/online").status_code == 303


def test_another_price_on_the_tag_is_the_price_online(session, doing, chen, tagged, listing):
    stock.priced(doing, chen, tagged, 17_900, consented=True)
    assert session.get_one(Listing, listing).price_minor == 17_900


def test_the_price_is_changed_on_the_tag_only(session, doing, chen, tagged, listing):
    def edit(**also):
        with doing(chen) as w:
            told = {"title": "羽绒服", "price_minor": 19_900, "district": "330106", **also}
            listings.edit(w, w.session.get_one(Listing, listing), Offer(**told))

    for also, field in (({"price_minor": 9_900}, "price"), ({"negotiable": True}, "negotiable")):
        with pytest.raises(Invalid) as no:
            edit(**also)
        assert no.value.field == field
    with pytest.raises(Invalid), doing(chen) as w:
        terms.set_terms(w, w.session.get_one(Listing, listing), terms.Terms(gift=True, policy="no_reason_7d"))
    edit()
    assert session.get_one(Listing, listing).title == "羽绒服"
    assert f"/stock/{tagged}" in chen.client().get(f"/listings/{listing}/edit").text


def test_off_the_floor_is_off_the_market_and_back_again(session, doing, chen, tagged, listing):
    with doing(chen) as w:
        pricing.unprice(w, queries.get_stock(w.session, tagged))
    assert (row(session, tagged).state, state_of(session, listing)) == ("in_stock", "paused")
    session.rollback()
    assert chen.client().post(f"/listings/{listing}/resume").status_code == 409, "it has no tag"
    stock.priced(doing, chen, tagged, 18_900, consented=True)
    assert story.online(doing, chen, tagged) == listing
    assert session.get_one(Listing, listing).price_minor == 18_900 and state_of(session, listing) == "published"


@pytest.mark.parametrize("verb, also", [("give_back", True), ("damage", True), ("lose", False)])
def test_what_leaves_the_shop_leaves_the_market(session, doing, chen, tagged, listing, verb, also):
    with doing(chen) as w:
        one = following.locked(w, tagged)
        ended = {"ended_at": w.now, "went": "giver"} if also else {}
        step(w, one, verb, "given_back", also={"asking_minor": None, **ended})
    assert state_of(session, listing) == "withdrawn"


def test_taken_off_the_market_it_stays_in_the_shop(session, doing, chen, tagged, listing):
    assert chen.client().post(f"/stock/{tagged}/offline").status_code == 303
    assert (row(session, tagged).state, state_of(session, listing)) == ("on_sale", "paused")
    session.rollback()
    assert chen.client().post(f"/stock/{tagged}/offline").status_code == 303, "twice is once"
    assert chen.client().post(f"/stock/{tagged}/online").status_code == 303
    assert state_of(session, listing) == "published"


def test_reserved_online_it_is_held_in_the_shop(session, doing, chen, bob, tagged, listing):
    order_id = reserved(doing, listing, bob)
    assert row(session, tagged).state == "held"
    for refused in (
        lambda: stock.priced(doing, chen, tagged, 20_000),
        lambda: _do(doing, chen, lambda w: pricing.unprice(w, queries.get_stock(w.session, tagged))),
        lambda: _do(doing, chen, lambda w: online.take_offline(w, queries.get_stock(w.session, tagged))),
        lambda: _do(doing, chen, lambda w: step(w, following.locked(w, tagged), "give_back", "given_back")),
    ):
        with pytest.raises(Refused):
            refused()
    with doing(bob) as w:
        orders.cancel(w, w.session.get_one(Order, order_id))
    assert (row(session, tagged).state, state_of(session, listing)) == ("on_sale", "published")
    stock.priced(doing, chen, tagged, 18_000, consented=True)


def _do(doing, who, what):
    with doing(who) as w:
        return what(w)


def test_anybody_at_the_counter_hands_it_over_and_the_shop_is_paid(session, doing, chen, mu, bob, shop, tagged, listing):
    order_id = ordered(doing, listing, bob)
    order = session.get_one(Order, order_id)
    assert (order.seller_id, order.payee_id) == (shop, shop)
    checked(doing, order_id, bob)
    sold(doing, order_id, mu)
    one = row(session, tagged)
    assert (one.state, one.went, one.went_words) == ("sold", "online", session.get_one(Order, order_id).number)
    assert session.get_one(Order, order_id).state == "completed"
    assert session.get_one(Item, one.item_id).owner_id == bob.id
    assert balance(session, "seller_payable", shop).minor == -597, "paid in cash, so the shop owes the fee"
    assert {one.by for one in queries.lines_of(session, tagged)} == {chen.id, mu.id, bob.id}, "the way says who"


def test_brought_back_it_stands_in_the_register_again(session, doing, chen, mu, bob, shop, tagged, listing):
    order_id = ordered(doing, listing, bob)
    checked(doing, order_id, bob)
    sold(doing, order_id, chen)
    story.brought_back(doing, order_id, bob, mu)
    one = row(session, tagged)
    assert (one.state, one.went, one.ended_at, one.asking_minor) == ("in_stock", "", None, None)
    item = session.get_one(Item, one.item_id)
    assert item.owner_id == shop
    last = session.query(CustodyLine).filter_by(item_id=item.id).order_by(CustodyLine.id.desc()).first()
    assert (last.holder_kind, last.holder_id, last.place, last.why) == ("org", shop, "counter", "returned")
    stock.priced(doing, chen, tagged, 18_900, consented=True)
    again = story.online(doing, chen, tagged)
    assert again != listing and state_of(session, again) == "published"


@pytest.mark.parametrize("become, state, left", [(transport.lose, "lost", "lost"), (transport.come_back, "on_sale", "paused")])
def test_a_parcel_that_never_came(session, doing, chen, bob, shop, tagged, listing, become, state, left):
    """Sent by the counter; lost on its way it is missing in the register, brought back by the carrier it stands in the shop."""
    order_id = transferred_and_sent(doing, listing, chen, bob)
    assert row(session, tagged).state == "held"
    with doing() as w:
        order = w.session.get_one(Order, order_id)
        transport.miss(w, order)
        become(w, order)
    assert (row(session, tagged).state, state_of(session, listing)) == (state, left)
    last = session.query(CustodyLine).filter_by(item_id=row(session, tagged).item_id).order_by(CustodyLine.id.desc()).first()
    assert (last.holder_kind, last.holder_id) == ("org", shop)


def test_a_laptop_brought_back_waits_to_be_wiped_anew(
    app, session, doing, chen, mu, ada, bob, wang, zhao, shop, adas_visit
):  # fmt: skip
    laptop = stock.taken(doing, chen, adas_visit, **stock.laptop_of())
    stock.wiped(app, doing, row(session, laptop), ada, chen, wang, zhao)
    story.shot(doing, chen, laptop, 6)
    stock.priced(doing, chen, laptop, 300_000)
    listing_id = story.online(doing, chen, laptop)
    assert session.get_one(Listing, listing_id).warranty_months == 3
    order_id = ordered(doing, listing_id, bob)
    session.rollback()
    checked(doing, order_id, bob, tail="XK9A7"[-4:])
    sold(doing, order_id, chen)
    assert row(session, laptop).state == "sold"
    story.brought_back(doing, order_id, bob, chen)
    one = row(session, laptop)
    assert (one.state, one.clearance_id, one.ended_at) == ("waiting", None, None)
    with pytest.raises(Refused):
        stock.priced(doing, chen, laptop, 290_000)


def test_the_shops_people_dont_buy_from_it(session, people, doing, chen, wang, bob, listing):
    for person in (chen, wang):
        with pytest.raises(Refused) as no:
            reserved(doing, listing, person)
        assert no.value.code == "own_house"
    answer = wang.client().post(f"/listings/{listing}/reserve")
    assert answer.status_code == 409 and "You work at the shop" in answer.text
    assert reserved(doing, listing, bob)


def test_no_offers_below_the_tag(session, doing, bob, listing):
    from core.money import Money

    with pytest.raises(Invalid), doing(bob) as w:
        offering.offer(w, w.session.get_one(Listing, listing), Money(10_000, "CNY"))


def test_messages_reach_the_counter_and_anybody_answers_in_the_shops_name(session, doing, chen, mu, bob, charlie, shop, listing):
    path = f"/listings/{listing}/talk/{bob.id}"
    assert bob.client().post(path, data={"body": "还在吗？"}).status_code == 303
    for person in (chen, mu):
        client = person.client()
        assert "还在吗？" in client.get(f"/me/messages?for={shop}").text and "还在吗？" not in client.get("/me/messages").text
        assert client.get(f"/listings/{listing}/talk").location == f"/me/messages?for={shop}"
    assert mu.client().post(path, data={"body": "在的，欢迎来看。"}).status_code == 303
    page = bob.client().get(path).text
    assert "西湖旧货行" in page and "Mu" not in page and "在的" in page
    said = session.query(Message).order_by(Message.id.desc()).first()
    assert said.author_id == shop
    told = session.query(AuditLine).filter_by(word="market:talk:answered").one()
    assert told.actor == mu.id, "the log says who wrote"
    assert charlie.client().get(path).status_code == 403


def test_the_shops_lists_are_not_the_clerks_own(session, doing, chen, mu, bob, alice, shop, tagged, listing):
    order_id = reserved(doing, listing, bob)
    client = chen.client()
    for list_ in ("orders", "sales", "messages", "offers", "cases"):
        assert client.get(f"/me/{list_}?for={shop}").status_code == 200
        assert alice.client().get(f"/me/{list_}?for={shop}").status_code == 404
    assert f"/orders/{order_id}" in client.get(f"/me/orders?for={shop}").text
    assert f"/orders/{order_id}" not in client.get("/me/orders").text
    page = client.get(f"/orders/{order_id}").text
    assert "西湖旧货行" in page
    seen = bob.client().get(f"/orders/{order_id}").text
    assert "西湖旧货行" in seen and "Chen" not in seen
    assert chen.client().get(f"/sellers/{shop}").location == f"/shops/{shop}"
    assert mu.client().get(f"/organisations/{shop}/money").status_code == 200


def test_many_at_once_each_for_itself(session, doing, chen, visit, shop, tagged):
    bare = stock.taken(doing, chen, visit)
    stock.priced(doing, chen, bare, 19_900)
    client, path = chen.client(), f"/consignment/{shop}/online"
    page = client.get(path).text
    assert tagged in page and "needs photos first" in page
    assert client.post(path, data={"once": "a"}).status_code == 422
    assert client.post(path, data={"once": "b", "stock": [tagged, bare, "01XXXXXXXXXXXXXXXXXXXXXXXX"]}).status_code == 303
    page = client.get(path).text
    assert "1 thing is online now" in page and "only by its photos" in page
    states = {one.state for one in session.query(Listing)}
    assert states == {"published", "draft"}
    assert client.get("/consignment/online").location == path


def test_the_house_signs_in_nowhere_and_is_no_person(session, listing, shop, root):
    house = session.get_one(Account, shop)
    assert house.house and house.password_hash == "!" and not house.contacts


def race(database, *steps):
    """Each of (person, step) in a connection of its own, at the same moment. Returns "done", or the code of a refusal."""
    gate_, told = threading.Barrier(len(steps)), {}

    def go(nth, who, what):
        with database.session() as own:
            gate_.wait(30)
            try:
                with work(own, who.actor, clock.now()) as w:
                    what(w)
                told[nth] = "done"
            except Refused as no:
                told[nth] = no.code

    threads = [threading.Thread(target=go, args=(nth, *one), daemon=True) for nth, one in enumerate(steps)]
    [one.start() for one in threads]
    [one.join(60) for one in threads]
    return [told.get(nth, "a fault") for nth in range(len(steps))]


def _unprice(stock_id):
    return lambda w: pricing.unprice(w, queries.get_stock(w.session, stock_id))


def _back(stock_id):
    def back(w):
        one = following.locked(w, stock_id)
        step(w, one, "give_back", "given_back", also={"ended_at": w.now, "went": "giver", "asking_minor": None})

    return back


@pytest.mark.parametrize("leaves, left, off", [(_unprice, "in_stock", "paused"), (_back, "returned", "withdrawn")])
def test_reserved_at_the_very_moment_it_leaves_the_floor(database, session, doing, chen, bob, visit, leaves, left, off):
    """Either it is held for its buyer, or it is off the floor and nobody has it: never both."""
    for _nth in range(4):
        stock_id = story.on_floor(doing, chen, visit)
        listing_id = story.online(doing, chen, stock_id)
        session.rollback()
        told = race(database, (bob, lambda w, one=listing_id: orders.reserve(w, one)), (chen, leaves(stock_id)))
        assert sorted(one == "done" for one in told) == [False, True] and "a fault" not in told, told
        found = (row(session, stock_id).state, state_of(session, listing_id))
        assert found == (("held", "reserved") if told[0] == "done" else (left, off))
        if told[0] == "done":
            with doing(bob) as w:
                orders.cancel(w, w.session.scalars(select(Order).where(Order.listing_id == listing_id)).one())


def test_two_buyers_at_once_get_it_once(database, session, doing, chen, bob, charlie, tagged, listing):
    session.rollback()
    told = race(database, *((one, lambda w: orders.reserve(w, listing)) for one in (bob, charlie)))
    assert sorted(told) == ["done", "taken"]
    assert row(session, tagged).state == "held" and session.query(Order).count() == 1


def test_two_clerks_put_it_online_once(database, session, doing, chen, mu, tagged):
    session.rollback()
    both = race(database, *((one, lambda w: online.put_online(w, queries.get_stock(w.session, tagged))) for one in (chen, mu)))
    assert both == ["done", "done"] and session.query(Listing).count() == 1


def test_a_price_is_changed_while_somebody_reserves_it(database, session, doing, chen, bob, tagged, listing):
    """Whoever came first counts: the buyer pays what the tag said then."""
    from market.channels.consignment.goods.pricing import Tag

    session.rollback()
    told = race(
        database, (bob, lambda w: orders.reserve(w, listing)),
        (chen, lambda w: pricing.price(w, queries.get_stock(w.session, tagged), Tag(18_000, True))),
    )  # fmt: skip
    assert told[0] == "done" and "a fault" not in told, told
    session.rollback()
    order = session.query(Order).one()
    assert order.price_minor == row(session, tagged).asking_minor == session.get_one(Listing, listing).price_minor


def test_what_left_the_floor_cant_be_reserved(session, doing, tagged, listing, bob):
    """The last guard, should the listing ever be slower than its thing."""
    with pytest.raises(Busy, match="not_on_floor"), doing(bob) as w:
        w.session.get_one(StockItem, tagged).state = "in_stock"
        w.session.flush()
        orders.reserve(w, listing)

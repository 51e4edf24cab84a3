"""One person blocks another: nothing new between the two, what stands goes on, and nobody learns who."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import clock, ports
from core.errors import Invalid, Refused
from core.goods.models import Item
from core.money import Money
from core.people.models import Notice
from core.ports import PersonClosing
from market import dossier
from market.listings import blocking
from market.listings.block_models import Block
from market.listings.models import Listing, Message
from market.orders import meeting, offering, placing, swapping
from market.orders.models import Order
from tests import stories
from tests.market_stories import listed, listed_coat, ordered, reserved


@pytest.fixture
def coat(doing, alice):
    """On sale, and one may name one's price."""
    found = listed_coat(doing, alice)
    with doing(alice) as w:
        w.session.get_one(Listing, found).negotiable = True
    return found


def blocks(doing, who, whom):
    with doing(who) as w:
        blocking.block(w, whom.id)


def talks(coat, who, buyer):
    return who.client().post(f"/listings/{coat}/talk/{buyer.id}", data={"body": "还在吗"}).status_code


@pytest.fixture(params=["alice blocks", "bob blocks"])
def blocked(request, doing, alice, bob):
    """Either of the two has blocked the other: it holds both ways."""
    blocks(doing, *((alice, bob) if request.param == "alice blocks" else (bob, alice)))


def test_nobody_writes_to_the_other(session, coat, blocked, alice, bob, charlie):
    assert talks(coat, bob, bob) == 409 and talks(coat, alice, bob) == 409
    assert session.scalars(select(Message)).first() is None
    assert talks(coat, charlie, charlie) == 303, "it is between these two only"


def test_nobody_offers_reserves_or_swaps(doing, coat, blocked, alice, bob, charlie):
    with doing(bob) as w, pytest.raises(Refused, match="blocked"):
        offering.offer(w, w.session.get_one(Listing, coat), Money(10000, "CNY"))
    with doing(bob) as w, pytest.raises(Refused, match="blocked"):
        placing.reserve(w, coat)
    scarf = listed(doing, stories.coat(doing, bob), bob, title="围巾")
    with doing(bob) as w, pytest.raises(Refused, match="blocked"):
        swapping.propose(w, w.session.get_one(Listing, coat), w.session.get_one(Listing, scarf))
    with doing(charlie) as w:
        offering.offer(w, w.session.get_one(Listing, coat), Money(10000, "CNY"))
    assert reserved(doing, coat, charlie)


def test_what_was_open_isnt_answered_any_more(doing, coat, alice, bob):
    with doing(bob) as w:
        bid = offering.offer(w, w.session.get_one(Listing, coat), Money(10000, "CNY")).id
    blocks(doing, alice, bob)
    for answer in (offering.accept, lambda w, row: offering.counter(w, row, Money(15000, "CNY"))):
        with doing(alice) as w, pytest.raises(Refused, match="blocked"):
            answer(w, offering.get_bid(w.session, bid))
    with doing(alice) as w:
        offering.decline(w, offering.get_bid(w.session, bid))
    with doing(alice) as w:
        blocking.unblock(w, bob.id)
    with doing(bob) as w:
        again = offering.offer(w, w.session.get_one(Listing, coat), Money(10000, "CNY")).id
    with doing(alice) as w:
        assert offering.accept(w, offering.get_bid(w.session, again)).buyer_id == bob.id


def test_a_mere_reservation_leads_no_further(doing, coat, alice, bob):
    order_id = reserved(doing, coat, bob)
    blocks(doing, alice, bob)
    assert talks(coat, bob, bob) == 409
    with doing(bob) as w, pytest.raises(Refused, match="blocked"):
        placing.confirm(w, w.session.get_one(Order, order_id), placing.Choice())
    with doing(bob) as w, pytest.raises(Refused, match="blocked"):
        meeting.propose(w, w.session.get_one(Order, order_id), org_id=None, place="地铁口", meet_at=clock.now() + timedelta(hours=3))
    assert alice.client().post(f"/orders/{order_id}/cancel").status_code == 303, "either can call it off"


@pytest.mark.slow
def test_an_order_whose_contract_stands_goes_on(session, doing, coat, alice, bob):
    order_id = ordered(doing, coat, bob)
    blocks(doing, alice, bob)
    assert talks(coat, bob, bob) == 303 and talks(coat, alice, bob) == 303
    with doing(bob) as w:
        meeting.propose(w, w.session.get_one(Order, order_id), org_id=None, place="地铁口", meet_at=clock.now() + timedelta(hours=3))
    path = f"/listings/{coat}/talk/{bob.id}"
    assert "Your order still stands" in alice.client().get(path).text, "who blocked is told why messages still arrive"
    assert "blocked" not in bob.client().get(path).text.split("<main")[1].split("confirm-body")[0], "who was blocked isn't told of it"
    assert "an order still stands" in alice.client().get("/me/settings/blocked").text
    alice.client().post(f"/orders/{order_id}/cancel")
    assert talks(coat, bob, bob) == 409, "when the order is done the block holds"


@pytest.mark.slow
def test_who_was_blocked_isnt_told_by_whom(session, doing, coat, alice, bob):
    blocks(doing, alice, bob)
    assert session.scalars(select(Notice).where(Notice.account_id == bob.id)).first() is None
    answer = bob.client().post(f"/listings/{coat}/talk/{bob.id}", data={"body": "还在吗"}).text
    assert "possible between the two of you" in answer and "You have blocked" not in answer
    assert "You have blocked this person" in alice.client().get(f"/listings/{coat}/talk/{bob.id}").text
    for page in ("/me/settings/blocked", f"/listings/{coat}", "/me/messages", "/inbox"):
        assert "Alice" not in bob.client().get("/me/settings/blocked").text and "End the block" not in bob.client().get(page).text
    assert dossier.personal_data(session, bob.id)["blocked"] == []
    assert [one["name"] for one in dossier.personal_data(session, alice.id)["blocked"]] == ["Bob"]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_block_and_end_it_from_each_page(session, coat, alice, bob, language):
    client = bob.client(language=language)
    word, end = {"en": ("Block this person", "End the block"), "zh": ("屏蔽此人", "解除屏蔽")}[language]
    for page in (f"/listings/{coat}", f"/listings/{coat}/talk/{bob.id}", f"/sellers/{alice.id}"):
        assert word in client.get(page).text and end not in client.get(page).text, page
        assert client.post(f"/people/{alice.id}/block", data={"back": page}).location == page
        assert end in client.get(page).text, page
        assert client.post(f"/people/{alice.id}/unblock", data={"back": page}).location == page
    assert client.post(f"/people/{alice.id}/block", data={"back": "https://evil.example"}).location == "/me/settings/blocked"
    assert "Alice" in client.get("/me/settings/blocked").text


def test_doors(coat, alice, bob, anonymous):
    assert bob.client().post(f"/people/{bob.id}/block").status_code == 403, "nobody blocks themselves"
    assert bob.client().post("/people/nobody/block").status_code == 404
    assert "sign-in" in anonymous.post(f"/people/{alice.id}/block").location and "sign-in" in anonymous.get("/me/settings/blocked").location
    for page in (f"/listings/{coat}", f"/sellers/{alice.id}"):
        assert "/block" not in anonymous.get(page).text and "/block" not in alice.client().get(page).text


def test_twice_is_once_and_nobody_blocks_themselves(session, doing, alice, bob):
    blocks(doing, alice, bob)
    blocks(doing, alice, bob)
    assert len(session.scalars(select(Block)).all()) == 1
    with doing(alice) as w, pytest.raises(Invalid):
        blocking.block(w, alice.id)
    with pytest.raises(IntegrityError), doing() as w:
        w.session.add(Block(blocker_id=alice.id, blocked_id=alice.id, at=w.now))


def test_the_database_holds_it_too(session, doing, coat, alice, bob, charlie):
    blocks(doing, alice, bob)
    order_id = reserved(doing, coat, charlie)
    with doing() as w:
        genuine = w.session.get_one(Order, order_id)
        columns = {c.name: getattr(genuine, c.name) for c in Order.__table__.columns}
    with doing(charlie) as w:
        from market.orders.actions import cancel

        cancel(w, w.session.get_one(Order, order_id))
    for buyer, fits in ((bob, False), (charlie, True)):
        change = {"id": f"x-{buyer.name}", "number": f"OD-{buyer.name}", "buyer_id": buyer.id, "state": "cancelled"}
        row = Order(**columns | change)
        if fits:
            with doing() as w:
                w.session.add(row)
        else:
            with pytest.raises(IntegrityError, match="blocked the other"), doing() as w:
                w.session.add(row)


def test_whoever_leaves_takes_their_blocks_along(session, doing, alice, bob, charlie):
    blocks(doing, alice, bob)
    blocks(doing, bob, charlie)
    blocks(doing, alice, charlie)
    with doing(bob) as w:
        ports.happened(w, PersonClosing(bob.id))
    assert [(one.blocker_id, one.blocked_id) for one in session.scalars(select(Block))] == [(alice.id, charlie.id)]


def test_nothing_else_changes_what_can_be_seen(session, doing, coat, alice, bob):
    blocks(doing, alice, bob)
    assert bob.client().get(f"/listings/{coat}").status_code == 200, "what everybody sees, they see too"
    assert session.get_one(Item, session.get_one(Listing, coat).item_id).state == "active"

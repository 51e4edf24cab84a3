"""Chen takes things in: into the register under signed terms; a device waits to be wiped before it gets a price."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core import clock
from core.errors import Forbidden, Invalid, Refused
from core.goods.models import CustodyLine, Item
from core.work import Actor, work
from market.channels.consignment.goods import pricing, queries
from market.channels.consignment.goods.models import StockItem
from market.channels.consignment.goods.taking import Wrong
from privacy.clearance import actions as clearing
from privacy.clearance.queries import find_valid
from tests import agreement_stories as agreeing
from tests import stock_stories as story


def test_a_coat_is_taken_in_and_the_register_says_from_whom_and_how(session, coat_stock, visit, shop, file, chen):
    one = story.row(session, coat_stock)
    assert (one.state, one.kind, one.consignor_id, one.came_by, one.taken_by) == ("in_stock", "consigned", file, "bought", chen.id)
    assert one.number.startswith("RK-") and one.intake.number.startswith("SJ-") and one.asking_minor is None
    item = session.get_one(Item, one.item_id)
    assert item.owner_id == shop, "the shop keeps it in its own name"
    last = session.query(CustodyLine).filter_by(item_id=item.id).order_by(CustodyLine.id.desc()).first()
    assert (last.holder_kind, last.holder_id, last.place) == ("org", shop, "counter")


def test_sent_twice_it_is_taken_in_once(session, doing, chen, visit):
    first = story.taken(doing, chen, visit, once="k1")
    assert story.taken(doing, chen, visit, once="k1") == first
    assert story.taken(doing, chen, visit, once="k2") != first


def test_everything_that_is_wrong_is_told_at_its_field(session, doing, chen, visit):
    with pytest.raises(Wrong) as told:
        story.taken(doing, chen, visit, title=" ", wanted=0, came_by="", condition="shiny")
    assert [one.field for one in told.value.all] == ["title", "condition", "wanted", "came_by"]
    session.rollback()
    assert session.query(StockItem).count() == 0 and session.query(Item).count() == 0, "nothing half taken in"
    assert story.taken(doing, chen, visit)


def test_nothing_comes_in_without_a_signed_agreement(session, doing, mu, chen, shop):
    file = agreeing.consignor(session, shop, mu)
    with pytest.raises(Refused) as no:
        story.begun(doing, chen, shop, file)
    assert no.value.code == "no_agreement"
    story.under_terms(doing, mu, chen, shop)
    assert story.begun(doing, chen, shop, file)


def test_nobody_takes_in_their_own_things(session, doing, people, mu, chen, shop):
    own = agreeing.consignor(session, shop, mu, account=chen)
    story.under_terms(doing, mu, mu, shop)
    with pytest.raises(Forbidden):
        story.begun(doing, chen, shop, own)
    assert story.begun(doing, mu, shop, own)


def test_one_visit_of_a_person_is_open_at_a_time(doing, chen, shop, file, visit):
    assert story.begun(doing, chen, shop, file) == visit


def test_banned_goods_are_refused_and_nothing_is_kept(session, doing, chen, visit):
    with pytest.raises(Invalid) as no:
        story.taken(doing, chen, visit, title="管制刀具 弹簧刀")
    assert no.value.code == "banned_goods"
    session.rollback()
    assert session.query(Item).count() == 0


def test_a_laptop_gets_no_price_before_its_wiping_was_verified(app, session, doing, adas_visit, ada, chen, wang, zhao):
    stock_id = story.taken(doing, chen, adas_visit, **story.laptop_of())
    assert story.row(session, stock_id).state == "waiting"
    with pytest.raises(Refused) as no:
        story.priced(doing, chen, stock_id, 300_000)
    assert no.value.code == "not_cleared"
    story.wiped(app, doing, story.row(session, stock_id), ada, chen, wang, zhao)
    assert story.row(session, stock_id).state == "in_stock", "verified: it waits no longer"
    story.priced(doing, chen, stock_id, 300_000)
    one = story.row(session, stock_id)
    assert (one.state, one.asking_minor) == ("on_sale", 300_000) and one.clearance_id


@pytest.mark.parametrize("change", ["asking_minor = 100", "state = 'in_stock'", "state = 'on_sale', asking_minor = 100"])
def test_the_database_itself_keeps_a_price_off_a_device_that_was_not_wiped(session, doing, chen, visit, change):
    laptop, coat = story.taken(doing, chen, visit, **story.laptop_of()), story.taken(doing, chen, visit)
    with pytest.raises(DBAPIError, match="no device|waiting_has_no_price|needs_clearance"):
        session.execute(text(f"UPDATE stock_items SET {change} WHERE id = :id"), {"id": laptop})
    session.rollback()
    session.execute(text(f"UPDATE stock_items SET {change} WHERE id = :id"), {"id": coat})
    session.rollback()


def test_the_price_goes_in_the_moment_in_which_the_clearance_ends(app, session, doing, adas_visit, ada, chen, wang, zhao):
    stock_id = story.taken(doing, chen, adas_visit, **story.laptop_of())
    story.wiped(app, doing, story.row(session, stock_id), ada, chen, wang, zhao)
    story.priced(doing, chen, stock_id, 300_000)
    with work(session, Actor("system:test"), clock.now()) as w:
        clearing.end_clearance(w, find_valid(w.session, w.session.get_one(StockItem, stock_id).item_id), "custody_raised")
    one = story.row(session, stock_id)
    assert (one.state, one.asking_minor) == ("waiting", None)


def test_without_the_shop_taking_the_tag_off_a_clearance_can_not_end(app, session, doing, adas_visit, ada, chen, wang, zhao):
    stock_id = story.taken(doing, chen, adas_visit, **story.laptop_of())
    story.wiped(app, doing, story.row(session, stock_id), ada, chen, wang, zhao)
    story.priced(doing, chen, stock_id, 300_000)
    clearance = story.row(session, stock_id).clearance_id
    with pytest.raises(DBAPIError, match="take the price tag off"):
        session.execute(text("UPDATE clearances SET state = 'expired' WHERE id = :id"), {"id": clearance})
    session.rollback()


def test_the_register_can_not_be_rewritten(session, coat_stock):
    for change in ("came_by = 'gift'", "number = 'RK-1'", "taken_at = '2020-01-01 00:00:00'", "came_words = 'nice'"):
        with pytest.raises(DBAPIError):
            session.execute(text(f"UPDATE stock_items SET {change} WHERE id = :id"), {"id": coat_stock})
        session.rollback()
    with pytest.raises(DBAPIError):
        session.execute(text("DELETE FROM stock_items"))
    session.rollback()


def test_a_price_below_what_was_agreed_needs_the_givers_word(session, doing, chen, coat_stock):
    for price, code in ((14_999, "below_floor"), (15_500, "ask_giver")):
        with pytest.raises(Refused) as no:
            story.priced(doing, chen, coat_stock, price)
        assert no.value.code == code
    story.priced(doing, chen, coat_stock, 15_500, consented=True)
    story.priced(doing, chen, coat_stock, 25_000)
    assert story.row(session, coat_stock).asking_minor == 25_000
    assert [one.what for one in queries.lines_of(session, coat_stock)] == ["taken_in", "priced", "priced"]


def test_what_has_no_price_for_now_goes_back_into_the_stock_room(session, doing, chen, coat_stock):
    story.priced(doing, chen, coat_stock, 19_900)
    with doing(chen) as w:
        pricing.unprice(w, queries.get_stock(w.session, coat_stock))
    one = story.row(session, coat_stock)
    assert (one.state, one.asking_minor) == ("in_stock", None)


def test_a_visit_closes_once_something_was_taken_in_and_takes_nothing_more(session, doing, chen, visit, shop, file):
    with pytest.raises(Refused) as no:
        story.closed(doing, chen, visit)
    assert no.value.code == "nothing_taken"
    story.taken(doing, chen, visit)
    story.closed(doing, chen, visit)
    with pytest.raises(Refused) as no:
        story.taken(doing, chen, visit)
    assert no.value.code == "intake_closed"
    assert story.begun(doing, chen, shop, file) != visit


def test_own_stock_needs_its_source_and_no_agreement(session, doing, mu, chen, shop):
    with pytest.raises(Invalid) as no:
        story.begun(doing, chen, shop, source=" ")
    assert no.value.field == "source"
    own = story.taken(doing, chen, story.begun(doing, chen, shop, source="以旧换新回收"), reserve=0)
    assert story.row(session, own).kind == "own"


def test_a_thing_of_another_person_is_not_taken_in_as_known(session, doing, alice, ada, chen, adas_visit):
    from tests.stories import coat

    hers, anothers = coat(doing, ada), coat(doing, alice)
    with pytest.raises(Refused) as no:
        story.taken(doing, chen, adas_visit, known=anothers)
    assert no.value.code == "not_theirs"
    assert story.row(session, story.taken(doing, chen, adas_visit, known=hers)).item_id == hers

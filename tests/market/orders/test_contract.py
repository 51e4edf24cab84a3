"""From a reservation to a contract: every stated defect is ticked by itself, the offer is frozen, and nobody changes it any more."""

import hashlib
import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from core import canonical, clock
from core.errors import Invalid, Refused
from core.goods.models import Item
from core.work import Actor, work
from market.listings.models import Listing
from market.orders import placing, timers
from market.orders.models import Order, OrderLine
from market.orders.placing import Choice
from tests.market_stories import checked, confirmed, ordered, reserved, sold


def defects_of(session, order_id):
    from market.orders import snapshot

    order = session.get_one(Order, order_id)
    return snapshot.defects(session, session.get_one(Item, order.item_id), None)


def disclosed_coat(session, doing, coat):
    """Answer every disclosure of its card with a yes or in words; returns how many defects that makes."""
    from core.goods.cards import get_card

    with doing() as w:
        item = w.session.get_one(Item, w.session.get_one(Listing, coat).item_id)
        said = {}
        for one in get_card(item.category).disclosures:
            said[one.code] = "袖口开线" if one.kind == "text" else {"yes": "no", "no": "yes"}[one.fine]
        item.disclosures = said
    return len(said)


def test_a_reservation_binds_nobody_and_an_order_does(session, doing, coat, bob):
    order_id = reserved(doing, coat, bob)
    order = session.get_one(Order, order_id)
    assert (order.state, order.contract_at, order.snapshot) == ("created", None, None)
    confirmed(doing, order_id, bob)
    session.refresh(order)
    assert order.state == "awaiting_payment" and order.contract_at is not None
    assert order.snapshot["title"].startswith("波司登") and order.snapshot["price_minor"] == 19900
    assert order.snapshot_digest == canonical.digest(order.snapshot)


def test_each_stated_defect_is_ticked_by_itself(session, doing, coat, bob):
    many = disclosed_coat(session, doing, coat)
    order_id = reserved(doing, coat, bob)
    told = defects_of(session, order_id)
    assert len(told) == many >= 1
    for left_out in told:
        ticked = [one.code for one in told if one is not left_out]
        with pytest.raises(Invalid, match="defect_unread") as no, doing(bob) as w:
            placing.confirm(w, w.session.get_one(Order, order_id), Choice(acknowledged=ticked))
        assert no.value.field == left_out.code
    with doing(bob) as w:
        placing.confirm(w, w.session.get_one(Order, order_id), Choice(acknowledged=[one.code for one in told]))
    frozen = session.get_one(Order, order_id).snapshot["defects"]
    assert [one["acknowledged"] for one in frozen] == [True] * many


def test_what_is_fine_is_no_defect_and_what_is_not_known_is_one(session, doing, coat, bob):
    order_id = reserved(doing, coat, bob)
    for washed, many in (("yes", 0), ("no", 1), ("unknown", 1), ("", 0)):
        with doing() as w:
            w.session.get_one(Item, w.session.get_one(Listing, coat).item_id).disclosures = {"washed": washed}
        assert len(defects_of(session, order_id)) == many, washed


@pytest.mark.parametrize("said", ["无", "没有", "None", "no", " 无 "])
def test_a_seller_who_says_none_has_stated_no_defect(session, doing, coat, bob, said):
    with doing() as w:
        item = w.session.get_one(Item, w.session.get_one(Listing, coat).item_id)
        from core.goods.cards import get_card

        item.disclosures = {one.code: said for one in get_card(item.category).disclosures if one.kind == "text"}
    assert defects_of(session, reserved(doing, coat, bob)) == []


@pytest.mark.parametrize(("choice", "field"), [
    (Choice(payment="gold"), None), (Choice(fulfilment="pigeon"), "fulfilment"), (Choice(fulfilment="parcel"), "fulfilment"),
    (Choice(payment="collect_code"), "payment"), (Choice(payment="stripe"), "payment"),
])  # fmt: skip
def test_a_way_that_does_not_fit_is_said_at_its_field(session, doing, coat, bob, choice, field):
    order_id = reserved(doing, coat, bob)
    with pytest.raises(Refused) as no, doing(bob) as w:
        placing.confirm(w, w.session.get_one(Order, order_id), choice)
    assert field is None or no.value.field == field
    assert session.get_one(Order, order_id).state == "created"


def test_the_contract_is_taken_away_as_a_file_by_both_and_by_nobody_else(session, doing, coat, alice, bob, charlie):
    order_id = reserved(doing, coat, bob)
    assert bob.client().get(f"/orders/{order_id}/contract.pdf").status_code == 404
    confirmed(doing, order_id, bob)
    for person in (alice, bob):
        answer = person.client().get(f"/orders/{order_id}/contract.pdf")
        assert answer.status_code == 200 and answer.data.startswith(b"%PDF")
    assert charlie.client().get(f"/orders/{order_id}/contract.pdf").status_code == 404


CHANGES = {
    "price_minor": 1, "fee_minor": 1, "snapshot": {"title": "another"}, "snapshot_digest": "0" * 64, "acknowledged": ["x"],
    "return_policy": "no_reason_7d", "payee_id": "somebody", "contract_at": None,
}  # fmt: skip


@pytest.mark.parametrize("column", CHANGES)
def test_the_database_keeps_what_was_agreed(session, doing, coat, bob, column):
    order_id = ordered(doing, coat, bob)
    with pytest.raises(IntegrityError), doing(bob) as w:
        w.session.execute(update(Order).where(Order.id == order_id).values({column: CHANGES[column]}))


def test_before_the_contract_a_price_may_still_be_agreed(session, doing, coat, bob):
    order_id = reserved(doing, coat, bob)
    with doing(bob) as w:
        w.session.execute(update(Order).where(Order.id == order_id).values(price_minor=15000))
    assert session.get_one(Order, order_id).price_minor == 15000


@pytest.mark.parametrize("state", ["awaiting_payment", "checked", "paid", "completed"])
def test_the_database_lets_no_order_go_on_without_a_contract(session, doing, coat, bob, state):
    order_id = reserved(doing, coat, bob)
    with pytest.raises(IntegrityError), doing(bob) as w:
        w.session.execute(update(Order).where(Order.id == order_id).values(state=state, completed_at=w.now))


def test_an_order_with_a_contract_is_not_deleted_and_keeps_its_people(session, doing, coat, bob, charlie):
    order_id = ordered(doing, coat, bob)
    for statement in ("DELETE FROM order_lines", "DELETE FROM orders", f"UPDATE orders SET buyer_id = '{charlie.id}'"):
        with pytest.raises(IntegrityError), doing(bob) as w:
            w.session.execute(text(statement))
    assert session.get_one(Order, order_id).buyer_id == bob.id


def test_each_line_says_who_would_have_to_look_at_its_tax(session, doing, coat, bob):
    ordered(doing, coat, bob)
    (line,) = session.query(OrderLine).all()
    assert (line.tax_category, line.price_minor, line.quantity) == ("own_used_goods", 19900, 1)


def test_sending_the_order_twice_is_one_contract(session, doing, coat, bob):
    order_id = ordered(doing, coat, bob)
    first = session.get_one(Order, order_id).contract_at
    confirmed(doing, order_id, bob)
    session.expire_all()
    assert session.get_one(Order, order_id).contract_at == first and session.query(OrderLine).count() == 1


# --- pages --------------------------------------------------------------------------------------------------------


def test_the_page_shows_what_is_told_and_keeps_the_ticks_when_one_is_missing(session, doing, coat, bob):
    many = disclosed_coat(session, doing, coat)
    client = bob.client()
    path = client.post(f"/listings/{coat}/reserve").location
    page = client.get(path).text
    names = re.findall(r'name="(told_\w+)"', page)
    assert len(names) == many and "The moment you press the button the contract stands." in page
    answer = client.post(path, data={names[0]: "y", "fulfilment": "meet", "payment": "cash"})
    if many > 1:
        assert answer.status_code == 422 and f'id="{names[1]}-error"' in answer.text
        assert re.search(rf'name="{names[0]}"[^>]*checked|checked[^>]*name="{names[0]}"', answer.text)
    done = client.post(path, data={**dict.fromkeys(names, "y"), "fulfilment": "meet", "payment": "cash"})
    assert done.status_code == 303 and client.get(path).status_code == 303, "ordered once"
    shown = client.get(done.location).text
    assert "The contract stands since" in shown and "Told and ticked, one by one:" in shown and "Nobody holds money" in shown


def test_only_the_buyer_orders(doing, coat, alice, bob, charlie):
    order_id = reserved(doing, coat, bob)
    for person in (alice, charlie):
        assert person.client().post(f"/orders/{order_id}/confirm", data={"fulfilment": "meet", "payment": "cash"}).status_code in (403, 404)


def test_both_see_the_dates_before_they_come(doing, coat, alice, bob):
    order_id = ordered(doing, coat, bob)
    for person in (alice, bob):
        assert "Pay and hand over until" in person.client().get(f"/orders/{order_id}").text


def test_an_order_that_nobody_pays_runs_out(session, doing, coat, bob):
    order_id = ordered(doing, coat, bob)
    with work(session, Actor("system:timers"), clock.now() + timedelta(hours=49)) as w:
        timers.run_out(w)
    assert session.get_one(Order, order_id).state == "expired"
    from market.payments.models import PaymentIntent

    assert session.query(PaymentIntent).one().state == "cancelled"


def test_the_snapshot_can_be_hashed_by_anybody(session, doing, coat, bob):
    order = session.get_one(Order, ordered(doing, coat, bob))
    plain = json.dumps(order.snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert hashlib.sha256(plain).hexdigest() == order.snapshot_digest


def test_after_a_sale_the_entry_explains_itself(session, doing, coat, alice, bob):
    order_id = ordered(doing, coat, bob)
    checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    from market.ledger.queries import entries_of

    sale = next(one for one in entries_of(session, order_id) if one.kind == "sale")
    assert sale.explanation["policy"] and sale.explanation["trace"]
    page = bob.client().get(f"/money/entries/{sale.id}").text
    assert "Sale" in page and "How each amount came about" in page
    assert bob.client().get("/me/money").status_code == 200

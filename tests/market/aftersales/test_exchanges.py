"""An exchange gives another thing: chosen by its seller, kept, given once; the old one is the seller's again."""

import hashlib
import io
import json
import threading
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core import clock, ids, ports
from core.errors import Busy, Invalid, Refused
from core.goods import custody, pictures
from core.goods.models import Item
from core.work import Actor, work
from market.aftersales import actions, ending, exchanging, handing
from market.aftersales.models import Case
from market.listings.models import Listing
from market.orders import contract, placing
from market.orders.models import Order
from market.orders.replacement_models import Replacement
from market.orders.replacing import thing_of
from privacy.clearance.models import Certificate
from privacy.clearance.queries import find_clearance
from tests.exchange_stories import agreed, all_told, bought, code_of, given, item_of, looked_at, step, tail_of
from tests.market_stories import listed, listed_coat, reserved, state_of
from tests.stories import coat, picture


def ways(session, listing_id):
    return [(line.why, line.place) for line in custody.history(session, item_of(session, listing_id).id)]


def test_the_buyer_gets_what_was_chosen_and_the_seller_has_the_old_one(session, doing, order_id, case_id, other, alice, bob):
    first = session.get_one(Order, order_id).listing_id
    step(doing, case_id, alice, exchanging.choose, other)
    assert state_of(session, other) == "reserved", "kept for him from now on"
    step(doing, case_id, alice, actions.take_back)
    assert item_of(session, first).owner_id == bob.id and item_of(session, other).owner_id == alice.id, "nothing is half exchanged"
    given(doing, case_id, alice, bob)
    step(doing, case_id, alice, handing.hand_over, "typed again")
    session.rollback()
    order, case = session.get_one(Order, order_id), session.get_one(Case, case_id)
    assert (case.state, case.replacement_id, order.state, order.refunded_minor) == ("settled", other, "completed", 0)
    assert item_of(session, first).owner_id == alice.id and item_of(session, other).owner_id == bob.id
    assert ways(session, first)[-1] == ("returned", "owner") and ways(session, other)[-1] == ("sold", "buyer")
    assert [one[0] for one in ways(session, other)].count("sold") == 1 and state_of(session, other) == "sold"
    row = session.scalars(select(Replacement)).one()
    assert (row.item_id, row.instead_of, row.snapshot["title"], row.snapshot["case"]) == (
        item_of(session, other).id, order.item_id, "另一件大衣", case.number)
    assert thing_of(session, order) == row.item_id


def test_first_the_old_one_then_the_new_one_and_only_what_was_chosen(doing, case_id, other, alice, bob):
    with pytest.raises(Refused, match="not_chosen"):
        step(doing, case_id, bob, handing.agree, [], "meet")
    step(doing, case_id, alice, exchanging.choose, other)
    with pytest.raises(Refused, match="not_yours"):
        step(doing, case_id, alice, handing.agree, [], "meet")
    step(doing, case_id, bob, handing.agree, [], "meet")
    with pytest.raises(Refused, match="old_first"):
        looked_at(doing, case_id, bob)
    with pytest.raises(Refused, match="other_end"):
        step(doing, case_id, bob, actions.made_good)
    step(doing, case_id, alice, actions.take_back)
    given(doing, case_id, alice, bob)


def says(case_id, who):
    """What the page of the case says in both languages, its questions before a step with it."""
    return who.client().get(f"/cases/{case_id}").text + who.client(language="zh").get(f"/cases/{case_id}").text


def test_its_words_are_about_things_and_not_about_money(doing, case_id, other, alice, bob):
    page = says(case_id, alice)
    assert "The seller chooses what the buyer gets" in page and "由卖家选择" in page
    assert "no money moves" in page and "不涉及退款" in page and "What is owed is paid back" not in page and "应退款项" not in page
    step(doing, case_id, alice, exchanging.choose, other)
    page = says(case_id, alice)
    assert "The seller has chosen" in page and "卖家已选定" in page and "The seller chooses" not in page and "由卖家选择" not in page
    step(doing, case_id, alice, actions.take_back)
    assert "The buyer gets what was chosen" in says(case_id, bob)
    given(doing, case_id, alice, bob)
    page = says(case_id, bob)
    assert "the buyer has what was given instead" in page and "买家已收到换出的物品" in page
    assert "what was granted" not in page and "应退" not in page


def test_a_return_is_about_money_and_says_so(doing, order_id, alice, bob):
    with doing(bob) as w:
        asked = {"kind": "return", "ground": "not_as_told", "words": "不是羊毛"}
        case_id = actions.open_case(w, w.session.get_one(Order, order_id), **asked).id
    step(doing, case_id, alice, actions.answer, True, "")
    page = says(case_id, alice)
    assert "What is owed is paid back then." in page and "应退款项" in page and "no money moves" not in page
    step(doing, case_id, alice, actions.take_back)
    page = says(case_id, bob)
    assert "what was granted goes back to the buyer" in page and "应退的款项退还给买家" in page


def test_a_repair_moves_no_money_either(doing, order_id, alice, bob):
    with doing(bob) as w:
        asked = {"kind": "repair", "ground": "broken", "words": "拉链坏了"}
        case_id = actions.open_case(w, w.session.get_one(Order, order_id), **asked).id
    step(doing, case_id, alice, actions.answer, True, "")
    page = says(case_id, alice)
    assert "You then make it good and give it back" in page and "What is owed is paid back" not in page
    step(doing, case_id, alice, actions.take_back)
    page = says(case_id, bob)
    assert "The seller makes it good" in page and "paid back within seven days" not in page and "退还" not in page
    step(doing, case_id, bob, actions.made_good)
    assert "has their own one back, made good" in says(case_id, bob)


def test_what_was_refused_and_never_taken_further_owes_nothing(doing, at, order_id, alice, bob):
    with doing(bob) as w:
        asked = {"kind": "return", "ground": "not_as_told", "words": "不是羊毛"}
        case_id = actions.open_case(w, w.session.get_one(Order, order_id), **asked).id
    step(doing, case_id, alice, actions.answer, False, "是羊毛")
    with at(15) as w:
        ending.run_out(w)
    page = says(case_id, bob)
    assert "It stayed refused" in page and "维持拒绝" in page and "what was granted" not in page


def test_with_nothing_to_give_the_buyer_may_take_their_own_one_back_and_say_so(session, doing, order_id, case_id, alice, bob):
    step(doing, case_id, alice, actions.take_back)
    assert f"/cases/{case_id}/made_good" in bob.client().get(f"/cases/{case_id}").text
    assert f"/cases/{case_id}/made_good" not in alice.client().get(f"/cases/{case_id}").text
    step(doing, case_id, bob, actions.made_good)
    session.rollback()
    order = session.get_one(Order, order_id)
    assert session.get_one(Case, case_id).state == "settled" and session.query(Replacement).count() == 0
    assert session.get_one(Item, order.item_id).owner_id == bob.id
    assert custody.find_holder(session, order.item_id).holder_id == bob.id, "the register says where it is"


def test_once_something_is_chosen_it_ends_by_that(doing, case_id, other, alice, bob):
    step(doing, case_id, alice, actions.take_back)
    step(doing, case_id, alice, exchanging.choose, other)
    with pytest.raises(Refused, match="other_end"):
        step(doing, case_id, bob, actions.made_good)
    given(doing, case_id, alice, bob)


def refused(doing, case_id, who, listing_id, code):
    with pytest.raises(Invalid, match=code) as no:
        step(doing, case_id, who, exchanging.choose, listing_id)
    assert no.value.field == "replacement"


def test_what_cant_be_given_is_said_at_its_field(session, doing, order_id, case_id, other, alice, bob, charlie):
    refused(doing, case_id, alice, "", "replacement_missing")
    refused(doing, case_id, alice, "x" * 26, "replacement_missing")
    refused(doing, case_id, alice, listed_coat(doing, charlie), "not_yours_to_give")
    refused(doing, case_id, alice, session.get_one(Order, order_id).listing_id, "same_thing")
    taken, gone = listed_coat(doing, alice, title="大衣三"), listed_coat(doing, alice, title="大衣四")
    reserved(doing, taken, charlie)
    refused(doing, case_id, alice, taken, "is_reserved")
    bought(doing, gone, alice, charlie)
    refused(doing, case_id, alice, gone, "is_sold")
    paused = listed_coat(doing, alice, title="大衣五")
    with doing(alice) as w:
        from market.listings.actions import pause

        pause(w, w.session.get_one(Listing, paused))
    refused(doing, case_id, alice, paused, "not_on_sale")
    with pytest.raises(Refused, match="not_yours"):
        step(doing, case_id, bob, exchanging.choose, other)
    step(doing, case_id, alice, exchanging.choose, other)
    step(doing, case_id, alice, exchanging.choose, other)


def test_only_in_an_exchange_that_was_accepted(doing, order_id, other, alice, bob):
    with doing(bob) as w:
        asked = {"kind": "exchange", "ground": "broken", "words": "拉链坏了"}
        case_id = actions.open_case(w, w.session.get_one(Order, order_id), **asked).id
    with pytest.raises(Refused, match="no_exchange"):
        step(doing, case_id, alice, exchanging.choose, other)
    step(doing, case_id, alice, actions.answer, True, "")
    step(doing, case_id, alice, exchanging.choose, other)


def test_another_choice_and_none_put_it_back_on_sale(session, doing, case_id, other, alice):
    third = listed_coat(doing, alice, title="第三件")
    step(doing, case_id, alice, exchanging.choose, other)
    step(doing, case_id, alice, exchanging.choose, third)
    assert [state_of(session, one) for one in (other, third)] == ["published", "reserved"]
    step(doing, case_id, alice, exchanging.let_go)
    step(doing, case_id, alice, exchanging.let_go)
    assert state_of(session, third) == "published" and session.get_one(Case, case_id).replacement_id is None


@pytest.mark.parametrize("end", ["withdrawn", "decided"])
def test_a_case_that_ends_otherwise_frees_it(session, doing, at, case_id, other, mediators, alice, bob, end):
    step(doing, case_id, alice, exchanging.choose, other)
    if end == "withdrawn":
        step(doing, case_id, bob, actions.withdraw)
    else:
        step(doing, case_id, bob, actions.mediate, "一直不换")
        step(doing, case_id, mediators[0], actions.decide, 5000, "退一部分")
        assert state_of(session, other) == "reserved"
        with at(7.1) as w:
            actions.run_out(w)
    assert state_of(session, other) == "published" and session.get_one(Case, case_id).replacement_id is None
    assert session.get_one(Order, session.get_one(Case, case_id).order_id).refunded_minor == (0 if end == "withdrawn" else 5000)


def test_nobody_else_can_reserve_what_is_kept(session, doing, case_id, other, alice, charlie):
    step(doing, case_id, alice, exchanging.choose, other)
    with pytest.raises(Busy, match="taken"):
        reserved(doing, other, charlie)
    step(doing, case_id, alice, exchanging.let_go)
    assert reserved(doing, other, charlie)


def test_the_rights_count_from_the_day_it_came(session, doing, at, alice, bob):
    """Sold by a business, with seven days and three months of warranty."""
    listing_id = listed_coat(doing, alice)
    with doing() as w:
        row = w.session.get_one(Listing, listing_id)
        row.seller_kind, row.return_policy, row.warranty_months = "operator", "no_reason_7d", 3
    order_id, other = bought(doing, listing_id, alice, bob), listed_coat(doing, alice, title="另一件")
    session.rollback()
    before = session.get_one(Order, order_id).warranty_until
    case_id = agreed(doing, order_id, alice, bob)
    step(doing, case_id, alice, exchanging.choose, other)
    with at(20, alice) as w:
        actions.take_back(w, w.session.get_one(Case, case_id))
    given(lambda who: at(20, who), case_id, alice, bob)
    session.rollback()
    order = session.get_one(Order, order_id)
    assert order.after_sales_until - order.received_at == timedelta(days=7) and order.warranty_until > before + timedelta(days=18)
    with at(26, bob) as w:
        again = actions.open_case(w, w.session.get_one(Order, order_id), kind="return", ground="no_reason", words="").id
    for act, args in ((actions.answer, (True, "")), (actions.take_back, ())):
        with at(27, alice) as w:
            act(w, w.session.get_one(Case, again), *args)
    session.rollback()
    assert item_of(session, other).owner_id == alice.id and session.get_one(Order, order_id).refunded_minor == 19900, "money for what he has"


def test_what_was_given_can_be_exchanged_once_more(session, doing, order_id, case_id, other, alice, bob):
    for listing_id in (other, listed_coat(doing, alice, title="第三件")):
        step(doing, case_id, alice, exchanging.choose, listing_id)
        step(doing, case_id, alice, actions.take_back)
        given(doing, case_id, alice, bob)
        session.rollback()
        if listing_id == other:
            case_id = agreed(doing, order_id, alice, bob)
            refused(doing, case_id, alice, other, "same_thing")
    third = session.scalars(select(Replacement).order_by(Replacement.id.desc())).first()
    assert item_of(session, other).owner_id == alice.id and session.get_one(Item, third.item_id).owner_id == bob.id
    assert third.instead_of == item_of(session, other).id


def test_what_is_told_of_it_is_ticked_one_by_one(session, doing, case_id, alice, bob):
    worn = listed(doing, coat(doing, alice), alice, title="旧大衣")
    with doing() as w:
        w.session.get_one(Listing, worn).condition = "flawed"
    step(doing, case_id, alice, exchanging.choose, worn)
    step(doing, case_id, alice, actions.take_back)
    with pytest.raises(Invalid, match="defect_unread") as no:
        step(doing, case_id, bob, handing.agree, [], "meet")
    assert no.value.field == "told_condition"
    given(doing, case_id, alice, bob, ["told_condition"])
    assert session.scalars(select(Replacement)).one().snapshot["defects"][0]["acknowledged"] is True


# --- devices ------------------------------------------------------------------------------------------------------


def test_a_device_is_given_with_its_clearance_and_the_old_one_has_lost_its_own(session, doing, laptops, alice, bob):
    case_id, first, second = laptops
    epochs = [item_of(session, one).epoch for one in (first, second)]
    step(doing, case_id, alice, exchanging.choose, second)
    step(doing, case_id, alice, actions.take_back)
    refused(doing, case_id, alice, first, "same_thing")
    given(doing, case_id, alice, bob, all_told(session, second), tail=tail_of(session, second))
    session.rollback()
    assert [item_of(session, one).epoch for one in (first, second)] == [epochs[0] + 1, epochs[1] + 1]
    assert [item_of(session, one).owner_id for one in (first, second)] == [alice.id, bob.id]
    assert find_clearance(session, item_of(session, first).id) is None, "wiped and verified anew before it is listed"
    assert session.scalars(select(Certificate.state)).all() == ["delivered", "delivered"]
    number = session.scalars(select(Replacement)).one().snapshot["certificate"]
    assert number and number in alice.client().get(f"/orders/{session.get_one(Case, case_id).order_id}").text


def test_a_device_whose_clearance_ends_meanwhile_isnt_given(session, doing, laptops, alice, bob):
    case_id, first, second = laptops
    step(doing, case_id, alice, exchanging.choose, second)
    step(doing, case_id, alice, actions.take_back)
    with doing(alice) as w:
        custody.raise_epoch(w, item_of(w.session, second), "seal_broken")
    assert state_of(session, second) == "waiting_wipe" and session.get_one(Case, case_id).replacement_id is None
    with pytest.raises(Refused, match="not_chosen"):
        step(doing, case_id, bob, handing.agree, all_told(session, second), "meet")
    refused(doing, case_id, alice, second, "not_cleared")
    assert "不能换给您了" in bob.client(language="zh").get("/inbox").text


def test_who_is_suspended_gives_nothing(session, doing, case_id, other, alice):
    step(doing, case_id, alice, exchanging.choose, other)
    with doing() as w:
        ports.happened(w, ports.PersonSuspended(alice.id, "fraud"))
    assert state_of(session, other) == "frozen" and session.get_one(Case, case_id).replacement_id is None


def bundle_of(client, case_id):
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"/cases/{case_id}/evidence.zip").data))
    told = {name: json.loads(archive.read(name)) for name in ("register.json", "log.json", "given_instead.json", "offer.json")}
    photos = {name for name in archive.namelist() if name.startswith("photos/")}
    digests = json.loads(archive.read("digests.json"))
    assert all(hashlib.sha256(archive.read(name)).hexdigest() == digest for name, digest in digests.items())
    return told, photos


def pictured(app, doing, owner, title):
    """A coat with a photo of its own on sale: (listing, name of the photo in a bundle)."""
    item_id = coat(doing, owner)
    with app.app_context(), doing(owner) as w:
        kept = pictures.add_photo(w, w.session.get_one(Item, item_id), picture()).sizes["large"][0]
    return listed(doing, item_id, owner, title=title), f"photos/{kept}.jpg"


def test_the_evidence_of_what_came_after_an_exchange_has_both_things(app, session, doing, alice, bob):
    """Bob's coat was exchanged, and what he got instead is faulty, too: who looks at it sees where each of the two went."""
    (first, old_photo), (second, new_photo) = (pictured(app, doing, alice, title) for title in ("旧大衣", "新大衣"))
    order_id = bought(doing, first, alice, bob)
    case_id = agreed(doing, order_id, alice, bob)
    told, photos = bundle_of(alice.client(), case_id)
    old, new = (item_of(session, one).id for one in (first, second))
    assert {line["item"] for line in told["register.json"]} == {old} and photos == {old_photo}, "nothing of a thing not given yet"
    step(doing, case_id, alice, exchanging.choose, second)
    step(doing, case_id, alice, actions.take_back)
    given(doing, case_id, alice, bob)
    again = agreed(doing, order_id, alice, bob)
    told, photos = bundle_of(alice.client(), again)
    moves = [(line["item"], line["why"], line["place"]) for line in told["register.json"]]
    assert (old, "sold", "buyer") in moves and (old, "returned", "owner") in moves, "how the old one went back"
    assert moves[-1] == (new, "sold", "buyer") and photos == {old_photo, new_photo}
    assert [told["offer.json"]["item"], told["given_instead.json"][0]["item"]] == [old, new]
    subjects = {line["subject"] for line in told["log.json"]}
    assert {old, new, first, second, order_id, case_id, again} <= subjects
    assert any(line["word"] == "market:exchange:chosen" for line in told["log.json"])
    whole = json.dumps(told["register.json"])
    assert alice.id not in whole and bob.id not in whole


# --- the database -------------------------------------------------------------------------------------------------


def raw(doing, statement, **values):
    with doing() as w:
        w.session.execute(text(statement), values)


def test_the_database_lets_only_what_is_free_and_ones_own_be_chosen(session, doing, case_id, other, alice, charlie):
    theirs, choose = listed_coat(doing, charlie), "UPDATE aftersales_cases SET replacement_id = :listing WHERE id = :case"
    for listing_id in (other, theirs):
        with pytest.raises(IntegrityError, match="what is one's own"):
            raw(doing, choose, listing=listing_id, case=case_id)
    reserved(doing, other, charlie)
    with pytest.raises(IntegrityError, match="what is one's own"):
        raw(doing, choose, listing=other, case=case_id)
    third = listed_coat(doing, alice, title="第三件")
    raw(doing, "UPDATE listings SET state = 'reserved' WHERE id = :listing", listing=third)
    raw(doing, choose, listing=third, case=case_id)


def test_the_database_knows_each_thing_once(session, doing, order_id, case_id, other, alice, bob):
    step(doing, case_id, alice, exchanging.choose, other)
    with pytest.raises(IntegrityError, match="kept for an exchange"):
        _order_of_it(doing, order_id, other)
    step(doing, case_id, alice, actions.take_back)
    given(doing, case_id, alice, bob)
    for statement in (
        "UPDATE aftersales_cases SET replacement_id = NULL", "DELETE FROM order_replacements", "UPDATE order_replacements SET item_id = instead_of",
    ):  # fmt: skip
        with pytest.raises(IntegrityError):
            raw(doing, statement)


def _order_of_it(doing, order_id, listing_id):
    """Another order of what is kept, past the program."""
    with doing() as w:
        like, listing = w.session.get_one(Order, order_id), w.session.get_one(Listing, listing_id)
        columns = {one.key: getattr(like, one.key) for one in Order.__table__.columns}
        w.session.execute(Order.__table__.insert().values(
            {**columns, "id": "z" * 26, "number": "OD-X", "listing_id": listing.id, "item_id": listing.item_id, "state": "created",
             "contract_at": None, "snapshot": None, "snapshot_digest": "", "completed_at": None}))  # fmt: skip


@pytest.mark.parametrize("both", ["two_cases", "case_and_buyer"])
def test_two_tills_never_give_the_same_thing_twice(session, doing, database, alice, bob, charlie, other, both):
    """Over real connections, at once, ten times over."""
    rival = charlie if both == "two_cases" else bob
    mine = agreed(doing, bought(doing, listed_coat(doing, alice), alice, bob), alice, bob)
    theirs = agreed(doing, bought(doing, listed_coat(doing, alice), alice, rival), alice, rival) if both == "two_cases" else ""
    session.rollback()
    told = []
    for _nth in range(10):
        gate = threading.Barrier(2)

        def at_once(step, who, gate=gate):
            with database.session() as own:
                gate.wait()
                try:
                    with work(own, Actor(who), clock.now()) as w:
                        step(w)
                    told.append("won")
                except (Refused, Busy):
                    told.append("told")

        def chosen(case):
            return lambda w: exchanging.choose(w, w.session.get_one(Case, case, with_for_update=True), other)

        steps = [(chosen(mine), alice.id), (chosen(theirs), alice.id) if theirs else (lambda w: placing.reserve(w, other), charlie.id)]
        threads = [threading.Thread(target=at_once, args=one) for one in steps]
        [one.start() for one in threads]
        [one.join(60) for one in threads]
        assert sorted(told) == ["told", "won"], told
        told.clear()
        session.rollback()
        holding = session.scalars(select(Case.id).where(Case.replacement_id == other)).all()
        orders = session.scalars(select(Order).where(Order.listing_id == other, Order.state == "created")).all()
        assert len(holding) + len(orders) == 1 and state_of(session, other) == "reserved"
        for case_id in holding:
            step(doing, case_id, alice, exchanging.let_go)
        for order in orders:
            from market.orders.actions import cancel

            with doing(charlie) as w:
                cancel(w, w.session.get_one(Order, order.id))


# --- pages --------------------------------------------------------------------------------------------------------


def test_on_the_phone(session, doing, order_id, case_id, other, alice, bob, charlie):
    seller, buyer, path = alice.client(), bob.client(language="zh"), f"/cases/{case_id}"
    assert f"{path}/replacement" in seller.get(path).text and f"{path}/replacement" not in buyer.get(path).text
    assert buyer.get(f"{path}/replacement").status_code == 403 and charlie.client().get(f"{path}/replacement").status_code == 403
    assert "另一件大衣" in seller.get(f"{path}/replacement").text
    no = seller.post(f"{path}/replacement", data={})
    assert no.status_code == 422 and 'id="replacement-error"' in no.text
    assert [seller.post(f"{path}/replacement", data={"replacement": other, "once": "a" * 26}).status_code for _ in range(2)] == [303, 303]
    assert "另一件大衣" in buyer.get(path).text and f"{path}/exchange" in buyer.get(path).text
    assert seller.get(f"{path}/exchange").status_code == 403
    no = buyer.post(f"{path}/exchange", data={})
    assert no.status_code == 422 and "另一件大衣" in no.text and 'id="way-error"' in no.text
    assert [buyer.post(f"{path}/exchange", data={"way": "meet", "once": "b" * 26}).status_code for _ in range(2)] == [303, 303]
    assert "先由卖家" in buyer.get(path).text and buyer.get(f"{path}/exchange/check").status_code == 303
    early = buyer.post(f"{path}/exchange/check", data={"same_thing": "yes", "defects": "yes"})
    assert early.status_code == 409 and "当面验机" in early.text
    assert seller.post(f"{path}/take_back").status_code == 303
    assert "当面" in buyer.get(f"{path}/exchange/check").text and seller.get(f"{path}/exchange/check").status_code == 403
    assert buyer.post(f"{path}/exchange/check", data={"same_thing": "yes"}).status_code == 422
    assert seller.post(f"{path}/exchange/hand-over", data={"code": code_of(session, case_id)}).status_code == 409, "checked first"
    assert buyer.post(f"{path}/exchange/check", data={"same_thing": "yes", "defects": "yes"}).status_code == 303
    code = code_of(session, case_id)
    assert ids.grouped(code) in buyer.get(path).text and ids.grouped(code) not in seller.get(path).text
    assert f'value="{code}"' in seller.get(f"{path}?code={code}").text, "as the QR opens it"
    wrong = seller.post(f"{path}/exchange/hand-over", data={"code": "WRONG"})
    assert wrong.status_code == 422 and 'id="code-error"' in wrong.text
    assert [seller.post(f"{path}/exchange/hand-over", data={"code": code}).status_code for _ in range(2)] == [303, 303]
    page = buyer.get(f"/orders/{order_id}").text
    assert "另一件大衣" in page and f"/listings/{other}" in page
    assert buyer.get(f"/orders/{order_id}/contract.pdf").status_code == 200
    session.rollback()
    given = session.scalars(select(Replacement)).all()
    assert [one.order_id for one in given] == [order_id]
    order = session.get_one(Order, order_id)
    assert "另一件大衣" in repr(contract.document(order, "", "zh", given).blocks), "the paper names it"
    assert "另一件大衣" not in repr(contract.document(order, "", "zh").blocks)


def test_the_seller_frees_it_on_the_phone(session, case_id, other, alice, bob):
    seller, path = alice.client(), f"/cases/{case_id}/replacement"
    seller.post(path, data={"replacement": other})
    assert bob.client().post(f"{path}/free").status_code == 403
    assert seller.post(f"{path}/free").status_code == 303 and state_of(session, other) == "published"

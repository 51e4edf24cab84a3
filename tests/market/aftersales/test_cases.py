"""Something is wrong after the sale: asked, answered, brought back, paid back; or mediated, decided, appealed."""

import hashlib
import io
import json
import zipfile
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from core import clock
from core.errors import Invalid, Refused
from core.goods.models import Item
from core.work import Actor, work
from market.aftersales import actions
from market.aftersales import case_rules as rules
from market.aftersales.models import Case
from market.aftersales.states import CASE
from market.ledger.actions import balance
from market.listings.models import Listing
from market.orders.models import Order
from market.payments import actions as payments
from market.payments.models import Refund
from tests.market_stories import checked, listed_coat, ordered, sold
from tests.stories import picture


@pytest.fixture
def bought(doing, alice, bob):
    """A coat for 199 yuan, bought and handed over, paid in cash."""
    order_id = ordered(doing, listed_coat(doing, alice), bob)
    checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    return order_id


@pytest.fixture
def from_a_shop(doing, alice, bob):
    """The same, but a business sold it with seven days and three months of warranty."""
    listing_id = listed_coat(doing, alice)
    with doing() as w:
        row = w.session.get_one(Listing, listing_id)
        row.seller_kind, row.return_policy, row.warranty_months = "operator", "no_reason_7d", 3
    order_id = ordered(doing, listing_id, bob)
    checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    return order_id


def opened(doing, order_id, buyer, **asked):
    told = {"kind": "refund", "ground": "not_as_told", "words": "拉链坏了", "amount": 5000, **asked}
    with doing(buyer) as w:
        return actions.open_case(w, w.session.get_one(Order, order_id), **told).id


def step(doing, case_id, who, verb, *args):
    with doing(who) as w:
        getattr(actions, verb)(w, w.session.get_one(Case, case_id, with_for_update=True), *args)


def paid_back(doing, session, seller, buyer):
    """In person: the seller pays back, the buyer says so."""
    row = session.scalars(select(Refund).order_by(Refund.id.desc())).first()
    with doing(seller) as w:
        payments.say_refunded(w, w.session.get_one(Refund, row.id))
    with doing(buyer) as w:
        payments.confirm_refunded(w, w.session.get_one(Refund, row.id))
    session.expire_all()


def test_part_of_the_money_back(session, doing, bought, alice, bob):
    case_id = opened(doing, bought, bob)
    assert session.get_one(Order, bought).state == "after_sales"
    step(doing, case_id, alice, "answer", True, "好的")
    session.expire_all()
    case, order = session.get_one(Case, case_id), session.get_one(Order, bought)
    assert (case.state, case.granted_minor, order.refunded_minor, order.state) == ("settled", 5000, 5000, "completed")
    assert balance(session, "buyer", bob.id).minor == 5000, "owed until it is paid back"
    paid_back(doing, session, alice, bob)
    assert balance(session, "buyer", bob.id).minor == balance(session, "seller_payable", alice.id).minor == 0


def test_brought_back_within_seven_days_and_refunded(session, doing, from_a_shop, alice, bob):
    case_id = opened(doing, from_a_shop, bob, kind="return", ground="no_reason", words="", amount=0)
    step(doing, case_id, alice, "answer", True, "")
    assert session.get_one(Case, case_id).state == "accepted"
    step(doing, case_id, alice, "take_back")
    session.expire_all()
    order = session.get_one(Order, from_a_shop)
    item = session.get_one(Item, order.item_id)
    assert (item.owner_id, session.get_one(Case, case_id).state, order.refunded_minor) == (alice.id, "settled", 19900)
    assert order.state == "after_sales", "it reads refunded when the money has moved"
    paid_back(doing, session, alice, bob)
    assert session.get_one(Order, from_a_shop).state == "refunded"
    for kind, who in (("buyer", bob.id), ("seller_payable", alice.id), ("platform_fee", "platform")):
        assert balance(session, kind, who).minor == 0, (kind, "a return gives the fee back, too")


def test_what_comes_back_is_of_another_epoch(session, doing, from_a_shop, alice, bob):
    item_id = session.get_one(Order, from_a_shop).item_id
    before = session.get_one(Item, item_id).epoch
    case_id = opened(doing, from_a_shop, bob, kind="return", ground="no_reason", words="")
    step(doing, case_id, alice, "answer", True, "")
    step(doing, case_id, alice, "take_back")
    session.expire_all()
    assert session.get_one(Item, item_id).epoch == before + 1, "every proof of before is history: wiped anew before it is listed"


@pytest.mark.parametrize(("asked", "code", "field"), [
    ({"kind": "return", "ground": "no_reason"}, "no_reason_not_owed", "ground"), ({"kind": "gold"}, "kind_unknown", "kind"),
    ({"amount": 0}, "amount_range", "amount"), ({"amount": 19901}, "amount_range", "amount"), ({"words": " "}, "words_missing", "words"),
    ({"kind": "refund", "ground": "no_reason"}, "no_reason_is_return", "kind"),
])  # fmt: skip
def test_what_cannot_be_asked_for_is_said_at_its_field(session, doing, bought, bob, asked, code, field):
    with pytest.raises(Invalid, match=code) as no:
        opened(doing, bought, bob, **asked)
    assert no.value.field == field and session.get_one(Order, bought).state == "completed"


def test_before_the_hand_over_there_is_nothing_to_put_right(doing, alice, bob):
    with pytest.raises(Refused, match="not_received"):
        opened(doing, ordered(doing, listed_coat(doing, alice), bob), bob)


def test_only_the_buyer_opens_and_only_once(doing, bought, alice, bob, charlie):
    for who in (alice, charlie):
        with pytest.raises(Refused, match="buyer_asks"):
            opened(doing, bought, who)
    first = opened(doing, bought, bob)
    assert opened(doing, bought, bob) == first, "sent again it is the same one"
    with pytest.raises(Refused, match="case_open"):
        opened(doing, bought, bob, words="还有别的")


def test_refused_then_mediated_decided_and_carried_out_after_a_week(session, doing, bought, alice, bob, mediators):
    case_id = opened(doing, bought, bob)
    with pytest.raises(Invalid, match="words_missing"):
        step(doing, case_id, alice, "answer", False, " ")
    step(doing, case_id, alice, "answer", False, "寄出时是好的")
    step(doing, case_id, bob, "mediate", "请看照片")
    assert session.get_one(Order, bought).state == "disputed"
    step(doing, case_id, mediators[0], "decide", 3000, "照片显示拉链有旧损，未告知。")
    assert session.get_one(Case, case_id).state == "decided" and session.get_one(Order, bought).refunded_minor == 0
    with work(session, Actor("system:t"), clock.now() + timedelta(days=7, minutes=1)) as w:
        actions.run_out(w)
    session.expire_all()
    assert session.get_one(Case, case_id).state == "settled" and session.get_one(Order, bought).refunded_minor == 3000


def test_an_answer_that_is_late_is_told_to_both(session, doing, bought, alice, bob):
    from core.people.models import Notice

    case_id = opened(doing, bought, bob)
    due = session.get_one(Case, case_id).due_at
    for late in (timedelta(minutes=-1), timedelta(minutes=1), timedelta(minutes=2)):
        with work(session, Actor("system:t"), due + late) as w:
            actions.run_out(w)
    for person, begins in ((bob, "The seller didn't answer"), (alice, "You didn't answer")):
        mine = session.scalars(select(Notice).where(Notice.account_id == person.id, Notice.kind == "disputes")).all()
        assert len([one for one in mine if one.sentence.startswith(begins)]) == 1


def test_an_appeal_goes_to_another_mediator_and_is_final(session, doing, bought, alice, bob, mediators):
    case_id = opened(doing, bought, bob)
    step(doing, case_id, alice, "answer", False, "不同意")
    step(doing, case_id, alice, "mediate", "")
    step(doing, case_id, mediators[0], "decide", 5000, "支持买家")
    step(doing, case_id, alice, "appeal", "没有看我的照片")
    with pytest.raises(Refused, match="not_impartial"):
        step(doing, case_id, mediators[0], "decide", 0, "再看一次")
    step(doing, case_id, mediators[1], "decide", 0, "卖家有成交时照片为证")
    session.expire_all()
    case = session.get_one(Case, case_id)
    assert (case.state, case.granted_minor, session.get_one(Order, bought).refunded_minor) == ("settled", 0, 0)
    assert session.get_one(Order, bought).state == "completed"


def test_nobody_decides_their_own_case(doing, people, bought, alice, bob):
    people.give_role(bob, "mediator", people.organisation("协会", "association"))
    case_id = opened(doing, bought, bob)
    step(doing, case_id, alice, "answer", False, "不同意")
    step(doing, case_id, bob, "mediate", "")
    with pytest.raises(Refused, match="not_impartial"):
        step(doing, case_id, bob, "decide", 5000, "我对")
    with pytest.raises(IntegrityError), doing(bob) as w:
        w.session.execute(update(Case).values(decided_by=bob.id))


def test_the_seller_has_three_days_to_answer_before_a_mediator_comes(session, doing, bought, bob):
    case_id = opened(doing, bought, bob)
    with pytest.raises(Refused, match="answer_first"):
        step(doing, case_id, bob, "mediate", "")
    with work(session, Actor(bob.id), clock.now() + timedelta(days=3, minutes=1)) as w:
        actions.mediate(w, w.session.get_one(Case, case_id), "三天没有答复")
    assert session.get_one(Case, case_id).state == "mediation"


def test_refunds_in_parts_never_exceed_the_price(session, doing, bought, alice, bob):
    for amount in (10000, 9900):
        case_id = opened(doing, bought, bob, amount=amount)
        step(doing, case_id, alice, "answer", True, "")
        paid_back(doing, session, alice, bob)
    assert session.get_one(Order, bought).refunded_minor == 19900 and session.get_one(Order, bought).state == "refunded"
    with pytest.raises(Refused):
        opened(doing, bought, bob, amount=1)


def test_withdrawing_leaves_everything_as_it_was(session, doing, bought, bob):
    case_id = opened(doing, bought, bob)
    step(doing, case_id, bob, "withdraw")
    session.expire_all()
    assert session.get_one(Order, bought).state == "completed" and session.get_one(Case, case_id).state == "withdrawn"


@pytest.mark.parametrize("statement", [
    "DELETE FROM aftersales_cases", "UPDATE aftersales_cases SET amount_minor = 1", "DELETE FROM aftersales_lines",
    "UPDATE aftersales_lines SET words = 'x'", "UPDATE aftersales_cases SET kind = 'return'",
])  # fmt: skip
def test_the_database_keeps_what_was_said(doing, bought, bob, statement):
    opened(doing, bought, bob)
    with pytest.raises(IntegrityError), doing(bob) as w:
        w.session.execute(text(statement))


# --- pages --------------------------------------------------------------------------------------------------------


def test_on_the_phone_from_order_to_decision(session, bought, alice, bob, charlie, mediators):
    buyer, seller = bob.client(language="zh"), alice.client(language="zh")
    assert f"/orders/{bought}/case" in buyer.get(f"/orders/{bought}").text
    assert buyer.get(f"/orders/{bought}/case").status_code == 200 and seller.get(f"/orders/{bought}/case").status_code == 403
    assert buyer.post(f"/orders/{bought}/case", data={}).status_code == 422
    data = {"kind": "refund", "ground": "not_as_told", "amount": "50", "words": "<b>坏了</b>", "photos": (io.BytesIO(picture()), "a.jpg")}
    path = buyer.post(f"/orders/{bought}/case", data=data, content_type="multipart/form-data").location
    page = seller.get(path).text
    assert "&lt;b&gt;坏了" in page and "/photos/" in page and charlie.client().get(path).status_code == 403
    assert seller.post(f"{path}/refuse", data={"words": ""}).status_code == 422
    assert seller.post(f"{path}/refuse", data={"words": "不同意"}).status_code == 303
    assert buyer.post(f"{path}/mediate", data={"words": "请裁决"}).status_code == 303
    mei = mediators[0].client()
    assert "AS-" in mei.get("/cases").text and bob.client().get("/cases").status_code == 403
    assert mei.post(f"{path}/decide", data={"amount": "999", "words": "x"}).status_code == 422
    empty = mei.post(f"{path}/decide", data={"amount": " ", "words": "理由"})
    assert empty.status_code == 422 and 'id="amount-error"' in empty.text and "理由" in empty.text, "nothing said isn't nothing owed"
    assert mei.post(f"{path}/decide", data={"amount": "30", "words": "理由"}).status_code == 303
    assert "30.00" in buyer.get(path).text and "AS-" in buyer.get("/me/cases").text


def test_a_stranger_to_mediation_decides_nothing(session, doing, bought, bob, ines, root, charlie):
    case_id = opened(doing, bought, bob)
    for person in (ines, root, charlie):
        assert person.client().post(f"/cases/{case_id}/decide", data={"amount": "1", "words": "x"}).status_code == 403


def test_the_evidence_is_one_file_whose_digests_hold(doing, bought, alice, bob, charlie):
    case_id = opened(doing, bought, bob)
    answer = alice.client().get(f"/cases/{case_id}/evidence.zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    digests = json.loads(archive.read("digests.json"))
    assert {"case.json", "order.json", "offer.json", "check_in_person.json", "messages.json", "books.json", "log.json"} <= set(digests)
    assert all(hashlib.sha256(archive.read(name)).hexdigest() == digest for name, digest in digests.items())
    whole = b"".join(archive.read(name) for name in archive.namelist()).decode(errors="ignore")
    assert "Alice" not in json.dumps(json.loads(archive.read("case.json"))) and bob.id not in json.loads(archive.read("case.json"))["lines"][0]["by"]
    assert "拉链坏了" in whole and charlie.client().get(f"/cases/{case_id}/evidence.zip").status_code == 403


def test_all_states_can_be_left_but_the_ends():
    ends = {state for state in CASE.states if not any(start == state for start, _ in CASE.arrows)}
    assert ends == {"settled", "withdrawn"}


NOW = datetime.fromisoformat("2026-11-29T12:00:00+08:00")


@given(
    st.sampled_from((*rules.KINDS, "x")), st.sampled_from((*rules.GROUNDS, "x")), st.integers(-1, 200), st.integers(0, 200),
    st.sampled_from(("private_sale", "no_reason_7d", "excluded_by_nature")), st.none() | st.integers(0, 200), st.none() | st.integers(-10, 200),
)  # fmt: skip
def test_no_reason_is_for_seven_days_of_a_business_only(kind, ground, amount, left, policy, days_ago, warranty):
    received = None if days_ago is None else NOW - timedelta(days=days_ago)
    until = received + timedelta(days=7) if received and policy == "no_reason_7d" else received
    fault = rules.fault(
        kind, ground, amount, policy=policy, received=received, after_sales=until,
        warranty=None if warranty is None else NOW + timedelta(days=warranty), left=left, now=NOW,
    )  # fmt: skip
    if fault == "":
        assert received is not None
        if ground == "no_reason":
            assert kind == "return" and policy == "no_reason_7d" and days_ago <= 7
        if kind in ("refund", "compensation"):
            assert 0 < amount <= left
        assert 0 <= rules.most(kind, amount, left) <= left


def test_each_step_of_a_case_sent_twice_happens_once_and_what_contradicts_is_refused(session, doing, bought, alice, bob):
    asked = {"kind": "refund", "ground": "not_as_told", "words": "袖口破了", "amount": "20"}
    first, second = (bob.client().post(f"/orders/{bought}/case", data=asked) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303) and first.location == second.location
    assert bob.client().post(f"/orders/{bought}/case", data={**asked, "amount": "30"}).status_code == 409
    path, said = first.location, {"words": "请看照片", "once": "a" * 26}
    steps = [(bob, "say", said), (alice, "refuse", {"words": "没有"}), (bob, "mediate", {"words": "请调解"})]
    for who, verb, data in steps:
        answers = [who.client().post(f"{path}/{verb}", data=data) for _ in range(2)]
        assert [one.status_code for one in answers] == [303, 303], (verb, answers[1].text[:1500])
    session.rollback()
    case = session.scalars(select(Case)).one()
    assert [one.what for one in case.lines] == ["asked", "said", "refused", "mediation"]
    no = alice.client(language="zh").post(f"{path}/accept", data={"words": ""})
    assert no.status_code == 409 and "现在不能" in no.text, "the reason is on the page although its form is not"
    assert bob.client().post(f"{path}/say", data={**said, "once": "b" * 26}).status_code == 303, "said once more on purpose"


def test_a_decision_sent_twice_is_one_and_another_one_is_refused(session, doing, bought, bob, mediators):
    case_id = opened(doing, bought, bob)
    with doing() as w:
        w.session.execute(update(Case).where(Case.id == case_id).values(opened_at=w.now - timedelta(days=4)))
    with doing(bob) as w:
        actions.mediate(w, w.session.get_one(Case, case_id), "请调解")
    mei, decision = mediators[0].client(), {"amount": "3", "words": "照片看得清"}
    answers = [mei.post(f"/cases/{case_id}/decide", data=decision) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert mei.post(f"/cases/{case_id}/decide", data={**decision, "amount": "4"}).status_code == 409
    session.rollback()
    assert session.get_one(Case, case_id).granted_minor == 300

"""Half a swap that is owed back, and who had it has sold it on: both are told why it can't come back, and a mediator decides."""

import pytest
from sqlalchemy import select

from core import clock
from core.errors import Refused
from core.goods.models import Item
from core.people.models import Notice
from market.aftersales import actions
from market.aftersales.models import Case
from market.orders.models import Order
from tests.market.aftersales.test_halves import half, open_on, stands, step, whole  # noqa: F401  (fixtures)
from tests.market_stories import checked, listed, ordered, sold


def sold_on(session, doing, order_id, seller, buyer):
    """Who got this half of a swap sells it to somebody else."""
    session.rollback()
    listing_id = listed(doing, session.get_one(Order, order_id).item_id, seller, title="换来的大衣")
    again = ordered(doing, listing_id, buyer)
    assert checked(doing, again, buyer)
    sold(doing, again, seller)


def goes_back(at, order_id, seller, buyer):
    """The other half was faulty and is its giver's again."""
    with at(1, buyer) as w:
        asked = {"kind": "return", "ground": "not_as_told", "words": "拉链坏了"}
        case_id = actions.open_case(w, w.session.get_one(Order, order_id), **asked).id
    step(at, 2, seller, case_id, "answer", True, "")
    step(at, 3, seller, case_id, "take_back")


@pytest.fixture
def owed(session, doing, at, whole, alice, bob, charlie):  # noqa: F811
    """Bob has sold Alice's coat to Charlie, and then his own jacket came back to him: the case about the coat."""
    coat, jacket = whole
    sold_on(session, doing, coat, bob, charlie)
    goes_back(at, jacket, bob, alice)
    return open_on(session, coat)


def test_what_somebody_else_bought_stays_theirs_and_both_are_told_why(session, at, whole, owed, alice, bob, charlie):  # noqa: F811
    case_id = owed.id
    assert [(one.what, one.by_id) for one in owed.lines] == [("asked", None), ("passed_on", None)]
    assert stands(session, whole[0])[2] == charlie.id and stands(session, whole[1])[2] == bob.id
    for person in (alice, bob):
        told = session.scalars(select(Notice.sentence).where(Notice.account_id == person.id, Notice.link == f"/cases/{case_id}")).all()
        assert any("can't come back" in one for one in told) and not any("brought or sent back" in one for one in told)
        assert "It belongs to somebody else by now" in person.client().get(f"/cases/{case_id}").text
        assert "已归他人所有" in person.client(language="zh").get(f"/cases/{case_id}").text
    assert f"/cases/{case_id}/take_back" not in alice.client().get(f"/cases/{case_id}").text
    for who, verb, said in ((alice, "take_back", ()), (bob, "sent_back", ("寄了",))):
        with pytest.raises(Refused, match="passed_on"):
            step(at, 4, who, case_id, verb, *said)
    assert stands(session, whole[0])[2] == charlie.id
    with at(11) as w:
        actions.run_out(w)
    session.rollback()
    assert session.get_one(Case, case_id).state == "accepted", "what is owed doesn't lapse"


def test_a_mediator_decides_what_makes_up_for_it_and_the_page_says_why(session, at, whole, owed, mediators, alice, bob, charlie):  # noqa: F811
    case_id, coat = owed.id, session.get_one(Order, whole[0]).item_id
    step(at, 4, alice, case_id, "mediate", "他把大衣卖了")
    page = mediators[0].client().get(f"/cases/{case_id}").text
    assert "what makes up for it" in page and 'name="return_first"' not in page and 'name="amount"' not in page
    assert mediators[0].client().post(f"/cases/{case_id}/decide", data={"words": "鲍勃付 150 元"}).status_code == 303
    with at(7.1) as w:
        actions.run_out(w)
    session.rollback()
    assert session.get_one(Case, case_id).state == "settled" and session.get_one(Item, coat).owner_id == charlie.id
    for person in (alice, bob):
        page = person.client(language="zh").get(f"/cases/{case_id}").text
        assert "已转手，无法归还。如何补偿，见上方裁决理由。" in page and "鲍勃付 150 元" in page


def test_sold_on_after_it_was_owed_reads_the_same(session, doing, at, whole, alice, bob, charlie):  # noqa: F811
    goes_back(at, whole[1], bob, alice)
    owed = open_on(session, whole[0])
    assert "It belongs to somebody else by now" not in alice.client().get(f"/cases/{owed.id}").text
    sold_on(session, doing, whole[0], bob, charlie)
    assert "It belongs to somebody else by now" in alice.client().get(f"/cases/{owed.id}").text
    assert clock.now() < owed.due_at
    with at(11) as w:
        actions.run_out(w)
    assert [one.what for one in open_on(session, whole[0]).lines] == ["asked", "passed_on"]

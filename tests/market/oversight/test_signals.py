"""Private sellers whose figures reach a line: counted out of orders, asked about once, weighed by a person with a court's factors."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from core import clock
from core.clock import LOCAL_ZONE
from core.people.actions.sellers import record_check
from core.people.models import Notice, SellerFile
from core.queue.models import QueueEntry
from core.work import Actor, work
from market.orders import paying
from market.orders.models import Order
from market.oversight import sellers, signalling
from market.oversight.limits import factors, limits
from market.oversight.models import SellerSignal
from market.oversight.signal_rules import Figures
from tests.queue_stories import entry_of

LINES = limits().lines
YES = {one.code: "yes" for one in factors()[1]}


def sweep(session, at=None):
    with work(session, Actor("system:seller_signals"), at or clock.now()) as w:
        signalling.look_at_sellers(w)
    return session.scalars(select(SellerSignal).order_by(SellerSignal.id)).all()


def noon(year, month, day):
    return datetime(year, month, day, 12, tzinfo=LOCAL_ZONE)





# --- the figures ---------------------------------------------------------------------------------------------------


def test_figures_come_from_completed_orders_of_the_year(session, doing, sells, alice, charlie):
    with clock.stopped_at(noon(2025, 12, 31)):
        sells(alice, price=5_000_000)
    with clock.stopped_at(noon(2026, 1, 1)):
        sells(alice, price=1_000_000)
    with clock.stopped_at(noon(2026, 6, 1)):
        part = sells(alice, price=2_000_000, kind="sporadic")
        with doing(alice) as w:
            order = w.session.get_one(Order, part)
            from core.money import Money

            paying.refund(w, order, Money(500_000, "CNY"), "half", "after_sales")
        sells(charlie, price=9_000_000)
    with clock.stopped_at(noon(2026, 6, 2)):
        found = sellers.figures_of(session, alice.id, clock.now())
    assert (found.turnover_minor, found.idle_minor, found.sales_year, found.sales_lately) == (2_500_000, 1_000_000, 2, 1)
    assert (found.same_sales, found.same_name, found.same_minor) == (3, "Bosideng 波司登羽绒服 95新", 7_500_000), "of the last year"


def test_a_shops_sales_are_the_shops_and_gifts_are_none(session, doing, sells, alice, shop):
    sells(alice, price=9_000_000, org_id=shop, kind="operator")
    found = sellers.figures_of(session, alice.id, clock.now())
    assert found == Figures() and sweep(session) == []


def test_the_figures_agree_with_the_books(session, sells, alice):
    from market.ledger.actions import balance

    for price in (123_45, 678_90, 1):
        sells(alice, price=price)
    found = sellers.figures_of(session, alice.id, clock.now())
    orders = session.scalars(select(Order).where(Order.seller_id == alice.id)).all()
    assert found.turnover_minor == sum(one.price_minor for one in orders) == 123_45 + 678_90 + 1
    assert balance(session, "seller_payable", alice.id).minor == 0


# --- from figures to a person's answer -----------------------------------------------------------------------------


@pytest.fixture
def regular(session, sells, alice):
    """Alice sold two coats for 90,000 yuan this year. The signal's id."""
    with clock.stopped_at(noon(2026, 5, 1)):
        sells(alice, price=4_500_000)
        sells(alice, price=4_500_000)
        (signal,) = sweep(session)
        return signal.id


def test_near_the_line_the_seller_is_told_and_staff_are_asked(session, regular, alice, rui):
    entry = entry_of(session, "signal", regular)
    assert entry.title == "Alice" and entry.state == "open" and entry.link == f"/signals/{alice.id}"
    notice = session.scalars(select(Notice).where(Notice.account_id == alice.id, Notice.link == "/me/turnover")).one()
    assert "near or above" in notice.sentence and notice.values == {"limit": {"minor": 10_000_000, "unit": "CNY"}}
    assert session.get(SellerFile, alice.id) is None, "nothing was decided"
    with clock.stopped_at(noon(2026, 5, 2)):
        desk = rui.client()
        page = desk.get("/signals").text
        assert "Alice" in page and "Near the yearly line" in page and "To be weighed" in page
        page = desk.get(f"/signals/{alice.id}").text
        assert "¥90,000.00" in page and "Line: ¥100,000.00" in page and all(one.question.en in page.replace("&#39;", "'") for one in factors()[1])
        assert "¥90,000.00" in alice.client().get("/me/turnover").text


def test_its_twin_below_the_line_is_not_asked_about(session, sells, alice, rui):
    with clock.stopped_at(noon(2026, 5, 1)):
        sells(alice, price=7_900_000)
        assert sweep(session) == [] and "Nobody has reached a line" in rui.client().get("/signals").text


def answered(client, account_id, **changed):
    data = {**YES, "verdict": "ask", "reason": "同款较多，请说明来源", **changed}
    return client.post(f"/signals/{account_id}", data=data)


def test_weighed_with_every_factor_and_a_reason(session, regular, alice, rui):
    desk = rui.client()
    for bad in ({"reason": " "}, {"verdict": ""}, {"verdict": "guilty"}, {"income": ""}, {"nature": "maybe"}):
        answer = answered(desk, alice.id, **bad)
        assert answer.status_code == 422 and 'id="origin-yes" name="origin" value="yes" checked' in answer.text, "nothing typed is lost"
    assert entry_of(session, "signal", regular).state == "open"
    assert answered(desk, alice.id, channels="unclear", income="no").status_code == 303
    session.rollback()
    signal = session.get_one(SellerSignal, regular)
    assert (signal.state, signal.verdict, signal.answered_by) == ("answered", "ask", rui.id)
    assert signal.factors == {**YES, "channels": "unclear", "income": "no"}
    entry = entry_of(session, "signal", regular)
    assert (entry.state, entry.verdict, entry.reason) == ("decided", "ask", "同款较多，请说明来源")
    notice = session.scalars(select(Notice).where(Notice.account_id == alice.id).order_by(Notice.id.desc())).first()
    assert "Please tell us how you sell" in notice.sentence
    page = desk.get(f"/signals/{alice.id}").text
    assert "同款较多，请说明来源" in page and "The seller is asked" in page and "Weighed by" in page
    assert answered(desk, alice.id).status_code == 409, "once"


def test_no_verdict_changes_the_kind_of_seller(session, doing, regular, alice, rui, root):
    """Only a check in the seller file does, with its own papers."""
    from core.people.sellers import seller_kind

    assert answered(rui.client(), alice.id, verdict="operator", reason="长期经营").status_code == 303
    assert seller_kind(session, alice.id) == "idle"
    with doing(root) as w:
        record_check(w, account_id=alice.id, org_id=None, kind="operator", allowed=("operator",), licence_no="91110000600037341L")
    assert seller_kind(session, alice.id) == "operator"


def test_asked_once_a_line_and_anew_when_the_next_is_reached(session, sells, regular, alice, rui):
    with clock.stopped_at(noon(2026, 5, 2)):
        assert len(sweep(session)) == 1, "it waits already"
        answered(rui.client(), alice.id, verdict="private", reason="一次性清理")
        session.rollback()
        assert len(sweep(session)) == 1, "weighed: not asked again about the same line"
        sells(alice, price=2_000_000)
        signals = sweep(session)
        assert [one.crossed for one in signals] == [["turnover_near"], ["turnover_over"]]
    with clock.stopped_at(noon(2027, 3, 1)):
        assert len(sweep(session)) == 2, "another year begins at nothing"


def test_who_is_on_file_as_a_business_is_not_asked_about(session, doing, sells, alice, root):
    with doing(root) as w:
        record_check(w, account_id=alice.id, org_id=None, kind="operator", allowed=("operator",), licence_no="91110000600037341L")
    sells(alice, price=20_000_000, kind="operator")
    assert sweep(session) == []


def test_only_staff_see_it_and_never_about_themselves(session, people, regular, alice, bob, wang, ines, root, ran, anonymous):
    for person in (bob, wang, ines):
        assert person.client().get("/signals").status_code == person.client().get(f"/signals/{alice.id}").status_code == 403
        assert answered(person.client(), alice.id).status_code == 403
    assert "sign-in" in anonymous.get("/signals").location and "sign-in" in anonymous.get("/me/turnover").location
    people.give_role(alice, "reviewer", people.organisation("审核", "platform"))
    assert "a colleague decides" in alice.client().get(f"/signals/{alice.id}").text
    assert answered(alice.client(), alice.id).status_code == 403
    for person in (root, ran):
        assert person.client().get(f"/signals/{alice.id}").status_code == 200
    assert answered(root.client(), alice.id).status_code == 303
    assert root.client().get("/signals/nobody").status_code == 404


def test_the_database_asks_for_another_person_and_a_reason(session, doing, regular, alice, rui):
    for change in ("state = 'answered'", f"state = 'answered', verdict = 'ask', reason = 'x', answered_by = '{alice.id}', answered_at = at",
                   f"state = 'answered', verdict = 'ask', reason = '', answered_by = '{rui.id}', answered_at = at", "year = 2020"):  # fmt: skip
        with pytest.raises(DatabaseError), doing() as w:
            w.session.execute(text(f"UPDATE seller_signals SET {change}"))
    with doing() as w:
        w.session.execute(update(QueueEntry).values(state="lapsed", ended_at=w.now))
        good = f"state = 'answered', verdict = 'ask', reason = 'x', answered_by = '{rui.id}', answered_at = at"
        w.session.execute(text(f"UPDATE seller_signals SET {good}"))
    with pytest.raises(DatabaseError, match="stays"), doing() as w:
        w.session.execute(text("UPDATE seller_signals SET reason = 'y'"))


@pytest.mark.slow
def test_many_of_one_kind_in_a_year(session, doing, sells, alice):
    """Ten of one brand and title; a year later the first don't count any more."""
    with clock.stopped_at(noon(2026, 4, 1)):
        for _ in range(9):
            sells(alice, price=100)
        assert sweep(session) == []
        sells(alice, price=100)
        (signal,) = sweep(session)
        assert signal.crossed == ["same_item"] and signal.figures["same_sales"] == 10
    assert sellers.figures_of(session, alice.id, noon(2027, 4, 2) + timedelta(days=1)).same_sales == 0

"""A dispute that is lost at the buyer's bank: who bears it, before the release and after it, and what staff do about the rest."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.queue.models import QueueEntry
from core.work import Actor, work
from market.ledger import unclaimed
from market.ledger.actions import balance
from market.ledger.explaining import steps_of
from market.ledger.models import Entry, UnclaimedMoney
from market.ledger.queries import verify
from market.orders.models import Order
from market.payments import settling, talking
from market.payments.contract import Moved
from market.payments.models import PaymentIntent, Refund, Release, Reversal
from market.payments.queries import held
from tests.explained import links, recheck

PRICE, FEE_THERE = 19900, 1500
OF_A_LOSS = ("chargeback", "dispute_lost", "fetched_back", "seller_paid", "written_off", "given_back")


@pytest.fixture
def disputed(session, bank):
    """Bob's bank takes so much back and decides for him, or for Alice."""

    def take(intent_id: str, minor: int = PRICE, *, won: bool = False) -> None:
        session.rollback()
        pay_ref = session.get_one(PaymentIntent, intent_id).pay_ref
        session.rollback()
        bank.lever("dispute", payment_intent=pay_ref, amount=minor)
        bank.deliver()
        bank.lever("decide", dispute=bank.things("dispute")[-1]["id"], won="1" if won else "0")
        bank.deliver(twice=True)
        session.rollback()

    return take


@pytest.fixture
def ada(people):
    person = people.person("Ada")
    people.give_role(person, "administrator", people.organisation("P", "platform"))
    return person


@pytest.fixture
def answers(session, ada):
    """An administrator answers what waits of a kind on the queue's page."""

    def give(kind: str, verdict: str, reason: str = "银行转账，十二月一日") -> int:
        session.rollback()
        entry = session.scalars(select(QueueEntry).where(QueueEntry.kind == kind, QueueEntry.state == "open")).one().id
        session.rollback()
        status = ada.client().post(f"/queue/{entry}/answer", data={"verdict": verdict, "reason": reason}).status_code
        session.rollback()
        return status

    return give


def stands(session, alice, bob):
    """What stands on the accounts of buyer, seller and platform; and every entry of it explains itself."""
    session.rollback()
    for entry in session.scalars(select(Entry).where(Entry.kind.in_(OF_A_LOSS))):
        recheck(session, entry)
    assert verify(session).ok
    found = [balance(session, kind, who).minor for kind, who in (("buyer", bob.id), ("seller_payable", alice.id), ("platform_fee", "platform"))]
    session.rollback()
    return found


def explained(session, kind, payment, reader):
    """The one entry of this kind: reckoned anew, with a way to its payment, and from the payment a way back."""
    session.rollback()
    entry = session.scalars(select(Entry).where(Entry.kind == kind)).one()
    recheck(session, entry)
    there, back = f"/payments/{payment}", f"/money/entries/{entry.id}"
    assert there in links(reader.client().get(back).text, "/payments/"), f"{kind} doesn't lead to its payment"
    assert back in links(reader.client().get(there).text, "/money/entries/"), f"the payment doesn't lead to {kind}"
    steps = steps_of(session, entry)
    session.rollback()
    return steps


def waiting(session, kind):
    session.rollback()
    found = [one.state for one in session.scalars(select(QueueEntry).where(QueueEntry.kind == kind).order_by(QueueEntry.id))]
    session.rollback()
    return found


def agrees(session, bank):
    """The provider's balance is what the books say of it."""
    session.rollback()
    there, ours = bank.balance(), -balance(session, "provider_clearing", "stripe").minor
    session.rollback()
    return there == ours


@pytest.mark.parametrize("won", [False, True])
def test_before_the_release_the_bank_takes_its_part_and_the_seller_gets_what_is_left(
    session, bank, card_order, disputed, days, alice, bob, won
):  # fmt: skip
    order_id, intent_id = card_order()
    disputed(intent_id, 5000, won=won)
    days(8)
    order, row = session.get_one(Order, order_id), session.scalars(select(Release)).one()
    assert (order.state, order.refunded_minor, row.state) == ("completed", 0 if won else 5000, "done")
    assert row.amount_minor + row.fee_minor == (PRICE if won else PRICE - 5000)
    assert held(session, session.get_one(PaymentIntent, intent_id)).minor == 0
    buyer, seller, _ = stands(session, alice, bob)
    assert (buyer, seller) == (0, 0), "nobody owes anybody anything"
    assert agrees(session, bank) and waiting(session, "seller_owes") == []


def test_all_of_it_lost_before_the_release_leaves_nothing_owed_to_the_seller(session, bank, card_order, disputed, days, alice, bob):
    order_id, intent_id = card_order()
    disputed(intent_id)
    days(8)
    assert stands(session, alice, bob)[:2] == [0, 0] and session.scalars(select(Release)).all() == []
    assert session.get_one(Order, order_id).holder == "nobody"
    kinds = [one.kind for one in session.scalars(select(Entry).where(Entry.subject_id == order_id))]
    assert kinds.count("dispute_lost") == 1, "told twice, booked once"
    fees = stands(session, alice, bob)[2]
    there = session.get_one(PaymentIntent, intent_id).fee_minor
    assert fees == -(there + FEE_THERE), "the provider's own fees are the platform's, its commission is given up"


def test_what_is_still_with_the_seller_isnt_handed_over_for_money_that_was_taken(session, card_order, disputed, alice, bob):
    order_id, intent_id = card_order(kept=True)
    disputed(intent_id)
    order = session.get_one(Order, order_id)
    assert (order.state, order.ended_why, order.listing.state) == ("refunded", "bank_took", "published")
    assert stands(session, alice, bob)[:2] == [0, 0]


def test_what_is_left_of_a_part_goes_back_when_nothing_was_handed_over(session, answers, card_order, disputed, run_jobs, alice, bob):
    order_id, intent_id = card_order(kept=True)
    disputed(intent_id, 5000)
    run_jobs()
    session.rollback()
    refunds = [(one.amount_minor, one.state) for one in session.scalars(select(Refund))]
    assert refunds == [(PRICE - 5000, "failed")], "Stripe refunds nothing of a charge that was charged back: staff pay it"
    assert answers("refund_failed", "paid_otherwise") == 303
    assert session.get_one(Order, order_id).state == "refunded" and stands(session, alice, bob)[:2] == [0, 0]


def test_after_the_release_the_sellers_share_is_fetched_back(session, bank, card_order, disputed, days, run_jobs, alice, bob, ada):
    _, intent_id = card_order()
    days(8)
    got = session.scalars(select(Release)).one().amount_minor
    disputed(intent_id)
    assert stands(session, alice, bob)[:2] == [0, -got], "until it has moved the seller owes it"
    run_jobs()
    row = session.scalars(select(Reversal)).one()
    assert (row.amount_minor, row.state, row.refund_id) == (got, "done", None)
    first = explained(session, "fetched_back", intent_id, ada)[0]
    assert first.minor == got and first.why[0].spoken("en") == "The entry “Part of a sale lost at the buyer's bank” of this order."
    assert stands(session, alice, bob)[:2] == [0, 0] and agrees(session, bank)


def test_a_dispute_that_was_won_fetches_nothing_back(session, bank, card_order, disputed, days, run_jobs, alice, bob):
    _, intent_id = card_order()
    days(8)
    disputed(intent_id, won=True)
    run_jobs()
    assert session.scalars(select(Reversal)).all() == [] and stands(session, alice, bob)[:2] == [0, 0] and agrees(session, bank)


@pytest.fixture
def owing(app, session, doing, card_order, disputed, days):
    """Alice has spent the money before the bank took it back: she owes it. Returns order, payment and debt."""
    order_id, intent_id = card_order()
    days(8)
    disputed(intent_id)
    row = session.scalars(select(Reversal)).one().id
    session.rollback()
    with app.app_context(), doing() as w:
        talking.settle(w, "reversal", row, Moved(state="short", why="balance_insufficient"))
    session.rollback()
    return order_id, intent_id, row


def test_what_cant_be_fetched_is_owed_and_seen_by_seller_and_staff(session, owing, alice, bob, ada):
    owes = session.get_one(Reversal, owing[2]).amount_minor
    assert stands(session, alice, bob)[:2] == [0, -owes] and waiting(session, "seller_owes") == ["open"]
    page = alice.client().get("/me/money").text
    assert 'tone-warn' in page and "You owe the platform" in page and f"{owes // 100}.{owes % 100:02}" in page
    assert "A seller owes" in ada.client().get("/queue").text


def test_who_owes_nothing_reads_of_no_debt(session, card_order, days, alice):
    card_order()
    days(8)
    assert "You owe the platform" not in alice.client().get("/me/money").text


@pytest.mark.parametrize("verdict", ["paid_otherwise", "not_owed"])
def test_a_debt_ends_by_what_staff_write_down_and_isnt_taken_again(session, owing, answers, days, alice, bob, ada, verdict):
    assert answers("seller_owes", verdict) == 303
    assert stands(session, alice, bob)[:2] == [0, 0] and session.get_one(Reversal, owing[2]).state == "failed"
    explained(session, "seller_paid" if verdict == "paid_otherwise" else "written_off", owing[1], ada)
    days(30)
    assert waiting(session, "reversal_failed") == [] and stands(session, alice, bob)[:2] == [0, 0]


def test_a_debt_that_a_later_sale_settles_waits_for_nobody(session, doing, owing):
    with doing() as w:
        row = w.session.get_one(Reversal, owing[2])
        settling.recovered(w, row, row.amount_minor)
    assert waiting(session, "seller_owes") == ["lapsed"]
    with doing() as w:
        settling.owed_again(w, w.session.get_one(Reversal, owing[2]), 100)
    assert waiting(session, "seller_owes") == ["lapsed", "open"]


@pytest.mark.parametrize(("verdict", "posts"), [("paid_otherwise", "seller_paid"), ("not_owed", "written_off")])
def test_what_the_provider_refuses_to_fetch_is_booked_as_staff_say(app, session, doing, card_order, disputed, days, answers, alice, bob, verdict, posts):
    order_id, intent_id = card_order()
    days(8)
    disputed(intent_id)
    row = session.scalars(select(Reversal)).one().id
    session.rollback()
    with app.app_context(), doing() as w:
        talking.settle(w, "reversal", row, Moved(state="failed", why="account_closed"))
    with app.app_context(), doing() as w:
        from core.queue.actions import fill

        fill(w)
    assert stands(session, alice, bob)[1] < 0
    assert answers("reversal_failed", verdict) == 303
    assert stands(session, alice, bob)[:2] == [0, 0]
    assert [one.kind for one in session.scalars(select(Entry).where(Entry.subject_id == order_id))].count(posts) == 1


@pytest.mark.parametrize("verdict", ["paid_otherwise", "at_provider"])
def test_what_was_taken_twice_is_given_back_by_staff(app, session, doing, owing, answers, alice, ada, verdict):
    _, intent_id, row_id = owing
    owes = session.get_one(Reversal, row_id).amount_minor
    with doing() as w:
        settling.recovered(w, w.session.get_one(Reversal, row_id), owes)
    session.rollback()
    before = balance(session, "seller_payable", alice.id).minor
    session.rollback()
    with app.app_context(), doing() as w:
        talking.settle(w, "reversal", row_id, Moved(state="done", ref="trr_1"))
    assert waiting(session, "taken_twice") == ["open"] and balance(session, "seller_payable", alice.id).minor == before + owes
    assert answers("taken_twice", verdict) == 303
    assert balance(session, "seller_payable", alice.id).minor == before and verify(session).ok
    explained(session, "given_back", intent_id, ada)


def test_what_was_fetched_once_waits_for_nobody(app, session, doing, owing):
    with app.app_context(), doing() as w:
        talking.settle(w, "reversal", owing[2], Moved(state="done", ref="trr_1"))
    assert waiting(session, "taken_twice") == [] and waiting(session, "seller_owes") == ["lapsed"]


# --- what nobody fetches -------------------------------------------------------------------------------------------


def rested(session, day):
    session.rollback()
    with work(session, Actor("system:unclaimed"), clock.now() + timedelta(days=day)) as w:
        unclaimed.sweep(w)
    found = [(one.amount_minor, one.claimed_at is None) for one in session.scalars(select(UnclaimedMoney))]
    session.rollback()
    return found


def test_money_of_an_open_order_isnt_said_to_wait_for_its_seller(session, card_order):
    card_order()
    assert rested(session, 61) == [], "it is held, but not the seller's to fetch before the order closes"


@pytest.fixture
def not_handed_on(app, session, doing, card_order, days):
    """The order is closed and the money held, but Alice's account at the provider couldn't take it."""
    order_id, intent_id = card_order()
    days(8, jobs=False)
    with app.app_context(), doing() as w:
        talking.settle(w, "release", w.session.scalars(select(Release)).one().id, Moved(state="failed", why="account_closed"))
    session.rollback()
    return order_id, intent_id


def test_money_that_is_held_and_couldnt_be_handed_on_waits_for_its_seller(session, not_handed_on, answers, run_jobs, alice, bob):
    owed = session.scalars(select(Release)).one().amount_minor
    assert rested(session, 61) == [(owed, True)]
    assert answers("release_failed", "again") == 303
    run_jobs()
    session.rollback()
    assert session.scalars(select(UnclaimedMoney)).one().claimed_at is not None, "it was handed on: no notice names it any more"
    assert stands(session, alice, bob)[:2] == [0, 0] and balance(session, "unclaimed", alice.id).minor == 0


def test_money_that_the_bank_took_isnt_named_as_waiting(session, not_handed_on, disputed, alice, bob):
    assert len(rested(session, 61)) == 1
    disputed(not_handed_on[1])
    assert rested(session, 200)[0][1] is False and len(rested(session, 200)) == 1
    assert stands(session, alice, bob)[:2] == [0, 0] and balance(session, "unclaimed", alice.id).minor == 0

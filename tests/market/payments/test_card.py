"""Bob pays by card; the money rests at the provider; it goes to Alice, or back, or a part each; and the books follow."""

import pytest

from core.errors import Invalid, Refused
from core.money import Money
from market.ledger.actions import balance
from market.payments import actions, talking
from market.payments.events import PaymentCancelled, PaymentSucceeded, RefundDone, RefundFailed, ReleaseDone
from market.payments.models import Refund, Release, Reversal
from market.payments.queries import held, refunds_of
from market.payments.side_models import ProviderEvent

CNY = lambda minor: Money(minor, "CNY")  # noqa: E731


def test_paid_held_and_handed_on(session, deal, bank, card, account, heard, alice, bob):
    one = card(19900)
    paid = deal.of(one)
    assert (paid.state, paid.fee_minor) == ("paid", 607) and paid.pay_ref and paid.charge_ref
    assert (paid.hold_until - paid.paid_at).days == 80
    assert [type(event) for event in heard] == [PaymentSucceeded]
    assert (heard[0].subject_id, heard[0].holder, heard[0].amount) == (deal.subject, "platform_balance_at_provider", CNY(19900))
    assert balance(session, "buyer", bob.id) == CNY(19900) and balance(session, "provider_clearing", "stripe") == CNY(607 - 19900)
    assert bank.balance() == 19900 - 607
    deal(actions.release, one, CNY(18900), CNY(1000), "release/1")
    assert deal.jobs() >= 1
    assert isinstance(heard[-1], ReleaseDone) and (heard[-1].amount, heard[-1].fee) == (CNY(18900), CNY(1000))
    session.rollback()
    assert balance(session, "seller_payable", alice.id) == CNY(-18900)
    assert balance(session, "provider_clearing", "stripe").minor == -bank.balance() == 607 - 1000
    assert held(session, deal.of(one)).minor == 0
    transfer = bank.things("transfer")[0]
    assert (transfer["destination"], transfer["amount"], transfer["transfer_group"]) == (account, 18900, deal.subject)


def test_a_declined_card_can_be_followed_by_a_good_one(deal, bank, account, heard):
    one = deal.begin("stripe")
    with deal.app.app_context():
        url = talking.open_checkout(deal.session, one)
        assert bank.pay(url, "4000000000000002").status_code == 402
        bank.deliver()
        assert (deal.of(one).state, deal.of(one).why) == ("begun", "card_declined")
        assert talking.open_checkout(deal.session, one) == url, "the same page is opened again"
    assert bank.pay(url).status_code == 303
    bank.deliver()
    assert (deal.of(one).state, deal.of(one).why) == ("paid", "")
    assert [type(event) for event in heard] == [PaymentSucceeded]
    assert len(bank.things("checkout.session")) == 1


def test_refunds_in_parts_and_never_more_than_was_paid(session, deal, bank, card, heard, bob):
    one = card(19900)
    first = deal(actions.refund, one, CNY(5000), "refund/1", "agreed")
    assert deal(actions.refund, one, CNY(5000), "refund/1", "agreed") == first, "the same key is the same refund"
    with pytest.raises(Invalid, match="refund_too_much"):
        deal(actions.refund, one, CNY(14901), "refund/2", "agreed")
    deal(actions.refund, one, CNY(14900), "refund/3", "agreed")
    deal.jobs()
    assert deal.of(one).state == "refunded" and bank.balance() == -607
    assert [type(event) for event in heard[1:]] == [RefundDone, RefundDone]
    assert balance(session, "buyer", bob.id) == CNY(0)
    with pytest.raises(Refused, match="not_in_this_state"):
        deal(actions.refund, one, CNY(1), "refund/4", "agreed")
    assert sorted(one["amount"] for one in bank.things("refund")) == [5000, 14900]


def test_a_refund_after_the_release_fetches_the_sellers_share_back(session, deal, bank, card, alice):
    one = card(10000)
    deal(actions.release, one, CNY(9500), CNY(500), "r")
    deal.jobs()
    deal(actions.refund, one, CNY(4000), "b", "damaged", from_seller=CNY(3800))
    deal.jobs()
    back = session.query(Reversal).one()
    assert (back.state, back.amount_minor) == ("done", 3800)
    assert bank.things("transfer")[0]["amount_reversed"] == 3800
    assert balance(session, "seller_payable", alice.id) == CNY(-5700)
    assert balance(session, "provider_clearing", "stripe").minor == -bank.balance()


def test_what_a_seller_lacks_is_settled_with_the_next_sale(session, deal, another, bank, card, account, heard, alice):
    one = card(10000)
    deal(actions.release, one, CNY(9500), CNY(500), "r1")
    deal.jobs()
    bank.lever("spend", account=account, currency="cny", amount=9000)
    deal(actions.refund, one, CNY(10000), "b1", "faulty", from_seller=CNY(9500))
    deal.jobs()
    owes = session.query(Reversal).one()
    assert (owes.state, owes.attempt) == ("short", 1) and deal.of(one).state == "refunded", "the buyer has the money all the same"
    assert heard[-1].payee_id == alice.id
    two = card(20000, of=another)
    another(actions.release, two, CNY(19000), CNY(1000), "r2")
    another.jobs()
    session.expire_all()
    assert (session.get_one(Reversal, owes.id).state, session.get_one(Reversal, owes.id).recovered_minor) == ("recovered", 9500)
    release = session.query(Release).filter_by(intent_id=two).one()
    assert (release.amount_minor, release.withheld_minor, release.settles) == (9500, 9500, {owes.id: 9500})
    assert balance(session, "provider_clearing", "stripe").minor == -bank.balance()


def test_a_release_that_fails_lets_the_debt_stand(session, deal, another, bank, card, account):
    one = card(10000)
    deal(actions.release, one, CNY(9500), CNY(500), "r1")
    deal.jobs()
    bank.lever("spend", account=account, currency="cny", amount=9500)
    deal(actions.refund, one, CNY(10000), "b1", "faulty", from_seller=CNY(9500))
    deal.jobs()
    bank.lever("ready", account=account, stopped="1")
    two = card(20000, of=another)
    another(actions.release, two, CNY(19000), CNY(1000), "r2")
    another.jobs()
    session.expire_all()
    owes = session.query(Reversal).one()
    assert (owes.state, owes.recovered_minor) == ("short", 0)
    assert session.query(Release).filter_by(intent_id=two).one().state == "failed"
    assert held(session, another.of(two)).minor == 20000


def test_a_refund_that_comes_back_is_told_and_taken_back(session, deal, bank, card, heard):
    one = card(10000, "4000000000005126")
    deal(actions.refund, one, CNY(10000), "b", "called_off")
    deal.jobs()
    assert deal.of(one).state == "refunded"
    bank.deliver()
    assert deal.of(one).state == "paid" and isinstance(heard[-1], RefundFailed) and heard[-1].why == "expired_or_canceled_card"
    assert balance(session, "provider_clearing", "stripe").minor == -bank.balance()
    bank.switch("refund", "")
    with bank.standin.store.open() as shelf:  # the bank gives the payer another card
        charge = shelf.all("charge")[0]
        charge["x_refund"] = ""
        shelf.save(charge)
    deal(actions.refund, one, CNY(10000), "b2", "called_off")
    deal.jobs()
    assert deal.of(one).state == "refunded"


def test_a_refund_that_takes_its_time(session, deal, bank, card, heard):
    one = card(10000, "4000000000007726")
    row = deal(actions.refund, one, CNY(3000), "b", "agreed")
    deal.jobs()
    bank.deliver()
    assert refunds_of(session, one)[0].state == "sent"
    bank.lever("refund_ends", refund=bank.things("refund")[0]["id"])
    deal.again("refund", row)
    session.expire_all()
    assert session.get_one(Refund, row).state == "done", "asked anew, not answered from the key"
    assert bank.deliver() and session.query(ProviderEvent).filter_by(outcome="nothing_new").count()


def test_money_that_comes_twice_goes_straight_back(session, deal, bank, card, heard):
    """Bob begins two payments of one order: the second comes although it was called off."""
    one = deal.begin("stripe", 5000)
    with deal.app.app_context():
        url = talking.open_checkout(deal.session, one)
        assert bank.pay(url).status_code == 303
        deal.doing()  # no news yet
    with deal.doing() as w:
        intent = actions.locked(w.session, one)
        from core.states import walk
        from market.payments.states import PAYMENT

        walk(w, PAYMENT, intent, "cancel", ended_at=w.now)  # as an order would that knows of no session
    two = card(5000, key="second")
    assert deal.of(two).state == "paid"
    bank.deliver()
    deal.jobs()
    states = sorted((deal.of(one).state, deal.of(two).state))
    assert states == ["paid", "refunded"]
    assert [event.why for event in heard if isinstance(event, RefundDone)] == ["paid_twice"]
    assert sum(isinstance(event, PaymentSucceeded) for event in heard) == 1


def test_calling_off_asks_the_provider_first(deal, bank, account, heard):
    one = deal.begin("stripe")
    with deal.app.app_context():
        url = talking.open_checkout(deal.session, one)
    deal(actions.cancel, one, "called_off")
    assert deal.of(one).state == "calling_off" and not heard
    deal.jobs()
    assert deal.of(one).state == "cancelled" and isinstance(heard[-1], PaymentCancelled) and heard[-1].why == "called_off"
    assert "over" not in bank.pay(url).text and bank.things("checkout.session")[0]["status"] == "expired"


def test_calling_off_too_late_is_paid(deal, bank, account, heard):
    one = deal.begin("stripe")
    with deal.app.app_context():
        url = talking.open_checkout(deal.session, one)
    bank.pay(url)
    deal(actions.cancel, one, "called_off")
    deal.jobs()
    assert deal.of(one).state == "paid" and [type(event) for event in heard] == [PaymentSucceeded]


@pytest.mark.parametrize("paid", ["1", "0"])
def test_a_wallet_that_answers_later(deal, bank, account, heard, paid):
    one = deal.begin("stripe")
    with deal.app.app_context():
        url = talking.open_checkout(deal.session, one)
    assert bank.pay(url, method="alipay", how="later").status_code == 303
    bank.deliver()
    assert deal.of(one).state == "underway"
    bank.lever("settle", session=bank.things("checkout.session")[0]["id"], paid=paid)
    bank.deliver()
    assert deal.of(one).state == ("paid" if paid == "1" else "failed")
    assert [type(event).__name__ for event in heard] == ["PaymentSucceeded" if paid == "1" else "PaymentFailed"]


def test_one_payment_an_order(deal, another, bank, card, account):
    deal.begin("stripe", key="a")
    with pytest.raises(Refused, match="payment_open"):
        deal.begin("cash", key="b")
    with pytest.raises(Refused, match="key_reused"):
        deal.begin("stripe", 1, key="a")
    card(of=another)
    with pytest.raises(Refused, match="paid"):
        another.begin("cash", key="c")


def test_without_an_account_to_hand_on_to_it_is_not_offered(deal, bank):
    with pytest.raises(Refused) as no:
        deal.begin("stripe")
    assert "hasn't set up an account" in no.value.sentence and no.value.field == "payment"


def test_more_than_is_held_is_not_handed_on(deal, bank, card):
    one = card(10000)
    with pytest.raises(Invalid, match="release_too_much"):
        deal(actions.release, one, CNY(10000), CNY(1), "r")
    deal(actions.release, one, CNY(6000), CNY(0), "r1")
    with pytest.raises(Invalid, match="release_too_much"):
        deal(actions.release, one, CNY(4001), CNY(0), "r2")
    deal(actions.release, one, CNY(4000), CNY(0), "r3")
    deal.jobs()
    assert sorted(one["amount"] for one in bank.things("transfer")) == [4000, 6000]

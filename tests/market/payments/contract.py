"""What every way of paying has to keep, whoever brings it. Subclass `ProviderContract`, say how a buyer pays, and run it:
`tests/market/payments/test_contract.py` does so for those of the house and for a licensed split provider made up for the test."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core.errors import Invalid, Refused
from core.i18n import say
from core.money import Money
from market.ledger.actions import balance
from market.ledger.queries import verify
from market.payments import actions
from market.payments.contract import Facts, guaranteed
from market.payments.events import PaymentCancelled, PaymentSucceeded, RefundDone, ReleaseDone
from market.payments.offer import FACE_TO_FACE, GUARANTEED, ways, who_holds
from market.payments.providers import get_provider
from market.payments.queries import held, refunds_of

PRICE = 19900


def CNY(minor: int) -> Money:  # noqa: N802
    return Money(minor, "CNY")


class ProviderContract:
    """`code` of the way; `pay`: what the two do until it is paid; `give_back`: until a refund has arrived."""

    code = ""
    fits: dict[str, Any] = {}

    def pay(self, deal: Any, intent_id: str) -> None:
        raise NotImplementedError

    def give_back(self, deal: Any, refund_id: str) -> None:
        raise NotImplementedError

    @pytest.fixture(autouse=True)
    def ready(self, deal: Any) -> None:
        """Overridden where the seller has to bring something first."""

    @property
    def way(self) -> Any:
        return get_provider(self.code)

    def paid(self, deal: Any, minor: int = PRICE) -> str:
        intent_id = deal.begin(self.code, minor)
        self.pay(deal, intent_id)
        return intent_id

    def sums(self, deal: Any) -> None:
        """The books balance, and the buyer owes and is owed what is paid and not given back."""
        found = verify(deal.session)
        assert found.ok and set(found.sums.values()) <= {0}

    def test_it_says_what_it_is(self):
        assert self.way.code == self.code and say(self.way.label, "zh") != self.way.label
        assert self.way.holder in ("nobody", "platform_balance_at_provider", "provider_split")

    def test_only_who_holds_the_money_says_guaranteed(self):
        (shown,) = [one for one in ways(Facts(currency="CNY", **self.fits)) if one.code == self.code]
        assert (shown.mark == GUARANTEED) == guaranteed(self.way) == (self.way.holder != "nobody")
        assert shown.why_not is None
        if self.way.holder == "nobody":
            assert shown.words == FACE_TO_FACE and say(shown.words, "zh") == "货款由双方当面结清。"
        else:
            assert say(shown.mark, "zh") == "担保交易" and "当面" not in say(shown.words, "zh")
        if self.way.remote:
            assert "当面" not in say(who_holds(self.way, True), "zh"), "who is apart settles nothing face to face"

    def test_it_is_kept_from_where_it_does_not_belong(self):
        facts = Facts(currency="CNY", **{**self.fits, "remote": True})
        assert (self.way.why_not(facts) is None) == self.way.remote

    def test_the_same_key_is_the_same_payment(self, deal):
        one = deal.begin(self.code)
        assert deal.begin(self.code) == one
        with pytest.raises(Refused, match="key_reused"):
            deal.begin(self.code, PRICE + 1)

    def test_paid_is_told_once_and_booked_once(self, deal, heard, session):
        one = self.paid(deal)
        if self.way.in_person:
            deal(actions.both_confirmed, one)
        else:
            deal.news(one)
        told = [event for event in heard if isinstance(event, PaymentSucceeded)]
        assert [(event.subject_id, event.amount, event.holder) for event in told] == [(deal.subject, CNY(PRICE), self.way.holder)]
        assert deal.of(one).state == "paid" and deal.of(one).paid_at
        assert balance(session, "buyer", deal.payer.id) == CNY(PRICE)
        kind, owner = ("seller_payable", deal.payee.id) if self.way.in_person else ("provider_clearing", self.code)
        assert balance(session, kind, owner) + CNY(deal.of(one).fee_minor or 0) * -1 == CNY(-PRICE)
        assert (deal.of(one).hold_until is not None) == guaranteed(self.way)
        self.sums(deal)

    def test_called_off_before_it_is_paid(self, deal, heard):
        one = deal.begin(self.code)
        for _ in range(2):
            deal(actions.cancel, one, "called_off")
            deal.jobs()
        assert deal.of(one).state == "cancelled"
        assert Counter(type(event) for event in heard) == {PaymentCancelled: 1}
        again = deal.begin(self.code, key="once more")
        self.pay(deal, again)
        assert deal.of(again).state == "paid"

    def test_refunds_in_parts_up_to_all_of_it_and_no_further(self, deal, heard, session):
        one = self.paid(deal)
        for key, minor in (("a", 5000), ("b", PRICE - 5000)):
            refund = deal(actions.refund, one, CNY(minor), key, "agreed")
            assert deal(actions.refund, one, CNY(minor), key, "agreed") == refund
            with pytest.raises(Refused):
                deal(actions.refund, one, CNY(PRICE - 4999), key + "!", "agreed")
            self.give_back(deal, refund)
        assert [event.amount.minor for event in heard if isinstance(event, RefundDone)] == [5000, PRICE - 5000]
        assert deal.of(one).state == "refunded" and balance(session, "buyer", deal.payer.id) == CNY(0)
        with pytest.raises(Refused):
            deal(actions.refund, one, CNY(1), "c", "agreed")
        self.sums(deal)

    def test_the_database_itself_refuses_more_than_was_paid(self, deal, session):
        one = self.paid(deal)
        deal(actions.refund, one, CNY(PRICE), "a", "agreed")
        row = refunds_of(session, one)[0]
        words = {"id": "0" * 26, "intent": one, "at": "2026-11-29T00:00:00.000000Z"}
        with pytest.raises(IntegrityError, match="no more is paid back than was paid"), deal.doing() as w:
            w.session.execute(text(
                "INSERT INTO payment_refunds (id, intent_id, amount_minor, from_seller_minor, key, why, state, attempt, asked_at, fault) "
                "VALUES (:id, :intent, 1, 0, 'x', 'x', 'asked', 0, :at, '')"), words)
        for change in ("UPDATE payment_refunds SET amount_minor = 1", "DELETE FROM payment_refunds", "DELETE FROM payment_intents",
                       "UPDATE payment_intents SET amount_minor = 1"):
            with pytest.raises(IntegrityError), deal.doing() as w:
                w.session.execute(text(change))
        session.rollback()
        assert refunds_of(session, one)[0].id == row.id

    def test_handing_on_is_for_who_holds(self, deal, heard, session):
        one = self.paid(deal)
        if not guaranteed(self.way):
            with pytest.raises(Refused, match="nobody_holds"):
                deal(actions.release, one, CNY(PRICE), CNY(0), "r")
            return
        with pytest.raises(Invalid, match="release_too_much"):
            deal(actions.release, one, CNY(PRICE), CNY(1), "r")
        release = deal(actions.release, one, CNY(18000), CNY(1900), "r")
        assert deal(actions.release, one, CNY(18000), CNY(1900), "r") == release
        deal.jobs()
        told = [event for event in heard if isinstance(event, ReleaseDone)]
        assert [(event.amount, event.fee, event.withheld) for event in told] == [(CNY(18000), CNY(1900), CNY(0))]
        assert held(session, deal.of(one)) == CNY(0)
        assert balance(session, "seller_payable", deal.payee.id) == CNY(-18000)
        refund = deal(actions.refund, one, CNY(1000), "b", "agreed", from_seller=CNY(900))
        self.give_back(deal, refund)
        assert balance(session, "seller_payable", deal.payee.id) == CNY(-17100)
        self.sums(deal)

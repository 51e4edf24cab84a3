"""The contract, kept by each way of the house and by a licensed split provider that somebody might bring."""

from dataclasses import dataclass, field

import pytest

from core.photos import clean
from market.payments import actions, collect_codes, talking
from market.payments import providers as all_providers
from market.payments.contract import Asked, Begun, Facts, Move, Moved, Told
from market.payments.models import Refund
from tests.market.listings.conftest import photo
from tests.market.payments.conftest import payout_ready
from tests.market.payments.contract import ProviderContract


class ByHand(ProviderContract):
    def pay(self, deal, intent_id):
        deal(actions.say_paid, intent_id, who=deal.payer)
        assert deal.of(intent_id).state == "said"
        deal(actions.confirm_received, intent_id, who=deal.payee)

    def give_back(self, deal, refund_id):
        for step in (actions.say_refunded, actions.confirm_refunded, actions.confirm_refunded):
            with deal.doing(deal.payee) as w:
                step(w, w.session.get_one(Refund, refund_id))


class TestCash(ByHand):
    code = "cash"

    def test_the_sellers_word_alone_is_half_of_it(self, deal, heard):
        one = deal.begin("cash")
        deal(actions.confirm_received, one, who=deal.payee)
        assert deal.of(one).state == "begun" and not heard
        deal(actions.say_paid, one, who=deal.payer)
        assert deal.of(one).state == "paid"


class TestCollectCode(ByHand):
    code = "collect_code"
    fits = {"collect_code": "personal"}

    @pytest.fixture(autouse=True)
    def ready(self, deal):
        with deal.app.app_context(), deal.doing(deal.payee) as w:
            collect_codes.put(w, deal.payee.id, "wechat", clean(photo()), merchant=False)

    @pytest.mark.parametrize(("code", "business", "fits"), [
        ("personal", False, True), ("personal", True, False), ("merchant", True, True), ("merchant", False, True), ("", False, False),
    ])  # fmt: skip
    def test_a_business_shows_a_merchant_code(self, code, business, fits):
        facts = Facts(currency="CNY", collect_code=code, business=business)
        assert (self.way.why_not(facts) is None) == fits

    def test_it_takes_yuan_only(self):
        assert self.way.why_not(Facts(currency="SGD", collect_code="merchant"))


class TestBankTransfer(ByHand):
    code = "bank_transfer"


class TestStripe(ProviderContract):
    code = "stripe"
    fits = {"region": "SG", "currencies": frozenset({"CNY"}), "payout_ready": True}

    @pytest.fixture(autouse=True)
    def ready(self, deal, bank):
        self.bank = bank
        payout_ready(deal, bank)

    def pay(self, deal, intent_id):
        with deal.app.app_context():
            url = talking.open_checkout(deal.session, intent_id)
        assert self.bank.pay(url).status_code == 303
        self.bank.deliver()

    def give_back(self, deal, refund_id):
        deal.jobs()
        self.bank.deliver()

    @pytest.mark.parametrize("facts", [{"region": ""}, {"currencies": frozenset({"SGD"})}, {"payout_ready": False}])
    def test_it_is_off_where_it_is_not_allowed(self, facts):
        assert self.way.why_not(Facts(currency="CNY", **{**self.fits, **facts}))


@dataclass
class Split:
    """A licensed provider that splits (as WeChat's and Alipay's 分账 do), as small as one can be: enough to show that the slot
    takes one. `asked`: what it was asked by key, so that the same key moves money once."""

    code: str = "split_for_test"
    label: str = "Cash when you meet"  # any sentence with a Chinese one
    holder: str = "provider_split"
    remote: bool = True
    in_person: bool = False
    paid: set[str] = field(default_factory=set)
    asked: dict[str, Moved] = field(default_factory=dict)

    def why_not(self, facts: Facts) -> str | None:
        return None if facts.currency == "CNY" else "Collection codes take yuan only."

    def begin(self, asked: Asked) -> Begun:
        return Begun(f"split-{asked.intent_id}", "https://pay.example/")

    def status(self, ref: str) -> Told:
        from core.money import Money

        if ref not in self.paid:
            return Told(state="open", ref=ref, url="https://pay.example/")
        return Told(state="paid", ref=ref, pay_ref=f"tx-{ref}", charge_ref=f"tx-{ref}", amount=Money(19900, "CNY"))

    def call_off(self, ref: str) -> Told:
        return self.status(ref) if ref in self.paid else Told(state="gone", ref=ref)

    def _move(self, move: Move) -> Moved:
        return self.asked.setdefault(move.key, Moved(state="done", ref=f"m{len(self.asked)}-{move.row}", row=move.row))

    refund = release = reverse = _move

    def find(self, kind, move):
        return next((one for one in self.asked.values() if one.row == move.row), None)


class TestLicensedSplit(ProviderContract):
    code = "split_for_test"

    @pytest.fixture(autouse=True)
    def ready(self, deal, monkeypatch):
        from core import ids
        from market.payments.side_models import PayoutAccount

        self.split = Split()
        monkeypatch.setitem(all_providers._known, self.code, self.split)
        with deal.doing() as w:
            w.session.add(PayoutAccount(id=ids.new_id(), owner_id=deal.payee.id, provider=self.code, ref=f"sub-{deal.payee.id}",
                                        country="CN", state="ready", created_at=w.now, asked_at=None))

    def pay(self, deal, intent_id):
        with deal.app.app_context():
            talking.open_checkout(deal.session, intent_id)
            self.split.paid.add(f"split-{intent_id}")
            talking.look(deal.session, intent_id)

    def give_back(self, deal, refund_id):
        deal.jobs()


def test_no_stub_stands_in_the_menu():
    assert [one.code for one in all_providers.known()] == ["cash", "collect_code", "bank_transfer", "stripe"]


def test_two_of_one_code_are_a_mistake():
    with pytest.raises(ValueError, match="two providers"):
        all_providers.register(Split(code="cash"))

"""Any history of an order, by any fee: what each entry says of itself comes to what was posted, reckoned anew by somebody else."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core import clock, ids
from core.errors import Invalid, Refused
from core.money import Money
from market.ledger import actions as books
from market.ledger import unclaimed, words
from market.ledger.explaining import explained_kinds
from market.ledger.fees.queries import FrozenPolicy
from market.ledger.models import Entry
from market.ledger.words import ENTRIES
from market.orders import paying, placing
from market.orders import settling as order_books
from market.orders.models import Order
from market.payments import actions, settling, talking
from market.payments import books as payment_books
from market.payments import providers as all_providers
from market.payments.chargebacks import disputed
from market.payments.contract import Disputed, Taken, Told
from market.payments.models import PaymentIntent, Refund, Release, Reversal
from market.payments.side_models import Chargeback, PayoutAccount
from tests.explained import recheck_all
from tests.market.ledger.fees import stories
from tests.market.payments.test_property import Provider
from tests.market_stories import listed_coat, ordered
from tests.soak import soak

CNY = lambda minor: Money(minor, "CNY")  # noqa: E731


def test_every_kind_of_entry_has_its_explanation(house):
    assert set(ENTRIES) == explained_kinds()


TERMS = {"discount_absorbed_by": "seller", "negative_payout": "clamp"}


def policy(rounding: str, rules: list[dict]) -> dict:
    return {"id": "made-up", "version": 7, "currency": "CNY", "rounding": {"mode": rounding, "on": "commission"}, "rules": rules} | TERMS


def percent(text: str, **more) -> dict:
    return {"name": "commission", "kind": "percent", "percent": text, **more}


USUAL = st.builds(
    policy, st.sampled_from(["half_up", "half_even", "down", "up"]),
    st.sampled_from([
        [percent("6")], [percent("7.35")], [percent("33.333333", min=77)], [percent("5"), {"name": "item_fee", "kind": "flat", "amount": 150}], [],
    ]),
)  # fmt: skip
ANY = stories.policies().map(lambda data: data | {"negative_payout": "clamp"})
POLICY = st.one_of(USUAL, ANY).map(lambda data: FrozenPolicy(data["id"], data["version"], data, "-"))
SEVEN = FrozenPolicy("made-up", 7, policy("half_up", [percent("7.35")]), "-")
PART = st.integers(1, 12_000)
ANSWER = st.sampled_from(["done", "done", "done", "failed"])
STEP = st.one_of(
    st.tuples(st.just("refund"), PART, ANSWER), st.tuples(st.just("refund"), PART, ANSWER), st.tuples(st.just("release"), ANSWER),
    st.tuples(st.just("spend"), PART), st.tuples(st.just("dispute"), PART, st.sampled_from(["won", "lost", "open"])),
    st.tuples(st.just("comes_back")), st.tuples(st.just("otherwise")), st.tuples(st.just("hold_ends")), st.tuples(st.just("decided")),
    st.tuples(st.just("correct")), st.tuples(st.just("set_aside")), st.tuples(st.just("at_provider"), st.integers(-500, 500)),
    st.tuples(st.just("at_dashboard"), PART),
)  # fmt: skip


class OneOrder:
    def __init__(self, session, doing, provider, alice, bob):
        self.session, self.doing, self.provider, self.alice, self.count = session, doing, provider, alice, 0
        self.order_id = ordered(doing, listed_coat(doing, alice, price=19900), bob, payment="made_up")
        session.rollback()
        self.first = session.get_one(Order, self.order_id).intent_id

    def order(self, w):
        return w.session.get_one(Order, self.order_id, with_for_update=True, populate_existing=True)

    def key(self):
        self.count += 1
        return f"k{self.count}/{self.order_id}"

    def pay(self, twice):
        pays = [self.first]
        if twice:
            with self.doing() as w:
                actions.cancel(w, actions.locked(w.session, self.first))
            with self.doing() as w:
                pays.insert(0, paying.begin_anew(w, self.order(w)).id)
        for one in pays:
            self.provider.balance += 19900 - 497
            self.provider.charged[one] = 19900
            with self.doing() as w:
                told = Told(state="paid", pay_ref=one, charge_ref=one, amount=CNY(19900), fee=CNY(497))
                settling.told(w, actions.locked(w.session, one), told)
        self.intent = pays[0]
        self.send("done")

    def send(self, answer):
        self.provider.answer = answer
        for kind, table in (("refund", Refund), ("release", Release), ("reversal", Reversal)):
            for row_id in self.session.scalars(select(table.id).where(table.state == "asked")).all():
                talking.send(self.session, kind, row_id)
        self.provider.answer = "done"

    def do(self, what, *words):
        try:
            getattr(self, f"do_{what}")(*words)
        except (Refused, Invalid):
            self.session.rollback()

    def do_refund(self, minor, answer):
        with self.doing() as w:
            paying.refund(w, self.order(w), CNY(minor), self.key(), "after_sales")
        self.send(answer)

    def do_release(self, answer):
        with self.doing() as w:
            paying.release(w, self.order(w))
        self.send(answer)

    def do_spend(self, minor):
        self.provider.sellers["acct"] = max(0, self.provider.sellers["acct"] - minor)

    def do_dispute(self, minor, outcome):
        minor = min(minor, self.provider.charged[self.intent])
        if minor < 1 or self.session.scalars(select(Chargeback.id).where(Chargeback.intent_id == self.intent)).first():
            return
        self.minor, self.ref = minor, ids.new_id()
        self.provider.charged[self.intent] -= minor
        self.told(outcome)

    def told(self, outcome):
        taken = [Taken(ref=f"{self.ref}-1", amount=CNY(-self.minor), fee=CNY(1500))]
        if outcome == "won":
            taken.append(Taken(ref=f"{self.ref}-2", amount=CNY(self.minor), fee=CNY(-1500)))
        news = Disputed(ref=self.ref, pay_ref="", state=outcome, amount=CNY(self.minor), reason="x", due=None, taken=taken)
        with self.doing() as w:
            disputed(w, actions.locked(w.session, self.intent), news)
        self.send("done")

    def do_decided(self):
        if hasattr(self, "ref"):
            self.told("lost")

    def do_comes_back(self):
        row_id = self.session.scalars(select(Refund.id).where(Refund.intent_id == self.intent, Refund.state == "done")).first()
        if row_id is not None:
            with self.doing() as w:
                settling.refund_failed(w, actions.locked(w.session, self.intent), w.session.get_one(Refund, row_id), "closed_card")

    def do_otherwise(self):
        for table in (Refund, Release):
            for row_id in self.session.scalars(select(table.id).where(table.intent_id == self.intent, table.state == "failed")).all():
                with self.doing() as w:
                    settling.paid_otherwise(w, actions.locked(w.session, self.intent), w.session.get_one(table, row_id))

    def do_hold_ends(self):
        with self.doing() as w:
            order = self.order(w)
            paying.refund(w, order, CNY(order.price_minor - order.refunded_minor), f"hold_ended/{order.id}", "hold_ended")
        self.send("done")

    def do_at_dashboard(self, minor):
        """The operator sends a part back at the provider itself."""
        from market.payments.events import RefundAdopted
        from market.payments.queries import refundable

        with self.doing() as w:
            intent = actions.locked(w.session, self.intent)
            if intent.state != "paid" or refundable(w.session, intent) < minor:
                return
            row = Refund(id=ids.new_id(), intent_id=intent.id, amount_minor=minor, key=self.key(), why="dashboard", provider_ref=ids.new_id(),
                         asked_at=w.now, paid_back_at=None, tried_at=None, settled_at=None)  # fmt: skip
            w.session.add(row)
            w.session.flush()
            paying.sent_back_at_provider(w, RefundAdopted(intent_id=intent.id, subject_id=self.order_id, amount=CNY(minor), refund_id=row.id))
            settling.refund_done(w, intent, row)

    def do_correct(self):
        entry = self.session.scalars(select(Entry.id).where(Entry.subject_id == self.order_id).order_by(Entry.id.desc())).first()
        with self.doing() as w:
            books.reverse(w, w.session.get_one(Entry, entry), "typed twice")

    def do_set_aside(self):
        with self.doing() as w:
            row = unclaimed.set_aside(w, "seller_payable", self.alice.id)
        if row is not None:
            with self.doing() as w:
                unclaimed.claim(w, w.session.get_one(type(row), row.id))

    def do_at_provider(self, net):
        if net:
            with self.doing() as w:
                payment_books.at_provider(w, "made_up", self.key()[:40], CNY(net))


def test_any_history_of_an_order_explains_every_posting(app, session, doing, alice, bob, monkeypatch):
    seen, agreed = Counter(), {}
    monkeypatch.setattr(placing, "MOST_RESERVED", 10**6)
    # what may be set aside or taken back by hand, and when, is told in test_lost_at_the_bank; here, how any such entry came about
    monkeypatch.setattr(unclaimed, "_excluded", [])
    monkeypatch.setattr(words, "_keeps", [])
    monkeypatch.setattr(placing, "policy_for", lambda *_: agreed["now"])
    monkeypatch.setattr(order_books, "get_frozen", lambda *_: agreed["now"])
    with doing() as w:
        w.session.add(PayoutAccount(id=ids.new_id(), owner_id=alice.id, provider="made_up", ref="acct", country="SG", state="ready",
                                    created_at=clock.now(), asked_at=None))  # fmt: skip

    @settings(max_examples=soak(200), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    # all that can happen to one order: in parts, with the bank, by hand, after its end
    @example(fees=SEVEN, twice=True, steps=[
        ("refund", 3333, "done"), ("refund", 1, "done"), ("release", "failed"), ("release", "done"), ("refund", 2500, "done"), ("comes_back",),
        ("otherwise",), ("spend", 12_000), ("refund", 777, "done"), ("dispute", 4000, "won"), ("hold_ends",), ("correct",), ("set_aside",),
        ("at_provider", -300),
    ])
    @example(fees=SEVEN, twice=False, steps=[
        ("dispute", 9000, "open"), ("refund", 12_000, "done"), ("decided",), ("release", "done"), ("otherwise",), ("at_dashboard", 100),
    ])  # fmt: skip
    @example(fees=SEVEN, twice=False, steps=[("dispute", 4000, "lost")])
    @example(fees=SEVEN, twice=False, steps=[("refund", 100, "done"), ("correct",)])
    @given(fees=POLICY, twice=st.booleans(), steps=st.lists(STEP, min_size=3, max_size=14))
    def story(fees, twice, steps):
        agreed["now"], provider, since = fees, Provider(), ids.new_id()
        monkeypatch.setitem(all_providers._known, "made_up", provider)
        one = OneOrder(session, doing, provider, alice, bob)
        one.pay(twice)
        for step in steps:
            one.do(*step)
        seen.update(recheck_all(session, since))

    with app.app_context():
        story()
    by_staff = {"seller_paid", "written_off", "given_back"}  # reckoned anew in test_lost_at_the_bank.py
    by_staff |= {"debt_paid", "debt_waived"}  # of sales that were paid from hand to hand: in test_fees_owed.py
    by_staff |= {"appraisal_fee", "appraisal_fee_back"}  # of bookings, no orders: in channels/appraisal/test_money.py
    assert set(seen) == set(ENTRIES) - {"payment_in_person", "payment_by_transfer"} - by_staff, seen


@pytest.mark.parametrize("way", ["cash", "bank_transfer"])
def test_money_from_one_to_the_other_is_explained_and_called_what_it_is(session, deal, alice, bob, way):
    one = deal.begin(way)
    step = actions.both_confirmed if way == "cash" else actions.confirm_received
    deal(step, one)
    assert sum(recheck_all(session).values()) == 1
    entry = session.scalars(select(Entry)).one()
    page, zh = alice.client().get(f"/money/entries/{entry.id}").text, alice.client(language="zh").get(f"/money/entries/{entry.id}").text
    assert ("Payment by bank transfer" in page) == (way == "bank_transfer") == ("银行转账付款" in zh)
    assert ("Payment in person" in page) == (way == "cash") == ("当面付款" in zh)


def test_a_transfer_that_was_booked_as_in_person_is_called_a_transfer_all_the_same(session, doing, deal, alice, monkeypatch):
    one = deal.begin("bank_transfer")
    with monkeypatch.context() as patch:
        real = payment_books.post
        patch.setattr(payment_books, "post", lambda w, kind, *rest: real(w, "payment_in_person", *rest))
        deal(actions.confirm_received, one)
    entry = session.scalars(select(Entry)).one()
    account = next(line.account_id for line in entry.postings if line.account.owner_id == alice.id)
    assert entry.kind == "payment_in_person"
    for path in (f"/money/entries/{entry.id}", "/me/money", f"/money/accounts/{account}", f"/payments/{one}"):
        page = alice.client().get(path).text
        assert "Payment by bank transfer" in page and "Payment in person" not in page, path
    assert session.get_one(PaymentIntent, one).state == "paid"

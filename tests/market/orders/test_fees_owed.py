"""A sale paid from hand to hand leaves its fee with the seller: they see for what, pay in parts, and the books follow what came."""

import json
import threading
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from core import clock, ids
from core.errors import Refused
from core.money import Money
from core.people.models import Notice
from core.queue import actions as queue
from core.queue.models import QueueEntry
from core.work import Actor, work
from market.ledger import debt_payments, debt_waits, paid_typed, unclaimed
from market.ledger.actions import Line, balance, post, reverse
from market.ledger.debts import standing
from market.ledger.fees.queries import FrozenPolicy
from market.ledger.models import Entry, LedgerAccount, UnclaimedMoney
from market.ledger.queries import verify
from market.orders import paying, placing
from market.orders import settling as order_books
from market.orders.models import Order
from market.payments import actions as payments
from market.payments.models import Refund
from tests.explained import recheck, recheck_all
from tests.market_stories import checked, listed_coat, ordered, sold
from tests.soak import soak

DATA = {
    "id": "made-up", "version": 7, "currency": "CNY", "rounding": {"mode": "half_up", "on": "commission"}, "discount_absorbed_by": "seller",
    "negative_payout": "clamp", "rules": [{"name": "commission", "kind": "percent", "percent": "5"}],
}  # fmt: skip
FIVE = FrozenPolicy("made-up", 7, DATA, "-")  # 5 % of 199.00 are 9.95
FEE = 995


@pytest.fixture(autouse=True)
def five_percent(monkeypatch):
    monkeypatch.setattr(placing, "MOST_RESERVED", 10**6)
    monkeypatch.setattr(placing, "policy_for", lambda *_: FIVE)
    monkeypatch.setattr(order_books, "get_frozen", lambda *_: FIVE)


@pytest.fixture
def sells(doing):
    """The seller's coat, paid in cash by the buyer. Returns the order."""

    def make(seller, buyer, price=19900):
        order_id = ordered(doing, listed_coat(doing, seller, price=price), buyer)
        checked(doing, order_id, buyer)
        sold(doing, order_id, seller)
        return order_id

    return make


def account(session, owner):
    session.rollback()
    mine = (LedgerAccount.kind == "seller_payable", LedgerAccount.owner_id == owner.id)
    return session.scalars(select(LedgerAccount).where(*mine)).one()


def due(session, owner):
    return standing(session, account(session, owner)).due.minor


def day_of(now):
    return now.astimezone(clock.LOCAL_ZONE).date().isoformat()


@pytest.fixture
def pays(session, root):
    """Root writes down on the page what the seller paid; returns the answer."""

    def write(seller, amount, reference="ICBC 2026 0001", received=None, who=root):
        path = f"/money/accounts/{account(session, seller).id}/paid"
        session.rollback()
        data = {"amount": amount, "reference": reference, "received": received or day_of(clock.now())}
        answer = who.client().post(path, data=data)
        session.rollback()
        return answer

    return write


def told(session, who):
    session.rollback()
    return [(one.sentence, one.link) for one in session.scalars(select(Notice).where(Notice.account_id == who.id).order_by(Notice.id))]


# --- the way through ----------------------------------------------------------------------------------------------


def test_the_seller_sees_for_which_sale_and_how_to_pay_and_pays_in_two_parts(app, session, sells, pays, alice, bob, root, monkeypatch):
    order_id = sells(alice, bob)
    number = session.get_one(Order, order_id).number
    mine, page = account(session, alice).id, alice.client().get("/me/money").text
    assert "Fees owed to the platform: ¥9.95" in page and f"Fee of order {number}" in page and f'href="/orders/{order_id}"' in page
    assert mine in page and "the operator tells it" in page
    monkeypatch.setitem(app.extensions, "xunshi", replace(app.extensions["xunshi"], contact="help@xunshi.example"))
    assert "ask help@xunshi.example for it" in alice.client().get("/me/money").text
    assert "尚欠平台的服务费：¥9.95" in alice.client(language="zh").get("/me/money").text
    assert "Write down what was paid" not in alice.client().get(f"/money/accounts/{mine}").text
    assert "Write down what was paid" in root.client().get(f"/money/accounts/{mine}").text

    first = pays(alice, "4.00", "R-0001")
    assert first.status_code == 303 and due(session, alice) == FEE - 400 and balance(session, "seller_payable", alice.id).minor == 400 - FEE
    entry = session.get_one(Entry, first.location.split("/")[-1])
    recheck(session, entry)
    session.rollback()
    told_page = alice.client().get(first.location).text
    assert "A seller paid fees that they owed" in told_page and "R-0001" in told_page and "the oldest first" in told_page
    assert (debt_payments.BOOKED, first.location) in told(session, alice)
    assert "¥5.95" in alice.client().get("/me/money").text

    assert pays(alice, "¥5.95", "R-0002").status_code == 303 and due(session, alice) == 0
    assert "Fees owed to the platform" not in alice.client().get("/me/money").text
    assert "Write down what was paid" not in root.client().get(f"/money/accounts/{mine}").text
    session.rollback()
    assert balance(session, "seller_payable", alice.id).minor == 0 and verify(session).ok


def test_a_place_pays_what_it_owes_and_who_manages_it_hears_of_it(app, session, doing, pays, people, alice, bob, charlie):
    place, subject = people.organisation("西湖旧货行"), ids.new_id()
    people.give_role(alice, "shop_manager", place)
    with app.app_context(), doing() as w:
        cny = [Line("buyer", bob.id, Money(-9900, "CNY")), Line("seller_payable", place, Money(9000, "CNY")), Line("platform_fee", "platform", Money(900, "CNY"))]
        post(w, "sale", subject, f"sale/{subject}", cny)
        one = payments.begin(w, provider="cash", subject_id=subject, payer_id=bob.id, payee_id=place, amount=Money(9900, "CNY"), title="x", key="k")
        payments.both_confirmed(w, one)
    assert "¥9.00" in alice.client().get(f"/organisations/{place}/money").text
    booked = pays(SimpleNamespace(id=place), "9.00")
    assert (debt_payments.BOOKED, booked.location) in told(session, alice) and told(session, charlie) == []
    assert alice.client().get(booked.location).status_code == 200 and charlie.client().get(booked.location).status_code == 403
    assert "¥9.00</b>" not in alice.client().get(f"/organisations/{place}/money").text and due(session, SimpleNamespace(id=place)) == 0


# --- refusals, each with its twin ---------------------------------------------------------------------------------


def test_more_than_is_owed_is_refused_with_the_sum_and_exactly_that_is_booked(session, sells, pays, alice, bob):
    sells(alice, bob)
    answer = pays(alice, "9.96")
    assert answer.status_code == 422 and 'id="amount-error"' in answer.text and "more than is owed (¥9.95)" in answer.text
    assert 'value="9.96"' in answer.text and 'value="ICBC 2026 0001"' in answer.text, "nothing typed is lost"
    assert due(session, alice) == FEE and pays(alice, "9.95").status_code == 303
    late = pays(alice, "0.01", "R-0009")
    assert late.status_code == 422 and "Nothing is owed here" in late.text


@pytest.mark.parametrize("again", ["ICBC 2026 0001", " icbc  20260001 ", "ＩＣＢＣ２０２６０００１"])
def test_the_same_reference_is_the_first_entry_and_another_one_is_another(session, sells, pays, alice, bob, again):
    sells(alice, bob)
    first = pays(alice, "4.00")
    assert pays(alice, "4.00", again).location == first.location and due(session, alice) == FEE - 400
    other = pays(alice, "4.00", "ICBC 2026 0002")
    assert other.status_code == 303 and other.location != first.location and due(session, alice) == FEE - 800


def test_a_reference_that_stands_for_another_amount_is_refused(session, sells, pays, alice, bob):
    sells(alice, bob)
    pays(alice, "4.00")
    answer = pays(alice, "5.00")
    assert answer.status_code == 409 and 'id="reference-error"' in answer.text and "another amount: ¥4.00" in answer.text
    assert due(session, alice) == FEE - 400


def test_a_reference_of_another_seller_is_refused_and_its_own_passes(session, sells, pays, alice, bob, charlie):
    sells(alice, bob)
    sells(charlie, bob)
    assert pays(alice, "4.00").status_code == 303
    answer = pays(charlie, "4.00")
    assert answer.status_code == 409 and "for another seller" in answer.text and due(session, charlie) == FEE
    assert pays(charlie, "4.00", "R-0002").status_code == 303 and due(session, charlie) == FEE - 400


BAD = [
    ("0", "R-0001", "", "amount"), ("", "R-0001", "", "amount"), ("-1", "R-0001", "", "amount"), ("1.234", "R-0001", "", "amount"),
    ("9" * 21, "R-0001", "", "amount"), ("1", "R", "", "reference"), ("1", " " * 10, "", "reference"), ("1", "R" * 61, "", "reference"),
    ("1", "R-0001", "x", "received"), ("1", "R-0001", "2026-02-30", "received"), ("1", "R-0001", "0001-01-01", "received"),
    ("1", "R-0001", "9999-12-31", "received"), ("1", "R-0001", "tomorrow", "received"), ("1", "R-0001", "long ago", "received"),
]  # fmt: skip


@pytest.mark.parametrize(("amount", "reference", "received", "field"), BAD)
def test_what_cant_be_read_is_said_at_its_field(session, sells, pays, alice, bob, amount, reference, received, field):
    sells(alice, bob)
    now = clock.now()
    received = {"tomorrow": day_of(now + timedelta(days=1)), "long ago": day_of(now - timedelta(days=368))}.get(received, received)
    answer = pays(alice, amount, reference, received)
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text and due(session, alice) == FEE
    assert pays(alice, "1", "R" * 60, day_of(now - timedelta(days=365))).status_code == 303


def test_nobody_but_an_administrator_books_and_none_of_them_for_themselves(session, sells, pays, people, alice, bob, ines, root):
    sells(alice, bob)
    sells(root, bob)
    assert pays(alice, "1", who=alice).status_code == 403 and pays(alice, "1", who=ines).status_code == 403
    assert pays(root, "1", who=root).status_code == 403 and due(session, root) == FEE
    assert "Write down what was paid" not in root.client().get(f"/money/accounts/{account(session, root).id}").text
    ada = people.person("Ada")
    people.give_role(ada, "administrator", people.organisation("P", "platform"))
    assert pays(root, "1", who=ada).status_code == 303 and pays(alice, "1", "R-0002", who=root).status_code == 303


def test_on_an_account_of_another_kind_nothing_is_owed(session, sells, alice, bob, root):
    sells(alice, bob)
    buyers = session.scalars(select(LedgerAccount).where(LedgerAccount.kind == "buyer")).one().id
    session.rollback()
    data = {"amount": "1", "reference": "R-0001", "received": day_of(clock.now())}
    assert root.client().post(f"/money/accounts/{buyers}/paid", data=data).status_code == 422
    assert root.client().post("/money/accounts/none/paid", data=data).status_code == 404


# --- what was wrong is taken back ---------------------------------------------------------------------------------


def test_a_wrong_booking_is_taken_back_with_a_reason_and_booked_anew_under_its_reference(session, sells, pays, alice, bob, root):
    sells(alice, bob)
    first = pays(alice, "9.95").location
    entry = first.split("/")[-1]
    assert root.client().post(f"/books/entries/{entry}/reverse", data={"why": ""}).status_code == 422 and due(session, alice) == 0
    back = root.client().post(f"/books/entries/{entry}/reverse", data={"why": "it was 4.95"}).location
    assert due(session, alice) == FEE and (debt_waits.TAKEN_BACK, back) in told(session, alice)
    assert "it was 4.95" in alice.client().get("/inbox").text
    again = pays(alice, "4.95")
    assert again.status_code == 303 and again.location != first and due(session, alice) == 500
    assert pays(alice, "4.95").location == again.location and pays(alice, "9.95").status_code == 409
    assert set(recheck_all(session)) >= {"debt_paid", "reversal"} and verify(session).ok


def test_a_fee_given_back_after_it_was_paid_counts_towards_the_next(app, session, doing, sells, pays, alice, bob):
    order_id = sells(alice, bob)
    pays(alice, "9.95")
    with app.app_context(), doing() as w:
        paying.refund(w, w.session.get_one(Order, order_id), Money(9950, "CNY"), "k", "after_sales")
    stands = standing(session, account(session, alice))
    assert (stands.due.minor, 0 < stands.credit.minor <= 498) == (0, True), "what the seller gives the buyer back isn't owed here"
    credit = stands.credit.minor
    page = alice.client().get("/me/money").text
    assert "more than all fees was paid" in page
    sells(alice, bob)
    stands = standing(session, account(session, alice))
    assert (stands.due.minor, stands.credit.minor) == (FEE - credit, 0)


def test_what_was_set_aside_of_it_comes_back_when_the_next_fee_is_owed(app, session, doing, sells, pays, alice, bob):
    order_id = sells(alice, bob)
    pays(alice, "9.95")
    with app.app_context(), doing() as w:
        paying.refund(w, w.session.get_one(Order, order_id), Money(19900, "CNY"), "k", "after_sales")
        payments.confirm_refunded(w, w.session.scalars(select(Refund)).one())
    with work(session, Actor("system:unclaimed"), clock.now() + timedelta(days=61)) as w:
        unclaimed.sweep(w)
    assert session.scalars(select(UnclaimedMoney)).one().amount_minor == FEE
    sells(alice, bob)
    session.rollback()
    assert session.scalars(select(UnclaimedMoney)).one().claimed_at is not None
    assert due(session, alice) == 0 == balance(session, "seller_payable", alice.id).minor


# --- what waits for long --------------------------------------------------------------------------------------------


def fills(session, days=0):
    session.rollback()
    with clock.stopped_at(clock.now() + timedelta(days=days)), work(session, Actor("system:queue"), clock.now()) as w:
        queue.fill(w)
    return waiting(session)


def waiting(session):
    query = select(QueueEntry).where(QueueEntry.kind == "fees_owed").order_by(QueueEntry.id)
    return [(one.state, one.verdict) for one in session.scalars(query)]


def answers(session, verdict, who):
    entry = session.scalars(select(QueueEntry.id).where(QueueEntry.kind == "fees_owed", QueueEntry.state == "open")).one()
    session.rollback()
    return who.client().post(f"/queue/{entry}/answer", data={"verdict": verdict, "reason": "电话联系"}).status_code


def test_after_thirty_days_it_waits_for_staff_and_a_payment_ends_that(session, sells, pays, alice, bob, root):
    sells(alice, bob)
    assert fills(session, 29) == [] and fills(session, 31) == [("open", "")] == fills(session, 31)
    page = root.client().get("/queue").text
    entry = session.scalars(select(QueueEntry.id)).one()
    session.rollback()
    assert "Fees that a seller owes for long" in page and "To the account" in root.client().get(f"/queue/{entry}").text
    with clock.stopped_at(clock.now() + timedelta(days=31)):
        assert pays(alice, "1").status_code == 303 and waiting(session) == [("open", "")]
        assert pays(alice, "8.95", "R-0002").status_code == 303 and waiting(session) == [("lapsed", "")]
    assert fills(session, 40) == [("lapsed", "")]


def test_who_was_reminded_has_that_time_once_more(session, sells, alice, bob, root):
    sells(alice, bob)
    fills(session, 31)
    with clock.stopped_at(clock.now() + timedelta(days=31)):
        assert answers(session, "reminded", root) == 303
    assert debt_waits.REMINDED in {sentence for sentence, _ in told(session, alice)} and due(session, alice) == FEE
    assert fills(session, 60) == [("decided", "reminded")]
    assert fills(session, 62) == [("decided", "reminded"), ("open", "")]


def test_what_isnt_asked_for_any_more_is_borne_by_the_platform(session, sells, alice, bob, root):
    sells(alice, bob)
    fills(session, 31)
    assert answers(session, "not_owed", root) == 303
    session.rollback()
    entry = session.scalars(select(Entry).where(Entry.kind == "debt_waived")).one()
    recheck(session, entry)
    assert due(session, alice) == 0 == balance(session, "seller_payable", alice.id).minor and verify(session).ok
    assert (debt_payments.WAIVED, f"/money/entries/{entry.id}") in told(session, alice) and fills(session, 90) == [("decided", "not_owed")]


def test_nobody_decides_on_what_they_owe_themselves(session, sells, bob, root, people):
    sells(root, bob)
    fills(session, 31)
    assert answers(session, "not_owed", root) == 403 and due(session, root) == FEE
    ada = people.person("Ada")
    people.give_role(ada, "administrator", people.organisation("P", "platform"))
    assert answers(session, "not_owed", ada) == 303 and due(session, root) == 0


def test_what_was_given_back_meanwhile_waits_for_nobody(app, session, doing, sells, alice, bob):
    order_id = sells(alice, bob)
    fills(session, 31)
    with doing() as w:
        debt_waits.sweep(w)
    assert waiting(session) == [("lapsed", "")], "today none of it is late"
    fills(session, 31)
    with app.app_context(), doing() as w:
        paying.refund(w, w.session.get_one(Order, order_id), Money(19900, "CNY"), "k", "after_sales")
    with work(session, Actor("system:x"), clock.now() + timedelta(days=31)) as w:
        debt_waits.sweep(w)
    assert waiting(session) == [("lapsed", "")] * 2


# --- the console, and two at once -----------------------------------------------------------------------------------


def test_the_console_books_it_once_and_says_why_not(app, session, sells, alice, bob):
    from market.ledger.cli import ledger

    sells(alice, bob)
    mine = account(session, alice).id
    session.rollback()

    def run(amount, reference="R-0001", received="", of=mine):
        words = ["paid", of, "--amount", amount, "--reference", reference, "--received", received or day_of(clock.now()), "--json"]
        return app.test_cli_runner().invoke(ledger, words)

    first = run("4.00")
    told = json.loads(first.stdout)
    assert first.exit_code == 0 and (told["due_minor"], told["reason"]) == (FEE - 400, None)
    assert json.loads(run("4.00").stdout)["entry"] == told["entry"]
    for amount, reference, reason in (("99", "R-0002", "too_much"), ("4.01", "R-0001", "reference_used")):
        said = run(amount, reference)
        assert said.exit_code == 1 and json.loads(said.stdout)["reason"] == reason and json.loads(said.stdout)["entry"] is None
    for bad in (run("x", "R-0002"), run("1", "R"), run("1", "R-0002", "soon"), run("1", "R-0002", of="nobody")):
        assert bad.exit_code == 2 and not bad.stdout
    assert due(session, alice) == FEE - 400


def test_two_at_once_never_book_more_than_is_owed(database, session, sells, alice, bob):
    sells(alice, bob)
    mine, outcome, start = account(session, alice).id, [], threading.Barrier(6)
    session.rollback()

    def book(nth):
        with database.session() as own:
            start.wait()
            try:
                with work(own, Actor("system:console"), clock.now()) as w:
                    typed = paid_typed.read(w.now, "9.95", f"R-000{nth % 3}", day_of(w.now))
                    outcome.append(debt_payments.pay(w, own.get_one(LedgerAccount, mine), typed).id)
            except Refused as no:
                outcome.append(no.code)

    threads = [threading.Thread(target=book, args=(nth,)) for nth in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    session.rollback()
    assert due(session, alice) == 0 and session.scalar(select(func.count()).where(Entry.kind == "debt_paid")) == 1
    assert sorted(outcome).count("too_much") == 4 and len(set(outcome)) == 2, "the same reference twice is one, the others are refused"


# --- property -------------------------------------------------------------------------------------------------------

STEP = st.one_of(
    st.tuples(st.just("sells"), st.integers(100, 40_000)), st.tuples(st.just("pays"), st.integers(1, 3000)),
    st.tuples(st.just("pays_all"), st.just(0)), st.tuples(st.just("refunds"), st.integers(1, 40_000)),
    st.tuples(st.just("takes_back"), st.integers(0, 3)), st.tuples(st.just("waives"), st.just(0)),
)  # fmt: skip


class Seller:
    """Fees and payments in plain numbers, beside the books."""

    def __init__(self, session, doing, sells, alice, bob):
        self.session, self.doing, self.make, self.alice, self.bob = session, doing, sells, alice, bob
        self.orders, self.paid, self.count = [], {}, 0

    def sells(self, price):
        self.orders.append(self.make(self.alice, self.bob, price))

    def refunds(self, minor):
        if self.orders:
            with self.doing() as w:
                self.count += 1
                paying.refund(w, w.session.get_one(Order, self.orders[-1]), Money(minor, "CNY"), f"{self.alice.id}/{self.count}", "after_sales")
                for row in w.session.scalars(select(Refund).where(Refund.state == "asked")).all():
                    payments.confirm_refunded(w, row)

    def pays(self, minor):
        with self.doing() as w:
            self.count += 1
            typed = paid_typed.read(w.now, f"{minor // 100}.{minor % 100:02}", f"{self.alice.id}-{self.count}", day_of(w.now))
            entry = debt_payments.pay(w, w.session.get_one(LedgerAccount, account(w.session, self.alice).id), typed)
            self.paid[entry.id] = minor

    def pays_all(self, _):
        self.pays(due(self.session, self.alice))

    def takes_back(self, nth):
        if self.paid:
            entry = sorted(self.paid)[nth % len(self.paid)]
            with self.doing() as w:
                reverse(w, w.session.get_one(Entry, entry), "wrong")
            del self.paid[entry]

    def waives(self, _):
        with self.doing() as w:
            made = debt_payments.waive(w, w.session.get_one(LedgerAccount, account(w.session, self.alice).id))
            if made:
                self.paid[made.id] = made.postings[0].amount_minor

    def fees(self):
        orders = [self.session.get_one(Order, one) for one in self.orders]
        return sum(one.fee_minor - order_books.fee_given_back(one).minor for one in orders)


def test_any_fees_and_payments_lose_and_invent_nothing(app, session, doing, sells, people, bob):
    @settings(max_examples=soak(12), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(steps=st.lists(STEP, min_size=2, max_size=9))
    def story(steps):
        one = Seller(session, doing, sells, people.person("Alice"), bob)
        one.sells(10_000)
        for what, words in steps:
            try:
                getattr(one, what)(words)
            except Refused:
                session.rollback()
            stands = standing(session, account(session, one.alice))
            assert stands.due.minor - stands.credit.minor == one.fees() - sum(one.paid.values())
            assert stands.due.minor == sum(part.minor for part in stands.left) and not (stands.due.minor and stands.credit.minor)
            assert balance(session, "seller_payable", one.alice.id).minor == stands.credit.minor - stands.due.minor
        assert verify(session).ok

    with app.app_context():
        story()

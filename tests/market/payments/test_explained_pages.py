"""A bookkeeper follows any fen from page to posting and back; buyer and seller follow theirs; nobody finds a dead link."""

import json

import pytest
from sqlalchemy import select

from market.aftersales import actions as cases
from market.aftersales.models import Case
from market.ledger.cli import ledger
from market.ledger.models import Entry
from market.orders.models import Order
from market.payments.models import PaymentIntent
from tests.explained import links, recheck_all, walk_books


@pytest.fixture
def partly_back(app, session, doing, run_jobs, days, card_order, alice, bob):
    """Bob paid Alice's coat by card, claimed a quarter of the price back, she agreed; then the order closed. (order, payment, case)"""
    order_id, intent_id = card_order()
    with doing(bob) as w:
        case = cases.open_case(w, w.session.get_one(Order, order_id), kind="refund", ground="not_as_told", words="袖口破了", amount=4975)
        case_id = case.id
    with app.app_context():
        with doing(alice) as w:
            cases.answer(w, w.session.get_one(Case, case_id), True, "")
        run_jobs()
        days(8)
    session.rollback()
    return order_id, intent_id, case_id


def entry_of(session, kind):
    session.rollback()
    return session.scalars(select(Entry.id).where(Entry.kind == kind)).one()


def test_a_bookkeeper_follows_every_amount_to_its_posting_and_back(session, partly_back, root):
    found = walk_books(root.client())
    assert found["accounts"] >= 4 and found["entries"] == sum(recheck_all(session).values()) >= 6, found
    assert found["payments"] and found["orders"] and found["cases"], found


@pytest.mark.parametrize(("language", "words"), [
    ("en", ["Part of the price that goes back", "Granted in case", "¥49.75 of the price of ¥199.00.", "The fee&#39;s share of it, given back",
            "Fee policy market-business, version", "Return policy frozen with the order"]),
    ("zh", ["退还的价款", "中准予退还", "价格¥199.00中的¥49.75。", "相应退还的服务费", "收费规则market-business，第", "随订单固定的退货规则"]),
])  # fmt: skip
def test_a_part_given_back_says_how_it_was_reckoned(session, partly_back, alice, bob, language, words):
    entry = entry_of(session, "refund")
    for person in (alice, bob):
        page = person.client(language=language).get(f"/money/entries/{entry}").text
        assert not [one for one in words if one not in page]


def test_the_seller_reads_why_so_much_was_handed_on(session, partly_back, alice):
    page = alice.client().get(f"/money/entries/{entry_of(session, 'release')}").text
    for words in ("What this order owed the seller", "Sale: ", "Part of a sale taken back: -", "Handed on to the seller", "Nothing had to be rounded."):
        assert words in page, words


def test_both_sides_find_their_amounts_from_order_payment_and_money(session, partly_back, alice, bob):
    order_id, intent_id, _case = partly_back
    for person in (alice, bob):
        client, mine = person.client(), set()
        for path in ("/me/money", f"/orders/{order_id}", f"/payments/{intent_id}"):
            found = links(client.get(path).text, "/money/entries/")
            assert found, path
            mine |= found
        for entry in mine:
            page = client.get(entry)
            assert page.status_code == 200 and "How each amount came about" in page.text, entry
            for kind in ("/payments/", "/orders/", "/cases/", "/money/accounts/"):
                for one in links(page.text, kind):
                    assert client.get(one).status_code == 200, (entry, one)


def test_a_stranger_opens_nothing_and_a_regulator_is_given_no_dead_link(session, partly_back, charlie, ines):
    for entry in session.scalars(select(Entry.id)).all():
        assert charlie.client().get(f"/money/entries/{entry}").status_code == 403
        page = ines.client().get(f"/money/entries/{entry}")
        assert page.status_code == 200
        for kind in ("/payments/", "/orders/", "/cases/"):
            for one in links(page.text, kind):
                assert ines.client().get(one).status_code == 200, one


def test_what_may_not_be_opened_is_not_linked(session, partly_back, ines, monkeypatch):
    """The twin: as long as it may be opened, it is."""
    from core.access import DOORS

    entry, (order_id, *_) = entry_of(session, "refund"), partly_back
    assert f'href="/orders/{order_id}"' in ines.client().get(f"/money/entries/{entry}").text
    monkeypatch.setitem(DOORS.table, "market:order:read", ())
    assert f'href="/orders/{order_id}"' not in ines.client().get(f"/money/entries/{entry}").text


def test_the_command_prints_the_same_explanation(app, session, partly_back):
    entry, runner = entry_of(session, "refund"), app.test_cli_runner()
    said = json.loads(runner.invoke(ledger, ["show", entry, "--json"]).stdout)
    stands = {one["account"]: one["posted"] for one in said["explanation"] if one["account"] and one["posted"]}
    assert stands == {one["kind"]: one["amount_minor"] for one in said["postings"]}
    assert said["name"] == {"zh": "冲回部分销售", "en": "Part of a sale taken back"} or said["name"]["en"] == "Part of a sale taken back"
    assert "退还的价款" in runner.invoke(ledger, ["show", entry, "--language", "zh"]).stdout
    none = runner.invoke(ledger, ["show", "nothing", "--json"])
    assert none.exit_code == 2 and json.loads(none.stderr)["error"] == "unknown_entry"


def test_a_correction_is_explained_and_leads_to_what_it_takes_back(session, partly_back, root):
    entry = entry_of(session, "provider_fee")
    made = root.client().post(f"/books/entries/{entry}/reverse", data={"why": "typed twice"}).location
    page = root.client().get(made).text
    assert "the correction is its mirror image" in page and f"/money/entries/{entry}" in page and "typed twice" in page
    walk_books(root.client())
    assert session.scalars(select(PaymentIntent.id)).one() == partly_back[1]

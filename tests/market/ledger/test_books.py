"""The books: every entry sums to zero, in Python and in the database; a correction is a mirror; nothing is forgotten or invented."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from core import clock, ids
from core.errors import Invalid, Refused
from core.money import Money
from core.work import Actor, work
from market.ledger import queries, unclaimed
from market.ledger.actions import Line, Unbalanced, balance, post, reverse
from market.ledger.models import Entry, LedgerAccount, Posting, UnclaimedMoney
from market.ledger.units import POINTS, TICKETS, is_money
from tests.explained import recheck
from tests.soak import soak

YUAN = 100


def cny(minor):
    return Money(minor, "CNY")


def sale(w, buyer, seller, minor, key, fee=0):
    lines = [Line("buyer", buyer, cny(-minor)), Line("seller_payable", seller, cny(minor - fee)), Line("platform_fee", "platform", cny(fee))]
    return post(w, "sale", "order", key, lines)


def test_a_sale_with_a_fee_stands_on_three_accounts(session, doing, alice, bob):
    with doing(alice) as w:
        sale(w, bob.id, alice.id, 200 * YUAN, "a", fee=6 * YUAN)
    assert balance(session, "buyer", bob.id) == cny(-20000)
    assert balance(session, "seller_payable", alice.id) == cny(19400)
    assert balance(session, "platform_fee", "platform") == cny(600)
    assert queries.verify(session).ok


def test_a_line_of_nothing_is_left_out_and_two_must_stay(session, doing, alice, bob):
    with doing(alice) as w:
        entry = sale(w, bob.id, alice.id, 500, "a", fee=0)
    assert len(entry.postings) == 2
    with pytest.raises(Unbalanced), doing(alice) as w:
        post(w, "sale", "order", "b", [Line("buyer", bob.id, cny(0)), Line("seller_payable", alice.id, cny(0))])


def test_each_unit_sums_to_nothing_by_itself(doing, alice, bob):
    with pytest.raises(Unbalanced), doing(alice) as w:
        post(w, "sale", "order", "x", [Line("buyer", bob.id, cny(-5)), Line("seller_payable", alice.id, Money(5, TICKETS))])
    with doing(alice) as w:
        both = [Line("buyer", bob.id, cny(-5)), Line("seller_payable", alice.id, cny(5))]
        both += [Line("buyer", bob.id, Money(-3, TICKETS)), Line("donations", "platform", Money(3, TICKETS))]
        assert len(post(w, "sale", "order", "x", both).postings) == 4


def test_tickets_and_points_are_no_money():
    assert [is_money(unit) for unit in ("CNY", "EUR", TICKETS, POINTS, "cny", "XAU")] == [True, True, False, False, False, False]


def test_the_same_key_posts_once(session, doing, alice, bob):
    for _again in range(3):
        with doing(alice) as w:
            sale(w, bob.id, alice.id, 100, "once")
    assert session.scalar(select(func.count()).select_from(Entry)) == 1


def test_a_correction_mirrors_the_entry_and_both_stay(session, doing, alice, bob):
    with doing(alice) as w:
        entry = sale(w, bob.id, alice.id, 100, "a", fee=3)
    with doing(alice) as w:
        mirror = reverse(w, w.session.get_one(Entry, entry.id), "typed twice")
    assert balance(session, "buyer", bob.id).minor == balance(session, "seller_payable", alice.id).minor == 0
    assert (mirror.reverses_id, mirror.explanation["why"]) == (entry.id, "typed twice")
    assert session.scalar(select(func.count()).select_from(Entry)) == 2


@pytest.mark.parametrize("why", ["", "   "])
def test_a_correction_needs_its_reason(doing, alice, bob, why):
    with doing(alice) as w:
        entry = sale(w, bob.id, alice.id, 100, "a")
    with pytest.raises(Invalid, match="reason_missing"), doing(alice) as w:
        reverse(w, w.session.get_one(Entry, entry.id), why)


def test_nothing_is_taken_back_twice_nor_a_correction_itself(doing, alice, bob):
    with doing(alice) as w:
        entry = sale(w, bob.id, alice.id, 100, "a")
        mirror = reverse(w, entry, "wrong")
    for one in (entry, mirror):
        with pytest.raises(Refused, match="reversed"), doing(alice) as w:
            reverse(w, w.session.get_one(Entry, one.id), "once more")


HOLES = [
    "UPDATE ledger_postings SET amount_minor = amount_minor + 1",
    "UPDATE ledger_postings SET account_id = (SELECT min(id) FROM ledger_accounts)",
    "DELETE FROM ledger_postings",
    "DELETE FROM ledger_entries",
    "DELETE FROM ledger_accounts",
    "UPDATE ledger_entries SET kind = 'gift'",
    "UPDATE ledger_entries SET at = '2020-01-01T00:00:00.000000Z'",
    "UPDATE ledger_entries SET explanation = '{}'",
    "UPDATE ledger_entries SET posted = false",
    "UPDATE ledger_accounts SET owner_id = 'me'",
    "INSERT INTO ledger_postings (id, entry_id, account_id, amount_minor, unit) "
    "SELECT 'x', entry_id, account_id, 5, unit FROM ledger_postings LIMIT 1",
    "INSERT INTO ledger_accounts (id, kind, owner_id, unit) VALUES ('x', 'wallet', 'me', 'CNY')",
]


@pytest.mark.parametrize("statement", HOLES)
def test_the_database_lets_nobody_rewrite_the_books(session, doing, alice, bob, statement):
    with doing(alice) as w:
        sale(w, bob.id, alice.id, 100, "a", fee=3)
    with pytest.raises(IntegrityError), doing(alice) as w:
        w.session.execute(text(statement))
    assert queries.verify(session).ok


def test_an_entry_that_does_not_balance_is_never_posted(session, doing, alice, bob):
    """Raw SQL: the twin that balances goes through."""
    for second, fine in ((-5, True), (-4, False)):
        begun = clock.now()
        insert = "INSERT INTO ledger_entries (id, kind, key, subject_id, at, entered_by, posted) VALUES (:id, 'sale', :id, 's', :at, 'x', false)"
        with doing(alice) as w:
            for kind in ("buyer", "donations"):
                known = select(LedgerAccount).where(LedgerAccount.kind == kind, LedgerAccount.owner_id == "raw")
                if w.session.scalars(known).first() is None:
                    w.session.add(LedgerAccount(id=f"raw{kind}", kind=kind, owner_id="raw", unit="CNY"))
            w.session.flush()
            w.session.execute(text(insert), {"id": f"e{second}", "at": begun.strftime("%Y-%m-%dT%H:%M:%S.%fZ")})
            for nth, (account, amount) in enumerate((("rawbuyer", 5), ("rawdonations", second))):
                w.session.add(Posting(id=f"p{second}{nth}", entry_id=f"e{second}", account_id=account, amount_minor=amount, unit="CNY"))
            w.session.flush()
        posted = text("UPDATE ledger_entries SET posted = true WHERE id = :id")
        if fine:
            with doing(alice) as w:
                w.session.execute(posted, {"id": f"e{second}"})
        else:
            with pytest.raises(IntegrityError), doing(alice) as w:
                w.session.execute(posted, {"id": f"e{second}"})
    found = queries.verify(session)
    assert (found.ok, found.entries, found.open) == (True, 1, 1)


def test_verify_finds_what_was_changed_behind_the_guards_back(session, doing, database, alice, bob):
    from core.db import create_guards, drop_guards

    with doing(alice) as w:
        entry = sale(w, bob.id, alice.id, 100, "a")
    with database.engine.begin() as connection:
        drop_guards(connection)
        connection.execute(text("UPDATE ledger_postings SET amount_minor = 99 WHERE amount_minor = 100"))
        create_guards(connection)
    session.rollback()
    found = queries.verify(session)
    assert not found.ok and found.bad == [entry.id] and found.sums == {"CNY": -1}


# --- statements ---------------------------------------------------------------------------------------------------


def test_a_statement_has_what_stood_before_each_line_and_after(session, alice, bob):
    start = clock.now() - timedelta(days=10)
    for day, minor in enumerate((100, 250, 50)):
        with work(session, Actor(alice.id), start + timedelta(days=day)) as w:
            sale(w, bob.id, alice.id, minor, f"d{day}")
    mine = session.scalars(select(LedgerAccount).where(LedgerAccount.kind == "seller_payable")).one()
    whole = queries.statement(session, mine, None, None)
    assert [line.after.minor for line in whole.lines] == [100, 350, 400] and whole.closing.minor == 400
    part = queries.statement(session, mine, start + timedelta(days=1), start + timedelta(days=2))
    assert (part.opening.minor, [line.posting.amount_minor for line in part.lines], part.closing.minor) == (100, [250], 350)


# --- unclaimed ----------------------------------------------------------------------------------------------------


def owing(session, alice, bob, at):
    with work(session, Actor(alice.id), at) as w:
        sale(w, bob.id, alice.id, 5000, "old")


def test_money_that_nobody_fetches_stays_owed_and_its_owner_is_told(session, root, alice, bob):
    now = clock.now()
    owing(session, alice, bob, now - timedelta(days=61))
    with work(session, Actor("system:unclaimed"), now) as w:
        unclaimed.sweep(w)
    row = session.scalars(select(UnclaimedMoney)).one()
    assert (row.amount_minor, row.owner_id, len(row.notices)) == (5000, alice.id, 1)
    assert balance(session, "seller_payable", alice.id).minor == 0 and balance(session, "unclaimed", alice.id).minor == 5000
    assert balance(session, "platform_fee", "platform").minor == 0, "never income"
    page = alice.client().get("/me/money").text
    assert "Waits to be fetched" in page and f'href="/money/entries/{row.entry_id}"' in page.split("Movements")[0]
    assert f'href="/money/entries/{row.entry_id}"' in root.client().get("/books").text
    told = alice.client().get(f"/money/entries/{row.entry_id}").text
    assert "5000 - 0 = 5000" in told and "what rests for 60 days is set aside" in told and "Nothing had to be rounded." in told
    assert alice.client().post(f"/money/unclaimed/{row.id}/claim").location == "/me/money"
    session.rollback()
    assert balance(session, "unclaimed", alice.id).minor == 0 and balance(session, "seller_payable", alice.id).minor == 5000
    for kind in ("set_aside", "claimed"):
        recheck(session, session.scalars(select(Entry).where(Entry.kind == kind)).one())


def test_before_its_time_nothing_is_set_aside(session, alice, bob):
    now = clock.now()
    owing(session, alice, bob, now - timedelta(days=59))
    with work(session, Actor("system:unclaimed"), now) as w:
        unclaimed.sweep(w)
    assert session.scalars(select(UnclaimedMoney)).first() is None


@pytest.mark.slow
def test_notices_come_at_once_after_30_90_180_days_and_then_yearly(session, alice, bob):
    start = clock.now()
    owing(session, alice, bob, start - timedelta(days=61))
    told = []
    for day in range(0, 920, 10):
        with work(session, Actor("system:unclaimed"), start + timedelta(days=day)) as w:
            unclaimed.sweep(w)
        row = session.scalars(select(UnclaimedMoney)).one()
        if len(row.notices) > len(told):
            told.append(day)
    assert told == [0, 30, 90, 180, 550, 910]


def test_nobody_else_fetches_it_and_nobody_twice(session, alice, bob, charlie):
    owing(session, alice, bob, clock.now() - timedelta(days=61))
    with work(session, Actor("system:unclaimed"), clock.now()) as w:
        unclaimed.sweep(w)
    row_id = session.scalars(select(UnclaimedMoney.id)).one()
    session.rollback()
    assert charlie.client().post(f"/money/unclaimed/{row_id}/claim").status_code == 403
    assert alice.client().post(f"/money/unclaimed/{row_id}/claim").status_code == 303
    assert alice.client().post(f"/money/unclaimed/{row_id}/claim").status_code == 409


def test_raw_sql_forgets_no_debt(session, alice, bob):
    owing(session, alice, bob, clock.now() - timedelta(days=61))
    with work(session, Actor("system:unclaimed"), clock.now()) as w:
        unclaimed.sweep(w)
    for statement in ("DELETE FROM unclaimed_money", "UPDATE unclaimed_money SET amount_minor = 1", "UPDATE unclaimed_money SET owner_id = 'x'"):
        with pytest.raises(IntegrityError), work(session, Actor("system:x"), clock.now()) as w:
            w.session.execute(text(statement))


# --- property -----------------------------------------------------------------------------------------------------

ACCOUNTS = ["buyer", "seller_payable", "platform_fee", "refunds", "donations", "cash_drawer"]
step = st.tuples(
    st.lists(st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from("ab"), st.integers(-(10**9), 10**9)), min_size=1, max_size=4),
    st.sampled_from(["CNY", "EUR", TICKETS]), st.booleans(),
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=soak(300), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(step, min_size=1, max_size=6))
def test_any_history_sums_to_zero_and_keeps_every_unit(session, history):
    """Random entries and corrections: the database's sums are those of plain arithmetic, and never anything but zero in all."""
    run, plain = ids.new_id(), dict[tuple[str, str, str], int]()  # another house for each history
    for nth, (legs, unit, taken_back) in enumerate(history):
        rest = -sum(amount for _kind, _owner, amount in legs)
        lines = [Line(kind, f"{owner}{run[-20:]}", Money(amount, unit)) for kind, owner, amount in legs]
        lines.append(Line("provider_clearing", f"p{run[-20:]}", Money(rest, unit)))
        try:
            with work(session, Actor("system:test"), clock.now()) as w:
                entry = post(w, "sale", run, f"{run}/{nth}", lines)
                if taken_back:
                    reverse(w, entry, "x")
        except Unbalanced:
            continue
        for line in [] if taken_back else lines:
            key = (line.kind, line.owner_id, unit)
            plain[key] = plain.get(key, 0) + line.amount.minor
    for (kind, owner, unit), minor in plain.items():
        assert balance(session, kind, owner, unit).minor == minor
    assert queries.verify(session).ok and not any(queries.verify(session).sums.values())


# --- command line and pages ---------------------------------------------------------------------------------------


def test_the_command_says_whether_the_books_balance_and_exports_them(app, session, doing, alice, bob, monkeypatch):
    import json

    from market.ledger.cli import ledger

    with doing(alice) as w:
        sale(w, bob.id, alice.id, 100, "a", fee=3)
    runner = app.test_cli_runner()
    said = runner.invoke(ledger, ["verify", "--json"])
    assert said.exit_code == 0 and json.loads(said.stdout) == {
        "ok": True, "entries": 1, "postings": 3, "sums": {"CNY": 0}, "bad": [], "open": 0,
    }  # fmt: skip
    rows = runner.invoke(ledger, ["export"]).stdout.splitlines()
    assert rows[0].startswith("entry,posting,at,kind") and len(rows) == 4 and ",-100,CNY," in "\n".join(rows)


@pytest.mark.slow
def test_the_bookkeeper_follows_an_amount_from_page_to_posting_and_back(doing, root, alice, bob, charlie, ines):
    with doing(alice) as w:
        entry = sale(w, bob.id, alice.id, 12345, "a", fee=345)
        accounts = {one.account.kind: one.account_id for one in entry.postings}
    books = root.client().get("/books").text
    assert "123.45" in books and f"/money/accounts/{accounts['buyer']}" in books and "sums to zero" in books
    statement_page = root.client().get(f"/money/accounts/{accounts['seller_payable']}").text
    assert f"/money/entries/{entry.id}" in statement_page and "120.00" in statement_page
    page = root.client().get(f"/money/entries/{entry.id}").text
    assert all(f"/money/accounts/{one}" in page for one in accounts.values())
    assert root.client().get("/books/export").data.startswith(b"\xef\xbb\xbfentry,posting")
    assert ines.client().get("/books").status_code == 200, "the regulator reads"
    for person in (alice, charlie):
        assert person.client().get("/books").status_code == 403
    assert alice.client().get(f"/money/entries/{entry.id}").status_code == 200
    assert charlie.client().get(f"/money/entries/{entry.id}").status_code == 403


def test_every_look_of_staff_is_on_record_and_ones_own_is_not(session, doing, root, alice, bob):
    from core.audit import AuditLine

    with doing(alice) as w:
        entry = sale(w, bob.id, alice.id, 100, "a")
    alice.client().get(f"/money/entries/{entry.id}")
    root.client().get(f"/money/entries/{entry.id}")
    session.rollback()
    assert list(session.scalars(select(AuditLine.actor).where(AuditLine.word == "market:ledger:looked"))) == [root.id]


def test_a_correction_from_the_page_needs_a_reason_and_an_administrator(doing, root, alice, bob):
    with doing(alice) as w:
        entry = sale(w, bob.id, alice.id, 100, "a")
    path = f"/books/entries/{entry.id}/reverse"
    assert alice.client().post(path, data={"why": "x"}).status_code == 403
    answer = root.client().post(path, data={"why": " "})
    assert answer.status_code == 422 and 'id="why-error"' in answer.text
    made = root.client().post(path, data={"why": "typed twice"}).location
    assert "typed twice" in root.client().get(made).text
    assert root.client().post(path, data={"why": "again"}).status_code == 409


@pytest.mark.parametrize("query", ["from=x", "from=2026-12-01&until=2026-11-01", "until=2026-13-40"])
def test_days_that_make_no_sense_are_said(doing, root, alice, bob, query):
    with doing(alice) as w:
        account = sale(w, bob.id, alice.id, 100, "a").postings[0].account_id
    assert root.client().get(f"/books?{query}").status_code == 422
    assert root.client().get(f"/money/accounts/{account}?{query}").status_code == 422


@pytest.mark.slow
def test_the_ends_of_the_calendar_and_pages_that_are_not_there(doing, alice, bob, root, session):
    with doing(alice) as w:
        sale(w, bob.id, alice.id, 500, "a")
    account = session.scalars(select(LedgerAccount.id).where(LedgerAccount.owner_id == alice.id)).first()
    session.rollback()
    books = root.client()
    for day in ("9999-12-31", "0001-01-01", "yesterday"):
        for path in (f"/money/accounts/{account}?until={day}", f"/books?from={day}"):
            assert books.get(path).status_code == 422, path
        assert books.get(f"/books/export?until={day}").status_code == 303, "back to the page, which says what is wrong"
    assert books.get("/books/export?until=2999-12-31").status_code == 200
    for page in ("99999999999999999999", "-5", "0", "2", "x"):
        answer = alice.client().get(f"/me/money?page={page}")
        assert answer.status_code == 200 and "/money/entries/" in answer.text, page

"""Reckons explanations anew: with a pocket calculator for the formulas, a rounding of its own, and the postings of the entry."""

import re
from collections import Counter
from fractions import Fraction

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from market.ledger.explaining import explained_kinds, steps_of
from market.ledger.models import Entry
from tests.market.ledger.fees.calculator import work_out

HALF = Fraction(1, 2)


def rounded(value: Fraction, how: str) -> int:
    """To whole units; `none` leaves nothing to round."""
    below = value.numerator // value.denominator
    rest = value - below
    if not rest:
        return below
    up = {"half_up": rest >= HALF, "half_down": rest > HALF, "half_even": rest > HALF or (rest == HALF and below % 2 == 1),
          "up": True, "down": False}[how]  # fmt: skip
    return below + up


def recheck(session: Session, entry: Entry) -> None:
    """Each formula gives its value, each value what it is rounded to, what stands on an account what was posted on it; and what
    leads to an amount ends in the number with which that amount begins."""
    steps = steps_of(session, entry)
    about = (entry.kind, entry.key, steps)
    for one in steps:
        assert work_out(one.formula) == one.value, about
        assert rounded(one.value, one.rounds) == one.minor, about
        assert one.label.spoken("zh") and one.label.spoken("en")
    stands, posted = Counter(), Counter()
    for one in steps:
        stands[one.account or "-", one.unit] += one.posted
    for line in entry.postings:
        posted[line.account.kind, line.unit] += line.amount_minor
    assert {key: n for key, n in stands.items() if n} == {key: n for key, n in posted.items() if n}, about
    assert entry.kind not in explained_kinds() or steps[0].label.sentence != "As it was entered", about
    leading = [one for one in steps if not one.account]
    if leading:
        first = next(one for one in steps if one.account)
        assert int(first.formula.split(" ")[0]) == leading[-1].minor, about


def recheck_all(session: Session, since: str = "") -> Counter[str]:
    """Every entry after that one; how many of each kind."""
    session.rollback()
    found: Counter[str] = Counter()
    for entry in session.scalars(select(Entry).where(Entry.id > since).order_by(Entry.id)):
        recheck(session, entry)
        found[entry.kind] += 1
    return found


LINK = re.compile(r'href="(/(?:money/(?:accounts|entries)|payments|orders|cases|appraisal-bookings)/[0-9a-z]{26})[#"]')


def links(page: str, under: str) -> set[str]:
    return {one for one in LINK.findall(page) if one.startswith(under) and one.count("/") == under.rstrip("/").count("/") + 1}


def walk_books(client: FlaskClient) -> Counter[str]:
    """As a bookkeeper does: from every amount on the books' page to its account, its entries, what is behind them, and back.
    Tells how many pages of each sort were read."""
    found: Counter[str] = Counter()
    books = client.get("/books").text
    entries: dict[str, set[str]] = {}
    for account in links(books, "/money/accounts/"):
        page = client.get(account).text
        found["accounts"] += 1
        assert links(page, "/money/entries/"), f"{account} has amounts without entries"
        for entry in links(page, "/money/entries/"):
            entries.setdefault(entry, set()).add(account)
    for entry, accounts in sorted(entries.items()):
        page = client.get(entry).text
        found["entries"] += 1
        for what in ("How each amount came about", "Postings", "Stands on"):
            assert what in page, (entry, what)
        assert accounts <= links(page, "/money/accounts/"), f"{entry}: no way back to the account"
        back = []
        for behind in ("/payments/", "/orders/", "/cases/", "/appraisal-bookings/"):
            for one in links(page, behind):
                answer = client.get(one)
                assert answer.status_code == 200, (entry, one)
                found[behind.strip("/")] += 1
                back.append(entry in answer.text)
                assert behind != "/orders/" or back[-1], f"{one} doesn't lead back to {entry}"
        assert not back or any(back), f"nothing leads back to {entry}"
    return found

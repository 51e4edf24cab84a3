"""Sellers hear of a change of the fees that touches them, when it is announced, called off, and begins; others aren't bothered."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.people.models import Notice
from market.ledger.fees import actions
from market.ledger.fees.queries import find_draft, policy_for
from market.listings.models import Listing
from tests.market.ledger.fees.conftest import PRIVATE, kept  # noqa: F401  (the fixture)
from tests.market_stories import listed_coat, ordered, sold

FREE = {"rules": []}
TEN = {"rules": [{"name": "commission", "kind": "percent", "percent": "10", "base": "net"}]}


def told(session, person):
    session.rollback()
    query = select(Notice).where(Notice.account_id == person.id, Notice.kind == "money").order_by(Notice.id)
    return [(one.sentence.split(" ")[1], one.link, one.values.get("day")) for one in session.scalars(query) if "/fees/" in one.link]


@pytest.fixture
def draft(kept, doing, root):  # noqa: F811
    """Root writes a version for private sellers with another commission than today's; returns how to announce it."""

    def write(rules):
        with doing(root) as w:
            row = actions.draft(w, PRIVATE)
            actions.write(w, row, row.data | rules)
        begins = clock.now() + timedelta(days=8)
        with doing(root) as w:
            actions.announce(w, find_draft(w.session, PRIVATE), begins)
        return begins

    return write


def test_whoever_has_something_up_is_told_with_the_day(session, doing, draft, alice, bob):
    listed_coat(doing, alice)
    begins = draft(TEN)
    day = clock.local(begins).date().isoformat()
    assert told(session, alice) == [("fees", f"/fees/{PRIVATE}/2", day)] and told(session, bob) == []
    page = alice.client(language="zh").get("/inbox").text
    assert f"您的费用将于 {day} 变动" in page
    assert alice.client().get(f"/fees/{PRIVATE}/2").status_code == 200, "where it leads is open to her"


def test_whoever_sold_lately_is_told_too(session, doing, draft, alice, bob):
    from tests.market_stories import checked

    order = ordered(doing, listed_coat(doing, alice), bob)
    checked(doing, order, bob)
    sold(doing, order, alice)
    draft(TEN)
    assert len(told(session, alice)) == 1 and told(session, bob) == []


def test_a_change_that_leaves_them_as_they_are_bothers_nobody(session, doing, draft, root, alice):
    coat = listed_coat(doing, alice)
    today = policy_for(session, "private", clock.now()).data["rules"]
    elsewhere = {"name": "listing", "kind": "flat", "amount": 100, "match": {"category": "phone"}, "before_split": False}
    draft({"rules": [*today, elsewhere]})
    assert told(session, alice) == [], "a fee on phones doesn't touch a coat"
    assert session.get_one(Listing, coat).category == "clothing"


def test_called_off_and_begun_are_told_as_well(session, doing, draft, root, alice):
    listed_coat(doing, alice)
    begins = draft(TEN)
    with doing(root) as w:
        from market.ledger.fees.queries import find_version

        actions.withdraw(w, find_version(w.session, PRIVATE, 2))
    assert [one[0] for one in told(session, alice)] == ["fees", "change"]
    begins = draft(TEN)
    with clock.stopped_at(begins + timedelta(minutes=1)):
        for _ in range(2):
            with doing() as w:
                actions.begin_due(w)
    assert [(one.sentence) for one in session.scalars(select(Notice).where(Notice.account_id == alice.id, Notice.kind == "money").order_by(Notice.id))] == [
        "Your fees change on %(day)s. Look what it costs then.",
        "The change of your fees that was announced for %(day)s doesn't come.",
        "Your fees change on %(day)s. Look what it costs then.",
        "Your fees have changed as announced, from %(day)s.",
    ]


def test_a_place_is_told_through_whoever_manages_it(session, doing, kept, people, shop, root, alice, bob):  # noqa: F811
    from tests.market.ledger.fees.conftest import BUSINESS

    people.give_role(bob, "shop_manager", shop)
    coat = listed_coat(doing, alice)
    with doing() as w:
        row = w.session.get_one(Listing, coat)
        row.org_id, row.seller_kind = shop, "operator"
    with doing(root) as w:
        row = actions.draft(w, BUSINESS)
        actions.write(w, row, row.data | TEN)
    with doing(root) as w:
        actions.announce(w, find_draft(w.session, BUSINESS), clock.now() + timedelta(days=8))
    assert len(told(session, bob)) == 1 and told(session, alice) == []

"""A version is drafted, announced a week ahead, counts from its day, and is kept for good; what was agreed keeps its version."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core import canonical, clock
from core.audit import AuditLine
from core.errors import Invalid, NotFound, Refused
from market.ledger.fees import actions
from market.ledger.fees.actions import get_frozen, policy_for
from market.ledger.fees.models import FeePolicyVersion
from market.ledger.fees.queries import find_draft, find_version, policy_ids, versions_of
from market.ledger.fees.reading import read_policy
from market.ledger.fees.rules import Sale, compute
from market.ledger.fees.settings import notice
from market.ledger.fees.shape import line_data
from market.ledger.fees.shipped import shipped
from market.ledger.fees.strict import Unreadable
from tests.market.ledger.fees.conftest import BUSINESS, PRIVATE

WEEK = timedelta(days=7)
SOON = WEEK + timedelta(hours=1)


def text_of(row, percent="5"):
    return row.data | {"rules": [{"name": "commission", "kind": "percent", "percent": percent}]}


@pytest.fixture
def draft(kept, doing, root, session):
    """Root begins a change of the business fees: 5 %."""
    with doing(root) as w:
        row = actions.draft(w, BUSINESS)
        actions.write(w, row, text_of(row))
        found = row.id
    return session.get_one(FeePolicyVersion, found)


def announce(doing, root, row_id, begins):
    with doing(root) as w:
        actions.announce(w, w.session.get_one(FeePolicyVersion, row_id), begins)


def fee(session, when, price=10_000):
    return compute(policy_for(session, "business", when).policy, [Sale(id=1, price=price)]).lines[0].commission


def test_what_comes_with_the_house_counts_at_once_and_only_once(kept, session):
    rows = session.scalars(select(FeePolicyVersion)).all()
    assert {(row.policy_id, row.version, row.state, row.channel) for row in rows} == {
        (BUSINESS, 1, "effective", "business"), (PRIVATE, 1, "effective", "private"),
    }  # fmt: skip
    assert all(row.digest == canonical.digest(row.data) for row in rows)
    actions.keep_policies(kept)
    assert len(session.scalars(select(FeePolicyVersion)).all()) == 2
    assert policy_ids(session) == [PRIVATE, BUSINESS]


def test_the_shipped_texts_stay_as_they_were_published():
    """Whoever changes a fee announces a new version; the files are the first ones."""
    from market.ledger.fees.shape import policy_data

    assert {id: canonical.digest(policy_data(policy)) for id, policy in shipped().items()} == DIGESTS


DIGESTS = {
    "market-private": "c7891192e6c97e85499dcad870db93db64646fea7698f022f18d3d94f22d6511",
    "market-business": "a4ef1dbe1628eafd9c3196475ae3e5db4dcf8595c404c23f542c25748f375670",
}


def test_an_empty_house_goes_by_what_came_with_it(session):
    found = policy_for(session, "business", clock.now())
    assert (found.id, found.version) == (BUSINESS, 1) and found.policy == shipped()[BUSINESS]
    assert get_frozen(session, BUSINESS, "1") == found
    assert policy_for(session, "private", clock.now()).policy.rules == ()
    for id, version in [(BUSINESS, 2), ("nothing", 1), (BUSINESS, "x"), (BUSINESS, "")]:
        with pytest.raises(NotFound):
            get_frozen(session, id, version)
    with pytest.raises(NotFound):
        policy_for(session, "auction", clock.now())


def test_kept_and_shipped_are_the_same_text(kept, session):
    assert policy_for(session, "business", clock.now()).digest == canonical.digest(get_frozen(session, BUSINESS, 1).data)
    assert policy_for(session, "business", clock.now() - timedelta(days=400)).version == 1


def test_a_draft_copies_what_counts_and_there_is_one(kept, doing, root, session):
    with doing(root) as w:
        row = actions.draft(w, BUSINESS)
        assert (row.version, row.state, row.data) == (2, "draft", policy_for(session, "business", w.now).data | {"version": 2})
        assert actions.draft(w, BUSINESS) is row
    with doing(root) as w, pytest.raises(NotFound):
        actions.draft(w, "nothing")


def test_a_draft_counts_for_nobody(draft, session):
    assert fee(session, clock.now() + timedelta(days=365)) == 300


def test_a_text_that_cannot_be_meant_is_refused_with_its_place(draft, doing, root):
    for change, place in [
        ({"rules": [{"name": "commission", "kind": "percent", "percent": 5}]}, "rules[0].percent"),
        ({"rules": [{"name": "a", "kind": "flat", "amount": 1}] * 2}, "rules[1]"),
        ({"negative_payout": "allow"}, "negative_payout"),
    ]:
        with pytest.raises(Invalid) as no, doing(root) as w:
            row = w.session.get_one(FeePolicyVersion, draft.id)
            actions.write(w, row, row.data | change)
        assert no.value.field == place
    with doing(root) as w:
        row = w.session.get_one(FeePolicyVersion, draft.id)
        policy = actions.write(w, row, row.data | {"id": "other", "version": 9, "channel": "private"})
    assert (policy.id, policy.version, policy.channel) == (BUSINESS, 2, "business")


def test_it_counts_from_its_day_before_and_after_the_clockwork(draft, doing, root, session):
    now = clock.now()
    begins = now + SOON
    announce(doing, root, draft.id, begins)
    moment = timedelta(seconds=1)
    assert [fee(session, when) for when in (now, begins - moment, begins, begins + moment)] == [300, 300, 500, 500]
    with clock.stopped_at(begins + moment):
        with doing() as w:
            actions.begin_due(w)
        assert [(row.version, row.state) for row in versions_of(session, BUSINESS)] == [(2, "effective"), (1, "retired")]
        assert [fee(session, when) for when in (now, begins)] == [300, 500]
        with doing() as w:
            actions.begin_due(w)
    assert [row.state for row in versions_of(session, BUSINESS)] == ["effective", "retired"]


def test_what_was_agreed_stays_as_it_was_agreed(draft, doing, root, session):
    agreed = policy_for(session, "business", clock.now())
    before = line_data(compute(agreed.policy, [Sale(id="o", price=9_999)]).lines[0])
    announce(doing, root, draft.id, clock.now() + SOON)
    with clock.stopped_at(clock.now() + 2 * WEEK):
        with doing() as w:
            actions.begin_due(w)
        later = get_frozen(session, agreed.id, str(agreed.version))
        assert line_data(compute(later.policy, [Sale(id="o", price=9_999)]).lines[0]) == before
        assert later.digest == agreed.digest


def test_two_that_wait_begin_one_after_the_other(draft, doing, root, session):
    announce(doing, root, draft.id, clock.now() + SOON)
    with doing(root) as w:
        third = actions.draft(w, BUSINESS)
        actions.write(w, third, text_of(third, "7"))
        third_id = third.id
    announce(doing, root, third_id, clock.now() + 2 * WEEK)
    with clock.stopped_at(clock.now() + 3 * WEEK), doing() as w:
        actions.begin_due(w)
    assert [row.state for row in versions_of(session, BUSINESS)] == ["effective", "retired", "retired"]


@pytest.mark.parametrize(("ahead", "code"), [(timedelta(0), "too_early"), (WEEK - timedelta(seconds=1), "too_early"), (WEEK, None), (timedelta(days=731), None),
    (timedelta(days=732), "too_late"), (timedelta(days=2_900_000), "too_late"), (-timedelta(days=400), "too_early"),
])  # fmt: skip
def test_a_change_is_announced_a_week_ahead_and_at_most_two_years(draft, doing, root, ahead, code, session):
    assert notice() == WEEK
    with clock.stopped_at(clock.now()):
        if code is None:
            announce(doing, root, draft.id, clock.now() + ahead)
            assert find_version(session, BUSINESS, 2).state == "announced"
            return
        with pytest.raises(Invalid) as no:
            announce(doing, root, draft.id, clock.now() + ahead)
    assert (no.value.code, no.value.field) == (code, "begins")


def test_one_version_a_day_and_none_that_changes_nothing(kept, doing, root, session):
    begins = clock.now() + SOON
    with doing(root) as w:
        same = actions.draft(w, BUSINESS).id
    with pytest.raises(Refused, match="no_change"):
        announce(doing, root, same, begins)
    with doing(root) as w:
        row = w.session.get_one(FeePolicyVersion, same)
        actions.write(w, row, text_of(row))
    announce(doing, root, same, begins)
    with doing(root) as w:
        third = actions.draft(w, BUSINESS)
        actions.write(w, third, text_of(third, "6"))
        third_id = third.id
    with pytest.raises(Invalid, match="day_taken"):
        announce(doing, root, third_id, begins)
    announce(doing, root, third_id, begins + timedelta(days=1))
    assert find_draft(session, BUSINESS) is None


def test_a_draft_and_what_waits_can_be_given_up_but_not_what_counts(draft, doing, root, session):
    begins = clock.now() + SOON
    announce(doing, root, draft.id, begins)
    with clock.stopped_at(begins), pytest.raises(Refused, match="counts_already"), doing(root) as w:
        actions.withdraw(w, w.session.get_one(FeePolicyVersion, draft.id))
    with doing(root) as w:
        actions.withdraw(w, w.session.get_one(FeePolicyVersion, draft.id))
    assert find_version(session, BUSINESS, 2).state == "withdrawn"
    assert fee(session, begins + WEEK) == 300
    with doing(root) as w:
        assert actions.draft(w, BUSINESS).version == 3
    with doing(root) as w, pytest.raises(Refused):
        actions.withdraw(w, find_version(w.session, BUSINESS, 1))


def test_only_a_draft_takes_another_text(draft, doing, root):
    announce(doing, root, draft.id, clock.now() + SOON)
    for version in (1, 2):
        with pytest.raises(Refused), doing(root) as w:
            row = find_version(w.session, BUSINESS, version)
            actions.write(w, row, text_of(row, "1"))


def sql(session, statement, **values):
    session.rollback()
    with pytest.raises(DBAPIError) as no:
        session.connection(execution_options={"writes": True})
        session.execute(text(statement), values)
        session.flush()
    session.rollback()
    return str(no.value)


CHANGES = [
    "data = :data", "digest = 'x'", "state = 'draft'", "effective_from = '2030-01-01T00:00:00.000000Z'", "effective_from = NULL",
    "announced_at = '2020-01-01T00:00:00.000000Z'", "version = 7", "policy_id = 'other'", "channel = 'private'",
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_keeps_an_announced_text(draft, doing, root, session, change):
    announce(doing, root, draft.id, clock.now() + SOON)
    for version in (1, 2):
        data = json.dumps({"id": "forged"})
        said = sql(session, f"UPDATE fee_policy_versions SET {change} WHERE version = {version} AND :data <> ''", data=data)
        assert "text of a fee policy stands" in said or "counting_has_days" in said


def test_the_database_lets_a_draft_change_but_never_lets_a_version_go(draft, session, database):
    with database.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(text("UPDATE fee_policy_versions SET data = '{}', digest = 'x' WHERE version = 2"))
    assert "kept for good" in sql(session, "DELETE FROM fee_policy_versions WHERE version = 2")
    assert "kept for good" in sql(session, "DELETE FROM fee_policy_versions WHERE version = 1")


def test_the_database_begins_each_version_as_a_draft(kept, session):
    copy = (
        "INSERT INTO fee_policy_versions (id, policy_id, version, channel, data, digest, state, effective_from, announced_at, created_at, "
        "created_by) SELECT 'x', policy_id, 9, channel, data, digest, {state}, effective_from, announced_at, created_at, created_by "
        "FROM fee_policy_versions WHERE policy_id = 'market-business'"
    )
    assert "begins as a draft" in sql(session, copy.format(state="'effective'"))
    assert "begins as a draft" in sql(session, copy.format(state="'announced'"))


def test_the_log_says_who_did_what(draft, doing, root, session):
    announce(doing, root, draft.id, clock.now() + SOON)
    lines = session.scalars(select(AuditLine).where(AuditLine.word.like("market:fees:%")).order_by(AuditLine.line_no)).all()
    assert [line.word.removeprefix("market:fees:") for line in lines if line.actor == root.id] == ["drafted", "edited", "announced"]


def test_unreadable_is_invalid():
    with pytest.raises(Invalid):
        read_policy([])
    assert issubclass(Unreadable, ValueError)

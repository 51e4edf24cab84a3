"""Who may do what: rows are or, entries are and; whoever may not is told the way on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from core import access, clock
from core.access import (
    NOBODY,
    Predicate,
    SecondFactorNeeded,
    SignInNeeded,
    Visitor,
    demand,
    fresh,
    has_role,
    in_org,
    may,
    permissions,
    signed_in,
    verified,
)  # fmt: skip
from core.errors import Forbidden

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
owns = Predicate("owns it", lambda v, s: s.owner_id == v.account_id)
in_shop = in_org("wipe_verifier", lambda s: s.org_id, "its shop")
ALICE = Visitor(account_id="alice", verified_contact=True)
ZHAO = Visitor(account_id="zhao", grants=frozenset({("wipe_verifier", "shop1")}), fresh_at=NOW)
ASLEEP = Visitor(account_id="zhao", asleep=frozenset({"wipe_verifier"}))
THING = SimpleNamespace(owner_id="alice", org_id="shop1")


@pytest.fixture(autouse=True)
def table(monkeypatch):
    """A table of this test's own, at noon."""
    monkeypatch.setattr(access, "DOORS", access._Doors())
    permissions({
        "core:thing:see": ((owns,), (in_shop,)),
        "core:thing:verify": ((has_role("wipe_verifier"), fresh),),
        "core:thing:sell": ((owns, verified),),
        "core:me:see": ((signed_in,),),
    })  # fmt: skip
    with clock.stopped_at(NOW):
        yield


@pytest.mark.parametrize(("visitor", "permission", "allowed"), [
    (ALICE, "core:thing:see", True), (ZHAO, "core:thing:see", True), (NOBODY, "core:thing:see", False),
    (replace(ALICE, account_id="bob"), "core:thing:see", False),
    (replace(ZHAO, grants=frozenset({("wipe_verifier", "shop2")})), "core:thing:see", False),
    (replace(ZHAO, grants=frozenset({("shop_clerk", "shop1")})), "core:thing:see", False),
    (ALICE, "core:thing:sell", True), (replace(ALICE, verified_contact=False), "core:thing:sell", False),
    (ZHAO, "core:thing:verify", True), (ASLEEP, "core:thing:verify", False), (ALICE, "core:me:see", True),
    (NOBODY, "core:me:see", False), (replace(NOBODY, verified_contact=True), "core:thing:sell", False),
])  # fmt: skip
def test_rows_are_or_and_entries_are_and(visitor, permission, allowed):
    assert may(visitor, permission, THING) is allowed


@pytest.mark.parametrize(("age", "allowed"), [(0, True), (599, True), (600, True), (601, False), (86_400, False)])
def test_fresh_lasts_ten_minutes(age, allowed):
    visitor = replace(ZHAO, fresh_at=NOW - timedelta(seconds=age))
    assert may(visitor, "core:thing:verify", THING) is allowed


@pytest.mark.parametrize(("visitor", "permission", "refusal"), [
    (NOBODY, "core:thing:see", SignInNeeded), (NOBODY, "core:me:see", SignInNeeded),
    (replace(ALICE, account_id="bob"), "core:thing:see", Forbidden), (ASLEEP, "core:thing:see", SecondFactorNeeded),
    (ASLEEP, "core:thing:verify", SecondFactorNeeded),
    (replace(ZHAO, fresh_at=NOW - timedelta(hours=1)), "core:thing:verify", SecondFactorNeeded),
    (replace(ALICE, fresh_at=NOW), "core:thing:verify", Forbidden),
    (replace(ALICE, account_id="bob"), "core:thing:sell", Forbidden),
    (replace(ALICE, verified_contact=False), "core:thing:sell", Forbidden),
    (Visitor(account_id="x", asleep=frozenset({"regulator"})), "core:thing:verify", Forbidden),
])  # fmt: skip
def test_a_refusal_tells_the_way_on(visitor, permission, refusal):
    with pytest.raises(refusal):
        demand(visitor, permission, THING)


def test_a_permission_is_declared_once_and_by_the_grammar():
    rows = {"core:thing:lend": ((signed_in,),)}
    permissions(rows)
    permissions(rows)
    with pytest.raises(ValueError, match="twice"):
        permissions({"core:thing:lend": ((owns,),)})
    for bad in ("core:thing", "thing", "Core:Thing:See", "core:thing:see:all"):
        with pytest.raises(ValueError, match="form"):
            permissions({bad: ((owns,),)})


def test_nobody_is_no_actor():
    with pytest.raises(SignInNeeded):
        _ = NOBODY.actor
    assert ALICE.actor.id == "alice"


def test_what_a_visitor_holds():
    two = replace(ZHAO, grants=frozenset({("wipe_verifier", "shop1"), ("shop_clerk", "shop2"), ("shop_clerk", "shop1")}))
    assert two.roles == {"wipe_verifier", "shop_clerk"}
    assert two.orgs_as("shop_clerk") == {"shop1", "shop2"}
    assert two.orgs_as("regulator") == set()

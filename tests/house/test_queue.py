"""Nothing waits for a person outside the queue: every table of states and every column of a decision says where it belongs."""

import re

import pytest

from core.access import DOORS
from core.db import GUARDS, Base
from core.people.roles import ROLES
from core.queue import kinds
from core.queue.views import ROLES as SEEN_BY
from core.states import TABLES

# state tables: the kinds of the queue in which their rows wait, or who moves them on when it is no member of staff
IN_THE_QUEUE = {
    "organisation": {"organisation"}, "report": {"report"}, "case": {"mediation", "appeal"}, "refund": {"refund_failed"},
    "release": {"release_failed"}, "reversal": {"reversal_failed", "seller_owes", "taken_twice"}, "chargeback": {"chargeback"}, "flag": {"flag"},
    "seller_signal": {"signal"},
    "appraiser": {"appraiser"}, "blind_check": {"blind_check"}, "appraisal_appeal": {"appraisal_appeal"}, "credential": {"credential"}, "listing": {"restricted"}, "person_report": {"person_report"}, "review_report": {"review_report"},
    "standard_version": {"standard"}, "photo_twin": {"photo_twin"}, "number_hit": {"listed_number"},
    "shop_exemption": {"exemption"}, "trade_permit": {"trade_permit"},
}  # fmt: skip
ELSEWHERE = {
    "exam": "who takes it, at /exam", "reference_item": "an administrator, at /references", "account": "the person, or an administrator who looks them up", "appraisal": "its appraiser, at the desk", "certificate": "what happens to its device",
    "clearance": "what happens to its device", "fee_policy": "its date", "item": "its owner", "meeting": "the two who meet", "offer": "the two who bargain",
    "order": "buyer, seller and their dates", "payment": "payer, payee and provider", "payout_account": "the provider", "queue_entry": "the queue itself",
    "consignor": "the person, or the shop's counter", "consignment_template": "the shop's manager",
    "consignment_agreement": "the shop's counter and the consignor", "intake": "the shop's counter", "stock_item": "the shop's counter, and what happens to the thing", "goods_import": "the clerk who sent it", "consignment_visit": "who comes, and the shop's counter", "shop_point": "the shop's manager", "shop_closing": "the shop's manager, and its day",
    "recovery_check": "a third verifier with the device in hand, at /sampling", "storage_medium": "the bench", "swap": "the two who swap",
    "appraisal_booking": "the owner and the agency's desk", "wipe_booking": "the owner and the point", "wipe_job": "operator and verifier at the bench, at /wipes",
}  # fmt: skip
DECISIONS = {
    ("aftersales_cases", "decided_by"): "mediation", ("aftersales_cases", "final_by"): "appeal", ("reports", "handled_by"): "report",
    ("listings", "review"): "restricted", ("declaration_decisions", "decided_by"): "declaration", ("correction_decisions", "decided_by"): "correction",
    ("flags", "decided_by"): "flag", ("seller_signals", "answered_by"): "signal", ("seller_files", "verified_by"): "seller_check",
    ("person_reports", "handled_by"): "person_report", ("review_reports", "decided_by"): "review_report",
    ("standard_versions", "decided_by"): "standard",
    ("photo_twins", "decided_by"): "photo_twin", ("number_hits", "decided_by"): "listed_number",
    ("shop_exemptions", "decided_by"): "exemption", ("trade_permits", "decided_by"): "trade_permit",
}  # fmt: skip
NO_DECISION = {
    ("person_relations", "ended_by"): "who declared it", ("queue_entries", "ended_by"): "the queue itself",
    ("appraisal_endings", "ended_by"): "mostly the clock or a sale; who takes a report back opens its page themselves",
}  # fmt: skip
BY_TIME_OR_MONEY = {"seller_check", "refund_failed", "release_failed", "reversal_failed", "seller_owes", "taken_twice", "chargeback", "fees_owed"}
A_DECISION = re.compile(r"(decided|handled|answered|verified|approved|accepted|confirmed|final|ended|reviewed|closed)_by$|^review$")


def codes():
    return {one.code for one in kinds.all_kinds()}


def test_every_table_of_states_says_who_moves_its_rows(house):
    assert set(TABLES) - {"broken"} == set(IN_THE_QUEUE) | set(ELSEWHERE), "a new table: does it wait for staff? then give it a kind in the queue"
    assert not set(IN_THE_QUEUE) & set(ELSEWHERE)
    assert set().union(*IN_THE_QUEUE.values()) <= codes()


def test_every_column_of_a_decision_belongs_to_a_kind(house):
    found = {(table.name, one.name) for table in Base.metadata.sorted_tables for one in table.columns if A_DECISION.search(one.name)}
    assert found == set(DECISIONS) | set(NO_DECISION), "somebody decides there: which kind of the queue is it?"
    assert set(DECISIONS.values()) <= codes()


def test_every_kind_is_filled_and_held_by_the_database(house):
    assert set(kinds.sources()) == codes()
    guarded = {code for code in codes() if any(f"_queue_{code}_" in name for name in GUARDS)}
    assert codes() - guarded == BY_TIME_OR_MONEY, "rows that wait are held to the queue by a guard beside their model"
    assert {name for name in codes() if kinds.get_kind(name).here} == BY_TIME_OR_MONEY - {"seller_check"}


def test_whoever_decides_can_open_the_queue(house):
    asked = {role for one in kinds.all_kinds() for role in (*one.roles, *one.org_roles)}
    assert asked <= set(SEEN_BY) <= set(ROLES)
    assert {row[0].role for row in DOORS.table["core:queue:see"]} == set(SEEN_BY) == asked


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_says_what_why_and_how_long(house, language):
    for one in kinds.all_kinds():
        for words in (one.name, one.does, one.why, *one.verdicts.values()):
            said = getattr(words, language)
            assert said and bool(re.search(r"[一-鿿]", said)) == (language == "zh"), (one.code, said)
        assert 1 <= one.days <= 30

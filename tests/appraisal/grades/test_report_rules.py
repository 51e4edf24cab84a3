"""How long a report holds, and what is said of it, without a house."""

from datetime import UTC, datetime, timedelta

import pytest

from appraisal.grades import report_rules as rules

SIGNED = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def test_thirty_days_to_the_moment():
    assert rules.DAYS == 30 and rules.expires_at(SIGNED) == datetime(2026, 12, 22, 9, 0, tzinfo=UTC)
    assert rules.shown_state("signed", SIGNED, SIGNED) == "signed"
    assert rules.shown_state("signed", SIGNED, rules.expires_at(SIGNED) - TICK) == "signed"
    assert rules.shown_state("signed", SIGNED, rules.expires_at(SIGNED)) == "expired"


@pytest.mark.parametrize("state", ["superseded", "expired", "revoked", "draft", "dropped"])
def test_time_changes_nothing_else(state):
    for now in (SIGNED, SIGNED + timedelta(days=99)):
        assert rules.shown_state(state, SIGNED, now) == state
    assert rules.shown_state("draft", None, SIGNED) == "draft"


def test_the_words_of_the_file():
    assert [rules.file_state(one) for one in ("signed", "superseded", "expired", "revoked")] == ["valid", "superseded", "expired", "revoked"]
    assert (rules.KIND, rules.VERSION) == ("appraisal_report", 2)
    assert [f"appraisal:report:{one}" for one in ("issued", "ended", "revoked")] == [rules.ISSUED, rules.ENDED, rules.REVOKED]


def test_why_it_ended_is_a_sentence():
    for why, sentence in rules.WHY.items():
        assert rules.why_ended(why, "") == sentence != ""
    for reason, sentence in rules.REVOCATIONS.items():
        assert rules.why_ended("revoked", reason) == sentence != ""
    assert rules.why_ended("whim", "") == rules.why_ended("revoked", "whim") == rules.why_ended("sold", "altered")[:0] == ""


def test_a_check_that_came_to_nothing_is_a_reason_and_one_that_was_not_made_stands_in_the_other_list():
    silent = {"code": "blacklist_unknown", "kind": "ungraded"}
    unmade = {"code": "calls_not_tested", "kind": "ungraded"}
    capped = {"code": "nfc_not_tested", "kind": "cap"}
    result = {"reasons": [silent, unmade, capped], "untested": ["calls", "nfc"]}
    assert rules.shown_reasons(result) == [silent, capped], "what limits the grade is told twice, what left none once"
    assert rules.shown_reasons({}) == []

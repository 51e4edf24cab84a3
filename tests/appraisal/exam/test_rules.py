"""When an exam can be held, and what passes it."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from appraisal.exam import rules

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def test_enough_is_enough_items_of_enough_grades():
    assert rules.is_enough(["A", "B", "C", "A"], 4, 3) and not rules.is_enough(["A", "B", "C"], 4, 3)
    assert not rules.is_enough(["A", "B", "A", "B"], 4, 3)


def test_the_bound_itself_passes_and_the_undefined_never():
    assert rules.is_passed(Fraction(3, 4), 75) and not rules.is_passed(Fraction(7499, 10000), 75) and not rules.is_passed(None, 75)


def test_after_a_failure_the_next_try_waits():
    assert rules.wait_until(None, timedelta(days=14), NOW) is None
    assert rules.wait_until(NOW, timedelta(days=14), NOW) == NOW + timedelta(days=14)
    assert rules.wait_until(NOW - timedelta(days=14), timedelta(days=14), NOW) is None

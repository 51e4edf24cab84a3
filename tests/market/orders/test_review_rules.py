"""For what a review's words may be hidden."""

import pytest

from market.orders.review_rules import GROUNDS, reason_missing


@pytest.mark.parametrize(("reason", "missing"), [
    ("", True), ("不实", True), ("abcd", True), ("  abcd  ", True), ("abcde", False), ("  abcde ", False), ("含有辱骂", True),
    ("含有辱骂语", False), ("x" * 500, False), ("x" * 501, True), (" " * 9 + "x" * 500, False),
])  # fmt: skip
def test_a_decision_says_in_a_sentence_what_it_rests_on(reason, missing):
    assert reason_missing(reason) is missing


def test_a_bad_opinion_is_no_ground():
    assert set(GROUNDS) == {"insult", "private_data", "threat", "forbidden", "advert"} and all(GROUNDS.values())

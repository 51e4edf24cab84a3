"""Which answers of a seller tell of a defect: the buyer ticks them, and prices are learned with them."""

import pytest

from core.goods.cards import get_card
from core.goods.rules import tells_defect, told_defects

PHONE = get_card("phone")


@pytest.mark.parametrize(("code", "answer", "tells"), [
    ("repaired", "yes", True), ("repaired", "unknown", True), ("repaired", "no", False), ("repaired", "", False), ("repaired", " no ", False),
    ("known_faults", "屏幕有划痕", True), ("known_faults", "无", False), ("known_faults", "没有", False), ("known_faults", "None", False),
    ("known_faults", " - ", False), ("known_faults", "", False), ("known_faults", "no", False), ("known_faults", "none at all", True),
])  # fmt: skip
def test_which_answers_tell_of_a_defect(code, answer, tells):
    assert tells_defect(PHONE.find_disclosure(code), answer) is tells
    assert told_defects(PHONE, {code: answer}) == ([code] if tells else [])


def test_defects_stand_in_the_cards_order_and_nothing_else_counts():
    answers = {"known_faults": "x", "repaired": "yes", "liquid": "no", "made_up": "yes", "repaired_detail": "screen"}
    assert told_defects(PHONE, answers) == ["repaired", "known_faults"] and told_defects(PHONE, {}) == []


def test_a_card_may_say_that_another_answer_is_the_fine_one():
    from dataclasses import replace

    asked = replace(PHONE.find_disclosure("repaired"), fine="yes")
    assert not tells_defect(asked, "yes") and tells_defect(asked, "no")

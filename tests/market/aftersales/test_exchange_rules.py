"""What a seller can give in exchange: theirs, on sale, free, cleared. What stands in the way first is what is said."""

import itertools

import pytest

from market.aftersales.exchange_rules import fault

STATES = ("draft", "waiting_wipe", "published", "paused", "reserved", "sold", "withdrawn", "frozen", "expired", "lost")
GOOD = {"mine": True, "same": False, "state": "published", "cleared": True, "drawn": False}


def test_what_is_fit_is_given():
    assert fault(**GOOD) == ""


@pytest.mark.parametrize(("other", "code"), [
    ({"mine": False}, "not_yours_to_give"), ({"same": True}, "same_thing"), ({"state": "sold"}, "is_sold"),
    ({"state": "reserved"}, "is_reserved"), ({"cleared": False}, "not_cleared"), ({"state": "paused"}, "not_on_sale"),
    ({"state": "draft"}, "not_on_sale"), ({"state": "waiting_wipe", "cleared": False}, "not_cleared"), ({"drawn": True}, "is_drawn"),
    ({"mine": False, "state": "sold"}, "not_yours_to_give"), ({"same": True, "state": "sold"}, "same_thing"),
    ({"state": "sold", "cleared": False}, "is_sold"), ({"state": "paused", "drawn": True}, "not_on_sale"),
])  # fmt: skip
def test_what_stands_in_the_way_is_said(other, code):
    assert fault(**{**GOOD, **other}) == code


def test_all_else_is_refused_with_words():
    from market.aftersales.exchanging import FAULTS

    said = set()
    for mine, same, state, cleared, drawn in itertools.product((True, False), (True, False), STATES, (True, False), (True, False)):
        found = fault(mine=mine, same=same, state=state, cleared=cleared, drawn=drawn)
        assert (found == "") == (mine and not same and state == "published" and cleared and not drawn)
        said |= {found} - {""}
    assert said == set(FAULTS), "each has its sentence, and each sentence is used"

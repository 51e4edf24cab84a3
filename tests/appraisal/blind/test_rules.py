"""What a second, blind grade says of the first, by hand."""

from appraisal.blind import rules

ORDER = ("N", "S", "A", "B", "C", "D", "R", "U", "reject")


def test_one_step_is_agreement_and_two_are_not_from_either_side():
    assert rules.agrees(ORDER, "A", "A", 2) and rules.agrees(ORDER, "A", "B", 2) and rules.agrees(ORDER, "B", "A", 2)
    assert not rules.agrees(ORDER, "A", "C", 2) and not rules.agrees(ORDER, "C", "A", 2)
    assert rules.agrees(ORDER, "A", "C", 3) and rules.steps_apart(ORDER, "N", "R") == 6 == rules.steps_apart(ORDER, "R", "N")


def test_whether_it_may_be_sold_is_never_a_matter_of_steps():
    assert not rules.agrees(ORDER, "R", "reject", 5) and not rules.agrees(ORDER, "reject", "R", 5)
    assert rules.agrees(ORDER, "reject", "reject", 2)


def test_the_best_are_the_first_of_the_scale():
    assert rules.is_top(ORDER, "N", 2) and rules.is_top(ORDER, "S", 2) and not rules.is_top(ORDER, "A", 2)


def test_more_is_drawn_on_probation():
    assert (rules.share(False, 5, 20), rules.share(True, 5, 20)) == (5, 20)

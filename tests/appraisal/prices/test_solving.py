"""Small systems: solved, and with signs solved to the optimum."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.prices.solving import cholesky_solve, signed_solve


def test_a_system_by_hand():
    """4x + 2y = 10 and 2x + 3y = 9: x = 1.5, y = 2."""
    assert cholesky_solve([[4.0], [2.0, 3.0]], [10.0, 9.0]) == pytest.approx([1.5, 2.0])


def test_a_column_that_repeats_another_is_nothing():
    x = cholesky_solve([[1.0], [1.0, 1.0]], [2.0, 2.0])
    assert x == pytest.approx([2.0, 0.0], abs=1e-3)


@st.composite
def problems(draw):
    """X'X + 0.1 and X'y of whole numbers, and signs."""
    n = draw(st.integers(1, 7))
    rows = draw(st.lists(st.lists(st.integers(-4, 4), min_size=n, max_size=n), min_size=1, max_size=12))
    y = draw(st.lists(st.integers(-9, 9), min_size=len(rows), max_size=len(rows)))
    square = [[float(sum(r[i] * r[j] for r in rows)) + (0.1 if i == j else 0.0) for j in range(n)] for i in range(n)]
    right = [float(sum(r[i] * v for r, v in zip(rows, y, strict=True))) for i in range(n)]
    return square, right, draw(st.lists(st.sampled_from([-1, 0, 1]), min_size=n, max_size=n))


@given(problems())
def test_signs_hold_and_nothing_better_exists(problem):
    """The conditions of Karush, Kuhn and Tucker."""
    square, right, signs = problem
    x = signed_solve([row[: i + 1] for i, row in enumerate(square)], right, signs)
    gradient = [sum(a * b for a, b in zip(row, x, strict=True)) - r for row, r in zip(square, right, strict=True)]
    for value, slope, sign in zip(x, gradient, signs, strict=True):
        assert sign * value >= 0
        if sign == 0 or value != 0:
            assert abs(slope) < 1e-6
        else:
            assert sign * slope > -1e-6

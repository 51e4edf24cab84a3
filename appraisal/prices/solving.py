"""Small symmetric systems in plain Python: Cholesky, and the same with signs that some unknowns must have."""

import math
from collections.abc import Sequence

Matrix = list[list[float]]  # symmetric; only the lower half is read
TURNS = 200


def cholesky_solve(lower: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """x with A x = right for a positive definite A of which the lower half is given."""
    root = _root(lower)
    x = list(right)
    for i, row in enumerate(root):
        x[i] = (x[i] - sum(map(float.__mul__, row, x[:i]))) / row[i]
    for i in range(len(x) - 1, -1, -1):
        x[i] /= root[i][i]
        done = x[i]
        for j in range(i):
            x[j] -= root[i][j] * done
    return x


def _root(lower: Sequence[Sequence[float]]) -> Matrix:
    root: Matrix = []
    for i, given in enumerate(lower):
        row: list[float] = []
        for j in range(i):
            row.append((given[j] - sum(map(float.__mul__, row, root[j]))) / root[j][j])
        rest = given[i] - sum(each * each for each in row)
        # a column that says what others already say: its share is nothing rather than noise
        row.append(math.sqrt(rest) if rest > 1e-12 * abs(given[i]) else math.sqrt(abs(given[i]) + 1e-300) * 1e3)
        root.append(row)
    return root


def signed_solve(lower: Sequence[Sequence[float]], right: Sequence[float], signs: Sequence[int]) -> list[float]:
    """The minimum of x A x / 2 - right x where x[j] >= 0 for sign 1, <= 0 for sign -1, any for 0.

    Block principal pivoting (Portugal, Judice, Vicente 1994): unknowns of the wrong sign are held at 0, held ones
    whose gradient points inwards are set free, until neither is left; one at a time where that goes round in circles.
    """
    n = len(right)
    free = [True] * n
    best, patience = n + 1, 3
    x = [0.0] * n
    for _ in range(TURNS):
        x = _solve_free(lower, right, free)
        wrong = _wrong(lower, right, signs, free, x)
        if not wrong:
            break
        if len(wrong) < best:
            best, patience = len(wrong), 3
        else:
            patience -= 1
        for j in wrong if patience >= 0 else wrong[-1:]:
            free[j] = not free[j]
    return [0.0 if sign * value < 0 else value for sign, value in zip(signs, x, strict=True)]


def _solve_free(lower: Sequence[Sequence[float]], right: Sequence[float], free: Sequence[bool]) -> list[float]:
    chosen = [j for j, is_free in enumerate(free) if is_free]
    part = [[lower[i][j] for j in chosen[: at + 1]] for at, i in enumerate(chosen)]
    x = [0.0] * len(right)
    for j, value in zip(chosen, cholesky_solve(part, [right[j] for j in chosen]), strict=True):
        x[j] = value
    return x


def _wrong(
    lower: Sequence[Sequence[float]], right: Sequence[float], signs: Sequence[int], free: Sequence[bool], x: Sequence[float]
) -> list[int]:
    found = []
    for j, sign in enumerate(signs):
        if not sign:
            continue
        if free[j]:
            if sign * x[j] < -1e-12:
                found.append(j)
            continue
        gradient = sum((lower[j][i] if i <= j else lower[i][j]) * x[i] for i in range(len(x))) - right[j]
        if sign * gradient < -1e-9 * (1 + abs(right[j])):
            found.append(j)
    return found

"""How far people agree when they grade the same things. Pure and exact: whole numbers in, fractions out.

Sources: Cohen 1960 and 1968 (weighted), Fleiss 1971, Krippendorff 2011 ("Computing Krippendorff's alpha-reliability"); what the
numbers are good for: appraisal.md 4. A measure that is not defined (everybody gave one and the same grade) is
None, never 1: unknown is no pass."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from core.i18n import N_

Table = Sequence[Sequence[int]]
Metric = Callable[[int, int], Fraction]
# (at least so many hundredths, tone, word): AIAG as Minitab quotes it for kappa; SigmaXL for the middle
KAPPA_WORDS = (
    (90, "good", N_("very good")), (75, "good", N_("good")), (70, "warn", N_("marginal")), (-100, "bad", N_("too low")),
)  # fmt: skip
ALPHA_WORDS = ((80, "good", N_("reliable")), (67, "warn", N_("tentative")), (-100, "bad", N_("not reliable")))


def table_of(pairs: Iterable[tuple[int, int]], size: int) -> list[list[int]]:
    """How often the first said i and the second j, of ranks from 0 up to, not including, `size`."""
    table = [[0] * size for _ in range(size)]
    for first, second in pairs:
        table[first][second] += 1
    return table


def kappa(table: Table, weight: Metric | None = None) -> Fraction | None:
    """Cohen's kappa of a square table; `weight(i, j)`: how bad a disagreement is, 0 for none (default: 0 or 1, nominal).

    1 less observed over expected disagreement; None when no disagreement was to be expected at all."""
    size, total = len(table), sum(map(sum, table))
    bad = weight or (lambda i, j: Fraction(i != j))
    rows, columns = [sum(row) for row in table], [sum(row[j] for row in table) for j in range(size)]
    cells = [(i, j) for i in range(size) for j in range(size)]
    expected = sum((bad(i, j) * rows[i] * columns[j] for i, j in cells), Fraction(0))
    observed = sum((bad(i, j) * table[i][j] for i, j in cells), Fraction(0))
    return 1 - observed * total / expected if expected else None


def quadratic_kappa(table: Table) -> Fraction | None:
    """With the square of the distance in grades as the weight: two grades apart counts four times one."""
    return kappa(table, lambda i, j: Fraction((i - j) ** 2))


def fleiss(counts: Table) -> Fraction | None:
    """Fleiss' kappa: one row a thing, one column a grade, how many of the (equally many) raters chose it."""
    raters, things = sum(counts[0]), len(counts)
    if raters < 2 or any(sum(row) != raters for row in counts):
        raise ValueError("each thing is graded by the same number of people, at least two")
    agreed = sum((Fraction(sum(n * (n - 1) for n in row), raters * (raters - 1)) for row in counts), Fraction(0)) / things
    shares = [Fraction(sum(column), raters * things) for column in zip(*counts, strict=True)]
    expected = sum((share**2 for share in shares), Fraction(0))
    return (agreed - expected) / (1 - expected) if expected != 1 else None


def alpha(raters: Sequence[Sequence[int | None]], metric: str = "ordinal") -> Fraction | None:
    """Krippendorff's alpha of rows of raters over columns of things; None where somebody didn't grade.

    `metric`: nominal, ordinal, interval or ratio. Things that fewer than two graded say nothing. None when nothing can be
    compared or all is one value."""
    units = [[value for value in unit if value is not None] for unit in zip(*raters, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    totals = Counter(value for unit in units for value in unit)
    apart, n = metric_of(metric, totals), sum(totals.values())
    observed = sum((_within(Counter(unit), apart) / (len(unit) - 1) for unit in units), Fraction(0))
    expected = _within(totals, apart)
    return 1 - (n - 1) * observed / expected if expected else None


def _within(counts: Counter[int], apart: Metric) -> Fraction:
    """The sum of distances over all ordered pairs of different values."""
    return sum((apart(c, k) * counts[c] * counts[k] for c in counts for k in counts if c != k), Fraction(0))


def metric_of(name: str, totals: Counter[int]) -> Metric:
    """The squared distance of two values. Ordinal: by how many gradings lie between them, half of the two ends."""
    if name == "nominal":
        return lambda c, k: Fraction(c != k)
    if name == "interval":
        return lambda c, k: Fraction((c - k) ** 2)
    if name == "ratio":
        return lambda c, k: Fraction(c - k, c + k) ** 2 if c + k else Fraction(0)
    if name != "ordinal":
        raise ValueError(f"there is no metric {name!r}")

    def ordinal(c: int, k: int) -> Fraction:
        low, high = min(c, k), max(c, k)
        between = sum(count for value, count in totals.items() if low <= value <= high)
        return (between - Fraction(totals[c] + totals[k], 2)) ** 2

    return ordinal


def inflation(pairs: Iterable[tuple[int, int]]) -> Fraction | None:
    """By how many grades on average the first ones are better than the blind ones (ranks: 0 is the best); None for no pair."""
    found = [second - first for first, second in pairs]
    return Fraction(sum(found), len(found)) if found else None


def word_for(value: Fraction | None, words: Sequence[tuple[int, str, str]]) -> tuple[str, str]:
    """(sentence, tone) of a measure."""
    if value is None:
        return N_("can't be said"), "unknown"
    return next((word, tone) for least, tone, word in words if value * 100 >= least or least == words[-1][0])


def hundredths(value: Fraction | None) -> str:
    """Two decimals, rounded half away from zero, as text; "" when it isn't defined."""
    if value is None:
        return ""
    scaled = abs(value) * 100
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return f"{'-' if value < 0 and whole else ''}{whole // 100}.{whole % 100:02d}"

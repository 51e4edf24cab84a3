"""The few kinds of rule a standard may have beyond its checks. All are data; none holds a formula."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from appraisal.standards.standard import Outcome

TESTS = ("is", "has", "lacks", "below", "upto", "over", "from", "more_than")
Cell = str | tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One thing about one check. test `is`: the answer is one of `words`; `has`/`lacks`: the list holds (doesn't
    hold) one of them; `below` <, `upto` <=, `over` >, `from` >= `number`; `more_than`: more than the number
    answered to the check named in `words`; `untested`: it was not tested. But for the last, an answer that is
    missing never meets a condition: the check itself says what follows from not testing."""

    check: str
    test: str
    words: tuple[str, ...] = ()
    number: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """All of `every` hold and, where there is an `either`, at least one of that."""

    every: tuple[Condition, ...] = ()
    either: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Where `when` holds, `outcome` follows."""

    axis: str
    when: When
    outcome: "Outcome"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a table: `cells` are its results, `outcome` the limit (or gate) it sets."""

    when: When
    cells: Mapping[str, Cell]
    outcome: "Outcome | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """A table: the first row that holds gives the `outputs`; one it doesn't name is None."""

    code: str
    axis: str
    checks: tuple[str, ...]
    outputs: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From `bound` upwards the class is `shown`."""

    bound: Decimal
    shown: str
    outcome: "Outcome | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A weighted sum, exact. `weights`: check -> weight, which for a check of kind `numbers` weighs each of them.
    `places`: rounded half up to so many decimals before the class is read; None: not rounded. `steps` fall."""

    code: str
    axis: str
    shown_as: str
    weights: Mapping[str, Decimal]
    places: int | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """How many `years` things of these categories last; `since` counts from another date where that is known."""

    categories: tuple[str, ...]
    years: int
    since: str | None
    outcome: "Outcome"


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """The outcome of a life follows from the day after its last day. The last day is the one that corresponds to
    the first, or the last of its month (Civil Code of the PRC, articles 201 and 202)."""

    axis: str
    category: str
    begin: str
    today: str
    lives: tuple[Life, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """`start` points less the deductions, each area's bounded by `most`. Ranks inside a grade, never lifts it."""

    start: Decimal
    most: Mapping[str, Decimal]

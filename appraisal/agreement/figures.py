"""The figures of the agreement page and command, worked out by the rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from appraisal.agreement import queries, rules
from appraisal.agreement.pairs import Order, Pair
from appraisal.appraisers.queries import appraiser_number
from appraisal.exam.queries import exam_pairs

FEW = 10  # pairs: fewer say little, and the pages say so


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """`n` pairs; `kappa` quadratic-weighted; `inflation`: by how many grades the first were better than the blind ones."""

    n: int
    kappa: Fraction | None
    inflation: Fraction | None

    @property
    def few(self) -> bool:
        return self.n < FEW


@dataclass(frozen=True, slots=True, kw_only=True)
class OfAppraiser:
    """An appraiser by number: against blind seconds, with themselves, against the standard."""

    account_id: str
    number: str
    between: Measure
    within: Measure
    standard: Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class OfCheck:
    """`left_out`: how often one of the two had not tested it."""

    code: str
    standard_id: str
    n: int
    left_out: int
    kappa: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPair:
    """A seller and an appraiser, who graded this seller's things."""

    owner_id: str
    account_id: str
    measure: Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """All figures of one scale; `table[i][j]`: first grade i, blind grade j."""

    order: Order
    table: list[list[int]]
    between: Measure
    alpha: Fraction | None
    within: Measure
    standard: Measure
    appraisers: list[OfAppraiser]
    pairs: list[OfPair]


def measure(pairs: Iterable[Pair]) -> Measure:
    found = list(pairs)
    ranks = [(one.first, one.second) for one in found]
    table = rules.table_of(ranks, len(found[0].order)) if found else []
    return Measure(n=len(found), kappa=rules.quadratic_kappa(table) if table else None, inflation=rules.inflation(ranks))


def agreements(session: Session) -> list[Agreement]:
    """One of each scale that was used, the most used first."""
    blind, again, exam = queries.blind_pairs(session), queries.repeats(session), exam_pairs(session)
    return [_of_scale(order, blind, again, exam) for order in queries.scales([*blind, *again, *exam])]


def _of_scale(order: Order, *kinds: Sequence[Pair]) -> Agreement:
    blind, again, exam = ([one for one in kind if one.order == order] for kind in kinds)
    people = sorted({one.first_by for one in (*blind, *again)} | {one.second_by for one in exam}, key=appraiser_number)
    sellers = sorted({(one.owner_id, one.first_by) for one in blind if one.owner_id})
    return Agreement(
        order=order, table=rules.table_of([(one.first, one.second) for one in blind], len(order)), between=measure(blind),
        alpha=rules.alpha(matrix(blind)) if blind else None, within=measure(again), standard=measure(exam),
        appraisers=[
            OfAppraiser(
                account_id=who, number=appraiser_number(who), between=measure(one for one in blind if one.first_by == who),
                within=measure(one for one in again if one.first_by == who),
                standard=measure(one for one in exam if one.second_by == who),
            )
            for who in people
        ],
        pairs=[
            OfPair(owner_id=owner, account_id=who,
                   measure=measure(one for one in blind if (one.owner_id, one.first_by) == (owner, who)))
            for owner, who in sellers
        ],
    )  # fmt: skip


def matrix(pairs: Sequence[Pair]) -> list[list[int | None]]:
    """A row an appraiser, a column a graded thing, None where somebody didn't grade: what Krippendorff's alpha is made for."""
    people = sorted({who for one in pairs for who in (one.first_by, one.second_by)})
    return [[_given(one, who) for one in pairs] for who in people]


def _given(pair: Pair, who: str) -> int | None:
    return pair.first if pair.first_by == who else pair.second if pair.second_by == who else None


def checks(session: Session) -> list[OfCheck]:
    """Check by check, the least agreed on first; what can't be said comes last."""
    found: dict[tuple[str, str], list[queries.Answered]] = {}
    for one in queries.answers(session):
        found.setdefault((one.standard.id, one.check.code), []).append(one)
    rows = [_of_check(standard_id, code, some) for (standard_id, code), some in found.items()]
    return sorted(rows, key=lambda row: (row.kappa is None, row.kappa or 0, row.standard_id, row.code))


def _of_check(standard_id: str, code: str, some: Sequence[queries.Answered]) -> OfCheck:
    both = [(one.first, one.second) for one in some if one.first is not None and one.second is not None]
    table = rules.table_of(both, max(len(one.check.values) for one in some)) if both else []
    listed = some[0].check.worse == "listed"
    kappa = (rules.quadratic_kappa(table) if listed else rules.kappa(table)) if table else None
    return OfCheck(code=code, standard_id=standard_id, n=len(both), left_out=len(some) - len(both), kappa=kappa)

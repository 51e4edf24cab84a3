"""The laws every standard of our own obeys, worked out over one standard: no worse finding lifts a grade, gates dominate, every
limit has a reason whose lifting lifts it, order is nothing. Pure; `docs/algorithms/grading.md` says what is compared.

Which answers are worse than which comes from the standard itself: values stand best first, numbers fall or rise. Left out stands
after the worst answer that still has a grade."""

import itertools
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from appraisal.grades.rules import Answer, GradeResult, UnknownCheck, UnknownValue, grade
from appraisal.standards.standard import Check, Standard
from core.i18n import N_

Place = dict[str, Answer | None]
GROUNDS = 5
AT_RANDOM = 20
MOST_TOGETHER = 4_000

LAWS = {
    "monotone": N_("A worse finding never lifts a grade."),
    "gates": N_("A failed gate decides, whatever else is found."),
    "reasons": N_("Every limit names its reason, and without the named findings it is lifted."),
    "order": N_("The same answers always get the same grade, in whatever order."),
    "best": N_("The best answers get the best grade."),
    "untested": N_("What was not tested is never a pass."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """One place at which a law doesn't hold. `check`: its code; `better` and `worse`: two answers to it (None: not tested), the
    grades that they get, and `beside`: answers to other checks, where these matter. `axis`: whose grade rises, "" the whole's."""

    law: str
    check: str
    better: Answer | None = None
    worse: Answer | None = None
    high: str = ""
    low: str = ""
    axis: str = ""
    beside: Mapping[str, Answer | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found, and how many pairs of answers were compared for it."""

    broken: tuple[Broken, ...]
    compared: int

    @property
    def holds(self) -> bool:
        return not self.broken


def ladder(standard: Standard, check: Check) -> list[Answer | None]:
    """Every answer that can make a difference, best first; None is not tested."""
    every = _numbers(standard, check) if check.kind == "measure" else [value.code for value in check.values]
    fine = [answer for answer in every if not _ends(check, answer)]
    rest = [answer for answer in every if answer not in fine]
    if check.when_missing is not None or check.untested_as is not None:  # it counts as that answer, the worst
        return [*fine, *rest, None]
    return [*fine, None, *rest]


def _numbers(standard: Standard, check: Check) -> list[Answer]:
    """Each bound, and the numbers beside it."""
    rules = (condition for rule in standard.rules for condition in (*rule.when.every, *rule.when.either))
    rows = (c for table in standard.lookups for row in table.rows for c in (*row.when.every, *row.when.either))
    asked = [c.number for c in (*rules, *rows) if c.check == check.code and c.test in ("below", "upto", "over", "from")]
    near = Decimal(1) if check.whole else Decimal("0.01")
    found = {Decimal(check.least), Decimal(check.most)}
    for bound in [*(band.bound for band in check.bands), *asked]:
        found |= {bound - near, bound, bound + near}
    kept = sorted(one for one in found if check.least <= one <= check.most and not (check.whole and one != int(one)))
    return list(kept[::-1] if check.worse == "less" else kept)


def _ends(check: Check, answer: Answer | None) -> bool:
    """Does this answer alone refuse a thing or leave it without a grade?"""
    if check.kind == "measure":
        fitting = [b for b in check.bands if _fits(b.op, answer, b.bound)]
        return bool(fitting) and fitting[-1].outcome.gate
    value = check.find_value(answer)
    return value is not None and value.outcome is not None and (value.outcome.gate or value.outcome.ungraded)


def _fits(op: str, number: object, bound: Decimal) -> bool:
    assert isinstance(number, Decimal)
    return {"below": number < bound, "upto": number <= bound, "over": number > bound, "from": number >= bound}[op]


class Ladders:
    """One standard with the rungs of each of its checks that has a better and a worse. `best`: every check at its best."""

    def __init__(self, standard: Standard) -> None:
        self.standard = standard
        self.checks = {check.code: check for check in standard.checks}
        self.steps = {code: ladder(standard, check) for code, check in self.checks.items()}
        self.facts = frozenset(code for code, check in self.checks.items() if check.worse == "none")
        self.best: Place = {code: steps[0] for code, steps in self.steps.items()}
        self.compared = 0

    def grade(self, inputs: Mapping[str, Answer | None]) -> GradeResult:
        return grade(self.standard, inputs)  # type: ignore[arg-type]

    def ranks(self, result: GradeResult) -> tuple[int, ...]:
        rank = self.standard.rank
        return (rank(result.grade), *(rank(result.axes[axis]) for axis in sorted(result.axes)))

    def never_better(self, worse: GradeResult, better: GradeResult) -> bool:
        return all(low >= high for low, high in zip(self.ranks(worse), self.ranks(better), strict=True))

    def rung(self, code: str, share: int) -> Answer | None:
        return self.steps[code][min(share, len(self.steps[code]) - 1)]

    def ground(self, share: int) -> Place:
        """Every check on the same rung."""
        return {code: self.rung(code, share) for code in self.steps}

    def steps_down(self, ground: Place, codes: Iterable[str] | None = None) -> Iterator[Broken]:
        """Each of the checks one rung lower than in this place, nothing else changed."""
        before = self.grade(ground)
        for code in self.steps if codes is None else codes:
            at = self.steps[code].index(ground[code])
            if code in self.facts or at + 1 == len(self.steps[code]):
                continue
            self.compared += 1
            lower = self.steps[code][at + 1]
            after = self.grade(ground | {code: lower})
            if not self.never_better(after, before):
                yield self.broken(code, ground, lower, before, after)

    def broken(self, code: str, ground: Place, lower: Answer | None, before: GradeResult, after: GradeResult) -> Broken:
        axis = next(
            (one for one in sorted(before.axes) if self.standard.rank(after.axes[one]) < self.standard.rank(before.axes[one])), ""
        )
        whole = self.standard.rank(after.grade) < self.standard.rank(before.grade)
        high, low = (before.grade, after.grade) if whole else (before.axes[axis], after.axes[axis])
        beside = {
            one: answer for one, answer in ground.items() if one != code and one in self.tied(code) and answer != self.best[one]
        }
        return Broken(
            law="monotone",
            check=code,
            better=ground[code],
            worse=lower,
            high=high,
            low=low,
            axis="" if whole else axis,
            beside=beside,
        )

    def tied(self, code: str) -> frozenset[str]:
        """The checks that stand with this one in a rule, a table, an index, an age or a count."""
        return frozenset(one for group in groups(self.standard) if code in group for one in group) - {code}


def groups(standard: Standard) -> list[tuple[str, ...]]:
    """Checks that are looked at together."""
    found: list[tuple[str, ...]] = [count.checks for count in standard.counts]
    for rule in standard.rules:
        conditions = (*rule.when.every, *rule.when.either)
        others = [word for c in conditions if c.test == "more_than" for word in c.words]
        found.append((*(c.check for c in conditions), *others, *([rule.outcome.require] if rule.outcome.require else [])))
    found += [table.checks for table in standard.lookups]
    found += [tuple(c.check for row in table.rows for c in (*row.when.every, *row.when.either)) for table in standard.lookups]
    found += [tuple(index.weights) for index in standard.indexes]
    return [tuple(dict.fromkeys(group)) for group in found]


def check_laws(standard: Standard, *, most: int = 10, seed: int = 0) -> Verdict:
    """Everything that is compared for a draft: each step of each check on five grounds; checks that are looked at together over
    all their answers where these are few, pair by pair otherwise; and whole things at random (drawn with `seed`, so that the
    same draft is always judged alike). Stops after `most` findings."""
    own = Ladders(standard)
    found: dict[tuple[object, ...], Broken] = {}
    try:
        for one in _everything(own, random.Random(seed)):  # noqa: S311  (nothing secret)
            found.setdefault((one.law, one.check, one.better, one.worse), one)
            if len(found) == most:
                break
    except (ArithmeticError, LookupError, ValueError, TypeError, UnknownCheck, UnknownValue) as odd:
        found["odd"] = Broken(law="order", check=str(odd)[:60])  # type: ignore[index]
    return Verdict(broken=tuple(found.values()), compared=own.compared)


def _everything(own: Ladders, dice: random.Random) -> Iterator[Broken]:
    yield from _best(own)
    for share in range(GROUNDS):
        yield from own.steps_down(own.ground(share))
    for group in groups(own.standard):
        yield from _together(own, group)
    yield from _left_out(own)
    for _ in range(AT_RANDOM):
        for most in (None, 2):  # anything at all, which mostly fails a gate; and nearly sound things
            yield from whole_thing(own, {code: dice.choice(steps[:most]) for code, steps in own.steps.items()}, dice)


def whole_thing(own: Ladders, place: Place, dice: random.Random) -> Iterator[Broken]:
    """All laws at one place: the answers to every check."""
    yield from own.steps_down(place)
    result, codes = own.grade(place), list(place)
    dice.shuffle(codes)
    if own.grade({code: place[code] for code in codes}) != result:
        yield Broken(law="order", check=codes[0])
    yield from _reasons(own, place, result)
    yield from _gates(own, place, codes[: len(codes) // 3])


def _best(own: Ladders) -> Iterator[Broken]:
    result = own.grade(own.best)
    if result.grade != own.standard.scale[0].code:
        behind = next((reason.checks[0] for reason in result.reasons if reason.limit == result.grade and reason.checks), "")
        yield Broken(law="best", check=behind, better=own.best.get(behind), high=result.grade, low=result.grade)


def _together(own: Ladders, group: Sequence[str]) -> Iterator[Broken]:
    """Checks of a group over all their answers; pair by pair, on the best and on the worst ground, where that is too much."""
    size = 1
    for code in group:
        size *= len(own.steps[code])
    if size <= MOST_TOGETHER and len(group) <= 4:
        yield from _grid(own, own.best, group)
        return
    for pair in itertools.combinations(group, 2):
        yield from _grid(own, own.best, pair)
        yield from _grid(own, own.best | {code: own.steps[code][-1] for code in group}, pair)


def _grid(own: Ladders, ground: Place, codes: Sequence[str]) -> Iterator[Broken]:
    """Each place of the grid against the one a single step below it."""
    places = list(itertools.product(*(range(len(own.steps[code])) for code in codes)))
    at = {place: ground | {code: own.steps[code][n] for code, n in zip(codes, place, strict=True)} for place in places}
    results = {place: own.grade(inputs) for place, inputs in at.items()}
    for place, result in results.items():
        for n, code in enumerate(codes):
            below = (*place[:n], place[n] + 1, *place[n + 1 :])
            if below in results and code not in own.facts:
                own.compared += 1
                if not own.never_better(results[below], result):
                    yield own.broken(code, at[place], at[below][code], result, results[below])


def _left_out(own: Ladders) -> Iterator[Broken]:
    """A required check left out leaves no grade; any other stands in the list of what was not tested, unless the standard
    assumes an answer."""
    for code, check in own.checks.items():
        result = own.grade(own.best | {code: None})
        wrong = check.required and result.grade != own.standard.undetermined.code
        if wrong or (code not in result.untested and not check.assumes_on_null and check.when_missing is None):
            yield Broken(law="untested", check=code, high=result.grade)


def _reasons(own: Ladders, place: Place, result: GradeResult) -> Iterator[Broken]:
    if result.grade == own.standard.scale[0].code:
        return
    named = [reason for reason in result.reasons if reason.limit == result.grade and reason.checks]
    behind = {code for reason in named for code in reason.checks} - own.facts
    lifted = own.grade(place | {code: own.best[code] for code in behind})
    if not named or own.standard.rank(lifted.grade) >= own.standard.rank(result.grade):
        code = next(iter(sorted(behind)), next(iter(place)))
        yield Broken(law="reasons", check=code, better=own.best[code], worse=place[code], high=lifted.grade, low=result.grade)


def _gates(own: Ladders, place: Place, left_out: Sequence[str]) -> Iterator[Broken]:
    for code, check in own.checks.items():
        for value in check.values:
            if value.outcome and value.outcome.gate:
                kept = {one: answer for one, answer in place.items() if one not in left_out} | {code: value.code}
                if own.grade(kept).grade != own.standard.refused.code:
                    yield Broken(law="gates", check=code, worse=value.code)

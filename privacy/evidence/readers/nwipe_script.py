"""The lines nwipe must have written about one device, in their order, held against the lines that are there.

A finished wipe follows a fixed script: method, rounds, passes, verification and blank decide every line of
it. So a line that is missing, doubled or out of place can be told from a wipe that was stopped.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from privacy.evidence.methods import RANDOM, Method
from privacy.evidence.model import Verification
from privacy.evidence.readers.nwipe_lines import Event

Outcome = Literal["whole", "stopped", "gap", "contradiction"]
_CHECKS = frozenset({"verifying", "read", "verified", "empty_verifying", "empty_ok", "frp_verifying", "frp_ok"})

# a bad outcome stands where a good one would
_SAME_PLACE = {"empty_bad": "empty_ok", "blank_bad": "blank_ok", "check_bad": "check_ok"}


@dataclass(frozen=True, slots=True)
class Step:
    """A line's kind and numbers; `sure` is false where old versions leave the line out."""

    key: tuple[object, ...]
    sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the run was asked to do."""

    method: Method
    rounds: int
    verification: Verification
    blank: bool
    old: bool = False  # before 0.31: no "bytes read", and fewer lines about the final pass


def _pass_steps(plan: Plan, number: int, round_: int) -> Iterator[Step]:
    count = len(plan.method.passes)
    at = (number, count, round_, plan.rounds)
    random = plan.method.passes[number - 1] == RANDOM
    last = not plan.blank and number == count and round_ == plan.rounds and plan.method.ending != "random"
    yield Step(("pass_start", *at))
    yield Step(("written",))
    if plan.verification == "all" or (plan.verification == "last" and last) or (random and plan.method.always_verifies_random):
        yield Step(("verifying", *at))
        yield Step(("read",), sure=not plan.old)
        yield Step(("verified", *at))
    yield Step(("pass_end", *at))


def _ending_steps(plan: Plan) -> Iterator[Step]:
    looked_at = plan.verification != "none"
    if plan.method.ending == "random":
        yield Step(("frp_start",))
        yield Step(("written",), sure=not plan.old)
        if looked_at:
            yield Step(("frp_verifying",), sure=not plan.old)
            yield Step(("read",), sure=not plan.old)
            yield Step(("frp_ok",), sure=not plan.old)
    elif plan.method.verify_only:
        yield Step(("check_start",))
        yield Step(("check_ok",))
    elif plan.blank:
        yield Step(("blank_start",))
        yield Step(("written",), sure=not plan.old)
        if looked_at:
            yield Step(("empty_verifying",))
            yield Step(("read",), sure=not plan.old)
            yield Step(("empty_ok",))
        yield Step(("blank_ok",))


def script(plan: Plan) -> Iterator[Step]:
    """Every line of a finished wipe. Lazy: the number of rounds in a hostile log may be anything."""
    yield Step(("invoke",))
    for round_ in range(1, plan.rounds + 1):
        yield Step(("round_start", round_, plan.rounds))
        for number in range(1, len(plan.method.passes) + 1):
            yield from _pass_steps(plan, number, round_)
        yield Step(("round_end", round_, plan.rounds))
    yield from _ending_steps(plan)


def steps_of(plan: Plan, kinds: Collection[str]) -> int:
    """How many lines of these kinds a finished wipe leaves. All rounds but the last are alike."""

    def count(rounds: int) -> int:
        return sum(step.key[0] in kinds for step in script(replace(plan, rounds=rounds)))

    first = count(1)
    return first + (count(2) - first) * (plan.rounds - 1) if plan.rounds > 0 else 0


_NUMBERED = frozenset({"round_start", "round_end", "pass_start", "pass_end", "verifying", "verified"})
_PLAIN = frozenset(
    [
        "invoke",
        "written",
        "read",
        "frp_start",
        "frp_verifying",
        "frp_ok",
        "blank_start",
        "blank_ok",
        "empty_verifying",
        "empty_ok",
        "check_start",
        "check_ok",
    ]
)
SCRIPTED = _NUMBERED | _PLAIN | frozenset(_SAME_PLACE) | {"skipped"}


def key_of(event: Event, verify_only: bool) -> tuple[object, ...]:
    """The script's key for a line. Before 0.32 a mere look at the medium used the words of a verified
    blank."""
    kind = _SAME_PLACE.get(event.kind, event.kind)
    if verify_only:
        kind = {"empty_verifying": "check_start", "empty_ok": "check_ok"}.get(kind, kind)
    return (kind, *event.numbers()) if kind in _NUMBERED else (kind,)


@dataclass(frozen=True, slots=True)
class Reading:
    """`lines` are where the trouble shows: the first line after a gap, or the line that can't stand there."""

    outcome: Outcome
    lines: tuple[int, ...] = ()


def _steps_for(events: Sequence[Event], plan: Plan) -> Iterator[Step]:
    # A hostile log may ask for any number of rounds and name thousands of devices: look no further ahead than
    # a round of the longest method.
    return islice(script(plan), 120 + 4 * len(events))


def follow(events: Sequence[Event], plan: Plan) -> Reading:
    """Hold the lines against the script: whole, stopped early, with lines missing in between, or
    impossible."""
    steps = _steps_for(events, plan)
    # 0.42 on leaves verifications out after pass errors and says so; the wipe has failed then in any case
    excused = _CHECKS if any(event.kind == "skipped" for event in events) else frozenset()
    gaps: list[int] = []
    for event in events:
        if event.kind == "skipped":
            continue
        key, missing = key_of(event, plan.method.verify_only), False
        for step in steps:
            if step.key == key:
                break
            missing = missing or (step.sure and step.key[0] not in excused)
        else:
            return Reading("contradiction", (event.line,))
        if missing:
            gaps.append(event.line)
    if gaps:
        return Reading("gap", tuple(gaps[:20]))
    return Reading("stopped" if any(step.sure for step in steps) else "whole")

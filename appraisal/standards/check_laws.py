"""What keeps a check monotone: refused while the file is read, not found out when somebody is graded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from appraisal.standards.standard import Check, Outcome
from core.data_files import Bilingual, Table
from core.i18n import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a check row may refer to: the standard's axes, areas, grades, shared value lists and phrases."""

    axes: Sequence[str]
    areas: Sequence[str]
    scale: Sequence[str]
    value_sets: Table
    phrases: Mapping[str, Bilingual]
    strict: bool = True  # our own standards: nothing may be left to a default, and leaving out never pays


def must_be_monotone(check: Check, row: Table, known: Known) -> None:
    """A worse answer never has a better limit, and an answer left out is never better than the worst one."""
    outcomes = [value.outcome for value in check.values] or [None, *(band.outcome for band in check.bands)]
    ranks = [_rank(outcome, known.scale) for outcome in outcomes]
    if check.kind != "list" and (ranks != sorted(ranks) or (ranks[0] != 0 and known.strict)):
        place = "bands" if check.bands else "limits"
        raise row.wrong(place, N_("must begin with none and never get better as the answers get worse"))
    if check.worse == "none" and any(ranks):
        raise row.wrong("fact", N_("can't have a limit or gate of its own"))
    _bands_must_fall(check, row)
    if check.optional and (check.required or (known.strict and any(ranks))):
        raise row.wrong("optional", N_("is for a check that is not required and has no effect on the grade"))
    if known.strict:
        _must_not_reward_leaving_out(check, row, known, ranks)
    elif check.assumes_on_null and check.when_missing is None:
        raise row.wrong("required", N_("or untested_limit, untested_as, optional or when_missing must be there"))
    for assumed in (check.untested_as, check.when_missing):
        if assumed is not None and check.values and check.find_value(assumed) is None:
            raise row.wrong("when_missing", N_("and untested_as must be answers of the check"))
        if assumed is not None and not check.values and not (assumed.isdecimal() and check.kind == "measure"):
            raise row.wrong("when_missing", N_("and untested_as must be whole numbers of a measured check"))


def _bands_must_fall(check: Check, row: Table) -> None:
    if not check.bands:
        return
    bounds = [band.bound for band in check.bands]
    falling = check.worse == "less"
    ops = {"below", "upto"} if falling else {"over", "from"}
    inside = check.least < min(bounds) and max(bounds) <= check.most
    if falling and (bounds != sorted(set(bounds), reverse=True) or not inside):
        raise row.wrong("bands", N_("must fall from band to band, within least and most"))
    if not falling and bounds != sorted(set(bounds)):
        raise row.wrong("bands", N_("must rise from band to band"))
    if any(band.op not in ops for band in check.bands):
        raise row.wrong("bands", N_("must be below or upto where less is worse, over or from where more is worse"))


def _must_not_reward_leaving_out(check: Check, row: Table, known: Known, ranks: Sequence[int]) -> None:
    if check.when_missing is not None:
        _assumed_must_be_worst(check, row)
    elif check.untested_as is not None or check.optional:
        if check.required or (check.values and check.untested_as not in (None, check.values[-1].code)):
            raise row.wrong("untested_as", N_("must be the worst value, of a check that is not required"))
    elif check.required != (check.untested.limit is None):
        raise row.wrong("untested_limit", N_("is for a check that is not required, and that one needs it"))
    elif check.untested.limit is not None and known.scale.index(check.untested.limit) < ranks[-1]:
        raise row.wrong("untested_limit", N_("must not be better than the limit of the worst answer"))


def _rank(outcome: Outcome | None, scale: Sequence[str]) -> int:
    if outcome is None:
        return 0
    if outcome.gate or outcome.ungraded:
        return len(scale)
    return scale.index(outcome.limit) if outcome.limit else 0


def _assumed_must_be_worst(check: Check, row: Table) -> None:
    if check.required or check.untested.limit is not None:
        raise row.wrong("when_missing", N_("goes with neither required nor untested_limit"))
    if not check.values or check.when_missing != check.values[-1].code:
        raise row.wrong("when_missing", N_("must be the worst value"))

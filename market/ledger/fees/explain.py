"""A stored trace in sentences for people, in either language: what was reckoned on what, by which rule, and how it was
rounded. Money and percentages come out of the trace itself: an old one reads the same under any later policy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.i18n import N_, say
from market.ledger.fees.policy import Line
from market.ledger.fees.sayings import Speaker, Told, name_of, sentences
from market.ledger.fees.shape import line_data


@dataclass(frozen=True, slots=True)
class Explained:
    """One step. `source`: policy and version of a fee, "" for plain arithmetic; `result`: it ends the reckoning of a line."""

    label: str
    amount: str
    sentences: list[str]
    formula: str
    source: str = ""
    result: bool = False


def explanation(frozen: Any, line: Line) -> dict[str, Any]:
    """What an entry of the ledger keeps: the policy's id and version, and the line with its trace."""
    return {"policy": frozen.id, "version": frozen.version, **line_data(line)}


def explain_lines(told: object, language: str) -> list[Explained]:
    """Whatever holds traces: a trace, a line with one, a whole result; nothing for anything else. What comes off has a minus; a
    discount that the seller bears alone is told with what is divided."""
    return [_explained(step, language) for step in _steps(told) if step["kind"] != "discount" or step["rounded"]]


def traces_rounding(told: object) -> bool:
    """Did any step of it have to be rounded?"""
    return any(step["value"] != str(step["rounded"]) for step in _steps(told))


def _steps(told: object) -> Iterator[Told]:
    if isinstance(told, list | tuple):
        for one in told:
            if isinstance(one, Mapping) and "formula" in one:
                yield one
            elif isinstance(one, Mapping):
                yield from _steps(one)
    elif isinstance(told, Mapping):
        yield from _steps(told.get("trace") or told.get("lines"))


def _explained(step: Told, language: str) -> Explained:
    kind, facts, spoken = step["kind"], step["facts"], Speaker(step["unit"], language)
    plain = kind in ("gross", "discount", "base", "payout", "lost")
    source = N_("%(policy)s, version %(version)s")
    return Explained(
        label=name_of(step["rule"], facts.get("label"), language), sentences=sentences(step, spoken),
        amount=spoken.money(step["rounded"] if plain else -step["rounded"]),
        formula=f"{step['formula']} = {step['value']}", result=kind == "payout",
        source="" if plain else say(source, language, policy=step["policy"], version=step["version"]),
    )  # fmt: skip

"""The lines from which on a person is asked to look, and a court's factors as questions: read once, strictly."""

import functools
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from core.data_files import Bilingual, read_table
from market.oversight.signal_rules import Lines

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`why`: code of the part -> where its numbers come from."""

    price_times: int
    price_least: int
    price_days: timedelta
    again_times: int
    again_days: timedelta
    away_people: int
    away_days: timedelta
    currency: str
    lines: Lines
    same_days: timedelta
    lately: timedelta
    why: dict[str, Bilingual]


@dataclass(frozen=True, slots=True)
class Factor:
    code: str
    question: Bilingual


@functools.lru_cache
def limits() -> Limits:
    """Raises BadDataFile."""
    file = read_table(HERE / "limits.toml")
    parts = {code: file.table(code) for code in ("price", "again", "away", "words", "turnover", "same_item", "frequency")}
    price, again, away, _words, turnover, same, often = parts.values()
    found = Limits(
        price_times=price.whole("times", least=2), price_least=price.whole("least", least=1),
        price_days=timedelta(days=price.whole("days", least=1)), again_times=again.whole("times", least=2),
        again_days=timedelta(days=again.whole("days", least=1)), away_people=away.whole("people", least=1),
        away_days=timedelta(days=away.whole("days", least=1)), currency=turnover.text("currency"),
        lines=Lines(
            limit_minor=turnover.whole("limit_minor", least=1), near_percent=turnover.whole("near_percent", least=1),
            same_sales=same.whole("sales", least=2), sales_lately=often.whole("sales", least=2),
        ),
        same_days=timedelta(days=same.whole("days", least=1)), lately=timedelta(days=often.whole("days", least=1)),
        why={code: part.words("why") for code, part in parts.items()},
    )  # fmt: skip
    for part in parts.values():
        part.done()
    file.done()
    return found


@functools.lru_cache
def factors() -> tuple[Bilingual, tuple[Factor, ...]]:
    """The source, and its questions in its order. Raises BadDataFile."""
    file, found = read_table(HERE / "factors.toml"), []
    source = file.words("source")
    for row in file.tables("factors"):
        found.append(Factor(row.code("code"), row.words("question")))
        row.done()
    file.done()
    return source, tuple(found)

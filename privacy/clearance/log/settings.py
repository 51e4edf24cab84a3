"""Dated settings of the public log, read once from settings.toml."""

import functools
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from core.data_files import read_table

FILE = Path(__file__).with_name("settings.toml")


@dataclass(frozen=True, slots=True)
class Pace:
    """How often things happen: see settings.toml."""

    push: timedelta
    regulators: timedelta
    points: timedelta
    anchor: timedelta
    lonely_anchor: timedelta
    back_dated: timedelta


@functools.lru_cache
def pace() -> Pace:
    """Raises BadDataFile."""
    table = read_table(FILE)
    found = Pace(
        push=timedelta(minutes=table.whole("push_minutes", least=1)),
        regulators=timedelta(hours=table.whole("regulator_hours", least=1)),
        points=timedelta(hours=table.whole("point_hours", least=1)),
        anchor=timedelta(seconds=table.whole("anchor_seconds", least=1)),
        lonely_anchor=timedelta(minutes=table.whole("lonely_anchor_minutes", least=1)),
        back_dated=timedelta(minutes=table.whole("back_dated_minutes", least=1)),
    )
    date.fromisoformat(table.text("since"))
    table.text("source")
    table.done()
    return found

"""Dated settings of the drawn share, read once from settings.toml."""

import functools
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from core.data_files import Bilingual, read_table

FILE = Path(__file__).with_name("settings.toml")


@dataclass(frozen=True, slots=True)
class Shares:
    """Percents are whole numbers of a hundred; sources are printed where the shares are explained."""

    base: int
    base_source: Bilingual
    raised: int
    raised_source: Bilingual
    failed: timedelta
    family: timedelta
    late: timedelta
    since: datetime


@functools.lru_cache
def shares() -> Shares:
    """Raises BadDataFile, also when the raised share is the smaller one or one is no percent."""
    table = read_table(FILE)
    base, raised = table.whole("base_percent", least=1), table.whole("raised_percent", least=1)
    if not base <= raised <= 100:
        raise table.wrong("raised_percent", "must be from base_percent to 100")
    found = Shares(
        base=base,
        base_source=table.words("base_source"),
        raised=raised,
        raised_source=table.words("raised_source"),
        failed=timedelta(days=table.whole("failed_days", least=1)),
        family=timedelta(days=table.whole("family_days", least=1)),
        late=timedelta(days=table.whole("late_days", least=1)),
        since=datetime.combine(date.fromisoformat(table.text("since")), time(), UTC),
    )
    table.text("source")
    table.done()
    return found

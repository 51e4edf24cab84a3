"""Dated settings of the clearance, read once from settings.toml."""

import functools
from datetime import date, timedelta
from pathlib import Path

from core.data_files import read_table

FILE = Path(__file__).with_name("settings.toml")


@functools.lru_cache
def validity() -> timedelta:
    """How long a clearance may be used at most. Raises BadDataFile."""
    table = read_table(FILE)
    days = table.whole("days", least=1)
    date.fromisoformat(table.text("since"))
    table.text("source")
    table.done()
    return timedelta(days=days)

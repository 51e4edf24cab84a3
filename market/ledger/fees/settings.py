"""Dated settings of the fee policies, read once from settings.toml."""

import functools
from datetime import date, timedelta
from pathlib import Path

from core.data_files import read_table

FILE = Path(__file__).with_name("settings.toml")


@functools.lru_cache
def notice() -> timedelta:
    """How long before it counts a version must be announced. Raises BadDataFile."""
    table = read_table(FILE)
    days = table.whole("notice_days", least=1)
    date.fromisoformat(table.text("since"))
    table.text("source")
    table.done()
    return timedelta(days=days)

"""Settings about appraisers, read once from settings.toml."""

import functools
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from core.data_files import Table, read_table

FILE = Path(__file__).with_name("settings.toml")
SOURCES = ("show_source", "probation_source", "buying_source", "exam_source", "blind_source", "appeal_source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`exam_kappa`, `blind`, `blind_probation`: whole hundredths. `blind_value`: fen."""

    show_within: timedelta
    probation: int
    counterparty: timedelta
    buying: timedelta
    exam_items: int
    exam_grades: int
    exam_kappa: int
    exam_again: timedelta
    blind: int
    blind_probation: int
    blind_top: int
    blind_value: int
    freeze_steps: int
    blind_within: timedelta
    appeal_within: timedelta
    appeal_look: timedelta
    panel_within: timedelta


@functools.lru_cache
def settings() -> Settings:
    """Raises BadDataFile, also for a percentage over a hundred."""
    table = read_table(FILE)
    found = Settings(
        show_within=_days(table, "show_within_days"), probation=table.whole("probation_appraisals", least=1),
        counterparty=_days(table, "counterparty_days"), buying=_days(table, "buying_days"),
        exam_items=table.whole("exam_items", least=2), exam_grades=table.whole("exam_grades", least=2),
        exam_kappa=_percent(table, "exam_kappa_percent"), exam_again=_days(table, "exam_again_days"),
        blind=_percent(table, "blind_percent"), blind_probation=_percent(table, "blind_probation_percent"),
        blind_top=table.whole("blind_top_grades", least=1), blind_value=table.whole("blind_value_fen", least=1),
        freeze_steps=table.whole("freeze_steps", least=1), blind_within=_days(table, "blind_days"),
        appeal_within=_days(table, "appeal_days"), appeal_look=_days(table, "appeal_look_days"),
        panel_within=_days(table, "panel_days"),
    )  # fmt: skip
    for name in SOURCES:
        table.text(name)
    table.done()
    return found


def _days(table: Table, key: str) -> timedelta:
    return timedelta(days=table.whole(key, least=1))


def _percent(table: Table, key: str) -> int:
    value = table.whole(key, least=1)
    if value > 100:
        raise table.wrong(key, "must be at most 100")
    return value

"""Districts of the deployment's city: where things can be met. Data, not code."""

import functools
from dataclasses import dataclass
from pathlib import Path

from core.data_files import Bilingual, read_table, text

FILE = Path(__file__).with_name("districts.toml")


@dataclass(frozen=True, slots=True)
class District:
    code: str
    name: Bilingual


@functools.lru_cache
def all_districts(file: Path = FILE) -> tuple[District, ...]:
    """Every district in file order. Raises BadDataFile."""
    table = read_table(file)
    table.text("source")
    found = []
    for row in table.tables("districts"):
        found.append(District(row.text("code"), row.words("name")))
        row.done()
    table.done()
    return tuple(found)


def find_district(code: str) -> District | None:
    return next((one for one in all_districts() if one.code == code), None)


def district_name(code: str, language: str) -> str:
    """The name to show; an unknown code shows itself."""
    found = find_district(code)
    return text(found.name, language) if found else code

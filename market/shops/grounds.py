"""Grounds on which no licence is needed, read once from grounds.toml."""

import functools
from dataclasses import dataclass
from pathlib import Path

from core.data_files import Bilingual, read_table, text, twice

FILE = Path(__file__).with_name("grounds.toml")
BY_LAW = "by_law"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """`says`: the sentence for the first page; that of `by_law` holds %(law)s."""

    code: str
    name: Bilingual
    says: Bilingual
    hint: Bilingual


@functools.lru_cache
def all_grounds(file: Path = FILE) -> tuple[Ground, ...]:
    """The closed list, in the file's order. Raises BadDataFile."""
    table, found = read_table(file), []
    for row in table.tables("grounds"):
        found.append(Ground(code=row.code("code"), name=row.words("name"), says=row.words("says"), hint=row.words("hint")))
        row.done()
        if ("%(law)s" in found[-1].says.zh) != (found[-1].code == BY_LAW):
            raise row.wrong("says", f"holds %(law)s exactly where the code is {BY_LAW}")
    table.done()
    again = twice(one.code for one in found)
    if again:
        raise table.wrong("grounds", f"have {again} twice")
    return tuple(found)


def find_ground(code: str) -> Ground | None:
    return next((one for one in all_grounds() if one.code == code), None)


def sentence_of(code: str, law: str, language: str) -> str:
    """What stands on the first page; "" for a code nobody knows."""
    found = find_ground(code)
    said = text(found.says, language) if found else ""
    return said.replace("%(law)s", law)

"""The table of places: where a number is read, and which answer of a standard's check follows. The file is places.toml."""

import functools
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from appraisal.identity.list_rules import KINDS
from appraisal.identity.rules import Outcome
from core.data_files import Bilingual, Table, read_table

KIND_OF = {"imei2": "imei"}
# asked for only where one is registered: a field more at each place is a field to pass over
RARE = ("meid",)
SIDES = ("system", "thing", "paper", "maker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    code: str
    side: str
    name: Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCheck:
    """Which check a list of this kind answers: `listed` when a number is on it, `clear` when it isn't, "" where only a person can
    say so."""

    kind: str
    check: str
    listed: str
    clear: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """A standard whose check is answered by numbers. `numbers`: what a place may show, one field each, imei2 for the second of a
    phone; `by_hand`: the values that a person chooses, because there is no number; `help`: what the screen with the places says
    in the stead of a standard whose own words speak of choices that this screen hasn't."""

    standard: str
    check: str
    numbers: tuple[str, ...]
    places: tuple[Place, ...]
    differ: str
    by_hand: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    lists: tuple[ListCheck, ...]
    help: Bilingual | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kind of each field's number."""
        return tuple(KIND_OF.get(code, code) for code in self.numbers)

    def asking(self, registered: Collection[str]) -> "Fed":
        """What is asked of a thing with these kinds of number on file. The rare ones stand last: fields keep their names."""
        return replace(self, numbers=tuple(code for code in self.numbers if code not in RARE or code in registered))


@functools.cache
def all_fed() -> Mapping[str, Fed]:
    """By the standard's id. Raises BadDataFile."""
    table = read_table(Path(__file__).with_name("places.toml"))
    places = {one.code: one for one in map(_place, table.tables("places"))}
    found = {one.standard: one for one in (_fed(row, places) for row in table.tables("standards"))}
    table.done()
    return found


def find_fed(standard_id: str) -> Fed | None:
    """None for a standard of things without numbers, and for published schemes."""
    return all_fed().get(standard_id)


@functools.cache
def all_places() -> Mapping[str, Place]:
    return {place.code: place for fed in all_fed().values() for place in fed.places}


def _place(row: Table) -> Place:
    place = Place(code=row.code("code"), side=row.choice("side", SIDES), name=row.words("name"))
    row.done()
    return place


def _fed(row: Table, places: Mapping[str, Place]) -> Fed:
    fed = Fed(
        standard=row.text("id"), check=row.code("check"), numbers=row.choices("numbers", ("serial", "imei", "imei2", "meid")),
        places=tuple(places[code] for code in row.choices("places", places)), differ=row.code("differ"),
        by_hand=row.texts("by_hand"), outcomes=tuple(map(_outcome, row.tables("outcomes"))), help=row.words_or_none("help"),
        lists=tuple(map(_list, row.tables("lists"))),
    )  # fmt: skip
    row.done()
    return fed


def _outcome(row: Table) -> Outcome:
    one = Outcome(value=row.code("value"), sides=row.choices("sides", SIDES), places=row.whole("places", least=1))
    row.done()
    return one


def _list(row: Table) -> ListCheck:
    one = ListCheck(
        kind=row.choice("kind", KINDS), check=row.code("check"), listed=row.code("listed"), clear=row.text("clear", ""),
    )  # fmt: skip
    row.done()
    return one

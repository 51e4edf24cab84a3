"""What can wait for a person: kinds as data files that the rooms bring, each with who decides, until when, and why so long.

`read_kinds(file)` adds a room's kinds; `source(code, find)` tells what waits by the room's own tables."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from core.data_files import Bilingual, Table, read_table
from core.people.roles import ROLES
from core.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`does`: what is to be decided; `why`: where the days come from; `verdicts`: what can come of it, in words. `here`: answered
    in the queue itself, because it has no page of its own to decide on."""

    code: str
    name: Bilingual
    does: Bilingual
    days: int
    why: Bilingual
    roles: tuple[str, ...]
    org_roles: tuple[str, ...]
    icon: str
    here: bool
    verdicts: Mapping[str, Bilingual]

    @property
    def lasts(self) -> timedelta:
        return timedelta(days=self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One thing that waits: its id, its name for people, and the page where it is decided. `barred`: accounts that are part of
    the matter; `orgs`: organisations whose people decide, where the kind has such roles."""

    subject_id: str
    title: str
    link: str
    barred: tuple[str, ...] = ()
    orgs: tuple[str, ...] = ()
    since: datetime | None = None


Source = Callable[[Session], Iterable[Ask]]
Effect = Callable[[Work, str, str], None]


@dataclass(slots=True)
class _Known:
    kinds: dict[str, Kind] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    effects: dict[str, Effect] = field(default_factory=dict)


_known = _Known()


def read_kinds(path: Path) -> None:
    """Add a room's kinds. Raises BadDataFile for a wrong file and ValueError for a kind that is there with other words."""
    table = read_table(path)
    for one in table.tables("kinds"):
        kind = _kind(one)
        if _known.kinds.setdefault(kind.code, kind) != kind:
            raise ValueError(f"the queue has {kind.code} twice")
    table.done()


def _kind(row: Table) -> Kind:
    verdicts = row.table("verdicts")
    kind = Kind(
        code=row.code("code"), name=row.words("name"), does=row.words("does"), days=row.whole("days", least=1),
        why=row.words("why"), roles=row.choices("roles", ROLES), org_roles=row.choices("org_roles", ROLES, []),
        icon=row.text("icon"), here=row.flag("here", False),
        verdicts={code: verdicts.words(code) for code in verdicts.every_key()},
    )  # fmt: skip
    verdicts.done()
    row.done()
    if not kind.verdicts:
        raise row.wrong("verdicts", "needs at least one")
    return kind


def source(code: str, find: Source) -> None:
    """Tell how to find what waits of this kind in the room's own tables: for houses from before, and for the test."""
    if _known.sources.setdefault(code, find) is not find:
        raise ValueError(f"{code} has two sources")


def effect(code: str, step: Effect) -> None:
    """What follows, in the same Work, from an answer given in the queue itself: called with the subject's id and the verdict."""
    if _known.effects.setdefault(code, step) is not step:
        raise ValueError(f"{code} has two effects")


def find_effect(code: str) -> Effect | None:
    return _known.effects.get(code)


def get_kind(code: str) -> Kind:
    return _known.kinds[code]


def all_kinds() -> tuple[Kind, ...]:
    """In the order in which the rooms brought them."""
    return tuple(_known.kinds.values())


def sources() -> dict[str, Source]:
    return dict(_known.sources)

"""The check-lists of this folder, one file for each platform, read strictly: a slip of the pen stops the start."""

import functools
from pathlib import Path

from core.data_files import BadDataFile, Table, read_table, twice
from core.errors import NotFound
from core.i18n import N_
from privacy.clearance.checklist_rules import STEP_REASONS
from privacy.wipes.checklist import GOOD, LOCK_MUST, LOCKS, LOOKS, PARTS, PHOTOS, TECHNIQUES, Checklist, Look, Step, is_brand

FOLDER = Path(__file__).resolve().parent
READS = ("model", "version")


@functools.cache
def all_checklists() -> tuple[Checklist, ...]:
    """Every list, by sort order. Raises BadDataFile for a wrong one."""
    found = [read_checklist(path) for path in sorted(FOLDER.glob("*.toml"))]
    codes = {one.code for one in found}
    for one in found:
        if one.instead and one.instead not in codes:
            raise BadDataFile(f"{one.code}.toml: instead names {one.instead}, which no file has")
    return tuple(sorted(found, key=lambda one: (one.sort, one.code)))


def find_checklist(code: str) -> Checklist | None:
    return next((one for one in all_checklists() if one.code == code), None)


def get_checklist(code: str) -> Checklist:
    """Raises NotFound for a platform that has no list."""
    found = find_checklist(code)
    if found is None:
        raise NotFound("unknown_platform", N_("There is no check-list for this platform."))
    return found


def checklists_for(category: str, brand: str = "") -> tuple[Checklist, ...]:
    """The lists that may fit a thing of this category; those of its maker come first."""
    mine = [one for one in all_checklists() if category in one.categories]
    return tuple(sorted(mine, key=lambda one: not is_brand(brand, one.brands)))


def read_checklist(path: Path) -> Checklist:
    """One list from its file, checked. The file is named after the code."""
    table = read_table(path)
    found = Checklist(
        code=table.choice("code", (path.stem,)),
        version=table.text("version"),
        names=table.words("names"),
        sort=table.whole("sort", least=0),
        categories=table.texts("categories"),
        brands=table.texts("brands", []),
        technique=table.choice("technique", TECHNIQUES),
        relies_on_maker=table.flag("relies_on_maker"),
        instead=table.text("instead", ""),
        reads=table.choices("reads", READS, []),
        steps=tuple(_step(row) for row in table.tables("steps")),
        looks=tuple(_look(row) for row in table.tables("looks")),
    )
    table.done()
    _must_agree(found, table)
    return found


def _step(row: Table) -> Step:
    lock = row.choice("lock", LOCKS) if row.has("lock") else ""
    step = Step(
        code=row.code("code"),
        part=row.choice("part", PARTS),
        question=row.words("question"),
        how=row.words_or_none("how"),
        photo=row.choice("photo", PHOTOS, "none"),
        good="yes" if lock else row.choice("good", GOOD, "yes"),
        lock=lock,
        must=row.choice("must", LOCK_MUST, "off") if lock else "off",
        reason=row.choice("reason", STEP_REASONS) if row.has("reason") else "",
        brands=row.texts("brands", []),
        otherwise=row.flag("otherwise", False),
    )
    row.done()
    if bool(step.reason) == (step.good == "any" or (bool(lock) and step.must == "read")):
        raise row.wrong("reason", "is needed exactly where an answer can be the wrong one")
    if step.part == "after" and step.must == "read":
        raise row.wrong("must", "has to be off after the wipe")
    return step


def _look(row: Table) -> Look:
    look = Look(code=row.choice("code", LOOKS), question=row.words("question"), how=row.words_or_none("how"))
    row.done()
    return look


def _must_agree(found: Checklist, table: Table) -> None:
    """What no single key shows: the keys together must tell one story."""
    again = twice(step.code for step in found.steps) or twice(look.code for look in found.looks)
    if again:
        raise table.wrong("steps", f"have the code {again} twice")
    parts = list(PARTS)
    order = [parts.index(step.part) for step in found.steps]
    if order != sorted(order) or set(order) != {0, 1, 2}:
        raise table.wrong("steps", "must go before, wipe, after, with steps in each")
    if not any(step.photo == "challenge" for step in found.steps if step.part == "after"):
        raise table.wrong("steps", "need a photo with the job's code after the wipe")
    if not any(step.lock for step in found.steps if step.part == "after"):
        raise table.wrong("steps", "must read a lock after the wipe")
    if {"list", "tail", "photo"} - {look.code for look in found.looks}:
        raise table.wrong("looks", "must ask the second person to read the list, for the number's last four and for a photo")
    if found.relies_on_maker and set(found.reads) != set(READS):
        raise table.wrong("reads", "must be model and version where the maker's declaration counts")

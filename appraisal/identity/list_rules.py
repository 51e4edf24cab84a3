"""Lists of stolen and barred numbers: what a file of them may hold, and what the lists say together. Pure.

A list that is too old, or was never loaded, says nothing: that is unknown and never a pass. A number that stands on an old list
is listed all the same: age takes away what a list doesn't name, not what it names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from stdnum import imei, meid

from core.csv_files import BadFile, rows_of
from core.goods import rules as goods
from core.goods.placeholders import is_placeholder
from core.i18n import N_
from core.number_ports import ListTold

KINDS: Final = {
    "stolen": N_("Reported stolen"),
    "blocked": N_("Barred by a carrier"),
}
STATES: Final = {
    "clear": (N_("Not on the lists"), "good"),
    "listed": (N_("On a list"), "bad"),
    "unknown": (N_("Not certain"), "unknown"),
}
WHY: Final = {
    "none_loaded": N_("No such list was loaded"),
    "too_old": N_("The list is older than %(days)s days: too old to say that a number isn't on it"),
    "not_connected": N_("No such service is connected"),
    "no_number": N_("No number is registered for it"),
}
# Our own choice: what was stolen five weeks ago is most probably for sale by now; a list of last month can't name it.
FRESH_DAYS: Final = 31
MOST_LINES: Final = 200_000
MOST_BYTES: Final = 12_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`kind`: imei, meid or serial; `plain`: its one form, as the register has it."""

    kind: str
    plain: str


def read_lines(text: str) -> list[Line]:
    """The numbers of a CSV file with a column `number` and, if wanted, `kind`. All or nothing. Raises BadFile."""
    rows = rows_of(text)
    names = [name.strip().casefold() for name in next(rows, [])]
    if names.count("number") != 1 or set(names) - {"number", "kind"} or len(set(names)) < len(names):
        raise BadFile(N_("The first line must name the columns: number, or number and kind; nothing else."))
    found, wrong = _lines(names, rows)
    if wrong:
        shown = ", ".join(map(str, wrong[:20])) + (" …" if len(wrong) > 20 else "")
        raise BadFile(N_("No valid number in line %(lines)s."), lines=shown)
    if not found:
        raise BadFile(N_("There is no number below the names."))
    return found


def _lines(names: list[str], rows: Iterable[list[str]]) -> tuple[list[Line], list[int]]:
    found: dict[Line, None] = {}
    wrong: list[int] = []
    for at, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        line = _line(dict(zip(names, row, strict=True))) if len(row) == len(names) else None
        if line is None:
            wrong.append(at)
        else:
            found[line] = None
        if len(found) > MOST_LINES:
            raise BadFile(N_("More than %(most)s lines: split the file by its source."), most=MOST_LINES)
    return list(found), wrong


def _line(cells: dict[str, str]) -> Line | None:
    kind = cells.get("kind", "").strip().casefold()
    plain = goods.normalise_serial(cells["number"])
    if kind not in ("", "imei", "meid", "serial") or is_placeholder(plain) or not plain.isascii():
        return None
    as_imei = goods.normalise_identifier("imei", plain)
    if kind == "imei" or (not kind and imei.is_valid(as_imei)):
        return Line(kind="imei", plain=as_imei) if imei.is_valid(as_imei) else None
    if kind == "meid":
        return Line(kind="meid", plain=goods.normalise_identifier("meid", plain)) if meid.is_valid(plain) else None
    # a mistyped IMEI kept as a serial number would never be found again: whoever means a serial says so
    mistyped = not kind and plain.isdigit() and len(plain) in (15, 16)
    if mistyped or not goods.SERIAL_LEAST <= len(plain) <= goods.SERIAL_MOST:
        return None
    return Line(kind="serial", plain=plain)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneList:
    """The newest version of one source's list, and whether it names one of the numbers."""

    kind: str
    source: str
    version: int
    day: date
    lines: int
    names_it: bool


def state_of(one: OneList, today: date) -> tuple[str, str]:
    """(state, why)"""
    if one.names_it:
        return "listed", ""
    return ("clear", "") if (today - one.day).days <= FRESH_DAYS else ("unknown", "too_old")


def why_unknown(kind: str, told: Sequence[ListTold]) -> str:
    """A code of WHY for a kind of list that says "unknown", by what each list said; none at all said anything where no number was
    there to ask by."""
    if not told:
        return "no_number"
    return "too_old" if any(one.kind == kind for one in told) else "none_loaded"


def together(lists: Sequence[OneList], kind: str, today: date) -> tuple[str, str]:
    """(state, why) of all lists of one kind: named once is listed; one that is too old leaves it unknown, and so does none."""
    found = [state_of(one, today) for one in lists if one.kind == kind]
    if not found:
        return "unknown", "none_loaded"
    return max(found, key=lambda one: ("clear", "unknown", "listed").index(one[0]))

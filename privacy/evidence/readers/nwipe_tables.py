"""The tables at the end of an nwipe log: errors, bytes erased (from 0.41 on) and the status of each drive.

Rows are cut from the left, because the model at their end is the device's own text and may hold anything.
Device names are cut to eight characters by the tool, so a row is bound to a device only where that leaves no
doubt.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

TableName = Literal["errors", "erased", "status"]

_HEADINGS: tuple[tuple[TableName, re.Pattern[str]], ...] = (
    ("errors", re.compile(r"! {1,4}Device \| Pass Errors \| Verifications Errors \|.*")),
    ("erased", re.compile(r"! {1,4}Device \| {1,9}Bytes Erased \| {1,9}Bytes Total \| Percentage Erased *")),
    ("status", re.compile(r"! {1,4}Device \| Status \| Thru-put \| HH:MM:SS \| Model/Serial Number *")),
)
_NAME = r"[ !] {1,9}(\S{1,18}) \|"
_COUNT = r" {0,20}([0-9]{1,20}) {0,4}"
_ROWS: dict[TableName, re.Pattern[str]] = {
    "errors": re.compile(_NAME + _COUNT + r"\|" + _COUNT + r"\|(?:" + _COUNT + r")?"),
    "erased": re.compile(_NAME + _COUNT + r"\|" + _COUNT + r"\| {0,20}([0-9.]{1,9}%|N/A) *"),
    "status": re.compile(
        _NAME + r"([^|]{8})\|([^|]{1,14})/s \| ([0-9]{2,6}):([0-9]{2}):([0-9]{2}) \| (.*)",
    ),
}
# the name's column is eight wide, and was six before 0.33, whose heading was narrower too
_NARROW, _WIDE = 6, 8


@dataclass(frozen=True, slots=True)
class Row:
    """`cells` are the texts after the device's name."""

    line: int
    name: str
    cells: tuple[str, ...]


@dataclass(slots=True)
class Table:
    """A table while it is read. `closed` says that its last rule was seen; `strange` are lines that are no
    rows."""

    name: TableName
    line: int
    cut: int = 8
    rows: list[Row] = field(default_factory=list)
    strange: list[int] = field(default_factory=list)
    begun: bool = False
    closed: bool = False

    def take(self, number: int, line: str) -> None:
        """One more line below the heading. After the closing rule nothing is taken."""
        text = line.strip()
        if not text:
            return
        if not text.strip("-*"):
            self.closed, self.begun = self.begun, True
        elif hit := _ROWS[self.name].fullmatch(line):
            self.rows.append(Row(number, hit[1], tuple(cell or "" for cell in hit.groups()[1:])))
        else:
            self.strange.append(number)


def heading(number: int, line: str) -> Table | None:
    """The table that begins with this line, if one does."""
    if line[:1] != "!":
        return None
    for name, pattern in _HEADINGS:
        if pattern.fullmatch(line):
            return Table(name, number, _NARROW if line.startswith("! Device") else _WIDE)
    return None


@dataclass(frozen=True, slots=True)
class Binding:
    """One table's rows by device. `doubtful` are devices whose cut names collide; `strays` are lines of rows
    that belong to no device or stand there twice."""

    rows: dict[str, Row]
    doubtful: tuple[str, ...]
    strays: tuple[int, ...]


def bind(table: Table, started: Sequence[str], seen: Sequence[str]) -> Binding:
    """Give each row to its device: to one that was started if the name fits, else to one that was only seen.
    Where names collide the tool's own order decides, and the devices are called doubtful."""
    bound: dict[str, Row] = {}
    doubtful: list[str] = []
    strays: list[int] = []
    begun = set(started)
    by_name = _by_shown_name(started, table.cut)
    others = _by_shown_name([node for node in seen if node not in begun], table.cut)
    for name, rows in _rows_by_name(table).items():
        nodes = by_name.get(name) or others.get(name, [])
        bound.update(zip(nodes, rows, strict=False))
        strays += [row.line for row in rows[len(nodes) :]]
        if len(nodes) > 1:
            doubtful += nodes
    return Binding(bound, tuple(doubtful), tuple(strays))


def _by_shown_name(nodes: Sequence[str], cut: int) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for node in nodes:
        named.setdefault(node.rsplit("/", 1)[-1][-cut:], []).append(node)
    return named


def _rows_by_name(table: Table) -> dict[str, list[Row]]:
    named: dict[str, list[Row]] = {}
    for row in table.rows:
        named.setdefault(row.name, []).append(row)
    return named

"""What was found so far: counts, places, and a map of the whole medium, all of bounded size. Pure.

Which class is the right one may be known only at the end, so the places of every class are kept, up to `MOST` each."""

import math
from dataclasses import dataclass, field
from typing import Any

from privacy.readback.classes import EXPECTED, family
from privacy.readback.plan import BLOCK
from privacy.readback.scan import Found, Run

MOST = 10_000  # runs of each class, signatures, bad blocks that are listed
MOST_PATTERNS = 64
CELLS = 512
# One bit for each class in a cell of the map, and the letter that shows it. The last that applies is shown.
LETTERS = {
    "short": "?", "zero": "0", "ff": "F", "pattern": "p", "keystream": "k", "random": "r", "structured": "x", "signature": "#",
    "bad": "!",
}  # fmt: skip
_BITS = {name: 1 << at for at, name in enumerate(LETTERS)}
NOT_READ = "-"


def cell_size(size: int) -> int:
    """Bytes of the medium that one letter of the map stands for: whole blocks, at most 512 letters."""
    return max(1, math.ceil(size / BLOCK / CELLS)) * BLOCK


@dataclass(slots=True)
class Tally:
    size: int
    counts: dict[str, int] = field(default_factory=dict)
    runs: dict[str, list[Run]] = field(default_factory=dict)
    signs: list[tuple[int, str]] = field(default_factory=list)
    signs_total: int = 0
    bad: list[int] = field(default_factory=list)
    bad_total: int = 0
    bad_sectors: int = 0
    partly: list[Run] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cells = self.cells or [0] * -(-self.size // cell_size(self.size))

    def add(self, found: Found) -> None:
        for run in found.runs:
            self._run(run)
        for start, kind in found.signs:
            self.signs_total += 1
            self._mark("signature", start // BLOCK, 1)
            if len(self.signs) < MOST:
                self.signs.append((start, kind))
        for offset in found.bad:
            self._mark("bad", offset // BLOCK, 1)
        self.bad_total += len(found.bad)
        self.bad_sectors += found.bad_sectors
        self.bad += found.bad[: max(0, MOST - len(self.bad))]
        self.partly += found.partly[: max(0, MOST - len(self.partly))]

    def _run(self, run: Run) -> None:
        name, block, count = run[:3]
        if name not in self.counts and family(name) == "pattern" and len(self.counts) >= MOST_PATTERNS:
            name = "pattern:"  # too many different ones to be a fill
        self.counts[name] = self.counts.get(name, 0) + count
        self._mark(family(name), block, count)
        kept = self.runs.setdefault(name, [])
        if kept and run[3] < 0 and kept[-1][3] < 0 and kept[-1][1] + kept[-1][2] == block:
            kept[-1] = (name, kept[-1][1], kept[-1][2] + count, -1, -1)
        elif len(kept) < MOST:
            kept.append((name, *run[1:]))

    def _mark(self, name: str, block: int, count: int) -> None:
        wide = cell_size(self.size) // BLOCK
        for cell in range(block // wide, (block + count - 1) // wide + 1):
            self.cells[cell] |= _BITS[name]

    @property
    def blocks_read(self) -> int:
        return sum(self.counts.values())

    def majority(self, among: str | None = None) -> str | None:
        """The fill that most blocks have, of one class if asked; None if no block has any."""
        names = [one for one in self.counts if family(one) in ((among,) if among else EXPECTED) and one != "pattern:"]
        order = {name: -at for at, name in enumerate(EXPECTED)}
        return max(names, key=lambda one: (self.counts[one], order[family(one)], one), default=None)

    def letters(self, expected: str | None) -> str:
        """The map: in each cell the worst of what isn't expected, else the expected class's letter, `-` if not read."""
        usual = _BITS[family(expected)] if expected else 0
        several = expected is not None and sum(family(one) == "pattern" for one in self.counts) > 1
        return "".join(_letter(cell, usual if not several else 0) for cell in self.cells)

    def to_state(self) -> dict[str, Any]:
        names = list(self.__slots__)
        return {name: getattr(self, name) for name in names}


def _letter(cell: int, usual: int) -> str:
    odd = cell & ~usual
    shown = [letter for name, letter in LETTERS.items() if (odd or cell) & _BITS[name]]
    return shown[-1] if shown else NOT_READ


def from_state(state: dict[str, Any]) -> Tally:
    """The tally that `to_state` wrote, after JSON made lists of its tuples. Raises KeyError, TypeError, ValueError."""
    return Tally(
        size=int(state["size"]),
        counts={str(name): int(count) for name, count in state["counts"].items()},
        runs={str(name): [_run(one) for one in runs] for name, runs in state["runs"].items()},
        signs=[(int(start), str(kind)) for start, kind in state["signs"]],
        signs_total=int(state["signs_total"]),
        bad=[int(one) for one in state["bad"]],
        bad_total=int(state["bad_total"]),
        bad_sectors=int(state["bad_sectors"]),
        partly=[_run(one) for one in state["partly"]],
        cells=[int(one) for one in state["cells"]],
    )


def _run(value: Any) -> Run:
    name, block, count, zero_at, ones_at = value
    return str(name), int(block), int(count), int(zero_at), int(ones_at)

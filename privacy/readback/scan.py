"""Read bytes of a medium and say of every block what it looks like. One scanner for each process: it owns a buffer.

The quick way compares a whole buffer with the one fill that was seen last (zeros at first), which costs less than
reading; only a buffer that differs is looked at block by block."""

import errno
import mmap
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.i18n import N_
from privacy.readback.faults import Unusable
from privacy.readback.medium import BAD, SECTOR, Medium
from privacy.readback.plan import BLOCK

if TYPE_CHECKING:
    from privacy.readback.keystream import Keystream

# Larger isn't quicker: buffer and fill then fall out of the processor's nearer caches.
UNIT = 512 * 1024

Run = tuple[str, int, int, int, int]  # class, first block, blocks, first byte that isn't 00, that isn't FF (or -1)


@dataclass(slots=True)
class Found:
    """What stands in a piece. `signs`: (start of the structure, kind)."""

    runs: list[Run] = field(default_factory=list)
    signs: list[tuple[int, str]] = field(default_factory=list)
    bad: list[int] = field(default_factory=list)
    bad_sectors: int = 0
    partly: list[Run] = field(default_factory=list)

    def add(self, name: str, block: int, count: int, zero_at: int = -1, ones_at: int = -1) -> None:
        if self.runs and zero_at < 0:
            last = self.runs[-1]
            if last[0] == name and last[1] + last[2] == block and last[3] < 0:
                self.runs[-1] = (name, last[1], last[2] + count, -1, -1)
                return
        self.runs.append((name, block, count, zero_at, ones_at))


class Scanner:
    """Everything is read into one buffer; mapping an image instead isn't quicker, and a bad sector would end the process."""

    def __init__(self, medium: Medium, keystream: "Keystream | None") -> None:
        self.medium, self.keystream = medium, keystream
        # page-aligned memory: the kernel copies ten times slower to an address that isn't a multiple of 32
        self.buffer: Any = mmap.mmap(-1, UNIT)
        self.fills: dict[int, bytearray] = {0: bytearray(UNIT)}
        self.fill, self.period = "zero", 1
        self.rest = bytearray(UNIT)
        self.direct = -1

    def scan(self, extents: Iterable[tuple[int, int]]) -> Found:
        found = Found()
        try:
            for begin, end in extents:
                self._extent(found, begin, end)
        finally:
            self._close()
        return found

    def _extent(self, found: Found, begin: int, end: int) -> None:
        while begin < end:
            same = self._same(begin, end - UNIT)
            if same > begin:
                found.add(self.fill, begin // BLOCK, (same - begin) // BLOCK)
                begin = same
                continue
            size = min(UNIT, end - begin)
            self._closely(found, begin, size)
            begin += size

    def _same(self, at: int, last: int) -> int:
        """How far whole buffers from `at`, the last one at `last`, hold nothing but the fill seen last."""
        if self.fill == "keystream" and self.keystream:
            return self._keyed(self.keystream, at, last)
        return self._copied(at, last)

    def _keyed(self, keystream: "Keystream", at: int, last: int) -> int:
        while at <= last and self._read(at) and keystream.takes(at, self.buffer, self.rest):
            at += UNIT
        return at

    def _copied(self, at: int, last: int) -> int:
        while at <= last and self._read(at) and self.fills.get(at % self.period) == self.buffer:
            at += UNIT
        return at

    def _read(self, at: int) -> bool:
        try:
            return os.preadv(self.medium.fd, [self.buffer], at) == UNIT
        except OSError:
            return False  # _closely reads it again and looks where

    def _closely(self, found: Found, begin: int, size: int, fd: int = -1) -> None:
        try:
            whole = os.preadv(fd if fd >= 0 else self.medium.fd, [memoryview(self.buffer)[:size]], begin) == size
        except OSError as problem:
            _bearable(problem)
            whole = False
        if whole:
            self._blocks(found, begin, self.buffer[:size])
        elif size > BLOCK:
            half = max(BLOCK, size // 2 // BLOCK * BLOCK)
            self._closely(found, begin, half, self._past_the_cache())
            self._closely(found, begin + half, size - half, self._past_the_cache())
        else:
            self._bad(found, begin, size)

    def _past_the_cache(self) -> int:
        """The same device opened to read it sector by sector: the cache fails in larger pieces than the drive does."""
        if self.direct < 0 and self.medium.is_device:
            with suppress(OSError):
                self.direct = os.open(f"/proc/self/fd/{self.medium.fd}", os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECT)
        return self.direct

    def _close(self) -> None:
        if self.direct >= 0:
            os.close(self.direct)
            self.direct = -1

    def _blocks(self, found: Found, begin: int, raw: bytes) -> None:
        from privacy.readback.classes import classify  # late: a clean medium starts quicker without
        from privacy.readback.signatures import STRONG, at_sectors

        names, noisy = set(), False
        for at in range(0, len(raw), BLOCK):
            block = raw[at : at + BLOCK]
            name = classify(block, begin + at, self.keystream)
            names.add(name)
            if name in ("structured", "short"):
                found.add(name, (begin + at) // BLOCK, 1, *_odd(block, begin + at))
                self._name(found, begin + at, block, raw[at : at + BLOCK + 64])
            else:
                found.add(name, (begin + at) // BLOCK, 1)
                noisy |= name == "random"
        if noisy:
            known = set(found.signs)
            marks = ((begin + start, one.kind) for start, one in at_sectors(raw) if one.bits >= STRONG)
            found.signs += [mark for mark in marks if mark not in known]
        if len(names) == 1 and len(raw) == UNIT:
            self._learn(names.pop(), begin, raw)

    def _name(self, found: Found, begin: int, block: bytes, further: bytes) -> None:
        """Marks in a block that isn't random: of anything at its sectors, of files anywhere."""
        from privacy.readback.signatures import anywhere, at_sectors

        marks = [(begin + start, one.kind) for start, one in at_sectors(block)]
        marks += [(begin + start, one.kind) for start, one in anywhere(further) if start < len(block)]
        found.signs += dict.fromkeys(marks)

    def _learn(self, name: str, begin: int, raw: bytes) -> None:
        """Remember a fill, so that more of it goes the quick way."""
        if name == "keystream":
            self.fill = name
        elif name in ("zero", "ff") or name.startswith("pattern:"):
            period = len(name.partition(":")[2]) // 2 or 1
            if name != self.fill:
                self.fill, self.period, self.fills = name, period, {}
            self.fills[begin % period] = bytearray(raw)

    def _bad(self, found: Found, begin: int, size: int) -> None:
        """A block that can't be read: what of its sectors can be is still looked at."""
        found.bad.append(begin)
        direct = self._past_the_cache()
        for at in range(begin, begin + size, SECTOR):
            one = memoryview(self.buffer)[: min(SECTOR, begin + size - at)]
            try:
                got = os.preadv(direct if direct >= 0 else self.medium.fd, [one], at)
            except OSError as problem:
                _bearable(problem)
                got = 0
            if got < len(one):
                found.bad_sectors += 1
            else:
                self._sector(found, at, bytes(one))

    def _sector(self, found: Found, at: int, raw: bytes) -> None:
        from privacy.readback.classes import classify
        from privacy.readback.signatures import STRONG, at_sectors

        name = classify(raw, at, self.keystream)
        odd = _odd(raw, at) if name in ("structured", "short") else (-1, -1)
        found.partly.append((name, at // BLOCK, 1, *odd))
        found.signs += [(at + start, one.kind) for start, one in at_sectors(raw) if name == "structured" or one.bits >= STRONG]


def _odd(block: bytes, offset: int) -> tuple[int, int]:
    """Where the first byte stands that isn't 00, and the first that isn't FF."""
    return offset + len(block) - len(block.lstrip(b"\0")), offset + len(block) - len(block.lstrip(b"\xff"))


def _bearable(problem: OSError) -> None:
    if problem.errno not in BAD:
        code = errno.errorcode.get(problem.errno or 0, "?")
        raise Unusable("device_lost", N_("Reading stopped: %(reason)s"), values={"reason": code}) from problem



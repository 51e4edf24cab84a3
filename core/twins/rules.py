"""Which photos may be the same picture. Pure: hashes in, candidates out.

The bounds were measured on drawings and photos as in tests/core/test_picture_hash.py: of unrelated pictures the nearest differs
by 48 bits after the search; of cut-outs of four fifths of each side 98 of 100 differ by 36 at most."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from core.picture_hash import ROUGH, Box, distance, mirrored, windows

NEAR: Final = 36
ROUGHLY_NEAR: Final = 12
MOST_SEARCHED: Final = 40
_WINDOWS: Final = windows()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The hashes of a photo of a thing. `rough`: of each window; the last one is of the whole picture."""

    photo_id: str
    item_id: str
    whole: int
    rough: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """`bits`: sure already where `box` is None. `inside`: is ours to be looked for in the other one, or the other one in ours?"""

    photo_id: str
    item_id: str
    bits: int
    mirror: bool
    box: Box | None = None
    inside: bool = True

    @property
    def how(self) -> str:
        if self.box is None:
            return "mirror" if self.mirror else "same"
        return "mirror_cut" if self.mirror else "cut"


def candidates(mine: Mark, others: Iterable[Mark]) -> list[Candidate]:
    """Whoever is near by all 256 bits, then the nearest cut-outs by 64 bits of a window, which are to be searched."""
    sure, maybe = [], []
    for other in others:
        found = _same(mine, other)
        if found is not None:
            sure.append(found)
        elif (cut := _cut(mine, other)) is not None:
            maybe.append(cut)
    return sorted(sure, key=lambda one: one.bits) + sorted(maybe, key=lambda one: one.bits)[:MOST_SEARCHED]


def _same(mine: Mark, other: Mark) -> Candidate | None:
    straight, turned = distance(mine.whole, other.whole), distance(mirrored(mine.whole), other.whole)
    if min(straight, turned) > NEAR:
        return None
    return Candidate(photo_id=other.photo_id, item_id=other.item_id, bits=min(straight, turned), mirror=turned < straight)


def _cut(mine: Mark, other: Mark) -> Candidate | None:
    best: Candidate | None = None
    for mirror in (False, True):
        for inside, small, large in ((True, mine, other), (False, other, mine)):
            wanted = mirrored(small.rough[-1], ROUGH) if mirror else small.rough[-1]
            bits, at = min((distance(wanted, one), at) for at, one in enumerate(large.rough[:-1]))
            if bits <= ROUGHLY_NEAR and (best is None or bits < best.bits):
                best = Candidate(
                    photo_id=other.photo_id, item_id=other.item_id, bits=bits, mirror=mirror, box=_WINDOWS[at], inside=inside
                )
    return best

"""The overwriting methods of nwipe, pass by pass: which passes are random decides whether a standard is met.

Source: the tool's own source text, versions 0.30 to 0.42 (martijnvanbrummelen/nwipe, src/method.c), read; the
real logs in tests/fixtures/wipe agree. What counts as random is a pass of generator output over the whole
medium. A "random character" of the DoD methods is one byte repeated, so it is a fixed pass. The table in
docs/algorithms/wipe-evidence.md is this one.
"""

from dataclasses import dataclass
from typing import Literal

PassKind = Literal["fixed", "random"]
Ending = Literal["blank", "random", "zeros", "ones"]

FIXED: PassKind = "fixed"
RANDOM: PassKind = "random"


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """`labels` are the names a log may print, newest first. `passes` is one round. `ending` is what comes
    after the last round: a blank that may be switched off, the method's own last random pass, or a mere look
    at the medium."""

    code: str
    labels: tuple[str, ...]
    passes: tuple[PassKind, ...]
    ending: Ending = "blank"
    always_verifies_random: bool = False

    @property
    def verify_only(self) -> bool:
        return self.ending in ("zeros", "ones")

    @property
    def extra_random(self) -> int:
        """Passes of the method that come once, after all rounds."""
        return 1 if self.ending == "random" else 0

    def passes_asked(self, rounds: int) -> int:
        return len(self.passes) * rounds + self.extra_random

    def random_asked(self, rounds: int) -> int:
        return self.passes.count(RANDOM) * rounds + self.extra_random


METHODS: tuple[Method, ...] = (
    Method(code="zero", labels=("Fill With Zeros", "Zero Fill"), passes=(FIXED,)),
    Method(code="one", labels=("Fill With Ones",), passes=(FIXED,)),
    Method(code="prng", labels=("PRNG Stream",), passes=(RANDOM,)),
    Method(code="dodshort", labels=("DoD Short",), passes=(FIXED, FIXED, RANDOM)),
    Method(
        code="dod522022m",
        labels=("DoD 5220.22-M",),
        passes=(FIXED, FIXED, RANDOM, FIXED, FIXED, FIXED, RANDOM),
    ),
    # four random, 27 fixed patterns in shuffled order, four random
    Method(code="gutmann", labels=("Gutmann Wipe",), passes=(RANDOM,) * 4 + (FIXED,) * 27 + (RANDOM,) * 4),
    # eight times a character and its complement; then, once, the random pattern that OPS-II wants left on the
    # medium
    Method(code="ops2", labels=("RCMP TSSIT OPS-II",), passes=(FIXED,) * 8, ending="random"),
    Method(
        code="is5enh",
        labels=("HMG IS5 Enhanced",),
        passes=(FIXED, FIXED, RANDOM),
        always_verifies_random=True,
    ),
    Method(code="bruce7", labels=("Bruce Schneier 7-Pass",), passes=(FIXED, FIXED) + (RANDOM,) * 5),
    Method(code="bmb21", labels=("BMB21-2019",), passes=(FIXED, FIXED, RANDOM, RANDOM, RANDOM, FIXED)),
    # these two write nothing, and the log says "Erased" all the same
    Method(code="verify_zero", labels=("Verify Zeros (0x00)", "Verify Blank"), passes=(), ending="zeros"),
    Method(code="verify_one", labels=("Verify Ones  (0xFF)", "Verify Ones (0xFF)"), passes=(), ending="ones"),
)

_BY_LABEL = {label: method for method in METHODS for label in method.labels}


def find_method(label: str | None) -> Method | None:
    """The method a log names, or None for a name this table doesn't know."""
    return _BY_LABEL.get(label or "")

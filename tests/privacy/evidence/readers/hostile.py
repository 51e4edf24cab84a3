"""Small damage done to a genuine answer, again and again: nothing may crash, hang or become a better answer."""

import random
import time
from collections.abc import Callable, Iterator

from privacy.evidence.model import Evidence, Unreadable
from privacy.evidence.readers import read
from tests.harness.pace import soon

HANGS = 1.0  # seconds of the processor: whatever a file is, no reader works longer on it
JUNK = (b"\0", b"\xff\xfe", b"\n", b"\r\n", b"{", b"]", b'"', b":", b"-1", b"9" * 60, b"1e999", b"NaN", "\u202e".encode(), b"\x1b[31m", b"\\ud800")


def damages(whole: bytes, seed: str, rounds: int) -> Iterator[bytes]:
    """Cut, doubled, overwritten, spliced: the same ones in every run."""
    dice = random.Random(seed)
    for _ in range(rounds):
        at, to = sorted(dice.randrange(len(whole) + 1) for _ in range(2))
        yield dice.choice(
            (
                lambda at=at: whole[:at],
                lambda at=at, to=to: whole[:at] + whole[to:],
                lambda at=at, to=to: whole[:to] + whole[at:to] + whole[to:],
                lambda at=at: whole[:at] + dice.choice(JUNK) + whole[at:],
                lambda at=at: whole[:at] + dice.choice(JUNK) + whole[at + 3 :],
                lambda at=at: whole[:at] + bytes([dice.randrange(256)]) + whole[at + 1 :],
            )
        )()


def survives(whole: bytes, seed: str, rounds: int, check: Callable[[Evidence], None] = lambda _: None) -> None:
    """Every damaged version is read or refused with a sentence, quickly."""
    for version in damages(whole, seed, rounds):
        begun = time.process_time()
        try:
            evidence = read(version)
        except Unreadable as problem:
            assert problem.code and problem.sentence.endswith(".")
        else:
            assert all(finding.code for finding in evidence.findings)
            check(evidence)
        assert soon(begun, HANGS)

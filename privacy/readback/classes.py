"""What one block looks like: zero, ff, pattern, keystream, random, structured, short. Pure, but for a keystream given."""

from privacy.readback.keystream import Keystream
from privacy.readback.randomness import looks_random

CLASSES = ("zero", "ff", "pattern", "keystream", "random", "structured", "short", "bad")
# a wiped medium is of one of these
EXPECTED = ("zero", "ff", "pattern", "keystream", "random")
LONGEST_PERIOD = 16
_ZERO, _ONES = bytes(4096), b"\xff" * 4096


def classify(block: bytes, offset: int, keystream: Keystream | None = None) -> str:
    """The class of a block that begins at `offset`; a pattern with its unit in hex behind a colon, `pattern:924924`."""
    if block == _ZERO or not block.strip(b"\0"):
        return "zero"
    if block == _ONES or not block.strip(b"\xff"):
        return "ff"
    if keystream and block == keystream.at(offset, len(block)):
        return "keystream"
    unit = repeated_unit(block)
    if unit:
        return "pattern:" + lowest_turn(unit).hex()
    random = looks_random(block)
    return "short" if random is None else "random" if random else "structured"


def repeated_unit(block: bytes) -> bytes | None:
    """The shortest unit of up to 16 bytes that the whole block repeats, at least four times; None if there is none."""
    longest = min(LONGEST_PERIOD, len(block) // 4)
    if not longest:
        return block[:1] if block and block.count(block[0]) == len(block) else None
    period = block.find(block[:longest], 1, 2 * longest)
    if period < 0 or block[period:] != block[:-period]:
        return None
    return block[:period]


def lowest_turn(unit: bytes) -> bytes:
    """One name for a unit wherever a block cuts it: a pattern of three bytes begins each block at another byte."""
    return min(unit[i:] + unit[:i] for i in range(len(unit)))


def family(name: str) -> str:
    """`pattern:924924` is of the class pattern."""
    return name.partition(":")[0]

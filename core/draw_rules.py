"""Draws that anybody can reckon again: a number from a root of the public log that nobody knew before. Pure, whole numbers."""

import hashlib
from collections.abc import Iterable
from typing import Final

SPACE: Final = 2**64


def ticket(domain: bytes, root: str, number: str) -> int:
    """From 0 up to, not including, 2^64: the first 8 bytes of SHA-256(domain, 32 bytes of root, line end, number).

    `domain`: with its line end. `root`: 64 hex digits, the root of the first checkpoint of the public log that covers what is
    drawn. It hangs on salts that nobody knows before, and on whatever else is entered just then. Raises ValueError."""
    return int.from_bytes(_digest(domain, root, number)[:8], "big")


def is_drawn(drawn: int, percent: int) -> bool:
    """Whole numbers only: drawn / 2^64 < percent / 100."""
    return drawn * 100 < percent * SPACE


def ranked(domain: bytes, root: str, ids: Iterable[str]) -> list[str]:
    """Ids in the order in which they are drawn: by their digests, ascending. The order in which they come in doesn't matter."""
    return sorted(set(ids), key=lambda one: _digest(domain, root, one))


def _digest(domain: bytes, root: str, text: str) -> bytes:
    raw = bytes.fromhex(root)
    if len(raw) != 32:
        raise ValueError("a root has 32 bytes")
    return hashlib.sha256(domain + raw + b"\n" + text.encode()).digest()

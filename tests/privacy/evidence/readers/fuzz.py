"""Mutations of a file for the readers' fuzz tests: bytes and pieces lost, doubled, swapped, replaced. Few by default, many with
XUNSHI_SOAK."""

import copy
import os
import random
from collections.abc import Iterator
from typing import Any

SOAK = int(os.environ.get("XUNSHI_SOAK") or 0)
HOSTILE = (
    *(b"\0", b"\xff\xfe", "\u202e".encode(), b"<script>", b"%s%n", b"-1", b"9" * 50, b"1e999", b"null", b"true", b"[]", b"{}", b'""'),
    *(b"ERASED", b"erased", b"Successful", b"Info", b"\r", b"\n", b"\xd6\xd0", b"&x;", b"]]>", b"NaN", b"0001-01-01", b"9999-12-31"),
)


def mutations(data: bytes, count: int, seed: str) -> Iterator[bytes]:
    """`count` files, ten thousand times as many in a soak; the same for the same seed."""
    source = random.Random(seed)
    for _ in range(count * (10_000 if SOAK else 1)):
        yield _mutated(data, source)


def _mutated(data: bytes, source: random.Random) -> bytes:
    for _ in range(source.randint(1, 4)):
        at, to = sorted(source.randrange(len(data) + 1) for _ in range(2))
        to = min(to, at + source.choice((1, 8, 64, 4096)))
        data = source.choice(
            (
                data[:at] + data[to:],
                data[:at] + data[at:to] * 2 + data[to:],
                data[:at] + source.choice(HOSTILE) + data[at:],
                data[:at] + source.choice(HOSTILE) + data[to:],
                data[:at] + bytes([source.randrange(256)]) + data[at + 1 :],
                data[:at],
            )
        )
    return data


VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 10**39, -(10**39), "", "Info", "Successful", "ERASED", "\u202e\x00", "9" * 300, "A" * 5000),
    *([], {}, [[]], [None] * 50, {"type": "EraseSectors"}, "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999999-23:59", "00:00:00"),
)


def value_mutations(value: Any, count: int, seed: str) -> Iterator[Any]:
    """The JSON value with parts replaced, dropped, doubled or moved, in shapes that a reader doesn't expect."""
    source = random.Random(seed)
    for _ in range(count * (10_000 if SOAK else 1)):
        changed = copy.deepcopy(value)
        for _ in range(source.randint(1, 4)):
            _change(changed, source)
        yield changed


def _change(value: Any, source: random.Random) -> None:
    holders = [value]
    for one in holders:
        inside = one.values() if isinstance(one, dict) else one
        holders += [part for part in inside if isinstance(part, dict | list)]
    holder = source.choice([one for one in holders if one] or [value])
    keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
    if not keys:
        return
    key = source.choice(keys)
    match source.randrange(4):
        case 0:
            del holder[key]
        case 1:
            holder[key] = copy.deepcopy(source.choice(holders))
        case 2 if isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        case _:
            holder[key] = copy.deepcopy(source.choice(VALUES))

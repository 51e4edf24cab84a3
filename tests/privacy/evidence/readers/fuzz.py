"""Mutations of a file for the readers' fuzz tests: bytes and pieces lost, doubled, swapped, replaced. test_fuzz.py makes many."""

import copy
import json
import random
import re
from collections.abc import Iterator
from typing import Any

HOSTILE = (
    *(b"\0", b"\xff\xfe", "\u202e".encode(), b"<script>", b"%s%n", b"-1", b"9" * 50, b"1e999", b"null", b"true", b"[]", b"{}", b'""'),
    *(b"ERASED", b"erased", b"Successful", b"Info", b"\r", b"\n", b"\xd6\xd0", b"&x;", b"]]>", b"NaN", b"0001-01-01", b"9999-12-31"),
)


def mutations(data: bytes, count: int, seed: str) -> Iterator[bytes]:
    """`count` files; the same for the same seed."""
    source = random.Random(seed)
    for _ in range(count):
        yield mutated(data, source)


def mutated(data: bytes, source: random.Random) -> bytes:
    """One to four pieces of it lost, doubled, replaced, or the end cut off."""
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
    for _ in range(count):
        yield changed_value(value, source)


def changed_value(value: Any, source: random.Random) -> Any:
    changed = copy.deepcopy(value)
    for _ in range(source.randint(1, 4)):
        _change(changed, source)
    return changed


WORDS = (
    *("Erased", "-FAILED-", "UABORTED", "DoD Short", "PRNG Stream", "Verify Zeros (0x00)", "Gutmann Wipe", "0", "1", "3", "67108864", "0 B/s"),
    *("ERASED", "ABORTED", "Last", "All", "None", "1/1", "0x101", "0x1", "65535", "erased", "yes", "no", "not", "true", "false", "(last pass)"),
    *("nwipe 0.30", "nwipe 0.42", "NVME", "ATA", "USB", "VIRT", "No hidden sectors", "Unknown", "00:00:00", "99:59:59", "2026/11/22 06:40:40"),
)  # fmt: skip
_WORD = re.compile(r"[^\s|,=:/()\[\]]+")


def changed_lines(data: bytes, source: random.Random) -> bytes:
    """A text with lines lost, doubled, moved, taken over from another place, or with one word put for another."""
    lines = data.decode("utf-8", "replace").split("\n")
    for _ in range(source.randint(1, 3)):
        at, other = source.randrange(len(lines)), source.randrange(len(lines))
        match source.randrange(6):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, lines[other])
            case 2:
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                lines[at] = lines[other]
            case _:
                lines[at] = other_word(lines[at], source)
        lines = lines or [""]
    return "\n".join(lines).encode()


def other_word(line: str, source: random.Random) -> str:
    found = list(_WORD.finditer(line))
    if not found:
        return source.choice(WORDS)
    hit = source.choice(found)
    return line[: hit.start()] + source.choice((*WORDS, source.choice(found)[0])) + line[hit.end() :]


def changed_json(data: bytes, source: random.Random) -> bytes:
    return json.dumps(changed_value(json.loads(data), source), ensure_ascii=False).encode("utf-8", "replace")


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

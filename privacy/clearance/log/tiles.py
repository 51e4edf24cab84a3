"""C2SP tlog-tiles: the tree and its entries as files that never change, for mirrors and monitors."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from core import canonical
from privacy.clearance.log import queries
from privacy.verify import tile_path

WIDTH = 256
_PATH = re.compile(r"((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class NoTile(ValueError):
    """There is no such tile, or it isn't full yet."""


def parse_path(path: str) -> tuple[int, int]:
    """(number, width) of a path such as x001/x234/067 or 000.p/7. Raises NoTile."""
    found = _PATH.fullmatch(path)
    number = int(re.sub("[x/]", "", found[1])) if found else 0
    width = int(found[2]) if found and found[2] else WIDTH
    if found is None or tile_path(number) != found[1] or (found[2] and width >= WIDTH):
        raise NoTile(path[:60])
    return number, width


def tile(session: Session, level: int, number: int, width: int, size: int) -> bytes:
    """The hashes of a tile as far as the tree of `size` has them. Raises NoTile."""
    begin = number * WIDTH
    if not 0 <= level < 8 or begin + width > size >> 8 * level:
        raise NoTile(f"{level}/{number}")
    found = queries.hashes(session, 8 * level, begin, begin + width)
    if len(found) != width:
        raise NoTile(f"{level}/{number}")
    return b"".join(found)


def bundle(session: Session, number: int, width: int, size: int) -> bytes:
    """Entries, each with its length in two bytes before it. Raises NoTile."""
    begin = number * WIDTH
    if begin + width > size:
        raise NoTile(str(number))
    found = [data for _, data in queries.texts(session, begin, begin + width)]
    if len(found) != width:
        raise NoTile(str(number))
    return b"".join(len(data).to_bytes(2, "big") + data for data in found)


def names(size: int) -> Iterator[tuple[str, int | None, int, int]]:
    """(path, level or None for entries, number, width) of every file of a log of `size`."""
    for level in (None, *range(8)):
        count = size >> 8 * (level or 0)
        for number in range(-(-count // WIDTH)):
            width = min(WIDTH, count - number * WIDTH)
            partial = "" if width == WIDTH else f".p/{width}"
            folder = "entries" if level is None else str(level)
            yield f"tile/{folder}/{tile_path(number)}{partial}", level, number, width


def export(session: Session, folder: Path, key_list: dict[str, object], checkpoints: Iterable[int]) -> int:
    """Write a whole log that `python -m privacy.verify FOLDER` checks. Returns its size. Raises NoTile for an empty log."""
    latest = queries.latest(session)
    if latest is None:
        raise NoTile("the log is empty")
    for path, level, number, width in names(latest.size):
        make = bundle(session, number, width, latest.size) if level is None else tile(session, level, number, width, latest.size)
        _write(folder / path, make)
    for size in checkpoints:
        one = queries.find_checkpoint(session, size)
        if one:
            _write(folder / "checkpoints" / str(size), queries.cosigned(session, one).encode())
    _write(folder / "keys.json", canonical.encode(key_list))
    _write(folder / "checkpoint", queries.cosigned(session, latest).encode())
    return latest.size


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)

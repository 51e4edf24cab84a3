"""Finds grading standards, `<id>-<version>.toml`. Old versions stay: an old report can be worked out again."""

import functools
import re
from pathlib import Path

from appraisal.standards.reader import read_standard as read_standard
from appraisal.standards.standard import Standard
from core.data_files import BadDataFile, twice
from core.errors import NotFound
from core.i18n import N_

FOLDER = Path(__file__).resolve().parent
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def all_standards(*folders: Path | str) -> tuple[Standard, ...]:
    """Every version of every standard, by id and version."""
    return _all(tuple(dict.fromkeys((FOLDER, *map(Path, folders)))))


def find_standard(standard_id: str, version: int | None = None, *folders: Path | str) -> Standard | None:
    """That version, or the newest when none is named. Reads no other standard's files."""
    paths = _paths(standard_id, tuple(dict.fromkeys((FOLDER, *map(Path, folders)))))
    number = max(paths, default=0) if version is None else version
    return _read(paths[number]) if number in paths else None


def get_standard(standard_id: str, version: int | None = None, *folders: Path | str) -> Standard:
    """Raises NotFound for an id or a version that no file has."""
    standard = find_standard(standard_id, version, *folders)
    if standard is None:
        raise NotFound("unknown_standard", N_("There is no such grading standard or version."))
    return standard


def versions_of(standard_id: str) -> tuple[int, ...]:
    """The numbers of the versions that came with the house, rising."""
    return tuple(sorted(_paths(standard_id, (FOLDER,))))


def body_of(standard: Standard) -> bytes:
    """The file of a standard that came with the house, byte for byte."""
    return (FOLDER / f"{standard.id}-{standard.version}.toml").read_bytes()


def _paths(standard_id: str, folders: tuple[Path, ...]) -> dict[int, Path]:
    """The file of each version; the id is never part of a path before it is known to be one."""
    if not NAME.fullmatch(standard_id):
        return {}
    found: dict[int, Path] = {}
    for path in (path for folder in folders for path in sorted(folder.glob(f"{standard_id}-*.toml"))):
        number = path.stem.removeprefix(f"{standard_id}-")
        if number.isdecimal():
            if int(number) in found:
                raise BadDataFile(f"{path.name}: this version stands in two files")
            found[int(number)] = path
    return found


@functools.lru_cache
def _read(path: Path) -> Standard:
    return read_standard(path)


@functools.lru_cache
def _all(folders: tuple[Path, ...]) -> tuple[Standard, ...]:
    standards = [_read(path) for folder in folders for path in sorted(folder.glob("*.toml"))]
    again = twice(f"{standard.id}-{standard.version}" for standard in standards)
    if again:
        raise BadDataFile(f"{again}.toml: this version stands in two files")
    return tuple(sorted(standards, key=lambda standard: (standard.id, standard.version)))

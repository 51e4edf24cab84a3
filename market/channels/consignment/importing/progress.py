"""How far a file is, for who waits: in a small file of the data folder, beside the transaction and not in it.

All things come in by one transaction, whose rows nobody else sees before its end; and while it is open SQLite lets nobody write,
not even a number of its own row. What is lost here is a bar, never a thing."""

import os
from pathlib import Path
from typing import Final

from core.ids import is_id
from core.web import config

FOLDER: Final = "progress"


def tell(import_id: str, done: int, total: int) -> None:
    """Say how many of the lines are done."""
    path = _path(import_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(f"{done} {total}", encoding="ascii")
    draft.replace(path)


def how_far(import_id: str) -> int:
    """In percent, 0 where nothing was said yet."""
    try:
        done, total = map(int, _path(import_id).read_text(encoding="ascii").split())
    except (OSError, ValueError):
        return 0
    return 100 * done // total if 0 <= done <= total and total else 0


def forget(import_id: str) -> None:
    _path(import_id).unlink(missing_ok=True)


def _path(import_id: str) -> Path:
    if not is_id(import_id):
        raise ValueError("not an id")
    return config().data / FOLDER / import_id

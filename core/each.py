"""Many rows in one Work, each all or nothing: what goes wrong with one is undone and told, the others go on."""

import logging
from collections.abc import Callable, Iterable
from traceback import format_tb
from typing import TypeVar

from core.work import Work

log = logging.getLogger("xunshi.each")
T = TypeVar("T")


def each(w: Work, rows: Iterable[T], step: Callable[[T], None]) -> None:
    """Do the step with every row, in a savepoint of its own. A row is one of the database or an id.

    What a step refuses, or fails at, is undone with its audit lines and jobs; the log tells which row and where, and nothing of
    what it holds: a database's own fault would show names and addresses."""
    todo = [(row, str(getattr(row, "id", row))) for row in rows]
    for row, row_id in todo:
        point = w.mark()
        try:
            with w.session.begin_nested():
                step(row)
        except Exception as fault:  # one row at fault must not undo the others
            w.back_to(point)
            what = f"{type(fault).__name__} {getattr(fault, 'code', '')}".strip()
            log.error("%s of %s was left out: %s\n%s", _name(step), row_id, what, "".join(format_tb(fault.__traceback__)))


def _name(step: object) -> str:
    return str(getattr(step, "__qualname__", type(step).__name__))

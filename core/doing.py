"""What every page does that changes something: one transaction of its visitor, and a word when it is done."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import flash, g, redirect
from flask.wrappers import Response

from core import clock
from core.access import visitor
from core.work import Work, work


@contextmanager
def doing() -> Iterator[Work]:
    """One transaction of the visitor, now."""
    with work(g.db, visitor().actor, clock.now()) as w:
        yield w


def done(sentence: str, path: str, tone: str = "good") -> Response:
    """Say what was done and go on. `sentence` is translated already; `tone` isn't good when the answer wasn't."""
    flash(sentence, tone)
    return redirect(path, 303)  # type: ignore[return-value]

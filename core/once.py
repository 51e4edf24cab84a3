"""Idempotency keys: every money or stock change names one, and a second try gets the first one's answer."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.work import Work


class DoneOnce(Base):
    __tablename__ = "done_once"
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    result: Mapped[str] = mapped_column(String(80), default="")
    at: Mapped[datetime]


def find_done(w: Work, kind: str, key: str) -> str | None:
    """The result of an earlier run of this kind with this key, or None when it is the first."""
    row = w.session.get(DoneOnce, f"{kind}/{key}")
    return row.result if row else None


def keep_done(w: Work, kind: str, key: str, result: str) -> None:
    """Remember the result in this transaction; raises Busy when a twin was quicker (nothing is saved then)."""
    w.put(DoneOnce(key=f"{kind}/{key}", result=result, at=w.now))


def done_once(w: Work, kind: str, key: str, act: Callable[[], str], *facts: object) -> str:
    """`act()`, which returns a row's id; or, when this person sent the same facts with the same key before, that id again.

    Other facts under the same key are another act. Without a key it is simply done."""
    if not key:
        return act()
    parts = "\n".join(str(part) for part in (w.actor.id, key, *facts))
    digest = hashlib.sha256(parts.encode()).hexdigest()
    before = find_done(w, kind, digest)
    if before is not None:
        return before
    made = act()
    keep_done(w, kind, digest, made)
    return made

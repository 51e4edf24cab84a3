"""Idempotency keys: every money or stock change names one, and a second try gets the first one's answer."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.errors import Busy
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
    w.session.add(DoneOnce(key=f"{kind}/{key}", result=result, at=w.now))
    try:
        w.session.flush()
    except IntegrityError as twin:
        raise Busy() from twin

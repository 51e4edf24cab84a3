"""The inbox: every room tells people what happened to their things, in their language when they read it."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core import ids
from core.people.models import Notice
from core.work import Work


def notify(w: Work, account_id: str, sentence: str, link: str, **values: str | int) -> None:
    """Put a line in a person's inbox in this transaction. `sentence` is English for gettext with %(name)s values."""
    w.session.add(
        Notice(
            id=ids.new_id(), account_id=account_id, sentence=sentence, values=dict(values), link=link, at=w.now,
            read_at=None,
        )
    )  # fmt: skip


def unread(session: Session, account_id: str) -> int:
    query = select(func.count()).where(Notice.account_id == account_id, Notice.read_at.is_(None))
    return session.scalar(query) or 0


def read_about(w: Work, account_id: str, link: str) -> None:
    """Whoever has opened the page itself has read the notices that lead there."""
    there = (Notice.account_id == account_id, Notice.link == link, Notice.read_at.is_(None))
    w.session.execute(update(Notice).where(*there).values(read_at=w.now))

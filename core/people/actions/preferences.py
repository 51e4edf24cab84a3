"""Small things people set themselves: name, language, what they have read."""

from sqlalchemy import update

from core.errors import NotFound
from core.i18n import LANGUAGES
from core.people.models import Notice
from core.people.queries import get_account
from core.people.rules import read_name
from core.work import Work


def rename(w: Work, account_id: str, typed: str) -> None:
    get_account(w.session, account_id).name = read_name(typed)
    w.record("core:account:renamed", account_id)


def choose_language(w: Work, account_id: str, language: str) -> None:
    if language in LANGUAGES:
        get_account(w.session, account_id).language = language


def read_notice(w: Work, account_id: str, notice_id: str) -> str:
    """Mark one notice as read; returns where it leads. Raises NotFound for somebody else's."""
    row = w.session.get(Notice, notice_id)
    if row is None or row.account_id != account_id:
        raise NotFound()
    row.read_at = row.read_at or w.now
    return row.link


def read_all(w: Work, account_id: str) -> None:
    w.session.execute(
        update(Notice).where(Notice.account_id == account_id, Notice.read_at.is_(None)).values(read_at=w.now)
    )

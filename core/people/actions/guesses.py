"""Counting wrong guesses, so that nobody can go on guessing; and forgetting them after a day."""

from datetime import timedelta

from sqlalchemy import delete

from core import ids, mail
from core.i18n import N_
from core.people.models import ClosedContact, Code, FailedTry, Notice
from core.people.queries import guessed_too_often
from core.people.rules import TooManyTries
from core.work import Work

KEEP = timedelta(days=1)
KEEP_NOTICES = timedelta(days=365)


def refuse_guessing(w: Work, kind: str, digest: str) -> None:
    """Raises TooManyTries after ten wrong guesses within 15 minutes, whether there is such an account
    or not."""
    if guessed_too_often(w.session, kind, digest, w.now):
        raise TooManyTries(
            "too_many_tries", N_("Too many wrong tries. Please wait 15 minutes or reset your password.")
        )


def count_wrong(w: Work, kind: str, digest: str) -> None:
    w.session.add(FailedTry(id=ids.new_id(), kind=kind, digest=digest, at=w.now))


def forget_wrong(w: Work, kind: str, digest: str) -> None:
    w.session.execute(delete(FailedTry).where(FailedTry.kind == kind, FailedTry.digest == digest))


def tidy(w: Work) -> None:
    """Swept every hour: codes and wrong guesses of more than a day ago, notices of more than a year ago,
    letters of more than a month ago, and former sellers' contacts whose time is over."""
    w.session.execute(delete(FailedTry).where(FailedTry.at < w.now - KEEP))
    w.session.execute(delete(Code).where(Code.expires_at < w.now - KEEP))
    w.session.execute(delete(Notice).where(Notice.at < w.now - KEEP_NOTICES))
    w.session.execute(delete(ClosedContact).where(ClosedContact.erase_at <= w.now))
    mail.tidy(w)

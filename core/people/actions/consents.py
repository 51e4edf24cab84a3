"""What people agree to, and take back; every word is a new line, none is changed."""

from core import ids
from core.errors import Invalid
from core.i18n import N_
from core.people import texts
from core.people.models import Consent
from core.people.queries import consents
from core.work import Work


def give_consent(w: Work, account_id: str, text_code: str, version: str, language: str) -> None:
    """Raises Invalid unless it is the newest version: nobody agrees to a text that was replaced meanwhile."""
    if text_code not in texts.REQUIRED or version != texts.newest_version(text_code):
        raise Invalid("old_text", N_("This text has a newer version. Please read that one."))
    _write(w, account_id, text_code, version, language, given=True)
    w.record("core:consent:given", account_id, text=text_code, version=version)


def withdraw_consent(w: Work, account_id: str, text_code: str, language: str) -> None:
    """Take a consent back; doing it twice is once."""
    stands = {one.text_code: one for one in consents(w.session, account_id) if one.given}
    if text_code not in stands:
        return
    _write(w, account_id, text_code, stands[text_code].version, language, given=False)
    w.record("core:consent:withdrawn", account_id, text=text_code)


def _write(w: Work, account_id: str, text_code: str, version: str, language: str, *, given: bool) -> None:
    w.session.add(
        Consent(
            id=ids.new_id(),
            account_id=account_id,
            text_code=text_code,
            version=version,
            language=language,
            given=given,
            at=w.now,
        )
    )

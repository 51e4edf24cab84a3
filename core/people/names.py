"""How a person or an organisation is called in front of others."""

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.orm import object_session

from core.i18n import N_
from core.people.models import Account, Organisation

CLOSED = N_("Closed account")


def shown_name(account: Account) -> str:
    """The display name; a house is called as its organisation is, whoever has left is a closed account, in the reader's
    language."""
    if account.state == "closed":
        return str(_(CLOSED))
    session = object_session(account) if account.house else None
    org = session.get(Organisation, account.id) if session is not None else None
    return shown_org(org, str(get_locale() or "zh")[:2]) if org is not None else account.name


def shown_org(org: Organisation, language: str) -> str:
    """An organisation's name in the reader's language; many have a Chinese one only."""
    return org.name_en if language == "en" and org.name_en else org.name

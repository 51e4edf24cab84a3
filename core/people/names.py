"""How a person or an organisation is called in front of others."""

from flask_babel import gettext as _

from core.i18n import N_
from core.people.models import Account, Organisation

CLOSED = N_("Closed account")


def shown_name(account: Account) -> str:
    """The display name; whoever has left is a closed account, in the reader's language."""
    return str(_(CLOSED)) if account.state == "closed" else account.name


def shown_org(org: Organisation, language: str) -> str:
    """An organisation's name in the reader's language; many have a Chinese one only."""
    return org.name_en if language == "en" and org.name_en else org.name

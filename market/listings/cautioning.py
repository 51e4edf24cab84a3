"""Before a listing's words are kept: what leads away from the market is shown to the seller at its field, once.

As with messages nothing is held back: whoever sends it all the same, sends it, and staff look at it (market.oversight)."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import request
from flask_babel import gettext as _

from core.errors import Invalid
from core.forms import Form
from core.i18n import N_
from core.web import config
from market.listings.away.rules import KINDS, PAYMENT, Found, found_in

SURE = "sure"
LATER = N_("“%(words)s” is %(what)s. Buyers reach you by messages here, and an order shows each side how to meet.")
PAST = N_("“%(words)s”: %(what)s. For what goes past the market there is no record, no case and no refund.")
LOOK = N_("Look once more at what it says. Change it, or send it all the same: then a person here looks at it.")


def own_hosts() -> frozenset[str]:
    """The names under which this house is reached."""
    return frozenset({urlsplit(config().base_url).hostname or "", request.host.split(":")[0]} - {""})


def is_sure() -> bool:
    """Did the seller press the button that sends the words all the same?"""
    return request.form.get(SURE) == "yes"


def caution(form: Form, fields: Iterable[str]) -> bool:
    """Put what leads away at its field; True when there was something and the seller isn't sure yet."""
    if is_sure():
        return False
    found = [(name, one) for name in fields if name in form for one in found_in(str(form[name].data or ""), own_hosts())]
    for name, one in found:
        form.blame(_said(name, one))
    if found:
        form.blame(Invalid("leads_away", LOOK))
    return bool(found)


def _said(field: str, one: Found) -> Invalid:
    sentence = PAST if one.kind in PAYMENT else LATER
    return Invalid("leads_away", sentence, field=field, values={"words": one.words[:80], "what": _(KINDS[one.kind])})

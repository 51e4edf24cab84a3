"""What the people's pages share: the page of one form, where to go next, what waits between two pages,
and limits."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import request, session
from flask_babel import gettext as _

from core import clock, secrets
from core.access import FRESH, View
from core.forms import Form
from core.i18n import N_
from core.page import Page
from core.people.rules import Address, read_address
from core.web import limiter, local_path

WAITS = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Way:
    """A link under a form."""

    label: str
    href: str


@dataclass(frozen=True, kw_only=True)
class FormPage(Page):
    """A page that asks for one thing. `ways`: links below; `before` and `reads`: what should be known before anything is
    typed, and where it can be read; `optional`: names of fields that may stay empty."""

    template = "core/people_form.html"
    title: str
    form: Form
    submit: str
    lead: str = ""
    cancel: str = ""
    note: str = ""
    note_tone: str = "info"
    ways: tuple[Way, ...] = ()
    before: str = ""
    reads: tuple[Way, ...] = ()
    optional: frozenset[str] = field(default_factory=frozenset)


def slowly(limit: str) -> Callable[[View], View]:
    """A limit on POST by address of the visitor, for whatever can be guessed."""
    return limiter.limit(limit, methods=["POST"])


def next_path(otherwise: str = "/me") -> str:
    return local_path(request.args.get("next"), otherwise)


def with_next(path: str) -> str:
    """The path, with the place to go to afterwards kept."""
    from urllib.parse import quote

    target = local_path(request.args.get("next"), "")
    return f"{path}?next={quote(target)}" if target else path


def let_wait(name: str, address: Address) -> None:
    """Remember an address between two pages, encrypted: the cookie is not a place for plain numbers."""
    session[name] = {"value": secrets.encrypt(address.value, name), "at": clock.now().isoformat()}


def find_waiting(name: str) -> Address | None:
    kept = session.get(name)
    if not kept or clock.now() - datetime.fromisoformat(kept["at"]) > WAITS:
        return None
    return read_address(secrets.decrypt(kept["value"], name))


def forget_waiting(name: str) -> None:
    session.pop(name, None)


def password_shown() -> None:
    """The person typed the password just now."""
    session["password_at"] = clock.now().isoformat()


def password_is_fresh() -> bool:
    raw = session.get("password_at")
    return raw is not None and clock.now() - datetime.fromisoformat(raw) <= FRESH


def code_lead(address: Address) -> str:
    """The same sentence whether a code went out or not."""
    sentence = N_("If %(contact)s can be used for this, a code is on its way. It is valid for 10 minutes.")
    return str(_(sentence, contact=address.masked))

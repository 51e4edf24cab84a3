"""The message centre: every room tells people what happened to their things, in their language when they read it.

The inbox is the one place; mail, short message and WeChat are further ways of the same notice, for whoever turned them on."""

from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core import clock, ids, mail
from core.i18n import N_, say
from core.money import Money, format_money
from core.people.houses import hearing_for
from core.people.models import Account, Notice
from core.people.notice_models import NoticeChoice
from core.people.notice_rules import HOUSE, KINDS, WAYS, Kind, quiet_until, ways_on
from core.people.ways import address_of
from core.work import Work

SUBJECT = N_("Xunshi: %(kind)s")
LETTER = N_("%(said)s\n\n%(link)s\n\nYou asked for this by a choice in your settings, where you can end it: %(settings)s")
SHORT = N_("%(said)s %(link)s")
_PREFIXES: dict[str, str] = {}


def leads(kind: str, *prefixes: str) -> None:
    """Say of which kind notices are whose link begins so; the longest beginning counts. Rooms call it in their register()."""
    _PREFIXES.update({prefix: KINDS[kind].code for prefix in prefixes})


def kind_of(link: str) -> str:
    """The kind of a notice by where it leads; what nobody spoke for is the account's (and so never off)."""
    fits = [prefix for prefix in _PREFIXES if link == prefix or link.startswith(prefix.rstrip("/") + "/")]
    return _PREFIXES[max(fits, key=len)] if fits else "safety"


def notify(w: Work, account_id: str, sentence: str, link: str, *, kind: str = "", **values: str | int | Money) -> None:
    """Tell a person something in this transaction, by every way that they have on for this kind.

    `sentence` is English for gettext with %(name)s values, money as Money, written as its reader's
    language writes it; `kind`: of KINDS, else by where the link leads."""
    one, kept = KINDS[kind or kind_of(link)], {name: _kept(value) for name, value in values.items()}
    for person in hearing_for(w.session, account_id):
        _tell(w, person, one, sentence, link, kept)


def _tell(w: Work, account_id: str, one: Kind, sentence: str, link: str, kept: dict[str, Any]) -> None:
    ways = ways_on(one, choices(w.session, account_id).get(one.code, {}))
    if HOUSE in ways:
        w.session.add(
            Notice(
                id=ids.new_id(), account_id=account_id, sentence=sentence, values=kept, link=link, at=w.now,
                read_at=None, kind=one.code,
            )
        )  # fmt: skip
    for way in (way for way in WAYS if way in ways):
        _carry(w, account_id, one, way, sentence, link, kept)


def _kept(value: str | int | Money) -> Any:
    return {"minor": value.minor, "unit": value.currency} if isinstance(value, Money) else value


def told_value(value: Any, language: str) -> Any:
    """A value, kept or not, in a language: money as that language writes it, a word translated, a number as it is."""
    if isinstance(value, dict):
        value = Money(value["minor"], value["unit"])
    if isinstance(value, Money):
        return format_money(value, language)
    return say(value, language) if isinstance(value, str) and value else value


def choices(session: Session, account_id: str) -> dict[str, dict[str, bool]]:
    """What a person chose, by kind and way; what isn't there was never chosen."""
    query = select(NoticeChoice.kind, NoticeChoice.way, NoticeChoice.chosen).where(NoticeChoice.account_id == account_id)
    found: dict[str, dict[str, bool]] = {}
    with session.no_autoflush:
        for kind, way, chosen in session.execute(query):
            found.setdefault(kind, {})[way] = chosen
    return found


def _carry(w: Work, account_id: str, kind: Kind, way: str, sentence: str, link: str, values: dict[str, Any]) -> None:
    """The same words outside the house; by night they wait for the morning unless they are urgent."""
    found, account = address_of(w.session, account_id, way), w.session.get(Account, account_id)
    if found is None or account is None or account.state == "closed" or mail.find_sender(way) is None:
        return
    address, masked = found
    language = account.language
    said, there, settings = spoken(sentence, values, language), mail.site() + link, mail.site() + "/me/settings/messages"
    text = say(LETTER if way == "email" else SHORT, language, said=said, link=there, settings=settings)
    subject = say(SUBJECT, language, kind=say(kind.label, language))
    mail.send(w, way, address, masked, subject, text, after=None if kind.urgent else quiet_until(clock.local(w.now)))


def spoken(sentence: str, values: dict[str, Any], language: str) -> str:
    """A notice's sentence in a language; one whose values don't fit is said bare rather than not at all."""
    try:
        told = {name: told_value(one, language) for name, one in values.items()}
        return say(sentence, language, **told)
    except (KeyError, ValueError, TypeError):
        return say(sentence, language)


def unread(session: Session, account_id: str) -> int:
    query = select(func.count()).where(Notice.account_id == account_id, Notice.read_at.is_(None))
    return session.scalar(query) or 0


def read_about(w: Work, account_id: str, link: str) -> None:
    """Whoever has opened the page itself has read the notices that lead there."""
    there = (Notice.account_id == account_id, Notice.link == link, Notice.read_at.is_(None))
    w.session.execute(update(Notice).where(*there).values(read_at=w.now))

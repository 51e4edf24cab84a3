"""The whole chain of events of a thing in the reader's language; actors by what they were, not by name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import sheets
from core.db import stamp
from core.goods.models import Item
from core.i18n import N_
from core.people.models import Membership
from core.people.roles import ROLES
from core.ports import DossierLine, dossier
from privacy.inspection import queries
from privacy.wipes.show import when
from privacy.wipes.views.parts import org_name

ROOMS = {
    "core": N_("Register"), "privacy": N_("Information wiping"), "appraisal": N_("Appraisal"), "market": N_("Market"),
}  # fmt: skip
TONES = {"core": "neutral", "privacy": "good", "appraisal": "info", "market": "warn"}


@dataclass(frozen=True, slots=True)
class Event:
    """One step. `who` is a role, never a name; `actor` the account's id or the program's part."""

    at: datetime
    time: str
    text: str
    room: str
    who: str
    actor: str
    code: str
    tone: str
    href: str


def events(session: Session, item: Item) -> list[Event]:
    """Everything that happened to a thing in all rooms, oldest first."""
    lines = dossier(session, item.id)
    names = Names(session, item, {line.actor for line in lines})
    return [_event(line, names) for line in lines]


def _event(line: DossierLine, names: "Names") -> Event:
    values = {name: _(value) if value else "" for name, value in line.values.items()}
    room = _(ROOMS.get(line.room, line.room))
    return Event(
        line.at, when(line.at) or "", _(line.sentence, **values) if values else _(line.sentence), room,
        names.of(line.actor, line.at), line.actor, room, TONES.get(line.room, "neutral"), line.link,
    )  # fmt: skip


class Names:
    """Who somebody was when something happened: the owner, a buyer, or their roles and organisation."""

    def __init__(self, session: Session, item: Item, actors: set[str]) -> None:
        self.owner = item.owner_id
        held = queries.holders(session, item.id)
        self.owners = held.get("owner", set()) | held.get("sealed_bag", set())
        self.buyers = held.get("buyer", set())
        self.roles = queries.memberships_of(session, {one for one in actors if one and ":" not in one})

    def of(self, actor: str, at: datetime) -> str:
        if not actor:
            return ""
        return str(self._part(actor) or _roles_at(self.roles.get(actor, []), at) or _("A private person"))

    def _part(self, actor: str) -> str:
        """Their part in the life of this thing, if they have one."""
        if ":" in actor:
            return str(_("The program"))
        if actor in self.owners or (actor == self.owner and actor not in self.buyers):
            return str(_("Owner") if actor == self.owner else _("Earlier owner"))
        return str(_("Buyer")) if actor in self.buyers else ""


def _roles_at(held: Sequence[Membership], at: datetime) -> str:
    """Roles at that moment, by organisation."""
    places: dict[str, list[str]] = {}
    for one in held:
        if one.granted_at <= at and (one.ended_at is None or one.ended_at > at):
            places.setdefault(org_name(one.organisation), []).append(_(ROLES[one.role].label))
    return "; ".join(f"{', '.join(labels)} · {place}" for place, labels in places.items())


def as_csv(item_id: str, chain: Sequence[Event]) -> Iterator[str]:
    """The chain for a spreadsheet, header first; times in UTC."""
    yield sheets.MARK + sheets.row(
        [_("Thing"), _("Time (UTC)"), _("Room"), _("Event"), _("By"), _("Actor's id"), _("Address")]
    )
    for one in chain:
        yield sheets.row([item_id, stamp(one.at), one.room, one.text, one.who, one.actor, one.href])

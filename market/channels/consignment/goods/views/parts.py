"""What the pages share: a thing of the stock and a visit as people read them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from core.goods.cards import get_card
from core.goods.cards import text as words
from core.goods.pictures import first_pictures
from core.i18n import N_
from core.money import CNY, Money, format_money
from core.when import exact
from market.channels.consignment.goods.fixed_words import CAME_BY
from market.channels.consignment.goods.models import Intake, StockItem, StockLine
from market.channels.consignment.goods.states import INTAKE, STOCK
from market.channels.consignment.visits.models import Visit
from market.channels.consignment.visits.views.parts import VisitShown as Booked
from market.channels.consignment.visits.views.parts import shown_visit as shown_booked

WENT = {
    "giver": N_("Given back to who brought it"),
    "delegate": N_("Given back to a delegate of who brought it"),
    "online": N_("Sold online"),
}
STEPS = {
    "unpriced": N_("The price was taken off"), "cleared": N_("Its wiping was verified"),
    "uncleared": N_("Its clearance ended: the price is off"), "held": N_("Reserved"), "freed": N_("The reservation ended"),
    "sold": N_("Sold"), "given_back": N_("Given back"), "frozen": N_("Frozen: its number stands on a list"),
    "unfrozen": N_("Not frozen any more"), "online": N_("On sale online, too"), "offline": N_("Off the market online"),
    "lost": N_("Lost"), "found": N_("Found again"), "brought_back": N_("Brought back by its buyer"),
}  # fmt: skip


def shown_booking(row: Visit | None) -> Booked | None:
    """The booking that a visit begins with, as the counter reads it."""
    return shown_booked(row, staff=True) if row is not None else None


def yuan(minor: int) -> str:
    return format_money(Money(minor, CNY), g.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class StockShown:
    """One row of a list. `price`: on the tag, "" without one; `wanted`: as agreed at the intake; `giver`: the file's number, ""
    for own stock; `thumb`: address of a small picture, "" for none."""

    id: str
    item_id: str
    number: str
    title: str
    kind: str
    price: str
    wanted: str
    giver: str
    place: str
    since: str
    state: tuple[str, str]
    code: str
    thumb: str = ""

    @property
    def href(self) -> str:
        return f"/stock/{self.id}"


def shown(rows: Sequence[StockItem]) -> list[StockShown]:
    pictures = first_pictures(g.db, [one.item_id for one in rows])
    return [_shown(one, pictures[one.item_id].thumb if one.item_id in pictures else "") for one in rows]


def _shown(one: StockItem, thumb: str) -> StockShown:
    state = STOCK[one.state]
    return StockShown(
        id=one.id, item_id=one.item_id, number=one.number, title=one.title, kind=words(get_card(one.category).names, g.language),
        price=yuan(one.asking_minor) if one.asking_minor else "", wanted=yuan(one.wanted_minor),
        giver=one.consignor.number if one.consignor else "", place=place_of(one), since=exact(one.taken_at),
        state=(str(_(state.label)), state.tone), code=one.state, thumb=thumb,
    )  # fmt: skip


def place_of(one: StockItem) -> str:
    """Point and shelf."""
    return f"{one.point.name} · {one.place.code}" if one.place else one.point.name


def came_by(one: StockItem) -> str:
    """How the giver came by it, with their words."""
    said = str(_(CAME_BY[one.came_by]))
    return f"{said}: {one.came_words}" if one.came_words else said


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitShown:
    id: str
    number: str
    giver: str
    since: str
    state: tuple[str, str]
    many: int = 0

    @property
    def href(self) -> str:
        return f"/intakes/{self.id}"


def shown_visit(row: Intake, many: int = 0) -> VisitShown:
    state = INTAKE[row.state]
    giver = f"{row.consignor.number} · {row.consignor.shown}" if row.consignor else row.source
    return VisitShown(
        id=row.id, number=row.number, giver=giver, since=exact(row.opened_at), state=(str(_(state.label)), state.tone), many=many
    )


def went(one: StockItem) -> str:
    """Where it went, "" while the shop keeps it."""
    if not one.went:
        return ""
    said = str(_(WENT.get(one.went, one.went)))
    return f"{said}: {one.went_words}" if one.went_words else said


def step_words(line: StockLine) -> str:
    """One step as a sentence; amounts as the reader writes them."""
    facts = line.facts
    match line.what:
        case "taken_in":
            return str(_("Taken in, asking price %(wanted)s, floor %(reserve)s",
                         wanted=yuan(facts["wanted"]), reserve=yuan(facts["reserve"])))  # fmt: skip
        case "priced" if facts.get("before"):
            return str(_("New price %(price)s, before %(before)s", price=yuan(facts["price"]), before=yuan(facts["before"])))
        case "priced":
            return str(_("Price %(price)s", price=yuan(facts["price"])))
        case other:
            return str(_(STEPS.get(other, other)))


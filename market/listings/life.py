"""The life story of a thing, for its owner and for those who look at it: everything the rooms have on record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, g
from sqlalchemy.orm import Session

from appraisal.grades import asking_views
from appraisal.grades.desk_queries import is_asked
from core.access import Beside, may, needs, visitor
from core.goods import life
from core.goods.cards import get_card
from core.goods.describe import category_name, masked_numbers, properties
from core.goods.models import Item
from core.goods.pictures import pictures
from core.page import Page
from market.listings import queries
from privacy.inspection.chain import Event, events
from privacy.sampling.views.own import StatedShown, stated

blueprint = Blueprint("life", __name__)
FOR_EVERYBODY = "/certificates/"


@dataclass(frozen=True, slots=True)
class Booked:
    """An appraisal that is booked. `told`: how it stands, a sentence; `href`: its page."""

    told: str
    href: str


_booked: list[Callable[[Session, str], Booked | None]] = []


def bookings(finder: Callable[[Session, str], Booked | None]) -> None:
    """A room above tells what is booked for a thing, by its id."""
    if finder not in _booked:
        _booked.append(finder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An event as the timeline takes it; the way to it only where everybody may go."""

    time: str
    text: str
    who: str
    code: str
    tone: str
    href: str | None


@dataclass(frozen=True, kw_only=True)
class LifePage(Page):
    template = "market/life.html"
    name: str
    category: str
    photos: list[str]
    facts: list[tuple[str, str]]
    steps: list[Step]
    mine: bool
    data_bearing: bool
    listing_id: str
    item_id: str
    stated: Sequence[StatedShown]
    may_ask: bool
    asked: bool
    booked: Booked | None
    code: str


@blueprint.get("/items/<item_id>")
@needs("market:item:read", on=asking_views.load)
def show(one: Beside[Item, str]) -> object:
    item = one.of
    listing = queries.open_listing_of(g.db, item.id)
    mine = item.owner_id == visitor().account_id
    return LifePage(
        name=queries.name_of(item) or category_name(item.category, g.language),
        category=category_name(item.category, g.language), photos=[one.thumb for one in pictures(item)],
        facts=[*properties(item, g.language), *masked_numbers(item, g.language)],
        steps=[_step(one) for one in reversed(events(g.db, item))],
        mine=mine, data_bearing=item.data_bearing, listing_id=listing.id if listing and mine else "", item_id=item.id,
        stated=stated(item), may_ask=_may_ask(one), asked=is_asked(g.db, item.id),
        booked=next((found for finder in _booked if (found := finder(g.db, item.id))), None),
        code=life.find_code(g.db, item.id) or "",
    ).answer()  # fmt: skip


def _may_ask(one: Beside[Item, str]) -> bool:
    """Somebody who may, of a thing that can be appraised at all."""
    graded = bool(get_card(one.of.category).grading_standard) and one.of.state == "active"
    return graded and may(visitor(), "appraisal:request:make", one)


def _step(event: Event) -> Step:
    way = event.href if event.href.startswith(FOR_EVERYBODY) else None
    return Step(time=event.time, text=event.text, who=event.who, code=event.room, tone=event.tone, href=way)

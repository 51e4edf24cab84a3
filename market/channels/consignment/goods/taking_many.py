"""Taking many things in at once, all or nothing: the checks, rows and lines of `taking.take`, in a few statements.

For things without photos and storage that are not in the register yet. Each of the checks is told for every thing, so that a
file can be put right in one go."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from appraisal.identity import lists
from appraisal.identity.queries import digests_listed
from core import ids, secrets
from core.db import get_locked
from core.errors import Busy, Invalid, Refused
from core.goods.intake import check_numbers, twin
from core.goods.intake_many import Number, chunks, numbers_taken, take_in_many
from core.goods.models import Item
from core.goods.rules import normalise_identifier, normalise_serial
from core.i18n import N_
from core.numbers import next_numbers
from core.people.acting import demand_role
from core.people.houses import house_of
from core.work import Work
from market.channels.consignment.actions import STAFF
from market.channels.consignment.agreements.terms import Terms
from market.channels.consignment.goods import queries, rules
from market.channels.consignment.goods.models import Intake, StockItem, StockLine
from market.channels.consignment.goods.rules import Given
from market.channels.consignment.goods.taking import PREFIX, facts_of, offer_of, row_values, tidy
from market.listings.actions import check_said
from market.listings.shop_gate import find_shop_problem

TWICE: Final = N_("The same number stands on another line, too. Every thing has its own.")
CLOSED: Final = N_("This visit is closed. Begin a new one.")
Wrongs = Mapping[int, Sequence[Refused]]
"""What is wrong, by the thing's place in the sequence; those that are right aren't in it."""


class WrongThings(Invalid):
    """Some can't be taken in; nothing was. `all`: what is wrong with which."""

    def __init__(self, found: Wrongs) -> None:
        first = next(iter(found.values()))[0]
        super().__init__(first.code, first.sentence, field=first.field, values=first.values)
        self.all = found


@dataclass(frozen=True, slots=True)
class Sound:
    """Things of one visit that are right by themselves: made by `sound`, and only such are taken in together."""

    intake_id: str
    givens: tuple[Given, ...]


def sound(intake: Intake, givens: Sequence[Given]) -> Sound:
    """Raises WrongThings. Reads nothing but the visit, so that it needs no lock: with thousands of things it takes seconds."""
    tidied = tuple(map(tidy, givens))
    if found := problems(intake, tidied):
        raise WrongThings(found)
    return Sound(intake.id, tidied)


def problems(intake: Intake, givens: Sequence[Given]) -> Wrongs:
    """What is wrong with things by themselves."""
    terms = queries.terms_under(intake)
    told = ((nth, _problems(intake, given, terms)) for nth, given in enumerate(givens))
    return {nth: found for nth, found in told if found}


def _problems(intake: Intake, given: Given, terms: Terms | None) -> list[Refused]:
    if given.media or given.photos or given.known:
        raise ValueError("photos, storage and what is known already are taken in one by one")
    found: list[Refused] = list(rules.problems(given, terms))
    try:
        check_numbers(facts_of(given))
    except Invalid as no:
        found.append(no)
    if not found:
        try:
            check_said(str(given.card.code), given.attributes, offer_of(given, intake))
        except Invalid as no:
            found.append(no)
    return found


def conflicts(session: Session, intake: Intake, givens: Sequence[Given], now: datetime) -> Wrongs:
    """What the shop, its places and the register have against things: permits, shelves, numbers that are on something else."""
    found: dict[int, list[Refused]] = {}
    shop = {code: find_shop_problem(session, intake.org_id, code, now) for code in {str(given.card.code) for given in givens}}
    places = {place.id for place in queries.places_of(session, intake.org_id, intake.point_id)}
    digests = [numbers_of(given) for given in givens]
    counted = Counter(one for some in digests for one in some)
    taken = numbers_taken(session, counted)
    for nth, (given, some) in enumerate(zip(givens, digests, strict=True)):
        no = shop[str(given.card.code)]
        wrong = [Refused(no.code, no.sentence, field="category")] if no is not None else []
        if given.place_id and given.place_id not in places:
            wrong.append(Invalid("place_unknown", rules.CHOOSE, field="place"))
        for number in some:
            if counted[number] > 1:
                wrong.append(Invalid("number_twice", TWICE, field=number[0]))
            elif number in taken:
                wrong.append(twin(number[0]))
        if wrong:
            found[nth] = wrong
    return found


def numbers_of(given: Given) -> set[Number]:
    """Kind and digest of each number of a thing."""
    return {
        (kind, secrets.keyed_digest(normalise_identifier(kind, value), "identifier"))
        for kind, values in given.identifiers.items() for value in values if normalise_serial(value)
    }  # fmt: skip


def take_many(w: Work, intake: Intake, things: Sound, told: Callable[[int], None] = lambda done: None) -> list[str]:
    """Take all of them in. Returns the ids of their rows in the stock, in order. Raises WrongThings with what the register has
    against them, Refused once the visit is closed; then nothing is. `told` hears how many are done, with nothing saved yet."""
    demand_role(w, intake.org_id, *STAFF)
    intake = get_locked(w.session, Intake, intake.id)
    if intake.state != "open":
        raise Refused("intake_closed", CLOSED)
    if things.intake_id != intake.id:
        raise ValueError("these things were looked at for another visit")
    if wrong := conflicts(w.session, intake, things.givens, w.now):
        raise WrongThings(wrong)
    listed = digests_listed(w.session, {digest for given in things.givens for _kind, digest in numbers_of(given)})
    made: list[str] = []
    for some in chunks(things.givens):
        made += _some(w, intake, some, listed)
        told(len(made))
    return made


def _some(w: Work, intake: Intake, givens: Sequence[Given], listed: set[str]) -> list[str]:
    owner, numbers = house_of(w, intake.org_id).id, next_numbers(w, PREFIX, len(givens))
    try:
        items = take_in_many(w, owner, [facts_of(given) for given in givens], intake.org_id)
        rows = [
            row_values(w, intake, given, item_id=item["id"], data_bearing=item["data_bearing"], number=number)
            for given, item, number in zip(givens, items, numbers, strict=True)
        ]
        w.session.execute(insert(StockItem), rows)
    except IntegrityError as raced:  # somebody registered one of the numbers a moment ago
        raise Busy() from raced
    facts = [
        {"item": row["item_id"], "intake": intake.id, "wanted": row["wanted_minor"], "reserve": row["reserve_minor"]}
        for row in rows
    ]
    w.session.execute(insert(StockLine), [
        {"id": ids.new_id(), "stock_id": row["id"], "what": "taken_in", "facts": fact, "words": "", "by": w.actor.id, "at": w.now}
        for row, fact in zip(rows, facts, strict=True)
    ])  # fmt: skip
    for row, fact in zip(rows, facts, strict=True):
        w.record("market:stock:taken_in", row["id"], **fact)
    for item in items:
        if item["digests"] & listed:  # a number on a list freezes it before anybody can sell it
            lists.see(w, w.session.get_one(Item, item["id"]), item["digests"])
    return [row["id"] for row in rows]

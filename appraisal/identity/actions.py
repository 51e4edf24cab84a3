"""Reading numbers for an appraisal, and saying where they were looked up: kept as keyed digests, shown masked, never in a log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from appraisal.identity import queries, rules
from appraisal.identity.models import NumberReading, OwnLook
from appraisal.identity.places import Fed
from core import clock, ids, secrets
from core.errors import Invalid
from core.goods import rules as goods
from core.goods.cards import get_card
from core.goods.models import Item
from core.goods.reasons import REASONS
from core.i18n import N_
from core.work import Work

HOW: Final = {
    "carrier_page": N_("The carrier's look-up page"),
    "dealer_tool": N_("A dealer's or repairer's tool"),
    "carrier_shop": N_("Asked at a carrier's shop"),
    "police": N_("The police's notices"),
}
BOTH = N_("Either a number, or why there is none.")
TWICE = N_("The same number stands in both fields.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed for a place: (kind, number) in the order of its fields, and why there is none."""

    numbers: Sequence[tuple[str, str]] = ()
    why_not: str = ""

    @property
    def empty(self) -> bool:
        return not self.why_not and not any(goods.normalise_serial(value) for _, value in self.numbers)


def read_places(w: Work, appraisal_id: str, item: Item, fed: Fed, typed: Mapping[str, Typed]) -> int:
    """Keep what places showed; one that was left empty stays as it was. Returns how many were kept.

    Raises Invalid at `<place>_<nth>` or `<place>_why`."""
    kept, known = 0, queries.readings_of(w.session, appraisal_id)
    for place in fed.places:
        one = typed.get(place.code, Typed())
        if one.empty:
            continue
        numbers = _numbers(w, item, fed, place.code, one)
        before = known.get(place.code)
        if before is not None and before.numbers == numbers and before.why_not == one.why_not:
            continue
        row = NumberReading(
            id=ids.new_id(), appraisal_id=appraisal_id, place=place.code, numbers=numbers, why_not=one.why_not,
            said_by=w.actor.id, at=w.now,
        )  # fmt: skip
        w.session.add(row)
        w.session.flush()
        kept += 1
    if kept:
        w.record("appraisal:number:read", appraisal_id, item=item.id, places=kept)
    return kept


def _numbers(w: Work, item: Item, fed: Fed, place: str, one: Typed) -> list[dict[str, Any]]:
    typed = [(nth, kind, value) for nth, (kind, value) in enumerate(one.numbers, 1) if goods.normalise_serial(value)]
    if one.why_not:
        if typed or one.why_not not in rules.WHY_NOT:
            raise Invalid("number_and_reason", BOTH, field=f"{place}_why")
        return []
    card, found = get_card(item.category), []
    for nth, kind, value in typed:
        problem = goods.serial_problem(card, kind, value)
        if problem:
            raise Invalid(problem, REASONS[problem], field=f"{place}_{nth}")
        number = _kept(w, item, kind, goods.normalise_identifier(kind, value))
        if number in found:
            raise Invalid("identifier_twice", TWICE, field=f"{place}_{nth}")
        found.append(number)
    return found


def _kept(w: Work, item: Item, kind: str, plain: str) -> dict[str, Any]:
    model = "unknown"
    if kind == "imei":
        known = queries.find_model(w.session, rules.type_code(plain))
        model = rules.same_model(known, item.brand, item.model) if known else "unknown"
    digest = secrets.keyed_digest(plain, "identifier")
    return {"kind": kind, "digest": digest, "masked": goods.mask(plain), "model": model}


def look_up_oneself(w: Work, appraisal_id: str, how: str, day: str) -> None:
    """The appraiser asked somewhere by the number: where, and on which day. Raises Invalid at `how` or `looked_on`."""
    if how not in HOW:
        raise Invalid("look_unknown", N_("Choose where you looked the number up."), field="how")
    today = clock.local(w.now).date()
    try:
        on = date.fromisoformat(day) if len(day) == 10 else None
    except ValueError:
        on = None
    if on is None or not 0 <= (today - on).days <= 7:
        raise Invalid("look_day", N_("Write the day of your look-up like 2026-11-30; it can be seven days old at most."),
                      field="looked_on")  # fmt: skip
    last = queries.last_look(w.session, appraisal_id)
    if last is None or (last.how, last.day) != (how, on.isoformat()):
        w.session.add(OwnLook(
            id=ids.new_id(), appraisal_id=appraisal_id, how=how, day=on.isoformat(), said_by=w.actor.id, at=w.now
        ))  # fmt: skip
        w.session.flush()

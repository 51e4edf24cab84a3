"""Answers that numbers give: what was read in several places, and what the lists say, go before what was ticked.

docs/adr/0018: a number on a list refuses the grade whatever was ticked; where no list can say, the appraiser's own look-up
counts, and the report says whose word it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from appraisal.grades import guide, rules
from appraisal.grades.models import Appraisal
from appraisal.identity import lists, queries
from appraisal.identity import rules as numbers
from appraisal.identity.models import OwnLook
from appraisal.identity.places import Fed, ListCheck, find_fed
from appraisal.identity.queries import Listed, Readings
from appraisal.standards.standard import Standard
from core.errors import Invalid
from core.goods.models import Item
from core.i18n import N_
from core.work import Work

LISTS: Final = "system:lists"
BARRED: Final = ("imei", "imei2", "meid")  # what a carrier bars a phone by
NOT_NEEDED: Final[dict[str, Any]] = {
    "state": "not_needed", "registered": "none", "read": [], "unread": [], "model": "unknown", "lists": {"states": {}, "of": []},
    "own_look": None,
}  # fmt: skip
UNREAD = N_("The answer comes from the numbers: read them in two places, or leave it “not tested”.")
WHO_SAYS = N_("The lists here can't say it: write where you looked it up, or choose “no answer”.")


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of a thing's numbers at one moment, fetched once: what was read of it by place, what the lists say of all
    its numbers (those too that were read and nobody registered), and where the appraiser looked last."""

    read: Readings
    found: Listed
    look: OwnLook | None


def known_of(session: Session, made: Appraisal, item: Item, now: datetime) -> Known:
    read = queries.readings_of(session, made.id)
    found = queries.listed(session, item, now, queries.digests_of(item, read))
    return Known(read, found, queries.last_look(session, made.id))


def fed_check(standard: Standard) -> Fed | None:
    """The table's row for a standard that has the check it names; a house's own version may have dropped it."""
    fed = find_fed(standard.id)
    return fed if fed is not None and standard.find_check(fed.check) is not None else None


def fed_of(standard: Standard, item: Item) -> Fed | None:
    """As `fed_check`, with what is asked of this very thing by the numbers that it has on file."""
    fed = fed_check(standard)
    return fed.asking({one.kind for one in item.identifiers if one.live}) if fed else None


def derived(read: Readings, item: Item, standard: Standard, fed: Fed) -> str | None:
    """The answer that the numbers give to their check; None is "not tested", and so is a single place as long as it wasn't said
    of each other one why it shows nothing."""
    check = standard.find_check(fed.check)
    known = {value.code for value in check.values} if check else set()
    found = queries.compared(read, item, fed)
    if found.state == "unknown" and untold(read, fed):
        return None
    return numbers.answer(found, fed.outcomes, fed.differ, known)


def untold(read: Readings, fed: Fed) -> bool:
    """Is there a place of which nothing was said?"""
    return not {place.code for place in fed.places} <= set(read)


def list_check(standard: Standard, code: str) -> ListCheck | None:
    """The row of a check that a person may answer "clear" and lists may answer, too."""
    fed = fed_check(standard)
    return next((one for one in list_checks(standard, fed) if one.check == code and one.clear), None) if fed else None


def list_checks(standard: Standard, fed: Fed) -> list[ListCheck]:
    """Those whose check and value the standard has."""
    found = []
    for one in fed.lists:
        check = standard.find_check(one.check)
        if check is not None and check.find_value(one.listed) is not None:
            found.append(one)
    return found


def forced(item: Item, standard: Standard, known: Known) -> dict[str, str]:
    """Answers that stand whatever was ticked: numbers that differ, and a number on a list."""
    fed = fed_check(standard)
    if fed is None:
        return {}
    answers = {fed.check: fed.differ} if derived(known.read, item, standard, fed) == fed.differ else {}
    for one in list_checks(standard, fed):
        if known.found.states[one.kind][0] == "listed":
            answers[one.check] = one.listed
    return answers


def demand(item: Item, standard: Standard, answers: rules.Inputs, known: Known) -> None:
    """Raise Invalid at the check whose answer isn't borne out: numbers that nobody read, a look-up that nobody names."""
    fed = fed_check(standard)
    if fed is None:
        return
    said, borne_out = answers.get(fed.check), derived(known.read, item, standard, fed)
    if said not in (None, fed.differ, borne_out, *fed.by_hand):
        raise Invalid("numbers_unread", UNREAD, field=fed.check)
    for one in list_checks(standard, fed):
        if needs_look(item, one, known) and answers.get(one.check) == one.clear:
            raise Invalid("look_unnamed", WHO_SAYS, field=one.check)


def needs_look(item: Item, one: ListCheck, known: Known) -> bool:
    """Must the appraiser say where they looked? Only where a person can say "clear", no list does, and there is a number by which
    a carrier bars."""
    mobile = any(number.live and number.kind in BARRED for number in item.identifiers) or any(
        number["kind"] in BARRED for read in known.read.values() for number in read.numbers
    )
    return bool(one.clear) and mobile and known.found.states[one.kind][0] != "clear" and known.look is None


def settle(
    w: Work, made: Appraisal, item: Item, standard: Standard, answers: rules.Inputs
) -> tuple[rules.Inputs, dict[str, Any]]:
    """Before a signature: (answers with what lists and numbers say, what the report tells of them). A thing on a list is frozen.

    Raises Invalid as `demand`."""
    known = known_of(w.session, made, item, w.now)
    stands = forced(item, standard, known)
    answers = {**answers, **stands}
    demand(item, standard, answers, known)
    guide.force(w, made, stands, LISTS)
    if known.found.state == "listed":
        lists.see(w, item, queries.digests_of(item, known.read))
    return answers, told(item, standard, known)


def told(item: Item, standard: Standard, known: Known) -> dict[str, Any]:
    """What the report says of numbers and lists: places, states and codes, never a number."""
    fed, look, found = fed_check(standard), known.look, known.found
    if fed is None:
        return NOT_NEEDED
    one = queries.compared(known.read, item, fed)
    return {
        "state": one.state, "registered": one.registered, "read": list(one.read),
        "unread": [{"place": place, "why": row.why_not} for place, row in sorted(known.read.items()) if row.why_not],
        "model": queries.model_said(known.read),
        "lists": {
            "states": {kind: state for kind, (state, _) in found.states.items()}, "of": [_list(each) for each in found.lists],
        },
        "own_look": {"how": look.how, "day": look.day} if look else None,
    }  # fmt: skip


def _list(one: Any) -> Mapping[str, Any]:
    return {
        "kind": one.kind, "source": one.source, "version": one.version, "day": one.day or None, "lines": one.lines,
        "state": one.state, "why": one.why or None,
    }  # fmt: skip

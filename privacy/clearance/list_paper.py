"""What a certificate says of storage that was cleared by a check-list: no tool's record, but the maker's word or none."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core import i18n
from core.clock import LOCAL_ZONE
from core.data_files import text
from core.goods.words import MEDIA_KINDS
from core.i18n import N_
from core.people.roles import ROLES
from privacy.clearance.checklist_reasons import GRADES
from privacy.clearance.looking import checks_in_words
from privacy.clearance.terms import LEVELS
from privacy.wipes.checklist import TECHNIQUES
from privacy.wipes.checklists import find_checklist

SAYS = N_(
    "This paper says that the storage listed here was cleared as the named rule set asks, as far as a check-list with photos, "
    "the files of tools and a second person's own look can show it; where it relies on a maker's declaration, it says so. "
    "It doesn't say that data can never be found, and nothing about use after the day of delivery."
)


def covers(body: dict[str, Any]) -> bool:
    """Does this certificate rest on a check-list, wholly or in part?"""
    return any("checklist" in one for one in body["media"])


def looks(body: dict[str, Any], language: str) -> list[str]:
    """What the second person did beyond the ticks that are asked of every device."""
    platforms = dict.fromkeys(one["checklist"]["platform"] for one in body["media"] if "checklist" in one)
    found = [one for one in map(find_checklist, platforms) if one is not None]
    return [sentence for one in found for sentence in checks_in_words(one, body["checks"], language)]


def medium(one: dict[str, Any], language: str) -> tuple[str, list[tuple[str, str]]]:
    """Heading and rows of one medium."""

    def _(sentence: str, **values: object) -> str:
        return i18n.say(sentence, language, **values)

    checklist = find_checklist(one["checklist"]["platform"])
    name = text(checklist.names, language) if checklist else one["checklist"]["platform"]
    rows = [
        (_(N_("Known by the device's number")), one["serial"]["masked"]),
        (_(N_("Method")), _(TECHNIQUES.get(one["checklist"]["technique"], one["checklist"]["technique"]))),
        (_(N_("Check-list")), name),
        (_(N_("Basis")), _basis(one, language)),
        (_(N_("Kept as")), f"{one['file']['format']} · {one['parser']}"),
        (_(N_("Level reached")), _(LEVELS.get(one["level"], ""))),
        (_(N_("Grade of the evidence")), f"{one['grade']}. {_(GRADES.get(one['grade'], ''))}"),
    ]
    return _(MEDIA_KINDS.get(one["kind"], one["kind"])), rows


def two_people(acts: Sequence[Mapping[str, str]], names: Sequence[str], language: str) -> str:
    """Who entered a maker's declaration: `acts` by role, organisation and time, or `names` of a file. Empty where nobody did."""
    told = [f"{i18n.say(ROLES[act['role']].label, language)} · {act['organisation']} · {_day(act['at'])}" for act in acts]
    return "; ".join(told or names)


def _day(stamp: str) -> str:
    return datetime.fromisoformat(stamp).astimezone(LOCAL_ZONE).strftime("%Y-%m-%d")


def _basis(one: dict[str, Any], language: str) -> str:
    def _(sentence: str, **values: object) -> str:
        return i18n.say(sentence, language, **values)

    declaration = one["declaration"]
    if declaration is None:
        if one["without_declaration"]:
            return _(N_("No declaration of its maker was at hand; accepted by this house's dated setting"))
        return _(N_("What the list, its photos and the second person show"))
    maker = declaration["maker_en"] if language == "en" else declaration["maker"]
    said = _(N_("Relies on the maker's declaration of %(day)s (%(maker)s)"), day=declaration["dated"], maker=maker)
    who = two_people(declaration.get("entered_by", ()), declaration.get("names", ()), language)
    entered = _(N_("entered by two people: %(who)s"), who=who) if who else ""
    return " · ".join(part for part in (said, entered, _(N_("Demonstration data")) if declaration["demo"] else "") if part)

"""What may be corrected on a certificate, and what is a correction. Pure.

A closed list: names and words that people typed, and a date that somebody wrote by hand. Nothing that a tool read, nobody's
verdict, no number of a device or medium, no method, size or time of the house's own clock."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from core.i18n import N_

FIELDS: Final = {
    "brand": N_("Brand, as typed"),
    "model": N_("Model name, as typed"),
    "wiped_point": N_("Name of the point that wiped it"),
    "verified_point": N_("Name of the point that verified it"),
    "hand_date": N_("A date that was written by hand"),
    "owner_words": N_("A word that its owner misspelt when registering"),
}
# where the field stands in the signed text; the others don't, so that both readings are typed
PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "brand": ("item", "brand"),
    "model": ("item", "model"),
    "wiped_point": ("wiped", "organisation", "name"),
    "verified_point": ("verified", "organisation", "name"),
}
# may be about a person: only salted commitments go onto paper and into the log
HIDDEN: Final = frozenset({"owner_words"})
REASONS: Final = {
    "typing": N_("A slip of the keyboard"),
    "handwriting": N_("Handwriting was misread"),
    "spelling": N_("A name was spelt wrongly"),
}
LONGEST: Final = 80
# brands and models have fewer digits in a row than serials, IMEIs and telephone numbers
_NUMBER = re.compile(r"[0-9]{9,}")


def standing(body: Mapping[str, Any], field: str) -> str | None:
    """What the signed text says in this field; None where it doesn't stand there."""
    value: Any = body
    for name in PLACES.get(field, ()):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if field in PLACES and isinstance(value, str) else None


def problem(field: str, before: str, after: str, numbers: frozenset[str], today: date) -> str | None:
    """Why this is no clerical correction, or None. `numbers`: the device's and its media's numbers, tidied."""
    if field not in FIELDS:
        return "not_clerical"
    if not before.strip() or not after.strip() or max(len(before), len(after)) > LONGEST:
        return "text_missing"
    if before.strip() == after.strip():
        return "same"
    if not (before + after).isprintable():
        return "not_printable"
    if field == "hand_date":
        return _date_problem(before, after, today)
    tidied = "".join(letter for letter in after.upper() if letter.isalnum())
    if _NUMBER.search(tidied) or any(number in tidied for number in numbers):
        return "a_number"
    return None


def _date_problem(before: str, after: str, today: date) -> str | None:
    written = [one.strip() for one in (before, after)]
    try:
        days = [date.fromisoformat(one) for one in written]
    except ValueError:
        return "no_date"
    # as on paper only: Python reads weeks (2026-W46-5) and days without dashes, too
    return "no_date" if [day.isoformat() for day in days] != written or max(days) > today else None

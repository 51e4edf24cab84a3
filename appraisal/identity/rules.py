"""Numbers that were read in several places: do they belong to one thing, and to the thing that its owner registered? Pure.

A phone for two SIMs has two IMEIs, and a card tray shows one of them: a number is a set. All places
speak of one thing when one set, of a place or of the register, holds every other. What was read in one place alone is unknown:
a label can be changed, and so can what a system says."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.i18n import N_

Numbers = Mapping[str, frozenset[str]]
LEAST_PLACES: Final = 2
# why a place gave no number; `invalid` is a finding: 15 digits and their check digit are what an IMEI is
WHY_NOT: Final = {
    "not_there": N_("This model has none there"),
    "unreadable": N_("Gone, worn off or can't be read"),
    "no_power": N_("It doesn't start"),
    "not_brought": N_("Box or receipt isn't here"),
    "filler": N_("A filler stands there, such as “To be filled by O.E.M.”"),
    "invalid": N_("What stands there is no valid number: tampered with"),
}
RESULTS: Final = {
    "agree": (N_("The numbers agree"), "good"),
    "differ": (N_("The numbers differ"), "bad"),
    "unknown": (N_("Read in fewer than two places: not certain"), "unknown"),
    "not_read": (N_("Numbers not read"), "unknown"),
}
MODELS: Final = {
    "agrees": (N_("The type code belongs to this model"), "good"),
    "differs": (N_("The type code belongs to another model"), "warn"),
    "unknown": (N_("The type code isn't known here"), "unknown"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one place showed. `numbers`: digests by kind; empty where `why_not` says why nothing was read."""

    place: str
    side: str
    numbers: Numbers
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """`state`: agree, differ, unknown or not_read. `registered`: agree, differ or none, by what the owner registered. `odd`: the
    places that don't fit, where they differ."""

    state: str
    registered: str
    read: tuple[str, ...]
    sides: tuple[str, ...]
    odd: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`value` is the answer where all `sides` were read, in at least so many places."""

    value: str
    sides: tuple[str, ...]
    places: int


def compare(readings: Iterable[Reading], registered: Numbers) -> Compared:
    """What all places say together. The order doesn't matter."""
    told = sorted(readings, key=lambda one: one.place)
    read = [one for one in told if any(one.numbers.values())]
    known = any(registered.values())
    invalid = [one.place for one in told if one.why_not == "invalid"]
    apart = not _together([*(one.numbers for one in read), registered])
    so_far = "agree" if len(read) >= LEAST_PLACES else "unknown" if told else "not_read"
    odd = [*invalid, *(_odd(read, registered) if apart else ())]
    state = "differ" if invalid or apart else so_far
    beside = all(_together([one.numbers, registered]) for one in read)
    with_it = "none" if not known or not read else "agree" if beside else "differ"
    return Compared(
        state=state, registered=with_it, read=tuple(one.place for one in read),
        sides=tuple(sorted({one.side for one in read})), odd=tuple(sorted(odd)),
    )  # fmt: skip


def _odd(read: Sequence[Reading], registered: Numbers) -> set[str]:
    """Those that the register speaks against; where it speaks against none, those that speak against each other."""
    odd = {one.place for one in read if not _together([one.numbers, registered])}
    return odd or {one.place for one in read for other in read if not _together([one.numbers, other.numbers])}


def _together(sets: Sequence[Numbers]) -> bool:
    """Of each kind: does one of the sets hold all the others?"""
    kinds = {kind for one in sets for kind in one}
    for kind in kinds:
        there = [one[kind] for one in sets if one.get(kind)]
        if there and max(there, key=len) != frozenset().union(*there):
            return False
    return True


def answer(found: Compared, outcomes: Sequence[Outcome], differ: str, known: Collection[str]) -> str | None:
    """The value that a check is answered with; None is "not tested". `known`: the values that its standard has."""
    if found.state == "differ":
        return differ if differ in known else None
    for one in outcomes:
        if one.value in known and len(found.read) >= one.places and set(one.sides) <= set(found.sides):
            return one.value
    return None


def type_code(imei: str) -> str:
    """The first eight digits of an IMEI: the Type Allocation Code, which names the model (3GPP TS 23.003 6 [memory])."""
    return imei[:8]


def same_model(known: tuple[str, str], brand: str, model: str) -> str:
    """`agrees` or `differs`: does a table's (brand, model) name the model that is registered? `unknown` where none is registered.

    Letters and digits alone are compared, and either name may say more than the other ("iPhone 12" and "Apple iPhone 12")."""
    theirs, ours = _plain("".join(known)), _plain(model)
    if not ours or not _plain(known[1]):
        return "unknown"
    fits = _plain(known[1]) in (ours, _plain(brand) + ours) or ours == theirs or _plain(brand) + ours == theirs
    return "agrees" if fits else "differs"


def _plain(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalnum())

"""What can be said about a booked visit without looking anything up. Pure: times are aware, money is whole fen."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.errors import Invalid
from core.i18n import N_
from core.slot_rules import Hours, read_hours

# booked or moved at least so long before, so that the shop sees it coming
NOTICE: Final = timedelta(hours=2)
REMIND: Final = timedelta(hours=24)
MOST_LINES: Final = 20
MOST_PIECES: Final = 99
DEAREST: Final = 100_000_000  # fen: nobody wishes a million yuan for a thing at a counter
NAME_LENGTH: Final = (2, 60)
# how a visit that didn't take place ended; codes of consignment_visits.why
ENDS: Final = {
    "person": N_("Called off by who wanted to come"),
    "full": N_("The shop has no room for so many things at present"),
    "staff": N_("Nobody is there to look at the things at that time"),
    "kind": N_("The shop doesn't take these things at present"),
    "hours": N_("The shop is closed at that time after all"),
    "closed": N_("The point or the shop is closed, or takes no goods any more"),
    "no_show": N_("Nobody came"),
}
# what staff choose from when they call a visit off
REASONS: Final = {code: ENDS[code] for code in ("full", "staff", "kind", "hours")}
# why staff see the contact of who has no account; codes in the log
LOOKS: Final = {
    "reach": N_("To tell them that something changed"),
    "late": N_("They haven't come, and somebody asks where they are"),
    "ask": N_("To ask about something on their list"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A line of the list. `wish`: what they would like to have for one piece, in fen; None where they left it open."""

    category: str
    name: str
    pieces: int = 1
    wish: int | None = None


def total_pieces(things: Iterable[Thing]) -> int:
    return sum(one.pieces for one in things)


def total_wish(things: Iterable[Thing]) -> int:
    """What all pieces with a wished price come to, in fen."""
    return sum(one.pieces * (one.wish or 0) for one in things)


def check_things(things: Sequence[Thing], most: int, kinds: Collection[str]) -> None:
    """`most`: pieces that the desk takes in one visit; `kinds`: codes of the category cards. Raises Invalid at field `things`."""
    if not things:
        raise Invalid("things_missing", N_("Write at least one thing that you bring."), field="things")
    if len(things) > MOST_LINES:
        raise Invalid("lines_many", N_("A list has at most 20 lines. Put things of one kind into one line."), field="things")
    for nth, one in enumerate(things, 1):
        if one.category not in kinds or not NAME_LENGTH[0] <= len(one.name) <= NAME_LENGTH[1]:
            raise Invalid(
                "line_unfit", N_("Line %(line)s needs a kind, and a name of 2 to 60 signs."), field="things", values={"line": nth}
            )
        if not 1 <= one.pieces <= MOST_PIECES or not 0 <= (one.wish or 0) <= DEAREST:
            raise Invalid(
                "line_number", N_("Line %(line)s: 1 to 99 pieces, and a price up to a million yuan."), field="things",
                values={"line": nth},
            )  # fmt: skip
    if total_pieces(things) > most:
        raise Invalid(
            "things_many", N_("This point takes at most %(most)s pieces in one visit, and your list has %(count)s."),
            field="things", values={"most": most, "count": total_pieces(things)},
        )  # fmt: skip


def is_open(hours: Mapping[str, str], closed: Collection[str], start: datetime, until: datetime) -> bool:
    """Is a place open from `start` until `until`, without a gap? `hours`: {weekday "0".."6": text} and `closed`: days like
    2027-02-06, as they are kept; local times of one day."""
    if start.date().isoformat() in closed or until.date() != start.date():
        return False
    reached = start.time()
    for one in read_hours(start.weekday(), hours.get(str(start.weekday()), "")):
        if one.from_ <= reached < one.until:
            reached = one.until
    return reached >= until.time()


def outside(day: int, text: str, open_: str) -> bool:
    """Do hours for visits on a weekday lie outside the opening hours of the point on it? Raises BadHours."""
    return any(not _covered(one, read_hours(day, open_)) for one in read_hours(day, text))


def _covered(wanted: Hours, there: Iterable[Hours]) -> bool:
    reached = wanted.from_
    for one in there:
        if one.from_ <= reached < one.until:
            reached = one.until
    return reached >= wanted.until

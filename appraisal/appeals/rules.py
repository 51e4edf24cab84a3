"""Who was right: what one reviewer's grade says of the first, and what three grades come to. Pure; docs/algorithms/appeals.md."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from core.i18n import N_

PEOPLE: Final = b"xunshi-appeal-who-1\n"
SIZE: Final = 3
FEW: Final = 5  # outcomes: of fewer no rate is shown
SIDES: Final = {"owner": N_("Owner of the thing"), "buyer": N_("Buyer, who bought it on the word of this report")}
# why somebody no longer grades in an appeal
ENDED: Final = {
    "given": N_("gave a grade"),
    "returned": N_("gave it back"),
    "late": N_("didn't look in time"),
    "lapsed": N_("the appeal ended before"),
}
OUTCOMES: Final = {
    "same": N_("The reviewer came to the same grade."),
    "other": N_("The reviewer came to another grade."),
    "split": N_("The two differ about whether it may be sold at all, so a panel decides."),
}


def in_time(since: datetime, within: timedelta, now: datetime) -> bool:
    """The last moment is `since + within`, not included."""
    return now < since + within


def compare(refused: str, first: str, second: str) -> str:
    """same | other | split. Whether a thing may be sold at all is never one word against another (as in blind looks)."""
    if (first == refused) != (second == refused):
        return "split"
    return "same" if first == second else "other"


def panel_grade(order: Sequence[str], undetermined: str, grades: Collection[str]) -> str:
    """What three grades come to: the majority's, and of three different ones the middle on the scale; both are the median.

    `order`: best first. Raises ValueError for another number than three, and for `undetermined`: unknown is no grade."""
    if len(grades) != SIZE or undetermined in grades:
        raise ValueError("a panel is three grades, each of them a grade")
    return sorted(grades, key=order.index)[SIZE // 2]


def lone_refusal(refused: str, grades: Iterable[str]) -> bool:
    """Did exactly one of them find that it must not be sold? The grade is the others', but somebody looks at that first."""
    return list(grades).count(refused) == 1


def rate(fell: int, ended: int) -> int | None:
    """Percent of appeals in which the first grade was overturned, rounded half up; None while there are too few."""
    return (200 * fell + ended) // (2 * ended) if ended >= FEW else None


def pools(own: Collection[str], others: Collection[str]) -> list[str]:
    """From whom a panel is drawn: the agency's own uninvolved people where they are three; else those elsewhere; else all.
    Empty where even so there are fewer than three: never silently fewer."""
    for names in (own, others, {*own, *others}):
        if len(set(names)) >= SIZE:
            return sorted(set(names))
    return []

"""What a second, blind grade says of the first. Pure."""

from collections.abc import Sequence

from core.i18n import N_

DOMAIN, PEOPLE = b"xunshi-blind-1\n", b"xunshi-blind-who-1\n"
WHY = {
    "drawn": N_("Drawn by lot"),
    "value": N_("One of the best grades on a thing of high value"),
    "panel": N_("One of a panel of three found that it must not be sold"),
}


def share(probation: bool, routine: int, raised: int) -> int:
    """Percent of an appraiser's grades that are drawn (appraisal.md 4)."""
    return raised if probation else routine


def steps_apart(order: Sequence[str], first: str, second: str) -> int:
    """How many places of the scale, best first, undetermined and refused at its end, lie between two grades."""
    return abs(order.index(first) - order.index(second))


def agrees(order: Sequence[str], first: str, second: str, freeze_steps: int) -> bool:
    """Less than `freeze_steps` apart; whether a thing may be sold at all (refused, the last of the order) is never a matter of
    steps."""
    refused = order[-1]
    return (first == refused) == (second == refused) and steps_apart(order, first, second) < freeze_steps


def is_top(order: Sequence[str], grade: str, top: int) -> bool:
    """Is it among the first so many of its scale?"""
    return grade in order[:top]

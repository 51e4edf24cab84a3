"""The way through a check-list, one screen after the other, and what is left of it. Pure.

A photo that no check asks for has a screen of its own: the overview with the code comes first, so that it is taken before the
thing is taken apart; the others follow it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from appraisal.standards.standard import Check, Standard
from core.goods.card import WITH_CODE, Card
from core.i18n import N_

LONGEST: Final = 15 * 60
OVERVIEW: Final = N_("The whole thing beside the code, handwritten or on another screen")
PHOTO: Final = "photo-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One screen of the guide. `key`: its place in the address: a check's code, or `photo-` and a view's. `view`: the photo that
    belongs there, "" for none; `area`: the code of its area, "" for the photos at the beginning."""

    key: str
    area: str
    check: Check | None
    view: str


def views_of(standard: Standard, card: Card) -> tuple[str, ...]:
    """The views that a photo can be taken of: the overview with the code always, then what card and checks name."""
    known = {photo.code for photo in card.photos}
    named = [check.photo for check in standard.checks if check.photo in known]
    needed = [photo.code for photo in card.photos if photo.required]
    return tuple(dict.fromkeys([WITH_CODE, *needed, *filter(None, named)]))


def needed_views(card: Card) -> tuple[str, ...]:
    """The photos without which nothing is signed: the overview beside the code, which shows that the thing was there, and what
    the category's card asks for."""
    return tuple(dict.fromkeys([WITH_CODE, *(photo.code for photo in card.photos_needed)]))


def screens(standard: Standard, card: Card) -> tuple[Screen, ...]:
    """All screens in the order in which they are walked. A view belongs to the first check that asks for it."""
    views = views_of(standard, card)
    asked = {check.photo for check in standard.checks}
    alone = [Screen(key=PHOTO + view, area="", check=None, view=view) for view in views if view not in asked]
    shown: list[Screen] = []
    for area in standard.areas:
        for check in standard.checks_of(area.code):
            view = check.photo if check.photo in views else ""
            shown.append(Screen(key=check.code, area=area.code, check=check, view=view or ""))
    return (*alone, *shown)


def place(steps: Sequence[Screen], key: str) -> int | None:
    """Where a screen stands, 0 the first; None when there is no such screen."""
    return next((at for at, one in enumerate(steps) if one.key == key), None)


def next_open(steps: Sequence[Screen], done: Collection[str], after: int = -1) -> Screen | None:
    """The next screen with something left, from there on and then from the beginning; None when all is done."""
    ahead = [*steps[after + 1 :], *steps[: after + 1]]
    return next((one for one in ahead if one.key not in done), None)


def done_keys(steps: Sequence[Screen], told: Collection[str], photos: Collection[str]) -> set[str]:
    """Screens with nothing left. `told`: checks that were answered or said to be not tested; `photos`: views with a photo.
    A missing photo leaves only its own screen open: the checks of a view are answered without it as well."""
    return {one.key for one in steps if (one.check.code in told if one.check else one.view in photos)}


def capped(seconds: float) -> int:
    """Whole seconds, none below 0 and none above 15 minutes: a page that was left open measures nothing."""
    return max(0, min(LONGEST, int(seconds)))

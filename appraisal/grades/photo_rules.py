"""What the photos of an appraisal must show before it is signed. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from core.errors import Invalid
from core.goods.card import WITH_CODE
from core.i18n import N_

# our own choice: six of one view show every side of a scratch, and forty are read through by nobody
MOST_OF_A_VIEW, MOST, LEAST_SIDE = 6, 40, 200
# views on which no screen of a device is to be seen; on all others a message or a name may stand
NO_SCREEN: Final = frozenset(
    {"back", "bottom", "underside", "sides", "label", "plug", "accessories", "lid", "mount", "inside", "page", "imprint", "tag"}
)
HINTS: Final = {
    "dark": N_("It looks dark. Take it again with more light if the place can't be seen well."),
    "bright": N_("It looks too bright. Take it again if marks can't be seen."),
    "blurred": N_("It looks blurred. Hold still, tap on the place to focus, and take it again."),
    "small": N_("It has few pixels. A larger photo shows more."),
}
MISSING = N_("Photos that are still missing: %(count)s. They are named on this page.")
CODE_UNREAD = N_("Say that the code %(code)s can be read in the overview photo, or take it again.")
NOT_CLEAN = N_("Say of each photo of a screen that no personal content can be seen on it, or take it again.")
TOO_MANY_OF_A_VIEW = N_("Six photos of one view are enough. Remove one first.")
TOO_MANY = N_("Forty photos of one thing are enough. Remove one first.")
TOO_SMALL = N_("This picture has only %(width)s × %(height)s pixels, so nothing can be seen on it. It needs 200 on each side.")


class Shot(Protocol):
    """A photo that stands."""

    view: str
    code_read: bool
    clean: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What is still missing for a signature. `views`: without a photo; `code`: nobody says that it can be read; `screens`: photos
    of which nobody says that they show nothing personal."""

    views: tuple[str, ...]
    code: bool
    screens: int


def shows_screen(view: str, data_bearing: bool) -> bool:
    """Might a screen with somebody's data be on such a photo?"""
    return data_bearing and view not in NO_SCREEN


def missing(needed: Iterable[str], shots: Iterable[Shot], data_bearing: bool) -> Missing:
    """The code has to be readable in one of the overview photos; nothing personal may stand on any."""
    there = list(shots)
    overview = [one for one in there if one.view == WITH_CODE]
    return Missing(
        views=tuple(view for view in needed if all(one.view != view for one in there)),
        code=bool(overview) and not any(one.code_read for one in overview),
        screens=sum(1 for one in there if shows_screen(one.view, data_bearing) and not one.clean),
    )


def demand(found: Missing, code: str, *, graded: bool) -> None:
    """Raise Invalid at the field of the first thing that is missing. Where no grade is given (`graded` False) photos vouch for
    nothing and may be missing, but no photo goes out with something personal on it."""
    if graded and found.views:
        raise Invalid("photos_missing", MISSING, field="photos", values={"count": len(found.views)})
    if graded and found.code:
        raise Invalid("code_unread", CODE_UNREAD, field="photo_code", values={"code": code})
    if found.screens:
        raise Invalid("screen_not_clean", NOT_CLEAN, field="photo_clean")


def room_for(view: str, shots: Iterable[Shot]) -> None:
    """Raise Invalid where one more is too many."""
    there = list(shots)
    if len(there) >= MOST:
        raise Invalid("photos_many", TOO_MANY, field="photo")
    if sum(1 for one in there if one.view == view) >= MOST_OF_A_VIEW:
        raise Invalid("photos_many", TOO_MANY_OF_A_VIEW, field="photo")


def large_enough(width: int, height: int) -> None:
    if min(width, height) < LEAST_SIDE:
        raise Invalid("photo_too_small", TOO_SMALL, field="photo", values={"width": str(width), "height": str(height)})

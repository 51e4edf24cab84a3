"""Which photos a thing needs before it is put up: its category's card says it, and this counts."""

from collections.abc import Iterable
from typing import Any

from flask import g

from core.errors import Invalid
from core.goods.card import WITH_CODE, Card
from core.goods.cards import text as words
from core.i18n import N_

FEW = N_("%(kind)s: at least %(count)s photos, of %(views)s. There are %(there)s so far.")
CODE_MISSING = N_("Take one photo of it beside the code %(code)s, handwritten on a slip.")


def least(card: Card) -> int:
    """At least one, whatever the card says."""
    return max(1, len(card.photos_needed))


def too_few(card: Card, count: int) -> Invalid | None:
    """Why so many photos aren't enough, at the field `photos`; None when they are. The one with the code doesn't count here."""
    if count >= least(card):
        return None
    views = (" · ").join(words(photo.prompt, g.language) for photo in card.photos_needed)
    values = {"kind": words(card.names, g.language), "count": least(card), "views": views, "there": count}
    return Invalid("photos_few", FEW, field="photos", values=values)


def is_code(stored: dict[str, Any]) -> bool:
    return stored.get("view") == WITH_CODE


def plain(photos: Iterable[dict[str, Any]]) -> int:
    """How many of a draft's photos show the thing as such."""
    return sum(not is_code(one) for one in photos)


def code_place(photos: list[dict[str, Any]]) -> int | None:
    """Where the photo with the code stands among a draft's photos."""
    return next((n for n, one in enumerate(photos) if is_code(one)), None)

"""The texts of a listing that its seller wrote, and what of them leads away from the market. Pure.

The title, the description, and of the thing itself what was told in free words: properties, and what is wrong with it. What
is chosen from a list and what is a number isn't looked at."""

import hashlib
from collections.abc import Iterable, Mapping

from core.goods.card import Card
from market.listings.away.rules import Found, found_in

At = tuple[str, Found]


def texts_of(
    title: str, description: str, card: Card | None, told: Mapping[str, str], disclosed: Mapping[str, str]
) -> dict[str, str]:
    """Field of the sell form -> text: title, description, a_<property>, d_<disclosure>, e_<its detail>; only what isn't empty."""
    found = {"title": title, "description": description}
    for attribute in card.attributes if card else ():
        if attribute.kind == "text":
            found[f"a_{attribute.code}"] = str(told.get(attribute.code, ""))
    for said in card.disclosures if card else ():
        if said.kind == "text":
            found[f"d_{said.code}"] = str(disclosed.get(said.code, ""))
        elif said.detail is not None:
            found[f"e_{said.code}"] = str(disclosed.get(f"{said.code}_detail", ""))
    return {place: text for place, text in found.items() if text.strip()}


def found_at(texts: Mapping[str, str], own: frozenset[str] = frozenset()) -> list[At]:
    """(field, what) of everything that leads away, in the order of the fields. `own`: host names of this house."""
    return [(place, one) for place, text in texts.items() for one in found_in(text, own)]


def mark_of(found: Iterable[At]) -> str:
    """One short sign for what was found, wherever it stands: the same words are the same sign. "" for nothing."""
    told = sorted({f"{one.kind}\0{''.join(one.words.split()).lower()}" for _, one in found})
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16] if told else ""

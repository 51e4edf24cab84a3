"""What may be said about a thing at its intake and about its price later. Pure; amounts in fen, days whole."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from core.errors import Invalid, Refused
from core.goods.card import Card
from core.goods.intake import MediumGiven
from core.i18n import N_
from market.channels.consignment.agreements.rules import Case, lowest_on
from market.channels.consignment.agreements.terms import Terms
from market.channels.consignment.goods.fixed_words import CAME_BY, USED
from market.listings.condition_rules import CONDITIONS

MOST: Final = 100_000_000_000
LONG_WORDS: Final = 200
CHOOSE: Final = N_("Choose one of the answers offered.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One thing as the clerk writes it down. `wanted`: asking price agreed with the giver, `reserve`: the floor, both fen;
    `photos`: as core.goods.pictures.store_photo gives them, each with an optional "view"; `known`: the id of a thing that is in
    the register already; `once`: the form's key."""

    card: Card
    title: str
    condition: str
    wanted: int
    came_by: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    disclosures: Mapping[str, str] = field(default_factory=dict)
    identifiers: Mapping[str, list[str]] = field(default_factory=dict)
    media: tuple[MediumGiven, ...] = ()
    smart: str | None = None
    words: str = ""
    reserve: int = 0
    kept_price: bool = False
    donate_unsold: bool = False
    came_words: str = ""
    proof: str = ""
    used: str = "used"
    place_id: str = ""
    photos: tuple[Mapping[str, Any], ...] = ()
    known: str = ""
    once: str = ""


def tidied(typed: str) -> str:
    """Full-width folded, without signs that nobody sees, spaces as one."""
    folded = unicodedata.normalize("NFKC", typed)
    return " ".join("".join(one for one in folded if unicodedata.category(one) not in ("Cf", "Cc") or one == " ").split())


def problems(given: Given, terms: Terms | None) -> list[Invalid]:
    """Everything that is wrong with what was written down, each at its field. `terms`: None for the shop's own stock."""
    return [no for no in (
        _title(given), _condition(given), _wanted(given), _reserve(given, terms), *_source(given), _used(given),
    ) if no is not None]  # fmt: skip


def _title(given: Given) -> Invalid | None:
    if not tidied(given.title):
        return Invalid("title_missing", N_("Give it a short name that says what it is."), field="title")
    if len(tidied(given.title)) > 80:
        return Invalid("title_long", N_("A name has at most 80 characters."), field="title")
    return None


def _condition(given: Given) -> Invalid | None:
    return None if given.condition in CONDITIONS else Invalid("condition_unknown", CHOOSE, field="condition")


def _wanted(given: Given) -> Invalid | None:
    if 1 <= given.wanted <= MOST:
        return None
    return Invalid("price_range", N_("The price must be more than nothing and less than a billion."), field="wanted")


def _reserve(given: Given, terms: Terms | None) -> Invalid | None:
    """A reserve above the asking price could never be kept; under a fixed net price it is what the giver gets."""
    if terms is not None and terms.pay.kind == "net" and given.reserve < 1:
        return Invalid("net_missing", N_("Enter the net price: under these terms it is what the giver gets."), field="reserve")
    if given.wanted >= 1 and not 0 <= given.reserve <= given.wanted:  # a price that is wrong itself is told at the price
        return Invalid("reserve_range", N_("The floor can't be above the asking price."), field="reserve")
    return None


def _source(given: Given) -> list[Invalid | None]:
    """How the giver came by it (register of used goods); "otherwise" says how."""
    words, proof = tidied(given.came_words), tidied(given.proof)
    if given.came_by not in CAME_BY:
        return [Invalid("came_by_missing", N_("Ask how the giver came by it, and choose the answer."), field="came_by")]
    found: list[Invalid | None] = []
    if given.came_by == "other" and not words:
        found.append(Invalid("came_words_missing", N_("Write down how the giver came by it."), field="came_words"))
    if len(words) > LONG_WORDS:
        found.append(Invalid("came_words_long", N_("This is too long. Please say it in fewer words."), field="came_words"))
    if len(proof) > 80:
        found.append(Invalid("proof_long", N_("This is too long. Please say it in fewer words."), field="proof"))
    return found


def _used(given: Given) -> Invalid | None:
    return None if given.used in USED else Invalid("used_unknown", CHOOSE, field="used")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What was agreed about a thing's price. `days`: it stood on the floor so far."""

    wanted: int
    reserve: int
    kept_price: bool
    days: int


def lowest(terms: Terms | None, agreed: Agreed) -> int:
    """What the shop may ask at least without asking the giver anew (Civil Code 955); 1 for its own stock."""
    if terms is None:
        return 1
    case = Case(asking=agreed.wanted, days=agreed.days, reserve=agreed.reserve, kept_price=agreed.kept_price)
    return lowest_on(terms, case)


def check_price(terms: Terms | None, agreed: Agreed, price: int, consented: bool) -> None:
    """Raises Invalid at `price` for one out of range, Refused below what was agreed. `consented`: the giver agreed to a lower one
    and the clerk says so; never below the floor that an agreement names."""
    if not 1 <= price <= MOST:
        raise Invalid("price_range", N_("The price must be more than nothing and less than a billion."), field="price")
    if price < agreed.reserve:
        raise Refused("below_floor", N_("This is below the floor that was agreed with the giver."), field="price")
    if price < lowest(terms, agreed) and not consented:
        raise Refused(
            "ask_giver", N_("The giver has to agree to a price below this. Ask, and tick that they agreed."), field="consented"
        )

"""What listings tell the rooms above, in the same transaction."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OfferShown:
    """Everybody can see this price from now on: it was put on sale, or its price changed while it was."""

    listing_id: str


@dataclass(frozen=True, slots=True)
class WordsSaid:
    """The words of a listing can be read from now on, or have changed. `before`: title and description as they were, if so."""

    listing_id: str
    before: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class GivenAway:
    """A thing that had a price is given away from now on: what was offered for it is moot."""

    listing_id: str

"""What a shop's file tells the rest of the market, in the same transaction."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShopEnding:
    """The end of this organisation was announced: from now on it takes no new goods."""

    org_id: str


@dataclass(frozen=True, slots=True)
class PointClosed:
    """Nothing is brought to this point any more, until it is opened again."""

    org_id: str
    point_id: str


@dataclass(frozen=True, slots=True)
class ShopEnded:
    """The announced day has come: nothing is on sale in this organisation's name any more."""

    org_id: str


@dataclass(frozen=True, slots=True)
class PermitEnded:
    """A permit of this kind (SHOP_PERMITS) ran out: what needs it comes off sale."""

    org_id: str
    kind: str

"""What a shop's file tells the rest of the market, in the same transaction."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShopEnded:
    """The announced day has come: nothing is on sale in this organisation's name any more."""

    org_id: str


@dataclass(frozen=True, slots=True)
class PermitEnded:
    """A permit of this kind (SHOP_PERMITS) ran out: what needs it comes off sale."""

    org_id: str
    kind: str

"""How a thing stands in the place that sells it: each channel tells it here, and labels and the passport read it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`state`: its word (English for gettext) and tone; `price`: what stands on its tag now, None where it has none, `before`:
    the price it was marked down from; `number`: in the channel's own register (never a person's); `place`: shelf, stall or
    corner; `used`: used, refurbished or remanufactured; `title`: its name there, "" for brand and model."""

    org_id: str
    org_name: str
    state: tuple[str, str]
    price: Money | None = None
    before: Money | None = None
    number: str = ""
    place: str = ""
    used: str = "used"
    title: str = ""
    since: datetime | None = None


Provider = Callable[[Session, str], Standing | None]
_providers: list[Provider] = []


def stands(provider: Provider) -> None:
    """From now on `provider(session, item_id)` is asked, once however often it is named; None where the thing isn't there."""
    if provider not in _providers:
        _providers.append(provider)


def standing_of(session: Session, item_id: str) -> Standing | None:
    """How a thing stands in a channel now; None where no channel has it."""
    return next((one for tell in _providers if (one := tell(session, item_id)) is not None), None)

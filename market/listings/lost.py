"""What isn't for sale for now: lost on its way to a buyer, frozen, or with a number that stands on a list of stolen goods."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import Refused
from core.goods import custody
from core.goods.models import Item
from core.i18n import N_
from core.number_ports import number_standing

ON_A_LIST = N_(
    "Its number stands on a list of stolen or barred goods. It can't be put on sale until the platform has looked at it."
)


def refuse_lost(session: Session, item_id: str) -> None:
    """Raises Refused while the register says that the thing is lost; back in somebody's hands it can be put on sale anew."""
    if custody.is_lost(session, item_id):
        raise Refused("lost_on_its_way", N_("It was lost on its way. When it is back, say so on the page of its order first."))


def refuse_held(session: Session, item: Item, now: datetime) -> None:
    """Raises Refused for a number on a list, a thing that is frozen or gone, and a lost one. That no list can say anything keeps
    nothing off sale: unknown is no word against it."""
    if number_standing(session, item.id, now).state == "listed":
        raise Refused("number_listed", ON_A_LIST)
    if item.state != "active":
        raise Refused("item_not_active", N_("This thing is frozen or no longer yours to sell."))
    refuse_lost(session, item.id)

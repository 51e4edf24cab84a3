"""What was lost on its way to a buyer isn't for sale; once somebody has it in hand again it can be put on sale anew."""

from sqlalchemy.orm import Session

from core.errors import Refused
from core.goods import custody
from core.i18n import N_


def refuse_lost(session: Session, item_id: str) -> None:
    """Raises Refused while the register says that the thing is lost."""
    if custody.is_lost(session, item_id):
        raise Refused("lost_on_its_way", N_("It was lost on its way. When it is back, say so on the page of its order first."))

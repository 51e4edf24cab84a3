"""Who prints labels: who owns a thing, and who works where it is kept. The passport is for everybody."""

from typing import Final

from sqlalchemy.orm import Session

from core.access import Beside, Predicate, has_role
from core.db import get_row
from core.goods.custody import find_holder, is_with_staff
from core.goods.models import Item

STAFF: Final = ("shop_clerk", "shop_manager", "wipe_operator")


def load_thing(session: Session, item_id: str) -> Beside[Item, str]:
    """A thing, and the organisation in which it stands now, "" for none. Raises NotFound."""
    item = get_row(session, Item, item_id)
    line = find_holder(session, item.id) if is_with_staff(session, item.id) else None
    return Beside(item, line.holder_id if line is not None else "")


_owns = Predicate("owns this", lambda v, s: s.owner_id == v.account_id)
_keeps = Predicate("works where it is kept", lambda v, s: s.part in v.orgs_as(*STAFF))

PERMISSIONS = {
    "market:labels:list": tuple((has_role(role),) for role in STAFF),
    "market:label:print": ((_owns,), (_keeps,)),
}

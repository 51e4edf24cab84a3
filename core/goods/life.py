"""A thing's code for life: given once, found again however it is typed or scanned.

The QR code of a label holds an address that ends in `/i/CODE`, its Code 128 the code alone."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import ids
from core.db import get_locked
from core.goods.life_models import LifeCode
from core.goods.models import Item
from core.work import Work

SYMBOLS: Final = 8
PATH: Final = "/i/"
_IN_ADDRESS = re.compile(r"/i/([^/?#]*)", re.IGNORECASE)
_DASHES = re.compile("[\u2010-\u2015\u2212]")


def code_of(w: Work, item_id: str) -> str:
    """The code of a thing, given to it now if it has none. Raises NotFound for no thing of ours, Busy in the one case in a
    thousand million that somebody else's thing got the same new code in this moment."""
    item = get_locked(w.session, Item, item_id)  # two that print the same thing's first label wait for one another
    known = find_code(w.session, item.id)
    if known is not None:
        return known
    code = ids.new_checked_code(SYMBOLS)
    while w.session.get(LifeCode, code) is not None:
        code = ids.new_checked_code(SYMBOLS)
    w.put(LifeCode(code=code, item_id=item.id, made_at=w.now, made_by=w.actor.id))
    w.record("core:item:coded", item.id)
    return code


def find_code(session: Session, item_id: str) -> str | None:
    return session.scalars(select(LifeCode.code).where(LifeCode.item_id == item_id)).first()


def codes_of(session: Session, item_ids: Sequence[str]) -> dict[str, str]:
    """Thing -> its code, for those that have one, in one query."""
    rows = session.execute(select(LifeCode.item_id, LifeCode.code).where(LifeCode.item_id.in_(item_ids)))
    return {item_id: code for item_id, code in rows}


def read_code(typed: str) -> str:
    """The code in what somebody typed or scanned: bare, in any case, with spaces or dashes, full-width, or the whole address of
    the QR code. Raises ids.BadCode."""
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", typed)).strip()
    address = _IN_ADDRESS.search(plain)
    return ids.parse_code(address[1] if address else plain, SYMBOLS)


def find_item(session: Session, typed: str) -> Item | None:
    """The thing whose code this is, None where we gave no such code. Raises ids.BadCode for a mistyped one."""
    row = session.get(LifeCode, read_code(typed))
    return session.get(Item, row.item_id) if row else None

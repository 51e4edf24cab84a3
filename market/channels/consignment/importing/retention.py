"""How long an uploaded file is kept: until its things are in, and seven days at most."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from core.db import get_locked
from core.each import each
from core.i18n import N_
from core.ports import RetentionRow
from core.work import Work
from market.channels.consignment.importing import actions, keeping
from market.channels.consignment.importing.models import GoodsImport
from market.channels.consignment.importing.states import OVER

EVERY: Final = timedelta(hours=1)
AT_ONCE: Final = 200


def sweep(w: Work) -> None:
    """Files whose days are over are erased; what was not taken in by then is given up."""
    query = select(GoodsImport.id).where(GoodsImport.erase_at <= w.now).order_by(GoodsImport.erase_at).limit(AT_ONCE)
    each(w, w.session.scalars(query).all(), lambda import_id: _erase(w, import_id))


def _erase(w: Work, import_id: str) -> None:
    row = get_locked(w.session, GoodsImport, import_id)
    if row.state not in OVER:
        actions.end(w, row)
        return
    keeping.forget(w, row.file, row.report)
    row.file, row.report, row.erase_at = "", "", None
    w.record("market:goods_import:erased", row.id)


RETENTION = RetentionRow(
    N_("Files from which things were taken in"), 0, N_("its things are in, at the latest seven days after it was sent"),
    N_("Personal Information Protection Law, article 19: shortest time"), N_("erased; the register keeps the things"),
)  # fmt: skip

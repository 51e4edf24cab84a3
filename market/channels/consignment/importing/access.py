"""Which file of things an address names. Who may take things in may take them in from a file."""

from sqlalchemy.orm import Session

from core.errors import NotFound
from market.channels.consignment.access import load_shop as load_shop
from market.channels.consignment.goods.access import load_intake as load_intake
from market.channels.consignment.importing import queries
from market.channels.consignment.importing.models import GoodsImport


def load_import(session: Session, intake_id: str, import_id: str) -> GoodsImport:
    """Raises NotFound, also for one of another visit."""
    row = queries.get_import(session, import_id)
    if row.intake_id != intake_id:
        raise NotFound()
    return row

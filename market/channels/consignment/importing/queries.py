"""Files of imports: those of a visit, the same file before, and the things that came of one."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import get_row
from market.channels.consignment.goods.models import Intake, StockItem
from market.channels.consignment.goods.queries import places_of
from market.channels.consignment.importing.columns import coded
from market.channels.consignment.importing.models import GoodsImport, GoodsImportLine

KEPT = ("taking", "taken")


def get_import(session: Session, import_id: str) -> GoodsImport:
    """Raises NotFound."""
    return get_row(session, GoodsImport, import_id)


def imports_of(session: Session, intake_id: str) -> Sequence[GoodsImport]:
    """Newest first."""
    return session.scalars(select(GoodsImport).where(GoodsImport.intake_id == intake_id).order_by(GoodsImport.id.desc())).all()


def find_taken(session: Session, org_id: str, digest: str) -> GoodsImport | None:
    """The same file, taken in by this shop before or being taken in."""
    query = select(GoodsImport).where(GoodsImport.org_id == org_id, GoodsImport.digest == digest, GoodsImport.state.in_(KEPT))
    return session.scalars(query.order_by(GoodsImport.id.desc()).limit(1)).first()


def places(session: Session, intake: Intake) -> dict[str, str]:
    """Ids of the counter's places by their codes, as they are compared."""
    return {coded(one.code): one.id for one in places_of(session, intake.org_id, intake.point_id)}


def things(session: Session, import_id: str) -> Iterator[tuple[GoodsImportLine, StockItem]]:
    """What came of a file, in its order."""
    query = select(GoodsImportLine, StockItem).join(StockItem, StockItem.id == GoodsImportLine.stock_id)
    yield from map(tuple, session.execute(query.where(GoodsImportLine.import_id == import_id).order_by(GoodsImportLine.line)))


def own_number(session: Session, stock_id: str) -> str:
    """The shop's own number for a thing that came from a file; "" for none."""
    query = select(GoodsImportLine.own_number).where(GoodsImportLine.stock_id == stock_id)
    return session.scalars(query).first() or ""

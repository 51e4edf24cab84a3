"""A sale as small as it can be: a guarded UPDATE, one sale, three ledger rows; no line in the log, no contract, no notice.

Not what the house does for anybody: a yardstick that other programs and machines can be laid against."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import ForeignKey, String, insert, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from core.db import open_engine


class Small(DeclarativeBase):
    pass


class SmallItem(Small):
    __tablename__ = "small_items"
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default="on_sale")


class SmallSale(Small):
    __tablename__ = "small_sales"
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("small_items.id"), unique=True)


class SmallRow(Small):
    __tablename__ = "small_rows"
    id: Mapped[int] = mapped_column(primary_key=True)
    sale_id: Mapped[int] = mapped_column(ForeignKey("small_sales.id"), index=True)
    account: Mapped[str] = mapped_column(String(10))
    amount: Mapped[int]


ROWS = (("buyer", -1000), ("seller", 950), ("platform", 50))
UPDATE = "UPDATE small_items SET state = 'sold' WHERE id = {0} AND state = 'on_sale'"
SALE = "INSERT INTO small_sales (item_id) VALUES ({0}) RETURNING id"
ROW = "INSERT INTO small_rows (sale_id, account, amount) VALUES ({0}, {0}, {0})"


def rates(url: str, seconds: float) -> dict[str, float]:
    """Durable small sales a second, one client: the bare driver and the ORM, one after the other, three turns each; medians."""
    engine = open_engine(url)
    Small.metadata.drop_all(engine)
    Small.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(SmallItem), [{"id": nth, "state": "on_sale"} for nth in range(1, 100_001)])
    raw, left = engine.raw_connection(), iter(range(1, 100_001))
    place = "?" if engine.dialect.name == "sqlite" else "%s"
    session = Session(engine)
    found: dict[str, list[float]] = {"raw": [], "orm": []}
    for _ in range(3):
        found["raw"].append(_rate(lambda: _by_driver(raw, next(left), place), seconds))
        found["orm"].append(_rate(lambda: _by_orm(session, next(left)), seconds))
    session.close()
    raw.close()
    Small.metadata.drop_all(engine)
    engine.dispose()
    return {name: sorted(some)[1] for name, some in found.items()}


def _rate(step: Callable[[], None], seconds: float) -> float:
    begun, done = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        step()
        done += 1
    return done / (time.perf_counter() - begun)


def _by_driver(raw: Any, item: int, place: str) -> None:
    cursor = raw.cursor()
    if place == "?":
        cursor.execute("BEGIN IMMEDIATE")
    if cursor.execute(UPDATE.format(place), (item,)).rowcount == 1:
        sale = cursor.execute(SALE.format(place), (item,)).fetchone()[0]
        cursor.executemany(ROW.format(place), [(sale, account, amount) for account, amount in ROWS])
    raw.commit()


def _by_orm(session: Session, item: int) -> None:
    session.connection(execution_options={"writes": True})
    sold = session.execute(update(SmallItem).where(SmallItem.id == item, SmallItem.state == "on_sale").values(state="sold"))
    if sold.rowcount == 1:  # type: ignore[attr-defined]
        sale = SmallSale(item_id=item)
        session.add(sale)
        session.flush()
        session.add_all(SmallRow(sale_id=sale.id, account=account, amount=amount) for account, amount in ROWS)
    session.commit()


def syncs(folder: Path, seconds: float = 1.0) -> float:
    """fdatasync of 4 KiB a second: what the disk says to one durable writer."""
    place = os.open(folder / "sync", os.O_CREAT | os.O_RDWR)

    def one() -> None:
        os.pwrite(place, b"x" * 4096, 0)
        os.fdatasync(place)

    try:
        return _rate(one, seconds)
    finally:
        os.close(place)

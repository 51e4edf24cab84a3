"""What was learned from sales: fits, each model's guide by the newest fit, and sales that were brought in from elsewhere."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json


class PriceFit(Base):
    """A fit of one day. `evidence`: digest of the sales it was made of; `digest` and `body`: of the model, as `flask value fit`
    writes it, and empty where the sales were too few for one. `sales`: how many may speak, `imported` of them from elsewhere."""

    __tablename__ = "price_fits"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), index=True)
    evidence: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64), default="")
    sales: Mapped[int]
    imported: Mapped[int]
    models: Mapped[int]
    left_out: Mapped[dict[str, Any]] = mapped_column(Json)
    body: Mapped[str] = mapped_column(Text, default="", deferred=True)  # large, and read once a process
    made_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (
        CheckConstraint("(digest = '') = (body = '')", name="model_has_digest"),
        CheckConstraint("imported BETWEEN 0 AND sales", name="imported_within_sales"),
    )


class PriceGuide(Base):
    """The page of one model as the newest fit tells it. `p50_minor`: of the kind that is sold most often; None: insufficient
    evidence. `body`: numbers in whole minor units and days, and no person."""

    __tablename__ = "price_guides"
    code: Mapped[str] = mapped_column(String(48), primary_key=True)
    fit_id: Mapped[str] = mapped_column(ForeignKey("price_fits.id"), index=True)
    category: Mapped[str] = mapped_column(String(30), index=True)
    name: Mapped[str] = mapped_column(String(180))
    words: Mapped[str] = mapped_column(String(120))
    sales: Mapped[int]
    p50_minor: Mapped[int | None] = mapped_column(BigInteger)
    body: Mapped[dict[str, Any]] = mapped_column(Json)

    __table_args__ = (CheckConstraint("p50_minor IS NULL OR p50_minor > 0", name="price_is_positive"),)


class SalesImport(Base):
    """A file of sales from elsewhere and who vouches for it: `source` is shown wherever its sales count."""

    __tablename__ = "sales_imports"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    source: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    sales: Mapped[int]
    left_out: Mapped[dict[str, Any]] = mapped_column(Json)
    imported_by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]


class ImportedSale(Base):
    """One completed sale from elsewhere. `pair`: keyed digest of its two people or ""; `days`: on offer before it, if known."""

    __tablename__ = "imported_sales"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    import_id: Mapped[str] = mapped_column(ForeignKey("sales_imports.id"), index=True)
    category: Mapped[str] = mapped_column(String(30))
    brand: Mapped[str] = mapped_column(String(60), default="")
    model: Mapped[str] = mapped_column(String(120))
    attributes: Mapped[dict[str, Any]] = mapped_column(Json)
    told: Mapped[list[Any]] = mapped_column(Json)
    grade: Mapped[str] = mapped_column(String(8), default="")
    price_minor: Mapped[int] = mapped_column(BigInteger)
    sold_on: Mapped[str] = mapped_column(String(10), index=True)
    channel: Mapped[str] = mapped_column(String(14), default="")
    pair: Mapped[str] = mapped_column(String(64), default="")
    days: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("price_minor > 0", name="price_is_positive"),
        CheckConstraint("days IS NULL OR days >= 0", name="days_count"),
    )

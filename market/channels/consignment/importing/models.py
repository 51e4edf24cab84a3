"""Files that things are taken in from, and which line became which thing."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, append_only
from market.channels.consignment.goods.models import Intake
from market.channels.consignment.importing.states import IMPORT


class GoodsImport(Base):
    """One file for one visit. `digest`: keyed, tells the same file again; `file` and `report`: digests of encrypted files in the
    store, "" once erased; `came_by`: how its things were come by where a line doesn't say; `all_or_nothing`: lines that are wrong
    keep all others out; `fault`: why taking it in was stopped, a code of FAULTS, "" while it wasn't. `ordered_by`: who said that
    it be taken in, and as whom it is."""

    __tablename__ = "goods_imports"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    org_id: Mapped[str] = mapped_column(String(26))
    intake_id: Mapped[str] = mapped_column(String(26), index=True)
    state: Mapped[str] = mapped_column(String(10), default="reading")
    digest: Mapped[str] = mapped_column(String(64))
    file: Mapped[str] = mapped_column(String(64), default="")
    report: Mapped[str] = mapped_column(String(64), default="")
    came_by: Mapped[str] = mapped_column(String(10), default="")
    all_or_nothing: Mapped[bool] = mapped_column(default=True)
    lines: Mapped[int]
    fit: Mapped[int] = mapped_column(default=0)
    taken: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(String(20), default="")
    by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    ordered_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    erase_at: Mapped[datetime | None] = mapped_column(index=True)
    intake: Mapped[Intake] = relationship(primaryjoin="foreign(GoodsImport.intake_id) == Intake.id", viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(["intake_id", "org_id"], ["intakes.id", "intakes.org_id"], name="fk_goods_imports_intake"),
        CheckConstraint("state IN (" + ", ".join(f"'{one}'" for one in IMPORT.states) + ")", name="state_known"),
        CheckConstraint("(state IN ('taken', 'given_up')) = (ended_at IS NOT NULL)", name="ended_says_when"),
        CheckConstraint("fit BETWEEN 0 AND lines AND taken BETWEEN 0 AND lines", name="counted"),
        CheckConstraint("(taken > 0) = (state = 'taken')", name="taken_counts"),
        CheckConstraint("(file = '' AND report = '') = (erase_at IS NULL)", name="kept_until"),
        Index("ix_goods_imports_same", "org_id", "digest"),
    )


class GoodsImportLine(Base):
    """Which line of a file became which thing. `own_number`: the shop's own number for it, "" for none."""

    __tablename__ = "goods_import_lines"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    import_id: Mapped[str] = mapped_column(ForeignKey("goods_imports.id"), index=True)
    line: Mapped[int]
    stock_id: Mapped[str] = mapped_column(ForeignKey("stock_items.id"), unique=True)
    own_number: Mapped[str] = mapped_column(String(40), default="")

    __table_args__ = (UniqueConstraint("import_id", "line"),)


append_only("goods_import_lines")

"""The one code that a thing carries for life, from its first label to the recycler."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, append_only


class LifeCode(Base):
    """`code`: eight symbols of core/ids.py, the last is the check. Never given twice, never changed: neither when the thing is
    wiped, nor when it is sold, returned or scrapped."""

    __tablename__ = "life_codes"
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), unique=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(40))

    __table_args__ = (CheckConstraint("length(code) = 8", name="code_length"),)


append_only("life_codes")

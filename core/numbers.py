"""Running numbers for papers: one row per prefix and year, counted up under its own lock."""

from sqlalchemy import String
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, ids
from core.db import Base
from core.work import Work


class NumberSeries(Base):
    __tablename__ = "number_series"
    prefix: Mapped[str] = mapped_column(String(4), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


def next_number(w: Work, prefix: str) -> str:
    """The next number of this prefix in the year (of Shanghai): XS-2026-000123-K. Undone with the Work, so without gaps."""
    return next_numbers(w, prefix, 1)[0]


def next_numbers(w: Work, prefix: str, many: int) -> list[str]:
    """So many numbers in a row, one or more, in one statement."""
    year = clock.local(w.now).year
    make = sqlite.insert if w.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    first = make(NumberSeries).values(prefix=prefix, year=year, last=many)
    count = first.on_conflict_do_update(index_elements=["prefix", "year"], set_={"last": NumberSeries.last + many}).returning(
        NumberSeries.last
    )
    last = w.session.execute(count).scalar_one()
    return [ids.numbered(prefix, year, one) for one in range(last - many + 1, last + 1)]

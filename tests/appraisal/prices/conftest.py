"""A market beside ours, through the same ports: what the sales of other people say, so that a story needs to walk only its own."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from appraisal.prices import actions, queries
from appraisal.prices.models import PriceFit
from core import clock, ports
from core.price_ports import ComparableSale, OfferedTime
from core.work import Actor


class Beside:
    """Fills the ports like a room. `sold(…)`: sales of one model between strangers, some days apart, the newest yesterday."""

    def __init__(self) -> None:
        self.sales: list[ComparableSale] = []
        self.times: list[OfferedTime] = []
        self.today = clock.local(clock.now()).date()
        self._pairs = 0

    def sold(self, count: int, model: str = "iPhone 12", price: int = 200_000, **told: Any) -> list[ComparableSale]:
        made = []
        for nth in range(count):
            self._pairs += 1
            one: dict[str, Any] = {
                "category": "phone", "brand": "Apple", "model": model, "attributes": {"storage_gb": "128", "year": "2022"}, "told": (),
                "grade": "B", "price": price + (nth * 7919) % 9000 - 4500, "currency": "CNY", "sold_on": self.today - timedelta(days=1 + nth * 3),
                "channel": "idle", "pair": f"pair{self._pairs}",
            }  # fmt: skip
            made.append(ComparableSale(**(one | told)))
        self.sales += made
        return made

    def offered(self, days: int, sold: bool, model: str = "iPhone 12") -> None:
        until = self.today
        facts = {"category": "phone", "brand": "Apple", "model": model, "attributes": {}}
        self.times.append(OfferedTime(**facts, since=until - timedelta(days=days), until=until, sold=sold))  # type: ignore[arg-type]

    def comparable_sales(self, _session: Any, first: date, last: date) -> Iterator[ComparableSale]:
        return (one for one in self.sales if first <= one.sold_on <= last)

    def offered_times(self, _session: Any, _first: date, _last: date) -> Iterator[OfferedTime]:
        return iter(self.times)


@pytest.fixture
def beside(app: Any, monkeypatch: pytest.MonkeyPatch) -> Beside:
    """Other models enough for a fit: forty sales of two others, graded and not."""
    made = Beside()
    made.sold(14, "Pixel 6", 150_000)
    made.sold(14, "Pixel 6", 120_000, grade="C")
    made.sold(12, "Pixel 7", 190_000, grade="")
    for port, provider in (("comparable_sales", made.comparable_sales), ("offered_times", made.offered_times)):
        monkeypatch.setitem(ports._providers[port], "beside", provider)
    return made


@pytest.fixture
def refit(session: Any) -> Callable[[], PriceFit]:
    def fitted() -> PriceFit:
        actions.refit(session, Actor("system:test"), clock.now())
        session.rollback()
        found = queries.newest_fit(session)
        assert found is not None
        return found

    return fitted

"""The sales that prices are learned from, gathered from the rooms' ports and from files that were brought in."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.prices.goods_rules import Goods, model_code, model_name, thing_of
from appraisal.prices.models import ImportedSale, SalesImport
from appraisal.prices.sale import Sale
from appraisal.prices.waiting_rules import Spell
from core import price_ports
from core.money import CNY

BACK = timedelta(days=3 * 365)  # how far sales are looked at; only those of 180 days are comparables


@dataclass(frozen=True, slots=True)
class Known:
    """A sale and what is told beside its price. `channel`: the kind of seller; `source`: where it was brought in from, "" for
    one that was made here."""

    sale: Sale
    name: str
    channel: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """`spells`: of each model, how long its things were on offer. `left_out`: sales that can't be compared, by reason."""

    known: list[Known]
    spells: dict[str, list[Spell]]
    left_out: Counter[str]

    @property
    def digest(self) -> str:
        """The same for the same sales and times on offer, in whatever order."""
        told = hashlib.sha256()
        for line in sorted(repr(one) for one in self.known):
            told.update(f"{line}\n".encode())
        for code, spells in sorted(self.spells.items()):
            told.update(f"{code} {sorted(spells)}\n".encode())
        return told.hexdigest()


def gather(session: Session, today: date) -> Evidence:
    """Everything that was sold until today. Asking prices don't come in: what was offered brings no price along."""
    found = Evidence([], defaultdict(list), Counter())
    first = today - BACK
    for sale in price_ports.comparable_sales(session, first, today):
        if sale.currency != CNY:
            found.left_out["other_currency"] += 1
            continue
        goods = Goods(
            category=sale.category, brand=sale.brand, model=sale.model, attributes=sale.attributes, told=sale.told,
            grade=sale.grade,
        )  # fmt: skip
        _add(found, goods, sale.price, sale.sold_on, sale.pair, sale.channel, related=sale.related)
    for offered in price_ports.offered_times(session, first, today):
        goods = Goods(category=offered.category, brand=offered.brand, model=offered.model, attributes=offered.attributes)
        if code := model_code(goods):
            found.spells[code].append(((offered.until - offered.since).days, offered.sold))
    _add_imported(session, found, first, today)
    return found


def _add_imported(session: Session, found: Evidence, first: date, today: date) -> None:
    query = select(ImportedSale, SalesImport.source).join(SalesImport, SalesImport.id == ImportedSale.import_id)
    query = query.where(ImportedSale.sold_on >= first.isoformat(), ImportedSale.sold_on <= today.isoformat())
    for row, source in session.execute(query.order_by(ImportedSale.id)):
        goods = Goods(
            category=row.category, brand=row.brand, model=row.model, attributes=row.attributes, told=tuple(row.told),
            grade=row.grade,
        )  # fmt: skip
        _add(found, goods, row.price_minor, date.fromisoformat(row.sold_on), row.pair, row.channel, source=source)
        if row.days is not None:
            found.spells[model_code(goods)].append((row.days, True))


def _add(
    found: Evidence, goods: Goods, price: int, on: date, pair: str, channel: str, *, related: bool = False, source: str = ""
) -> None:
    thing = thing_of(goods, on)
    if thing is None:
        found.left_out["no_model"] += 1
        return
    # the engine knows a pair by two ids; of ours it gets one digest that stands for both
    sale = Sale(thing, price, on, buyer=pair, seller="pair" if pair else "", related=related)
    found.known.append(Known(sale, model_name(goods), channel, source))


def by_model(known: Iterable[Known]) -> Iterator[tuple[str, list[Known]]]:
    """(model, its sales), the newest last."""
    shelves: dict[str, list[Known]] = defaultdict(list)
    for one in known:
        shelves[one.sale.thing.model].append(one)
    for code, some in sorted(shelves.items()):
        yield code, sorted(some, key=lambda one: (one.sale.sold_on or date.min, one.sale.price))

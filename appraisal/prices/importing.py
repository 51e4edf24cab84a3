"""Completed sales from elsewhere, brought in from a file under the name of their source: comparables, marked as such."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from appraisal.prices import cells
from appraisal.prices.goods_rules import GRADES, Goods, model_code
from appraisal.prices.models import ImportedSale, SalesImport
from appraisal.prices.reading import MOST_BYTES
from core import clock, ids, secrets
from core.csv_files import BadFile, rows_of, source_of, text_of
from core.goods.cards import find_card
from core.people.rules import SELLER_KINDS
from core.work import Work

NEEDED = ("category", "model", "price", "sold_on")
ATTRIBUTES = ("storage_gb", "year", "charger")
KNOWN = (*NEEDED, *ATTRIBUTES, "brand", "grade", "told", "channel", "days", "buyer", "seller")
LONGEST_WAIT = 3650


@dataclass(frozen=True, slots=True)
class Brought:
    """`new`: False where the very same file was brought in before, and nothing was done."""

    id: str
    sales: int
    left_out: Mapping[str, int]
    new: bool


def bring_in(w: Work, raw: bytes, source: str) -> Brought:
    """Read a CSV file of completed sales and keep it. `price` in yuan; rows that can't be used are left out and counted.

    Raises BadFile: no text, columns that are missing, unknown or stand twice, no row that can be used, no source."""
    name = source_of(source)
    digest = hashlib.sha256(raw).hexdigest()
    before = w.session.scalars(select(SalesImport).where(SalesImport.digest == digest)).first()
    if before is not None:
        return Brought(before.id, before.sales, before.left_out, new=False)
    rows, left = _read(raw, w)
    one = SalesImport(
        id=ids.new_id(), source=name, digest=digest, sales=len(rows), left_out=dict(sorted(left.items())), imported_by=w.actor.id,
        at=w.now,
    )  # fmt: skip
    w.session.add(one)
    w.session.flush()
    w.session.add_all(ImportedSale(id=ids.new_id(), import_id=one.id, **row) for row in rows)
    w.record("appraisal:prices:imported", one.id, sales=one.sales, digest=digest)
    return Brought(one.id, one.sales, one.left_out, new=True)


def _read(raw: bytes, w: Work) -> tuple[list[dict[str, Any]], Counter[str]]:
    rows: list[dict[str, Any]] = []
    left: Counter[str] = Counter()
    for row in _rows(raw):
        try:
            rows.append(_sale(row, clock.local(w.now).date()))
        except cells.Unusable as no:
            left[str(no)] += 1
    if not rows:
        said = ", ".join(f"{reason} {count}" for reason, count in sorted(left.items()))
        raise BadFile(f"no row can be used{f' ({said})' if said else ': there is none below the names'}")
    return rows, left


def _rows(raw: bytes) -> Iterator[dict[str, str]]:
    rows = rows_of(text_of(raw, MOST_BYTES))
    names = [name.strip() for name in next(rows, [])]
    missing = [name for name in NEEDED if name not in names]
    strange = [name for name in names if name not in KNOWN or names.count(name) > 1]
    if missing or strange:
        wrong = f"there is no column {missing[0]}" if missing else f"the column {strange[0][:40]} is unknown or stands twice"
        raise BadFile(f"{wrong}; there may be: {', '.join(KNOWN)}")
    for row in rows:
        if any(row):
            yield dict(zip(names, row, strict=True)) if len(row) == len(names) else {}


def _sale(row: Mapping[str, str], today: date) -> dict[str, Any]:
    """Raises cells.Unusable with the reason's code."""
    if not row:
        raise cells.Unusable("ragged")
    told = {name: value.strip() for name, value in row.items()}
    if find_card(told["category"]) is None:
        raise cells.Unusable("unknown_category")
    goods = Goods(category=told["category"], brand=told.get("brand", "")[:60], model=told["model"][:120])
    if not model_code(goods):
        raise cells.Unusable("no_model")
    sold_on = cells.day(told["sold_on"])
    if sold_on is None or sold_on > today:
        raise cells.Unusable("not_a_date" if sold_on is None else "in_the_future")
    return {
        "category": goods.category, "brand": goods.brand, "model": goods.model,
        "price_minor": cells.price(told["price"], minor=False), "sold_on": sold_on.isoformat(),
        "attributes": {name: told[name][:40] for name in ATTRIBUTES if told.get(name)},
        "told": list(cells.codes(told.get("told", ""))), "grade": _one_of(told.get("grade", ""), GRADES, "unknown_grade"),
        "channel": _one_of(told.get("channel", ""), tuple(SELLER_KINDS), "unknown_channel"), "pair": _pair(told),
        "days": _days(told.get("days", "")),
    }  # fmt: skip


def _one_of(text: str, allowed: tuple[str, ...], reason: str) -> str:
    if text and text not in allowed:
        raise cells.Unusable(reason)
    return text


def _pair(told: Mapping[str, str]) -> str:
    """Who bought from whom isn't kept, only that two sales were between the same two."""
    pair = sorted((told.get("buyer", ""), told.get("seller", "")))
    return secrets.keyed_digest("\n".join(["imported", *pair]), "price_pair") if all(pair) else ""


def _days(text: str) -> int | None:
    found = cells.age(text)
    if found is None:
        return None
    if found != int(found) or found > LONGEST_WAIT:
        raise cells.Unusable("days_on_offer")
    return int(found)

"""How fast a file of things is taken in: looking through it and taking all in by one transaction, against plain rows.

Run: python -m bench.import_goods [--lines 10000]. One JSON line per figure: name, value, unit, baseline, ratio (times as long as
the baseline). The baseline writes as many rows of the same tables, made up beforehand, with nothing checked, nothing encrypted
and no log, through the same engine in one transaction of the same run."""

import argparse
import json
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Table, insert, select

from app import create_app
from core import clock, ids
from core.config import Config
from core.db import Base, Database, create_guards
from core.goods.cards import all_cards
from core.goods.models import Category
from core.work import SYSTEM, Actor, work
from tests import import_stories as importing
from tests import stock_stories as stocking
from tests.agreement_stories import opened
from tests.conftest import People

TABLES = ("items", "identifiers", "custody_lines", "stock_items", "stock_lines", "goods_import_lines")
BASELINE = "against inserting the same rows plainly"


def file_of(lines: int) -> bytes:
    """Half coats, half laptops with a number."""
    half = [importing.a_line(名称=f"羽绒服 {n}", 描述="没有瑕疵，已清洗。" * 5, 店内编号=f"W{n}") for n in range(lines // 2)]
    return importing.a_file(*half, *(importing.a_laptop(f"PF{n:07}X") for n in range(lines - lines // 2)))


def copies(session: Any) -> list[tuple[Table, list[dict[str, Any]]]]:
    """The rows that the import wrote, under new ids."""
    new: dict[str, str] = {}
    found = []
    for name in TABLES:
        table = Base.metadata.tables[name]
        rows = [dict(row) for row in session.execute(select(table)).mappings()]
        for row in rows:
            new[row["id"]] = ids.new_id()
        for row in rows:
            row |= {key: new.get(value, value) for key, value in row.items() if isinstance(value, str)}
            row |= {"digest": row["id"].zfill(64)} if name == "identifiers" else {}
            row |= {"number": f"B{row['id']}"[:24]} if name == "stock_items" else {}
            row |= {"line": row["line"] + 100_000} if name == "goods_import_lines" else {}
        found.append((table, rows))
    return found


def measure(folder: Path, lines: int) -> None:
    app = create_app(Config(data=folder, database_url=f"sqlite:///{folder / 'bench.db'}", testing=True))
    database: Database = app.extensions["xunshi_db"]
    with database.engine.begin() as connection:
        Base.metadata.create_all(connection)
        create_guards(connection)
    with app.app_context(), database.session() as session:
        with work(session, SYSTEM, clock.now()) as w:
            for card in all_cards():
                w.session.merge(Category(code=card.code, data_bearing=card.data_bearing))
        people = People(app, session)
        shop, chen = people.organisation("西湖旧货行"), people.person("Chen")
        for role in ("shop_clerk", "shop_manager"):
            people.give_role(chen, role, shop)

        def doing(who: Any) -> Any:
            return work(session, Actor(who.id), clock.now())

        opened(doing, chen, shop)
        visit = stocking.begun(doing, chen, shop)
        begun = time.perf_counter()
        import_id = importing.sent(doing, session, chen, visit, file_of(lines))
        read = time.perf_counter()
        importing.ordered(doing, chen, import_id)
        importing.running.take(session, import_id)
        taken = time.perf_counter()
        assert importing.row(session, import_id).taken == lines
        rows = copies(session)
        session.rollback()
        plain = time.perf_counter()
        with work(session, SYSTEM, clock.now()) as w:
            for table, some in rows:
                w.session.execute(insert(table), some)
        baseline = time.perf_counter() - plain
    for name, value in (("look through the file", read - begun), ("take it in", taken - read), ("both", taken - begun)):
        figure = {"value": round(value, 2), "unit": "s", "lines": lines, "baseline": BASELINE, "ratio": round(value / baseline, 2)}
        print(json.dumps({"name": name, **figure}, ensure_ascii=False))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=10_000)
    with TemporaryDirectory() as folder:
        measure(Path(folder), parser.parse_args().lines)

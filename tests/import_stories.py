"""Files of things in stories: a table as a shop writes it, sent for a visit, looked through, taken in by the clockwork.

    raw = a_file(a_line(名称="波司登羽绒服"), a_line(类别="笔记本电脑", 序列号="PF2XK9A7"))
    import_id = sent(doing, session, chen, visit, raw)
    taken(doing, session, chen, import_id)
"""

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

from core import clock, ids
from core.db import get_locked
from core.jobs import run_due
from core.work import Actor, work
from market.channels.consignment.goods.models import Intake, StockPlace
from market.channels.consignment.importing import actions, queries, running
from market.channels.consignment.importing.actions import Sent
from market.channels.consignment.importing.models import GoodsImport

Doing = Callable[..., Any]
NAMES = ("类别", "名称", "成色", "价格", "底价", "来历", "类型", "尺码", "品牌", "序列号", "串号", "店内编号")
LAPTOP = {"类别": "笔记本电脑", "名称": "ThinkPad X1", "价格": "3000", "底价": "2500", "类型": "", "尺码": "", "品牌": "Lenovo",
          "型号": "X1", "处理器": "i5", "内存": "16", "存储容量": "512"}  # fmt: skip


def a_line(**also: str) -> dict[str, str]:
    """A coat, unless told otherwise."""
    told = {"类别": "服装鞋包", "名称": "波司登羽绒服", "成色": "轻微使用痕迹", "价格": "199", "底价": "150", "来历": "购买",
            "类型": "外套", "尺码": "L", "品牌": "波司登"}  # fmt: skip
    return {**told, **also}


def a_laptop(serial: str, **also: str) -> dict[str, str]:
    return a_line(**{**LAPTOP, "序列号": serial, **also})


def rows_of(lines: Sequence[dict[str, str]]) -> list[list[str]]:
    names = list(dict.fromkeys([*NAMES, *(name for line in lines for name in line)]))
    return [names, *([line.get(name, "") for name in names] for line in lines)]


def a_file(*lines: dict[str, str], encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    """As a spreadsheet writes it."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows_of(lines))
    return out.getvalue().encode(encoding)


def sent(doing: Doing, session: Any, clerk: Any, intake_id: str, raw: bytes, **also: Any) -> str:
    """Sent for a visit and looked through. Returns the import's id."""
    told = Sent(raw=raw, **also)
    lines = actions.checked_lines(told)
    with doing(clerk) as w:
        import_id = actions.send(w, get_locked(w.session, Intake, intake_id), told, lines)
    session.rollback()
    running.read(session, import_id)
    return import_id


def ordered(doing: Doing, clerk: Any, import_id: str, *, all_or_nothing: bool = True, again: bool = False, once: str = "") -> None:
    with doing(clerk) as w:
        actions.order(w, get_locked(w.session, GoodsImport, import_id), all_or_nothing=all_or_nothing, again=again, once=once)


def taken(doing: Doing, session: Any, clerk: Any, import_id: str, **also: Any) -> GoodsImport:
    """Ordered and taken in by the clockwork. Returns the row as it stands then."""
    ordered(doing, clerk, import_id, **also)
    session.rollback()
    run_due(session)
    return row(session, import_id)


def row(session: Any, import_id: str) -> GoodsImport:
    session.rollback()
    return queries.get_import(session, import_id)


def shelf(session: Any, intake: Intake, code: str = "A-1") -> str:
    """A shelf at the visit's counter. Returns its id."""
    org_id, point_id = intake.org_id, intake.point_id
    with work(session, Actor("system:test"), clock.now()) as w:
        one = StockPlace(id=ids.new_id(), org_id=org_id, point_id=point_id, code=code, name="", ended_at=None)
        w.session.add(one)
        return one.id

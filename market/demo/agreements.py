"""The demonstration's shops sell for others: their terms in two versions, agreements being written, on the way and signed."""

import json
import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from core.db import get_locked
from market.channels.consignment.agreements import actions, queries, signing, templating
from market.channels.consignment.agreements.actions import Wanted
from market.channels.consignment.agreements.filling_rules import Blanks
from market.channels.consignment.agreements.models import Agreement, TermsTemplate
from market.channels.consignment.agreements.signing import Signed
from market.channels.consignment.models import Consignor
from market.demo.walk import House

SHOP, MANAGER, CLERK = "xihu", "shen", "wang"
DIGITAL, DIGITAL_MANAGER = "gongshu", "qian"
TOLD = tomllib.loads(Path(__file__).with_name("agreements.toml").read_text(encoding="utf-8"))
DRAWN = [
    [[140, 210], [180, 150], [235, 120], [215, 200], [170, 280]], [[250, 170], [320, 150], [300, 230], [260, 290]],
    [[360, 130], [380, 220], [345, 300]], [[420, 150], [500, 140], [470, 220], [430, 290], [540, 250]],
    [[600, 120], [610, 300]], [[570, 180], [690, 170]], [[640, 220], [710, 300], [800, 240]],
]  # fmt: skip


def write_terms(house: House, moment: datetime) -> None:
    """Local custom at West Lake; things at a fixed net price at Gongshu."""
    _in_use(house, SHOP, MANAGER, moment, lambda data: data)
    _in_use(house, DIGITAL, DIGITAL_MANAGER, moment, _net)


def _net(data: dict[str, object]) -> dict[str, object]:
    """The consignor gets a net price, the shop what is above it."""
    policy = data["remuneration"]["policy"] | {"rules": [], "discount_absorbed_by": "shop"}  # type: ignore[index]
    charges = data["charges"] | {"wiping": 3000, "appraisal": 5000}  # type: ignore[operator]
    pay = {"kind": "net", "policy": policy}
    return data | {"title": TOLD["net_title"], "remuneration": pay, "charges": charges, "self_purchase": True}


def _in_use(
    house: House, shop: str, manager: str, moment: datetime, change: Callable[[dict[str, object]], dict[str, object]]
) -> None:
    with house.doing(manager, moment) as w:
        row = templating.begin(w, house.cast.organisations[shop])
        templating.write(w, row, change(row.data))
        templating.activate(w, row)


def agree(house: House, now: datetime) -> None:
    """A new version of the terms some days ago; one agreement signed on the screen, one waits at home, one is being written."""
    org_id = house.cast.organisations[SHOP]
    files = _files(house, org_id)
    with house.doing(MANAGER, now - timedelta(days=4)) as w:
        old = queries.templates_of(w.session, org_id, "active")[0]
        new = templating.revise(w, old)
        pay = new.data["remuneration"]
        kinds = [{"name": "commission", "kind": "percent", "percent": "20", "match": {"category": "book"}}]
        rules = [*pay["policy"]["rules"], *kinds]
        pay = pay | {"policy": pay["policy"] | {"rules": rules}}
        templating.write(w, new, new.data | {"remuneration": pay, "notice_days": 10})
        templating.activate(w, new)
        terms = new.id
    besides = Blanks(percent="25", remarks=TOLD["remarks"]["zh"], remarks_en=TOLD["remarks"]["en"])
    signed = _offered(house, org_id, files[1], terms, now - timedelta(days=3), besides)
    with house.doing(CLERK, now - timedelta(days=3) + timedelta(minutes=6)) as w:
        hand = Signed(how="drawn", language="zh", agreed=True, drawn=json.dumps(DRAWN))
        signing.sign_here(w, get_locked(w.session, Agreement, signed), hand)
    _offered(house, org_id, files[0], terms, now - timedelta(hours=5), Blanks(days="45"))
    with house.doing(CLERK, now - timedelta(minutes=20)) as w:
        actions.draft(w, org_id, Wanted(file=files[2], template_id=terms))
    with house.doing(MANAGER, now - timedelta(minutes=10)) as w:
        draft = templating.revise(w, get_locked(w.session, TermsTemplate, terms))
        templating.write(w, draft, draft.data | {"charges": draft.data["charges"] | {"storage_cap": 2000}})


def _offered(house: House, org_id: str, file: str, terms: str, moment: datetime, blanks: Blanks) -> str:
    with house.doing(CLERK, moment) as w:
        row = actions.draft(w, org_id, Wanted(file=file, template_id=terms, blanks=blanks))
        actions.offer(w, row, True)
        return row.id


def _files(house: House, org_id: str) -> list[str]:
    """Numbers of the open files of this shop, of those with an account first."""
    query = select(Consignor).where(Consignor.org_id == org_id, Consignor.state == "open")
    rows = house.session.scalars(query.order_by(Consignor.account_id.is_(None), Consignor.id)).all()
    return [row.number for row in rows]

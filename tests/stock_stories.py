"""A shop's stock in stories: a visit under signed terms, a coat and a laptop taken in, a laptop wiped for its giver.

    visit = begun(doing, chen, shop, file)      # Chen Guiying brings things
    stock = taken(doing, chen, visit)           # a coat at 199 yuan, floor 150
    laptop = taken(doing, chen, visit, **laptop_of())
"""

from collections.abc import Callable
from typing import Any

from core.db import get_locked
from core.goods.cards import get_card
from core.goods.intake import MediumGiven
from market.channels.consignment.goods import opening, pricing, queries, taking
from market.channels.consignment.goods.models import Intake, StockItem
from market.channels.consignment.goods.pricing import Tag
from market.channels.consignment.goods.rules import Given
from market.shops.models import ShopPoint
from privacy.wipes import actions as wiping
from privacy.wipes import rules as wiping_rules
from privacy.wipes.models import WipeJob
from tests import agreement_stories as agreeing
from tests import stories

Doing = Callable[..., Any]


def under_terms(doing: Doing, mu: Any, chen: Any, shop: str, file: str = "C-0001", **terms: Any) -> str:
    """The shop's terms in use and an agreement that both signed. Returns the agreement's id."""
    template = agreeing.in_use(doing, mu, shop, **terms)
    return agreeing.signed(doing, chen, agreeing.offered(doing, chen, shop, template, file))


def point_of(session: Any, shop: str) -> str:
    session.rollback()
    return str(session.query(ShopPoint.id).filter_by(org_id=shop, state="open").first()[0])


def begun(doing: Doing, clerk: Any, shop: str, file_id: str = "", **also: Any) -> str:
    """A visit of that file's person, or a delivery of the shop's own. Returns its id."""
    with doing(clerk) as w:
        told = {"source": "" if file_id else "仓库", **also}
        return opening.begin(w, shop, opening.Wanted(point_id=point_of(w.session, shop), consignor_id=file_id, **told)).id


def a_coat(**also: Any) -> Given:
    told: dict[str, Any] = {
        "card": get_card("clothing"), "title": "波司登羽绒服", "condition": "light_use", "wanted": 19_900, "reserve": 15_000,
        "came_by": "bought", "attributes": {"brand": "波司登", "kind": "coat"}, **also,
    }  # fmt: skip
    return Given(**told)


def laptop_of(nth: int = 0) -> dict[str, Any]:
    disk = stories.disks()[nth]
    return {
        "card": get_card("laptop"), "title": f"ThinkPad X1 {nth}", "wanted": 300_000, "reserve": 250_000,
        "attributes": {"brand": "Lenovo", "model": "X1"}, "identifiers": {"serial": [f"PF2XK9A{nth + 7}"]},
        "media": (MediumGiven(kind=disk.kind, serial=disk.serial),),
    }  # fmt: skip


def taken(doing: Doing, clerk: Any, intake_id: str, **also: Any) -> str:
    """Returns the stock row's id."""
    with doing(clerk) as w:
        return taking.take(w, queries.get_intake(w.session, intake_id), a_coat(**also)).id


def priced(doing: Doing, clerk: Any, stock_id: str, price: int, **also: Any) -> None:
    with doing(clerk) as w:
        pricing.price(w, queries.get_stock(w.session, stock_id), Tag(price, **also))


def closed(doing: Doing, clerk: Any, intake_id: str) -> None:
    with doing(clerk) as w:
        opening.close(w, get_locked(w.session, Intake, intake_id))


def wiped(app: Any, doing: Doing, stock: StockItem, giver: Any, clerk: Any, operator: Any, verifier: Any, nth: int = 0) -> str:
    """The shop's bench wipes a laptop of its stock after its giver agreed; a second person accepts. Returns the certificate's
    number."""
    disk, item_id, shop = stories.disks()[nth], stock.item_id, stock.org_id
    with doing(clerk) as w:
        job_id = wiping.open_job(w, item_id, org_id=shop).id
    with doing(giver) as w:
        wiping.consent(w, w.session.get_one(WipeJob, job_id), origin="private", ticks=dict.fromkeys(wiping_rules.TICKS, True))
    with doing(operator) as w:
        job = w.session.get_one(WipeJob, job_id)
        wiping.start(w, job, shop)
        stories.counting.count(w, job, 1)
        stories.locks.read_before(w, job, stories.locks_off(w, job))
    for raw in filter(None, (disk.kind_file, disk.log)):
        with doing(operator) as w:
            stories.attach(w, stories.bench(app), w.session.get_one(WipeJob, job_id), raw)
    number = stories.verified(app, doing, job_id, verifier)
    stories.drawn(app, doing)
    return number


def row(session: Any, stock_id: str) -> StockItem:
    """As it stands in the database now."""
    session.rollback()
    return session.get_one(StockItem, stock_id)  # type: ignore[no-any-return]

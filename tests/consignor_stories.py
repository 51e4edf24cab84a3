"""A shop with a clerk and a manager, and people who bring things: what stories about consignors begin with.

    file_id = opened(doing, chen, shop, PAPERS["grandma"], contact="13900001234")
"""

from collections.abc import Callable
from typing import Any

from core import clock, ids, secrets
from core.people.models import Contact, Organisation
from core.people.rules import read_address
from core.work import Actor, Work, work
from market.channels.consignment import actions, rules
from market.channels.consignment.actions import Choices, Shown
from market.channels.consignment.models import Consignor
from market.shops.models import ShopPoint

Doing = Callable[..., Any]

CARD = "6222020000000000000"  # made up; Luhn takes it


def checked(body: str) -> str:
    """17 digits with their check character (GB 11643), reckoned by hand: weights 2^i modulo 11, from the right."""
    total = sum(int(sign) * (2 ** (17 - place) % 11) for place, sign in enumerate(body))
    return body + "10X98765432"[total % 11]


def shown(number: str = "", kind: str = "resident_id", **also: Any) -> Shown:
    told: dict[str, Any] = {
        "name": "林奶奶", "paper": rules.read_paper(kind, number or checked("33010619520304752")), "contact": read_address("13900001234"),
        "address": "翠苑一区 20 幢 301", "choices": Choices(),
    }  # fmt: skip
    return Shown(**{**told, **also})


def opened(doing: Doing, clerk: Any, org_id: str, **also: Any) -> str:
    """A file of Grandma Lin's, unless told otherwise. Returns its id."""
    with doing(clerk) as w:
        return str(actions.open_file(w, org_id, shown(**also))[0].id)


def takes_goods(session: Any, org_id: str, person: Any) -> None:
    """The shop shows a licence and has an open point, or no file is opened there."""
    with work(session, Actor("system:test"), clock.now()) as w:
        open_shop(w, org_id, person)


def open_shop(w: Work, org_id: str, person: Any) -> None:
    w.session.get_one(Organisation, org_id).licence_no = "91330106MA2GH71X0J"
    if not w.session.query(ShopPoint).filter_by(org_id=org_id).count():
        w.session.add(ShopPoint(
            id=ids.new_id(), org_id=org_id, kind="consignment", name="总店", site="market", district="330106", hours={},
            address="天目山路 217 号", closed=[], made_at=w.now, changed_by=person.id, changed_at=w.now,
        ))  # fmt: skip


def row(session: Any, file_id: str) -> Consignor:
    """As it stands in the database now."""
    session.rollback()
    return session.get_one(Consignor, file_id, populate_existing=True)  # type: ignore[no-any-return]


def address_of(session: Any, person: Any) -> str:
    """The contact of somebody's account, in plain."""
    one = session.query(Contact).filter_by(account_id=person.id).first()
    return secrets.decrypt(one.value, "contact")

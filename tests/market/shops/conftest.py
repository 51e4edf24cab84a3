"""Mu manages the shop in Tianmushan Road, Chen is its clerk, He its cashier; Root and Rui are the platform's staff."""

from datetime import timedelta

import pytest

from core import clock
from core.people.models import Organisation
from market.shops import exemptions, permits, points
from market.shops.points import Told

LICENCE = "91330106MA2GH71X0J"
WEEK = dict.fromkeys(range(5), "9:00-12:00, 13:30-18:00")
PERMIT = "新出发浙零字第00217号"


def told(**changed):
    """A point as an honest manager types it."""
    said = {"kind": "consignment", "name": "总店", "site": "market", "district": "330106", "address": "天目山路 217 号", "hours": WEEK}
    return Told(**{**said, **changed})


def typed(**changed):
    """The same as a form sends it."""
    said = {"kind": "consignment", "name": "总店", "site": "market", "district": "330106", "address": "天目山路 217 号", "day_0": "9:00-12:00"}
    return {**said, **changed}


@pytest.fixture
def anonymous(app):
    """Somebody without an account, who reads Chinese."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["language"] = "zh"
    return client


@pytest.fixture
def manager(people, shop):
    person = people.person("Mu")
    people.give_role(person, "shop_manager", shop)
    return person


@pytest.fixture
def clerk(people, shop):
    person = people.person("Chen")
    people.give_role(person, "shop_clerk", shop)
    return person


@pytest.fixture
def cashier(people, shop):
    person = people.person("He")
    people.give_role(person, "shop_cashier", shop)
    return person


@pytest.fixture
def licensed(doing, shop):
    """The shop has its licence on file."""
    with doing() as w:
        w.session.get_one(Organisation, shop).licence_no = LICENCE
    return shop


@pytest.fixture
def opened(doing, manager, shop):
    """Open a point of the shop; returns its id."""

    def open_(**changed):
        with doing(manager) as w:
            return points.open_point(w, shop, told(**changed)).id

    return open_


@pytest.fixture
def exempted(doing, manager, root, shop):
    """The shop's exemption was accepted; returns its id."""
    with doing(manager) as w:
        made = exemptions.state_ground(w, shop, "sporadic").id
    with doing(root) as w:
        exemptions.decide(w, w.session.get_one(exemptions.ShopExemption, made), True, "属实")
    return made


@pytest.fixture
def permitted(doing, manager, root, shop):
    """The shop holds a confirmed permit to sell books, good for so many days more; returns its id."""

    def permit(days=200):
        until = clock.local(clock.now()).date() + timedelta(days=days)
        with doing(manager) as w:
            made = permits.enter(w, shop, permits.BOOKS, PERMIT, "西湖区新闻出版局", until).id
        with doing(root) as w:
            permits.decide(w, w.session.get_one(permits.TradePermit, made), True, "与登记一致")
        return made

    return permit

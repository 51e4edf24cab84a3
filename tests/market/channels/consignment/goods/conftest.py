"""Mu manages the shop, Chen stands at its counter; Grandma Chen Guiying brings things without an account, Ada with one."""

import pytest

from tests import agreement_stories as agreeing
from tests import stock_stories as story


@pytest.fixture
def mu(people, doing, shop):
    """Manages the shop, which has its licence on file and an open counter."""
    person = people.person("Mu")
    people.give_role(person, "shop_manager", shop)
    agreeing.opened(doing, person, shop)
    return person


@pytest.fixture
def chen(people, shop):
    """Stands at its counter."""
    person = people.person("Chen")
    people.give_role(person, "shop_clerk", shop)
    return person


@pytest.fixture
def ada(people):
    return people.person("Ada")


@pytest.fixture
def file(session, doing, shop, mu, chen):
    """Chen Guiying's file, with an agreement that both have signed."""
    made = agreeing.consignor(session, shop, mu)
    story.under_terms(doing, mu, chen, shop)
    return made


@pytest.fixture
def adas_file(session, doing, shop, mu, chen, ada):
    made = agreeing.consignor(session, shop, mu, number="C-0002", account=ada, name="Ada Liu")
    story.under_terms(doing, mu, chen, shop, "C-0002")
    return made


@pytest.fixture
def visit(doing, chen, shop, file):
    return story.begun(doing, chen, shop, file)


@pytest.fixture
def adas_visit(doing, chen, shop, adas_file):
    return story.begun(doing, chen, shop, adas_file)


@pytest.fixture
def coat_stock(doing, chen, visit):
    return story.taken(doing, chen, visit)

"""Mu manages the shop, Chen stands at its counter, and Chen Guiying brings things to be sold."""

import pytest

from tests import agreement_stories as story


@pytest.fixture
def mu(people, doing, shop):
    """Manages the shop, which has its licence on file and an open counter."""
    person = people.person("Mu")
    people.give_role(person, "shop_manager", shop)
    story.opened(doing, person, shop)
    return person


@pytest.fixture
def chen(people, shop):
    """Stands at its counter."""
    person = people.person("Chen")
    people.give_role(person, "shop_clerk", shop)
    return person


@pytest.fixture
def ada(people):
    """Brings things to the shop, with an account."""
    return people.person("Ada")


@pytest.fixture
def file(session, shop, mu):
    return story.consignor(session, shop, mu)


@pytest.fixture
def adas_file(session, shop, mu, ada):
    return story.consignor(session, shop, mu, number="C-0002", account=ada, name="Ada Liu")


@pytest.fixture
def terms(doing, mu, shop):
    return story.in_use(doing, mu, shop)


@pytest.fixture
def offered(doing, chen, shop, terms, file):
    return story.offered(doing, chen, shop, terms)

"""The shop's point takes bookings; Mu manages it, Chen works at its counter, Fu manages another shop."""

import pytest

from tests import visit_stories as story


@pytest.fixture
def mu(people, shop):
    person = people.person("Mu")
    people.give_role(person, "shop_manager", shop)
    return person


@pytest.fixture
def chen(people, shop):
    person = people.person("Chen")
    people.give_role(person, "shop_clerk", shop)
    return person


@pytest.fixture
def fu(people):
    person = people.person("Fu")
    people.give_role(person, "shop_manager", people.organisation("拱墅数码寄卖店"))
    return person


@pytest.fixture
def point(doing, mu, shop):
    return story.opened(doing, mu, shop)


@pytest.fixture
def visit(doing, alice, point):
    return story.booked(doing, alice, point, story.slot())

"""A shop with its manager and its clerk, another shop's manager, and Grandma Lin who brings a radio."""

import pytest

from tests import consignor_stories as story


@pytest.fixture
def mu(people, shop):
    """Manages the shop."""
    person = people.person("Mu")
    people.give_role(person, "shop_manager", shop)
    return person


@pytest.fixture
def chen(people, shop):
    """Works at its counter."""
    person = people.person("Chen")
    people.give_role(person, "shop_clerk", shop)
    return person


@pytest.fixture
def fu(people):
    """Manages another shop."""
    person = people.person("Fu")
    people.give_role(person, "shop_manager", people.organisation("拱墅数码寄卖店"))
    return person


@pytest.fixture
def file_id(doing, chen, shop):
    return story.opened(doing, chen, shop)

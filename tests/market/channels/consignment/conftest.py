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
def chen(people, session, shop):
    """Works at its counter; the shop takes goods."""
    person = people.person("Chen")
    people.give_role(person, "shop_clerk", shop)
    story.takes_goods(session, shop, person)
    return person


@pytest.fixture
def fu(people, session):
    """Manages another shop."""
    person, elsewhere = people.person("Fu"), people.organisation("拱墅数码寄卖店")
    people.give_role(person, "shop_manager", elsewhere)
    story.takes_goods(session, elsewhere, person)
    return person


@pytest.fixture
def file_id(doing, chen, shop):
    return story.opened(doing, chen, shop)

"""Mu manages the shop, Chen stands at its counter; a delivery of the shop's own stock is being taken in from a file."""

import pytest

from tests import stock_stories as story
from tests.market.channels.consignment.goods.conftest import ada, adas_file, adas_visit, chen, file, mu, visit  # noqa: F401


@pytest.fixture
def delivery(doing, mu, chen, shop):  # noqa: F811  (the same people)
    """Of the shop's own, from its warehouse."""
    return story.begun(doing, chen, shop)

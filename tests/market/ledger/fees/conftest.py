"""The fees as they come with the house, kept in this test's database."""

import pytest

from market.ledger.fees import actions

BUSINESS, PRIVATE = "market-business", "market-private"


@pytest.fixture
def kept(database):
    """The house was prepared."""
    actions.keep_policies(database)
    return database

"""Bob's parcel with Alice's coat: sent, missed, and with a mediator."""

import pytest

from market.aftersales import actions, undelivered
from tests.market.aftersales.missed.steps import case_of, order_of
from tests.market_stories import transferred_and_sent


@pytest.fixture
def sent(doing, coat, alice, bob):
    """Bob paid Alice's coat by bank transfer; it is with the carrier."""
    return transferred_and_sent(doing, coat, alice, bob)


@pytest.fixture
def missed(at, sent, bob):
    with at(6, bob) as w:
        return undelivered.miss(w, order_of(w, sent), "三天没有更新", days=5).id


@pytest.fixture
def mediated(at, alice, bob, missed):
    with at(7, alice) as w:
        undelivered.answer(w, case_of(w, missed), False, "显示已签收")
    with at(8, bob) as w:
        actions.mediate(w, case_of(w, missed), "不是我签的")
    return missed

"""What a business's new listing promises by itself: a warranty where the goods are electronic, none for a book."""

import pytest

from core.goods.cards import get_card
from core.goods.intake import Intake, take_in
from market.listings import actions
from market.listings.actions import Offer


@pytest.mark.parametrize(
    ("category", "kind", "months"),
    [("book", "operator", 0), ("clothing", "consignment", 0), ("laptop", "operator", 3), ("camera", "operator", 3), ("laptop", "idle", 0)],
)
def test_three_months_for_electronics_of_a_business(doing, alice, shop, category, kind, months):
    numbers = {"serial": ["PF2XK9A7"]} if category in ("laptop", "camera") else {}
    with doing(alice) as w:
        item = take_in(w, alice.id, Intake(card=get_card(category), attributes={}, identifiers=numbers))
        row = actions.draft(w, item, alice.id, Offer(title="x", price_minor=10000, district="330106"), seller_kind=kind)
        assert row.warranty_months == months

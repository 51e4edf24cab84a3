"""A gift on two phones: Zhou gives something away and sends it; Bob says where it goes, follows the number, and has it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.journeys.conftest import its_own, running
from tests.journeys.walker import Walker

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HOME = {"name": "王小明", "mobile": "139 1234 8000", "address": "杭州市西湖区文三路 1 号"}
NUMBER = "SF1234567890"


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A market of its own: other journeys of the shared one buy what is given away here."""
    with running(its_own(tmp_path_factory.mktemp("gifts"))) as address:
        yield address


@pytest.mark.parametrize(("language", "width", "words"), [("zh", 360, "围城"), ("en", 1280, "卡坦岛")])
def test_a_gift_is_sent_and_received_and_costs_nothing(open_browser: Callable[..., Any], language: str, width: int, words: str) -> None:
    zhou, bob = (Walker(open_browser(language, width), language).be(name) for name in ("Zhou", "Bob"))
    zhou.page.goto(f"/search?q={words}")
    listing = str(zhou.page.locator("main a[href^='/listings/']").first.get_attribute("href"))
    zhou.go(listing).press("Terms").tick("gift", "by_parcel").press("Save")
    # reserved and ordered, by parcel, without a word about paying
    bob.go(listing).sees("Free").press("Reserve it")
    for box in bob.page.locator("main form input[type=checkbox]").all():
        bob.check(box)
    assert not bob.page.locator("[name=payment]").count(), "nothing is paid, so nobody asks how"
    bob.choose(fulfilment="parcel")
    order = bob.path.removesuffix("/confirm")
    bob.press("Order: take it as a gift").sees("The contract stands since").sees("It isn't said yet where it goes.")
    zhou.go(order).sees("Who gets it still has to say where it goes.")
    assert not zhou.offers("Pack and send it"), "first the address"
    # the address is for this order, and whole only for who packs it
    bob.go(order).press("Say where it goes").sees("For this order only. Only who sends it sees it, of a swap once both halves are "
                                                  "ordered; it is erased a month after the order has closed.")  # fmt: skip
    bob.fill(**HOME).press("Send it there").sees("Change the address")
    zhou.go(order)
    assert HOME["address"] not in zhou.page.content() and "139****8000" in zhou.page.content()
    zhou.press("Pack and send it").sees("That you opened it is on record. Don't keep it elsewhere.")
    assert HOME["address"] in zhou.page.content()
    zhou.choose(carrier="sf").fill(tracking="?").press("It was given to the carrier")
    zhou.sees("Copy the tracking number from the receipt: 8 to 30 letters and digits.")
    zhou.fill(tracking="sf 1234 567890").press("It was given to the carrier")
    assert NUMBER in zhou.page.locator("#parcel").inner_text() and not zhou.offers("I have it and it is all right")
    # it comes
    bob.go(order)
    assert NUMBER in bob.page.locator("#parcel").inner_text()
    bob.sees("Open it and look at it. Confirm only when it is what was told.").press("I have it and it is all right")
    assert not bob.offers("I have it and it is all right")
    for one in (bob, zhou):
        one.go(order)
        assert not re.search(r"[¥￥]\s*[1-9]", one.page.locator("main").inner_text()), "a gift has no price on any page of it"
    assert bob.page.goto(f"{order}/ship").status == 403, "the address is its giver's to see, and only while it is to be sent"

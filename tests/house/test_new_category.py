"""Adding a category is adding a file: a made-up one walks to sold, with a wipe on the way where it holds data."""

from pathlib import Path

import pytest

from core.goods.cards import get_card
from core.goods.intake import Intake, MediumGiven, take_in
from core.goods.register import keep_categories
from tests import stories
from tests.market_stories import checked, listed, ordered, sold, state_of

KITE = """
code = "kite"
names = { zh = "风筝", en = "Kite" }
icon = "box"
sort = 500
data_bearing = false
device_class = "none"
wipe_route = "none"
new_needs_proof = false
steps = ["intake", "check", "list"]
grading_standard = ""
restricted_hints = []

[[photos]]
code = "front"
prompt = { zh = "正面", en = "Front" }
required = true

[[attributes]]
code = "span"
name = { zh = "翼展", en = "Wing span" }
kind = "number"
unit = { zh = "厘米", en = "cm" }
least = 1
most = 900
required = true

[[disclosures]]
code = "repaired"
question = { zh = "是否修补过？", en = "Has it been mended?" }
"""
BLACK_BOX = (
    KITE.replace('"kite"', '"black_box"').replace("风筝", "行车记录仪主机").replace('"Kite"', '"Black box"')
    .replace("sort = 500", "sort = 501").replace("data_bearing = false", "data_bearing = true")
    .replace('device_class = "none"', 'device_class = "consumer_electronics"').replace('wipe_route = "none"', 'wipe_route = "tool_log"')
    .replace('["intake", "check", "list"]', '["intake", "check", "wipe", "verify", "list"]')
    + '\n[media]\nkinds = ["hdd", "ssd", "unknown"]\nleast = 1\nmost = 1\nprompt = { zh = "里面有几块存储？", en = "Storage inside?" }\n'
)  # fmt: skip


@pytest.fixture
def cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database) -> None:
    folder = tmp_path / "cards"
    folder.mkdir()
    (folder / "kite.toml").write_text(KITE, encoding="utf-8")
    (folder / "black_box.toml").write_text(BLACK_BOX, encoding="utf-8")
    monkeypatch.setenv("XUNSHI_CARDS", str(folder))
    keep_categories(database)


def test_a_kite_is_offered_listed_found_and_sold(cards, app, session, doing, alice, bob, anonymous, run_jobs):
    page = alice.client(language="en").get("/sell").get_data(as_text=True)
    assert "Kite" in page
    assert "风筝" in alice.client(language="zh").get("/sell").get_data(as_text=True)
    with doing(alice) as w:
        item_id = take_in(w, alice.id, Intake(card=get_card("kite"), attributes={"span": "180"})).id
    listing_id = listed(doing, item_id, alice, title="沙燕风筝", price=6000)
    run_jobs()
    assert "沙燕风筝" in anonymous.get("/search?q=风筝").get_data(as_text=True).replace("<mark>", "").replace("</mark>", "")
    order_id = ordered(doing, listing_id, bob)
    assert checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    assert state_of(session, listing_id) == "sold"


def test_a_made_up_device_goes_by_the_wipe(cards, app, session, doing, alice, bob, wang, zhao, shop):
    disk = [stories.disks()[2]]
    with doing(alice) as w:
        media = [MediumGiven(kind="hdd", serial=disk[0].serial)]
        item_id = take_in(w, alice.id, Intake(card=get_card("black_box"), attributes={"span": "20"}, media=media)).id
    with pytest.raises(AssertionError):
        listed(doing, item_id, alice, title="黑匣子")  # no permit yet
    stories.clear(app, doing, item_id, alice, wang, zhao, shop, disk)
    stories.drawn(app, doing)
    listing_id = listed(doing, item_id, alice, title="黑匣子")
    order_id = ordered(doing, listing_id, bob)
    assert checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    assert state_of(session, listing_id) == "sold"

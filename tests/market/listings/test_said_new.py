"""Who says 全新 shows why: it waits for a reviewer with a private proof, and goes on sale without the word at once."""

import pytest

from core.goods.cards import get_card
from market.listings.models import Listing
from market.listings.private_proof import find_proofs
from market.listings.restricted_rules import check
from tests.house.test_new_category import KITE
from tests.market.listings.conftest import OFFER, photo, told, upload


def state(session, listing_id):
    session.rollback()
    found = session.get_one(Listing, listing_id)
    return found.state, found.review


@pytest.fixture
def rui(people):
    person = people.person("Rui")
    people.give_role(person, "reviewer", people.organisation("循市", "platform"))
    return person


@pytest.mark.parametrize(("said", "waits"), [
    ({"title": "全新 未拆 羽绒服"}, True), ({"title": "羽绒服", "description": "全新未拆，吊牌还在"}, True), ({"title": "Brand new down coat"}, True),
    ({"title": "羽绒服 几乎全新"}, False), ({"title": "羽绒服 九成新", "description": "换了全新拉链头，洗过一次"}, False),
])  # fmt: skip
def test_new_needs_a_proof_and_its_twin_is_on_sale_at_once(session, selling, alice, anonymous, said, waits):
    listing_id = selling(alice).sells("clothing", told("clothing"), **said)
    assert state(session, listing_id) == (("draft", "asked") if waits else ("published", ""))
    assert (anonymous.get(f"/listings/{listing_id}").status_code == 404) == waits
    page = alice.client().get(f"/listings/{listing_id}/edit").text
    assert ("Proof of purchase" in page) == waits


def test_the_proof_is_looked_at_and_then_it_goes_on_sale(session, selling, alice, rui):
    listing_id = selling(alice).sells("clothing", told("clothing"), title="全新 未拆 羽绒服")
    data = {"proofs": upload(photo())}
    assert alice.client().post(f"/listings/{listing_id}/proofs", data=data, content_type="multipart/form-data").status_code == 303
    assert len(find_proofs(session, listing_id)) == 1
    assert "believed with proof" in rui.client().get(f"/reports/listings/{listing_id}").text
    rui.client().post(f"/reports/listings/{listing_id}", data={"decision": "grant", "reason": "看过了"})
    assert alice.client().post(f"/listings/{listing_id}/publish").status_code == 303
    assert state(session, listing_id) == ("published", "granted")


def test_new_slipped_in_afterwards_comes_off_sale(session, selling, alice):
    listing_id = selling(alice).sells("clothing", told("clothing"))
    assert alice.client().post(f"/listings/{listing_id}/edit", data={**OFFER, "title": "大衣 全新未拆"}).status_code == 303
    assert state(session, listing_id)[0] == "paused"


def test_the_card_decides_whether_new_needs_a_proof(tmp_path, monkeypatch):
    (tmp_path / "kite.toml").write_text(KITE, encoding="utf-8")
    monkeypatch.setenv("XUNSHI_CARDS", str(tmp_path))
    assert not get_card("kite").new_needs_proof and check("全新风筝", "", "kite") == []
    (tmp_path / "swan.toml").write_text(KITE.replace('"kite"', '"swan"').replace("new_needs_proof = false", "new_needs_proof = true"), encoding="utf-8")
    monkeypatch.setenv("XUNSHI_CARDS", f"{tmp_path}/../{tmp_path.name}")
    assert [hit.code for hit in check("全新风筝", "", "swan")] == ["said_new"]

"""Words in a listing that lead away: its seller is asked once, at the field, and nothing is held back."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from market.listings.models import Listing
from market.oversight.models import Flag
from tests import stories
from tests.market.listings.conftest import errors, photo, told, upload
from tests.market_stories import listed_coat

PHONE, ASIDE = "有意打我 138 1234 5678", "线下付给我便宜五十"
PLAIN = "ISBN 9787111547426，175/92A，38码，120×60×75 cm，2023-10-12 购入，原价 ¥1,399.00，SN PF2ZZ801，型号 13812345678，单号 SF1381234567890"
EDIT = {"title": "优衣库大衣 M", "price": "199", "district": "330106", "description": "洗过一次", "condition": "light_use"}


def flags(session):
    session.rollback()
    return session.scalars(select(Flag).order_by(Flag.id)).all()


def found(flag):
    return [tuple(one) for one in flag.facts["found"]]


def coats(session):
    session.rollback()
    return session.scalars(select(Listing)).all()


# --- the seller is asked at the field ------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "what", "send"), [
    ("en", "“138 1234 5678” is a mobile number", "Send it all the same"), ("zh", "“138 1234 5678”是手机号", "仍要发送"),
])  # fmt: skip
def test_the_last_screen_asks_once_at_the_field_and_holds_nothing_back(session, selling, alice, language, what, send):
    seller = selling(alice, language=language)
    draft = seller.draft()
    assert seller.details(draft, told("clothing")).status_code == 303
    page = seller.finish(draft, description=PHONE)
    assert page.status_code == 422 and [what in one for one in errors(page)] == [True] and coats(session) == []
    for words in ('id="description-error"', send, 'name="sure" value="yes"', f">\r\n{PHONE}</textarea>"):
        assert words in page.text, words
    answer = seller.finish(draft, description=PHONE, sure="yes")
    assert answer.status_code == 303 and coats(session)[0].state == "published"
    (flag,) = flags(session)
    assert (flag.kind, flag.about_id, flag.listing_id) == ("away", alice.id, coats(session)[0].id)
    assert found(flag) == [("description", "mobile", "138 1234 5678")]


def test_its_twin_with_the_words_taken_out_goes_at_once_and_is_no_flag(session, selling, alice):
    seller = selling(alice)
    draft = seller.draft()
    seller.details(draft, told("clothing"))
    assert seller.finish(draft, title="加我微信 lijie2020").status_code == 422
    assert seller.finish(draft, description=PLAIN).status_code == 303
    assert coats(session)[0].description == PLAIN and flags(session) == []


def test_both_fields_are_told_each_by_itself(selling, alice):
    seller = selling(alice)
    draft = seller.draft()
    seller.details(draft, told("clothing"))
    page = seller.finish(draft, title="大衣 加我微信 lijie2020", description=ASIDE)
    assert 'id="title-error"' in page.text and 'id="description-error"' in page.text
    assert "no record, no case and no refund" in errors(page)[1] and "an account of another service" in errors(page)[0]


def test_what_is_wrong_otherwise_is_said_first(session, selling, alice):
    seller = selling(alice)
    draft = seller.draft()
    seller.details(draft, told("clothing"))
    page = seller.finish(draft, description=PHONE, price="much", sure="yes")
    assert page.status_code == 422 and "sure" not in page.text and coats(session) == []


@pytest.mark.parametrize("field", ["d_known_faults", "a_brand"])
def test_what_is_told_of_the_thing_is_asked_about_too(session, selling, alice, field):
    seller = selling(alice)
    draft = seller.draft()
    said = told("clothing", **{field: "袖口磨损，加我微信 lijie2020"})
    page = seller.details(draft, said)
    assert page.status_code == 422 and f'id="{field}-error"' in page.text and 'name="sure"' in page.text
    assert seller.details(draft, {**said, "sure": "yes"}).status_code == 303
    assert seller.finish(draft).status_code == 303
    (flag,) = flags(session)
    assert found(flag) == [(field, "account", "加我微信 lijie2020")]


def test_its_twin_a_plain_defect_goes_on(session, selling, alice):
    seller = selling(alice)
    draft = seller.draft()
    assert seller.details(draft, told("clothing", d_known_faults="左袖 3 cm 破洞，2021-05-04 补过")).status_code == 303
    assert seller.finish(draft).status_code == 303 and flags(session) == []


def test_a_thing_sold_again_is_asked_about_too(session, doing, alice):
    path, client = f"/items/{stories.coat(doing, alice)}/sell", alice.client()
    page = client.post(path, data={**EDIT, "title": ASIDE, "photos": upload(photo())}, content_type="multipart/form-data")
    assert page.status_code == 422 and 'name="sure"' in page.text and coats(session) == []
    assert client.post(path, data={**EDIT, "title": ASIDE, "sure": "yes"}).status_code == 303, "the photo is kept already"
    assert len(flags(session)) == 1


def test_the_houses_own_address_leads_nowhere(session, app, doing, alice):
    app.extensions["xunshi"] = replace(app.extensions["xunshi"], base_url="https://xunshi.example")
    path, client = f"/listings/{listed_coat(doing, alice)}/edit", alice.client()
    here = f"我的其他东西 https://xunshi.example/sellers/{alice.id}"
    assert client.post(path, data={**EDIT, "description": here}).status_code == 303 and flags(session) == []
    assert client.post(path, data={**EDIT, "description": "https://evil.example/x"}).status_code == 422


# --- editing -------------------------------------------------------------------------------------------------------


def test_editing_asks_too_and_the_same_words_are_not_asked_about_again(session, doing, alice):
    client, path = alice.client(), f"/listings/{listed_coat(doing, alice)}/edit"
    page = client.post(path, data={**EDIT, "description": PHONE})
    assert page.status_code == 422 and 'name="sure"' in page.text and coats(session)[0].description == "自提，无瑕疵"
    assert client.post(path, data={**EDIT, "description": PHONE, "sure": "yes"}).status_code == 303
    assert client.post(path, data={**EDIT, "description": PHONE, "price": "188"}).status_code == 303
    assert len(flags(session)) == 1 and coats(session)[0].price_minor == 18800

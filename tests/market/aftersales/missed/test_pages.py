"""A missed parcel on the phone: its buyer, its seller, a mediator, and what is told of it afterwards."""

import hashlib
import io
import json
import zipfile

import pytest
from sqlalchemy import select

from core import clock
from core.errors import Refused
from market.aftersales import actions, undelivered
from market.orders import parcel
from market.payments.models import Refund
from tests.market.aftersales.missed.steps import DAY, case_of, end_of, order_of
from tests.stories import picture


def test_on_the_phone_from_the_order_to_the_refund(session, sent, alice, bob, charlie):
    buyer, seller = bob.client(language="zh"), alice.client(language="zh")
    early = buyer.get(f"/orders/{sent}").text
    assert f"/orders/{sent}/missing" not in early and "未收到" in early
    assert buyer.get(f"/orders/{sent}/missing").status_code == 200
    assert buyer.post(f"/orders/{sent}/missing", data={"words": "没到"}).status_code == 409
    with clock.stopped_at(clock.now() + 6 * DAY):
        buyer, seller = bob.client(language="zh"), alice.client(language="zh")
        assert f"/orders/{sent}/missing" in buyer.get(f"/orders/{sent}").text
        assert seller.get(f"/orders/{sent}/missing").status_code == 403 and charlie.client().get(f"/orders/{sent}/missing").status_code == 404
        empty = buyer.post(f"/orders/{sent}/missing", data={"words": " "})
        assert empty.status_code == 422 and 'id="words-error"' in empty.text
        data = {"words": "<i>三天没动</i>", "photos": (io.BytesIO(picture()), "a.jpg")}
        path = buyer.post(f"/orders/{sent}/missing", data=data, content_type="multipart/form-data").location
        assert path.startswith("/cases/") and buyer.get(f"/orders/{sent}/case").location == path
        page = seller.get(path).text
        assert "&lt;i&gt;三天没动" in page and "/photos/" in page and f"/orders/{sent}/came-back" in page and "/arrived" not in page
        assert f"{path}/arrived" in buyer.get(path).text and "时钟" in buyer.get(f"/orders/{sent}").text
        assert buyer.get(f"/orders/{sent}/came-back").status_code == 403 and seller.get(f"/orders/{sent}/came-back").status_code == 200
        assert seller.post(f"{path}/refuse", data={"words": ""}).status_code == 422
        assert seller.post(f"{path}/take_back").status_code == 409
        assert seller.post(f"{path}/accept", data={"words": "丢了"}).status_code == 303
        assert "丢失" in buyer.get(path).text and f"/orders/{sent}/found" in seller.get(f"/orders/{sent}").text
        assert buyer.post(f"/orders/{sent}/found").status_code == 403 and seller.post(f"/orders/{sent}/found").status_code == 303
        assert f"/orders/{sent}/found" not in seller.get(f"/orders/{sent}").text


def test_on_the_phone_it_came_back_sent_twice(session, sent, alice):
    seller = alice.client()
    data = {"words": "拒收", "once": "k1"}
    first = seller.post(f"/orders/{sent}/came-back", data=data)
    assert first.status_code == 303 and seller.post(f"/orders/{sent}/came-back", data=data).location == first.location
    assert seller.post(f"/orders/{sent}/came-back", data={"once": "k2"}).location == first.location, "an hour later"
    assert len(session.scalars(select(Refund)).all()) == 1


def test_a_mediator_on_the_phone(session, mediated, mediators, sent):
    mei, path = mediators[0].client(), f"/cases/{mediated}"
    page = mei.get(path).text
    assert 'name="outcome"' in page and 'name="amount"' not in page
    for data in ({"words": "x"}, {"words": "x", "outcome": "gold"}):
        answer = mei.post(f"{path}/decide", data=data)
        assert answer.status_code == 422 and 'id="outcome-error"' in answer.text
    assert mei.post(f"{path}/decide", data={"words": "签收不符", "outcome": "lost"}).status_code == 303
    assert end_of(session, mediated) == ("decided", "lost", 19900)


def test_the_evidence_tells_how_it_was_sent_and_in_whose_hands_it_was(sent, alice, missed):
    archive = zipfile.ZipFile(io.BytesIO(alice.client().get(f"/cases/{missed}/evidence.zip").data))
    told, register = json.loads(archive.read("parcel.json")), json.loads(archive.read("register.json"))
    assert told["carrier"] == "sf" and "*" in told["tracking"] and "SF1234567890" not in archive.read("parcel.json").decode()
    assert register[0]["by"] == "seller" and alice.id not in archive.read("register.json").decode()
    digests = json.loads(archive.read("digests.json"))
    assert hashlib.sha256(archive.read("parcel.json")).hexdigest() == digests["parcel.json"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_refund_explains_itself(session, at, sent, alice, bob, missed, language):
    with at(7, alice) as w:
        undelivered.answer(w, case_of(w, missed), True, "丢了")
    from market.ledger.models import Entry

    session.rollback()
    entry = session.scalars(select(Entry).where(Entry.kind == "refund")).one().id
    session.rollback()
    page = bob.client(language=language).get(f"/money/entries/{entry}").text
    assert ("民法典" if language == "zh" else "Civil Code 604") in page
    assert ("卖家同意按丢失处理" if language == "zh" else "The seller agreed that it is lost.") in page


def test_steps_about_a_parcel_dont_fit_an_ordinary_case(session, doing, at, sent, alice, bob, mediators):
    with doing(bob) as w:
        parcel.confirm_receipt(w, order_of(w, sent))
    with doing(bob) as w:
        order = order_of(w, sent)
        case_id = actions.open_case(w, order, kind="refund", ground="not_as_told", words="破了", amount=100).id
    for who, step in (
        (alice, lambda w, case: undelivered.answer(w, case, True, "丢了")), (bob, undelivered.arrived),
        (mediators[0], lambda w, case: undelivered.decide(w, case, "lost", "x")),
    ):  # fmt: skip
        with pytest.raises(Refused, match="no_parcel"), at(1, who) as w:
            step(w, case_of(w, case_id))
    assert end_of(session, case_id) == ("opened", "", None)


def test_from_the_order_one_comes_to_the_case_while_its_money_is_on_the_way(sent, alice, bob, at, missed):
    with at(7, alice) as w:
        undelivered.answer(w, case_of(w, missed), True, "丢了")
    assert bob.client().get(f"/orders/{sent}/case").location == f"/cases/{missed}"

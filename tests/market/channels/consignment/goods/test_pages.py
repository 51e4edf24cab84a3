"""Chen at the counter, page by page: a visit, one screen a thing, the price, the register, and the giver's own page."""

import io
import re

import pytest

from tests import stock_stories as story
from tests.stories import picture

COAT = {"kind": "clothing", "title": "羽绒服", "a_brand": "波司登", "a_kind": "coat", "a_size": "L", "condition": "light_use", "wanted": "199",
        "reserve": "150", "came_by": "bought", "used": "used", "once": "k-1"}


@pytest.fixture
def desk(chen):
    return chen.client()


def begun(desk, shop, session, **also):
    data = {"kind": "consigned", "file": "C-0001", "point": story.point_of(session, shop), "once": "b-1", **also}
    return desk.post(f"/consignment/{shop}/intake", data=data)


def disclosed(page):
    """Every question of the card that has a "no", answered with it."""
    return {name: "no" for name in re.findall(r'name="(d_[a-z_]+)"', page)}


def test_a_visit_from_the_first_page_to_the_receipt(session, desk, shop, file):
    assert "C-0001" not in desk.get(f"/consignment/{shop}/intake").text
    went = begun(desk, shop, session)
    assert went.status_code == 303
    visit = went.location
    assert "Clothing" in desk.get(visit).text
    page = desk.get(f"{visit}?kind=clothing").text
    assert "How did the giver come by it" in page
    answer = desk.post(visit, data={**COAT, **disclosed(page)})
    assert answer.status_code == 303, re.findall(r"(?s)error-summary.*?</ul>", answer.text)
    assert "羽绒服" in desk.get(visit).text and "RK-" in desk.get(visit).text
    assert desk.get(f"{visit}/receipt.pdf").status_code == 404, "no receipt before the end"
    assert desk.post(f"{visit}/close").status_code == 303
    receipt = desk.get(f"{visit}/receipt.pdf")
    assert receipt.status_code == 200 and receipt.data.startswith(b"%PDF")


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(session, desk, shop, file):
    visit = begun(desk, shop, session).location
    answer = desk.post(visit, data={**COAT, "wanted": "viel", "came_by": "", "title": "羽绒服 L", "photos": (io.BytesIO(picture()), "a.jpg")})
    assert answer.status_code == 422
    assert "羽绒服 L" in answer.text and 'value="viel"' in answer.text
    assert f"{visit}/photos/0.jpg" in answer.text, "the photo is kept"
    assert desk.get(f"{visit}/photos/0.jpg").status_code == 200
    page = desk.get(f"{visit}?kind=clothing").text
    assert "羽绒服 L" in page, "the draft goes on where it was left"


def test_reckoning_tells_what_the_giver_gets_without_taking_in(session, desk, shop, file):
    visit = begun(desk, shop, session).location
    answer = desk.post(visit, data={**COAT, "do": "reckon"})
    assert answer.status_code == 200 and "reckoned" in answer.text
    live = desk.get(f"{visit}/reckon?kind=clothing&wanted=199&reserve=150").get_json()
    assert live["said"] and live["said"] in answer.text
    assert desk.get(f"{visit}/reckon?kind=clothing&wanted=&reserve=").get_json() == {"said": ""}
    assert "RK-" not in desk.get(f"{visit}?kind=").text


def test_a_phone_adds_photos_by_the_code_on_the_screen_and_sees_nothing(session, desk, shop, file, app):
    visit = begun(desk, shop, session).location
    assert desk.get(f"{visit}/phone").status_code == 404
    assert desk.post(visit, data={**COAT, "do": "keep"}).location == f"{visit}/phone"
    shown = desk.post(f"{visit}/phone").text
    link = re.search(r"/photos-for/[\w-]+", shown)[0]
    phone = app.test_client()
    page = phone.get(link)
    assert page.status_code == 200 and "羽绒服" not in page.text and "C-0001" not in page.text
    assert phone.post(link, data={}).status_code == 422
    assert phone.post(link, data={"photos": (io.BytesIO(picture()), "b.jpg")}).status_code == 303
    assert f"{visit}/photos/0.jpg" in desk.get(f"{visit}?kind=clothing").text
    desk.post(f"{visit}/phone")
    assert phone.get(link).status_code == 404, "a new code ends the one before"


def test_price_give_back_and_the_register(session, doing, desk, shop, file, coat_stock, chen):
    page = f"/stock/{coat_stock}"
    assert desk.get(page).status_code == 200
    assert desk.post(f"{page}/price", data={"price": "100", "once": "p1"}).status_code == 409
    assert desk.post(f"{page}/price", data={"price": "199", "once": "p2"}).status_code == 303
    assert "199" in desk.get(page).text
    register = desk.get(f"/consignment/{shop}/register").text
    one = story.row(session, coat_stock)
    assert one.number in register and "C-0001" in register and "陈桂英" not in register
    assert desk.post(f"{page}/back", data={"to": "giver", "once": "g1"}).status_code == 422
    assert desk.post(f"{page}/back", data={"to": "giver", "seen": "y", "once": "g2"}).status_code == 303
    assert story.row(session, coat_stock).state == "returned"
    told = desk.get(f"/consignment/{shop}/register.csv")
    assert told.status_code == 200 and one.number in told.text and told.text.startswith("\ufeff")
    assert "陈桂英" not in told.text and "330106194912010026" not in told.text


def test_the_giver_reads_their_own_and_nobody_elses(session, doing, ada, alice, chen, adas_visit):
    stock_id = story.taken(doing, chen, adas_visit)
    assert ada.client().get(f"/consignments/goods/{stock_id}").status_code == 200
    assert alice.client().get(f"/consignments/goods/{stock_id}").status_code == 403
    file = story.row(session, stock_id).consignor_id
    assert f"/consignments/goods/{stock_id}" in ada.client().get(f"/consignments/{file}").text


def test_nobody_of_another_shop_sees_stock_or_register(people, session, doing, shop, coat_stock, visit, chen):
    fu, elsewhere = people.person("Fu"), people.organisation("拱墅数码寄卖店")
    people.give_role(fu, "shop_manager", elsewhere)
    for path in (f"/consignment/{shop}/intake", f"/consignment/{shop}/stock", f"/consignment/{shop}/register",
                 f"/consignment/{shop}/register.csv", f"/intakes/{visit}", f"/stock/{coat_stock}"):
        assert fu.client().get(path).status_code == 403, path
        assert chen.client().get(path).status_code == 200, path


def test_days_of_the_register_that_make_no_sense_are_told(desk, shop, mu):
    for asked in ("since=gestern", "since=2026-12-02&until=2026-12-01"):
        assert desk.get(f"/consignment/{shop}/register?{asked}").status_code == 422
    assert desk.get(f"/consignment/{shop}/register?since=2026-01-01&until=2026-12-31").status_code == 200

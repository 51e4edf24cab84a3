"""The label of a thing that a shop took in: from the intake to the price tag, and never who brought it."""

import pytest

from core import fonts
from core.goods import life
from tests import stock_stories as story
from tests.harness import pdf_text

pytestmark = pytest.mark.skipif(not fonts.fonts(), reason="no Chinese font on this machine (fonts-wqy-microhei)")
ASKED = {"paper": "roll-80", "first": "1", "copies": "1", "language": "zh", "do": "pdf"}


def words_of(client, item_id, kind):
    answer = client.post("/labels", data={**ASKED, "kind": kind, "items": [item_id]})
    return pdf_text.lines(answer.data) if answer.mimetype == "application/pdf" else answer.status_code


def test_a_laptop_gets_its_label_at_the_counter_and_its_tag_after_the_wipe(app, doing, session, ada, chen, wang, zhao, adas_visit):
    stock = story.row(session, story.taken(doing, chen, adas_visit, **story.laptop_of()))
    item_id, number = stock.item_id, stock.number
    first = words_of(chen.client(), item_id, "life")
    assert {"ThinkPad X1 0", "旧货", "待信息清除", "西湖旧货行", number} <= set(first)
    assert words_of(chen.client(), item_id, "price") == 409
    story.wiped(app, doing, story.row(session, stock.id), ada, chen, wang, zhao)
    assert words_of(chen.client(), item_id, "price") == 409  # cleared, and has no price yet
    story.priced(doing, chen, stock.id, 300_000)
    tag = words_of(chen.client(), item_id, "price")
    assert "3,000.00" in tag[0] and {"ThinkPad X1 0", "旧货", first[0]} <= set(tag)
    last = words_of(chen.client(), item_id, "life")
    assert last[0] == first[0] and "待信息清除" not in last
    everything = "".join([*first, *tag, *last])
    assert "Ada" not in everything and "Liu" not in everything and "C-0002" not in everything


def test_its_passport_says_where_it_stands_and_not_who_brought_it(app, doing, session, ada, chen, visit, adas_visit):
    for giver, opened in (("陈桂英", visit), ("Ada Liu", adas_visit)):
        stock = story.row(session, story.taken(doing, chen, opened, used="remanufactured"))
        story.priced(doing, chen, stock.id, 19_900)
        item_id = story.row(session, stock.id).item_id
        with doing(chen) as w:
            code = life.code_of(w, item_id)
        page = app.test_client().get(f"/i/{code}", headers={"Accept-Language": "zh"}).text
        for said in ("波司登羽绒服", "再制造", "199.00", "西湖旧货行"):
            assert said in page, said
        for kept in (giver, giver[:2], "C-0001", "C-0002", ada.id, "陈", "林奶奶"):
            assert kept not in page.split("<main", 1)[1], kept
        session.rollback()

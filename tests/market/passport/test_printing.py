"""Printing: the shop's desk for what stands there, the owner's page for a thing of one's own; price tags follow the wipe."""

import re

import pypdfium2
import pytest
import zxingcpp

from core import fonts
from core.audit import AuditLine
from core.goods import custody, life
from core.goods.models import Item
from core.label_formats import FORMATS
from market.listings.models import Listing
from tests import market_stories, stories
from tests.harness import pdf_text

pytestmark = pytest.mark.skipif(not fonts.fonts(), reason="no Chinese font on this machine (fonts-wqy-microhei)")
LIFE = {"kind": "life", "paper": "roll-80", "first": "1", "copies": "1", "language": "zh", "do": "pdf"}
TAG = {**LIFE, "kind": "price"}


def kept(doing, item_id, org, place="counter", why="taken_in"):
    with doing() as w:
        custody.move(w, w.session.get_one(Item, item_id), holder_kind="org", holder_id=org, place=place, why=why)
    return item_id


@pytest.fixture
def coat(doing, alice, shop):
    """Alice's coat stands in the shop."""
    return kept(doing, stories.coat(doing, alice), shop)


@pytest.fixture
def laptop(doing, alice, shop):
    """Her laptop too, as it came in: nobody has wiped it."""
    return kept(doing, stories.laptop(doing, alice), shop)


def read(data):
    return {one.text for page in pypdfium2.PdfDocument(data) for one in zxingcpp.read_barcodes(page.render(scale=300 / 72).to_pil())}


def said(answer):
    return re.findall(r'<p class="error".*?<span>(.*?)</span>', answer.text)


def test_the_life_label_is_printed_at_intake_without_a_price(doing, session, wang, laptop):
    answer = wang.client().post("/labels", data={**LIFE, "items": [laptop]})
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    code = life.find_code(session, laptop)
    words = pdf_text.lines(answer.data)
    assert words[:2] == [f"{code[:4]}-{code[4:]}", "Lenovo X1"] and "旧货" in words and "待信息清除" in words and "西湖旧货行" in words
    assert not [one for one in words if "￥" in one or "¥" in one] and "Alice" not in "".join(words)
    found = read(answer.data)
    assert code in found and len(found) == 2 and next(one for one in found if one != code).endswith(f"/i/{code}")
    session.rollback()
    line = session.query(AuditLine).filter_by(word="market:label:printed").one()
    assert (line.subject, line.actor, line.facts) == (laptop, wang.id, {"kind": "life", "paper": "roll-80", "copies": 1})


def test_the_mark_goes_with_the_wipe_and_the_code_stays(app, doing, session, alice, wang, zhao, shop):
    item_id = stories.laptop(doing, alice)
    client = alice.client()
    before = pdf_text.lines(client.post(f"/labels/{item_id}", data=LIFE).data)
    stories.clear(app, doing, item_id, alice, wang, zhao, shop)
    stories.drawn(app, doing)
    after = pdf_text.lines(client.post(f"/labels/{item_id}", data=LIFE).data)
    assert "待信息清除" in before and "待信息清除" not in after and before[0] == after[0]
    english = pdf_text.lines(client.post(f"/labels/{item_id}", data={**LIFE, "language": "en"}).data)
    assert "Used" in english and "旧货" not in english


def test_a_price_tag_comes_after_the_wipe(app, doing, session, alice, wang, zhao, shop):
    item_id = stories.laptop(doing, alice)
    refused = alice.client().post(f"/labels/{item_id}", data=TAG)
    assert refused.status_code == 409 and "Its wiping isn&#39;t verified" in refused.text
    assert life.find_code(session, item_id) is None
    session.rollback()
    stories.clear(app, doing, item_id, alice, wang, zhao, shop)
    stories.drawn(app, doing)
    no_price = alice.client().post(f"/labels/{item_id}", data=TAG)
    assert no_price.status_code == 409 and "It has no price yet" in no_price.text
    market_stories.listed(doing, item_id, alice, title="联想笔记本", price=280000)
    made = alice.client().post(f"/labels/{item_id}", data=TAG)
    assert made.status_code == 200
    words = pdf_text.lines(made.data)
    assert "2,800.00" in words[0] and "联想笔记本" in words and "旧货" in words


def test_a_refused_tag_names_the_things_and_prints_none(doing, session, alice, wang, shop, coat, laptop):
    market_stories.listed(doing, coat, alice, title="羽绒服")
    answer = wang.client().post("/labels", data={**TAG, "items": [coat, laptop]})
    assert answer.status_code == 409 and said(answer) == ["No price tag yet: Lenovo X1. Untick them, or print life labels."]
    other = kept(doing, stories.coat(doing, alice), shop)
    answer = wang.client().post("/labels", data={**TAG, "items": [coat, laptop, other]})
    assert "Lenovo X1, Bosideng" in said(answer)[0]
    assert wang.client().post("/labels", data={**TAG, "items": [coat]}).mimetype == "application/pdf"


def test_the_desk_lists_what_stands_in_the_shop_and_nothing_else(doing, people, alice, wang, coat, laptop):
    elsewhere = kept(doing, stories.coat(doing, alice), people.organisation("武林旧货行"))
    away = kept(doing, kept(doing, stories.coat(doing, alice), wang_shop(wang, people)), wang_shop(wang, people), why="repaired")
    at_home = stories.coat(doing, alice)
    page = wang.client().get("/labels").text
    assert all(f'value="{one}"' in page for one in (coat, laptop))
    assert not [one for one in (elsewhere, away, at_home) if f'value="{one}"' in page]


def wang_shop(wang, people):
    from core.people.models import Membership

    people.session.rollback()
    return people.session.query(Membership.org_id).filter_by(account_id=wang.id, role="shop_clerk").scalar()


@pytest.mark.parametrize("role", ["shop_clerk", "shop_manager", "wipe_operator"])
def test_these_roles_print_in_their_shop(people, shop, coat, role):
    somebody = people.person("Chen")
    people.give_role(somebody, role, shop)
    assert somebody.client().post("/labels", data={**LIFE, "items": [coat]}).mimetype == "application/pdf"


@pytest.mark.parametrize("role", ["shop_cashier", "wipe_verifier", "appraiser"])
def test_others_of_the_shop_dont(people, shop, coat, role):
    somebody = people.person("He")
    people.give_role(somebody, role, shop)
    client = somebody.client()
    assert client.get("/labels").status_code == 403 and client.post("/labels", data={**LIFE, "items": [coat]}).status_code == 403
    assert client.post(f"/labels/{coat}", data=LIFE).status_code == 403


def test_nobody_prints_what_stands_in_another_shop(session, people, coat):
    other = people.person("Qian")
    people.give_role(other, "shop_clerk", people.organisation("武林旧货行"))
    client = other.client()
    assert client.post("/labels", data={**LIFE, "items": [coat]}).status_code == 404
    assert f'value="{coat}"' not in client.get(f"/labels?items={coat}").text
    assert client.get(f"/labels/{coat}").status_code == 403
    assert life.find_code(session, coat) is None


def test_a_stranger_prints_no_label_of_alices_coat_and_she_does(app, alice, bob, coat):
    assert bob.client().post(f"/labels/{coat}", data=LIFE).status_code == 403
    assert app.test_client().get(f"/labels/{coat}").status_code == 303
    assert alice.client().post(f"/labels/{coat}", data=LIFE).mimetype == "application/pdf"
    assert alice.client().get(f"/labels/{coat}").status_code == 200


def test_another_page_sends_its_things_along_and_the_paper_is_remembered(doing, alice, wang, coat, laptop):
    client = wang.client()
    page = client.get(f"/labels?items={laptop},nonsense&kind=price").text
    assert re.search(rf'value="{laptop}" checked', page) and not re.search(rf'value="{coat}" checked', page)
    assert re.search(r'name="kind" value="price" checked', page)
    assert re.search(r'<option selected value="a4-24">', page)
    client.post("/labels", data={**LIFE, "paper": "a4-40", "items": [coat]})
    assert re.search(r'<option selected value="a4-40">', client.get("/labels").text)


def test_a_look_shows_the_labels_and_isnt_noted_as_printed(session, wang, coat):
    answer = wang.client().post("/labels", data={**LIFE, "do": "look", "copies": "3", "items": [coat]})
    assert answer.status_code == 200 and answer.text.count('<svg role="img"') == 1 and "3 labels" in answer.text
    assert "style=" not in answer.text.split("label-pictures")[-1].split("</ul>")[0]
    assert session.query(AuditLine).filter_by(word="market:label:printed").count() == 0


def test_copies_begin_at_the_chosen_place(wang, coat):
    answer = wang.client().post("/labels", data={**LIFE, "paper": "a4-24", "first": "23", "copies": "3", "items": [coat]})
    assert len(pypdfium2.PdfDocument(answer.data)) == 2


@pytest.mark.parametrize(("wrong", "words"), [
    ({"first": "25"}, "places 1 to 24"), ({"copies": "0"}, "1 to 20"), ({"copies": "21"}, "1 to 20"), ({"items": []}, "at least one"),
    ({"paper": "papyrus"}, ""), ({"kind": "poem"}, ""), ({"first": "x"}, ""), ({"language": "la"}, ""),
])  # fmt: skip
def test_what_cant_be_printed_is_told_and_what_was_typed_stays(wang, coat, wrong, words):
    answer = wang.client().post("/labels", data={**LIFE, "paper": "a4-24", "items": [coat], **wrong})
    assert answer.status_code == 422 and words in answer.text and said(answer)
    assert wrong.get("items") == [] or re.search(rf'value="{coat}" checked', answer.text)


def test_a_thing_that_isnt_there(wang, coat):
    assert wang.client().post("/labels", data={**LIFE, "items": [coat, "nothing"]}).status_code == 404
    assert wang.client().get("/labels/nothing").status_code == 404


@pytest.mark.parametrize("paper", FORMATS)
def test_everybody_may_have_the_measuring_page(app, paper):
    answer = app.test_client().get(f"/labels/calibration/{paper}.pdf")
    assert answer.status_code == 200 and len(pypdfium2.PdfDocument(answer.data)) == 1


def test_there_is_no_measuring_page_of_other_papers(app):
    assert app.test_client().get("/labels/calibration/papyrus.pdf").status_code == 404


def test_a_gift_has_no_price_tag(doing, session, alice):
    listing = market_stories.listed_coat(doing, alice)
    with doing() as w:
        row = w.session.get_one(Listing, listing)
        row.price_minor, row.gift, item_id = 0, True, row.item_id
    answer = alice.client().post(f"/labels/{item_id}", data=TAG)
    assert answer.status_code == 409 and "no price yet" in answer.text

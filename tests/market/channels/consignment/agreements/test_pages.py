"""The pages, pressed as people press them: plain forms, bad input told at the field, and nobody sees what isn't theirs."""

import re

import pytest

from core.audit import AuditLine
from core.pdf import font_status
from core.people.models import Organisation
from market.channels.consignment.agreements import queries
from market.channels.consignment.agreements.models import Agreement, TermsTemplate
from market.channels.consignment.agreements.standing import of_consignor, on_shop_page
from tests import agreement_stories as story
from tests.harness.pdf_text import lines

FORM = {
    "title_zh": "寄售协议", "title_en": "Consignment agreement", "authority": "lower", "lower_percent": "30", "lower_after": "20",
    "pay": "commission", "percent": "30", "absorber": "shop", "span_least": "20", "span_most": "40", "days": "60", "days_least": "30",
    "days_most": "90", "grace_days": "14", "steps-0-day": "20", "steps-0-percent": "10", "steps-1-day": "40", "steps-1-percent": "20",
    "ways-0-way": "renew", "ways-0-notice_days": "7", "ways-1-way": "return", "ways-1-notice_days": "7", "ways-2-way": "donate",
    "ways-2-notice_days": "15", "ways-3-way": "deposit", "ways-3-notice_days": "30", "storage_day": "1", "storage_cap": "30",
    "cleaning": "20", "loss": "net", "hold_days": "7", "within_days": "7", "lien": "y", "answers": "y", "costs": "shop", "notice_days": "7",
    "dispute": "court", "place_zh": "寄卖店所在地人民法院", "place_en": "the people's court where the shop is",
}  # fmt: skip


@pytest.fixture
def draft(mu, shop):
    """A first draft, as the button makes it."""
    answer = mu.client().post(f"/consignment/{shop}/templates", data={"once": "k"})
    assert answer.status_code == 303
    return answer.location.removesuffix("/edit")


def test_a_manager_drafts_tries_and_puts_into_use(session, mu, shop, draft, anonymous):
    client = mu.client()
    page = client.get(f"{draft}/edit").text
    assert 'value="30"' in page and "寄售协议（地方惯例）" in page
    assert client.post(f"{draft}/edit", data=FORM | {"percent": "35 %"}).status_code == 303
    page = client.get(draft).text
    assert "35 % of the price" in page and "Civil Code, article 955" in page and "Sold on day 40" in page
    assert "¥400.00 → consignor ¥260.00" in page
    assert "行纪" in client.get(f"{draft}?text=zh").text
    assert "¥0.02" in client.get(f"{draft}?price=0.02").text and "not an amount" in client.get(f"{draft}?price=x").text
    assert "between 0 and the asking price" in client.get(f"{draft}?price=5&reserve=6").text
    assert anonymous.get(f"/shops/{shop}/consignment-terms").text.count("No terms are in use") == 1
    assert client.post(f"{draft}/activate").status_code == 303
    assert "Consignment agreement" in anonymous.get(f"/shops/{shop}/consignment-terms").text
    row = session.query(TermsTemplate).one()
    told = anonymous.get(f"/shops/{shop}/consignment-terms/{row.id}.json").json
    assert told == row.data and told["remuneration"]["policy"]["version"] == 1
    assert client.get(f"{draft}/edit").status_code == 303 and client.post(f"{draft}/edit", data=FORM).status_code == 409


def test_a_new_version_tells_what_changes(mu, shop, terms, anonymous):
    client = mu.client()
    edit = client.post(f"/consignment/{shop}/templates/{terms}/revise").location
    assert client.post(edit, data=FORM | {"title_zh": "寄售协议（地方惯例）", "title_en": "Consignment agreement (local custom)", "days": "75"}).status_code == 303
    page = client.get(edit.removesuffix("/edit")).text
    assert "What changes against version 1" in page and "A thing is on sale for 60 days" in page and "A thing is on sale for 75 days" in page
    assert page.count("changed-before") == 1
    assert client.post(edit.removesuffix("/edit") + "/activate").status_code == 303
    assert anonymous.get(f"/shops/{shop}/consignment-terms/{terms}").status_code == 200, "every version stays readable"
    assert "Earlier versions" in anonymous.get(f"/shops/{shop}/consignment-terms").text


@pytest.mark.parametrize(("sent", "said", "field"), [
    ({"percent": "101", "span_least": "", "span_most": ""}, "more than 100 percent", "percent"), ({"percent": "many"}, "decimal text", "percent"),
    ({"days": "0"}, "1 to 730 days", "days"), ({"days": "x"}, "whole number", "days"), ({"steps-1-percent": "10"}, "takes off more", "steps-1-percent"),
    ({"steps-1-percent": "120"}, "nothing is sold for nothing", "steps-1-percent"), ({"ways-3-notice_days": ""}, "called upon", "ways-3-notice_days"),
    ({"loss": "none"}, "articles 497 and 506", "loss"), ({"storage_cap": ""}, "Storage needs a most", "storage_cap"), ({"cleaning": "a"}, "not an amount", "cleaning"),
    ({"remarks_zh": "最终解释权归本店"}, "would be void", "remarks_zh"), ({"title_zh": ""}, "text of 1 to 60", "title_zh"), ({"authority": "ask"}, "only the consignor", "steps-0-day"),
    ({"pay": "net", "absorber": "seller"}, "only the shop can bear", "absorber"), ({"ways-2-way": "renew"}, "stands there already", "ways-2-way"),
    ({"bands-0-start": "0", "bands-0-percent": "120", "span_least": "", "span_most": ""}, "more than 100 percent", "bands-0-percent"),
    ({"kinds-0-category": "book", "kinds-0-percent": "120"}, "more than 100 percent", "kinds-0-percent"), ({"percent": "50"}, "lies between", "span_least"),
])  # fmt: skip
def test_what_a_manager_mistypes_is_told_at_its_field_and_kept(session, mu, draft, sent, said, field):
    before = session.query(TermsTemplate).one().digest
    answer = mu.client().post(f"{draft}/edit", data=FORM | sent)
    assert answer.status_code == 422 and said in answer.text and f'id="{field}-error"' in answer.text
    session.expire_all()
    assert session.query(TermsTemplate).one().digest == before
    assert mu.client().post(f"{draft}/edit", data=FORM).status_code == 303


@pytest.mark.parametrize("sent", [
    {"pay": "net", "percent": "", "span_least": "", "span_most": ""}, {"bands-0-start": "0", "bands-0-percent": "40", "bands-1-start": "500", "bands-1-percent": "20", "span_least": "", "span_most": ""},
    {"kinds-0-category": "book", "kinds-0-percent": "15"}, {"least": "5", "most": "300"}, {"absorber": "shared", "self_purchase": "y", "dispute": "arbitration"},
])  # fmt: skip
def test_what_was_saved_stands_in_the_form_again(session, mu, draft, sent):
    client = mu.client()
    assert client.post(f"{draft}/edit", data=FORM | sent).status_code == 303
    kept = session.query(TermsTemplate).one().data
    page = client.get(f"{draft}/edit").text
    again = {name: value for name, value in _typed(page).items() if name not in ("csrf_token", "once")}
    assert client.post(f"{draft}/edit", data=again).status_code == 303
    session.expire_all()
    assert session.query(TermsTemplate).one().data == kept


def _typed(page):
    """What a browser would send of the form as it stands."""
    form = page.split('<form class="form" method="post" action=""')[1].split("</form>")[0]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and (not re.search(r'type="(radio|checkbox)"', tag) or " checked" in tag):
            found[name[1]] = value[1].replace("&#39;", "'") if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else ""
    for name, value in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\s*(.*?)</textarea>', form, re.S):
        found[name] = value
    return found


def test_an_agreement_from_the_counter_to_paper(session, chen, shop, terms, file, anonymous):
    client = chen.client()
    assert 'value="C-0001"' in client.get(f"/consignment/{shop}/agreements/new?consignor=C-0001").text
    answer = client.post(f"/consignment/{shop}/agreements/new", data={"once": "k", "file": "C-0001", "template": terms, "days": "45", "percent": "25", "remarks": "皮衣请挂放。"})
    assert answer.status_code == 303
    path = answer.location
    page = client.get(path).text
    assert "25 % of the price" in page and "for 45 days" in page and "皮衣请挂放。" in page and story.NAME not in page and "陈**" in page
    assert client.post(f"{path}/offer", data={}).status_code == 422
    assert client.post(f"{path}/offer", data={"agreed": "y"}).location == f"{path}/sign"
    page = client.get(f"{path}/sign?text=zh").text
    assert story.NAME in page and "clauses-large" in page and "data-signature" in page
    assert client.post(f"{path}/sign?text=zh", data={"once": "s", "name": "X", "agreed": "y"}).status_code == 422
    assert client.post(f"{path}/sign?text=zh", data={"once": "s", "drawn": story.DRAWN}).status_code == 422
    assert client.post(f"{path}/sign?text=zh", data={"once": "s", "drawn": story.DRAWN, "agreed": "y"}).status_code == 303
    page = client.get(path).text
    assert "Signed by both" in page and "by hand on the screen" in page
    row = session.query(Agreement).one()
    assert client.get(f"/consignment/{shop}/agreements?number={row.number}").location == path and row.number in client.get(f"/consignment/{shop}/agreements").text
    looked = [line.facts for line in session.query(AuditLine).filter_by(word="market:consignment_agreement:looked")]
    assert looked == [{"what": "signing"}]
    check = f"/consignment-agreements/check?number={row.number}&digest="
    page = anonymous.get(check + row.digest).text
    assert "This agreement exists" in page and "陈" not in page and "C-0001" not in page
    for wrong in (f"{check}{'0' * 64}", check.replace(row.number, "JS-2026-000099-X") + row.digest, f"{check}", "/consignment-agreements/check?digest=1"):
        answer = anonymous.get(wrong)
        assert answer.status_code == 404 and "No signed agreement has" in answer.text
    assert anonymous.get("/consignment-agreements/check").status_code == 200


@pytest.mark.skipif(not font_status().ok, reason="no Chinese font on this machine")
@pytest.mark.parametrize(("language", "words"), [
    ("zh", ["寄售协议", story.NAME, "行纪", "签名"]), ("en", ["Consignment agreement", story.NAME, "Civil Code, article 951", "Signature of the consignor"]),
])  # fmt: skip
def test_the_paper_for_both(session, doing, chen, shop, offered, language, words):
    story.signed(doing, chen, offered)
    answer = chen.client().get(f"/consignment/{shop}/agreements/{offered}/agreement.pdf?language={language}")
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    text = "\n".join(lines(answer.data))
    row = session.query(Agreement).one()
    assert [word for word in [*words, row.number, row.digest[:20]] if word not in text] == []
    assert session.query(AuditLine).filter_by(word="market:consignment_agreement:looked").count() == 1


def test_at_home(session, doing, chen, shop, terms, adas_file, ada, bob):
    row_id = story.offered(doing, chen, shop, terms, "C-0002")
    client, path = ada.client(), f"/consignment-agreements/{row_id}"
    assert path in client.get("/consignment-agreements").text and path not in bob.client().get("/consignment-agreements").text
    assert "Sign the agreement" in client.get(path).text
    assert client.post(f"{path}/sign", data={"once": "s"}).status_code == 422
    assert client.post(f"{path}/sign", data={"agreed": "y"}).status_code == 422, "without the page's key"
    assert client.post(f"{path}/sign", data={"once": "s", "agreed": "y"}).status_code == 303
    assert "in their account" in client.get(path).text
    assert client.get(f"{path}/agreement.pdf?language=en").status_code == 200
    assert client.post(f"{path}/terminate").status_code == 303 and "Notice given" in client.get(path).text
    for other in (bob, chen):
        assert other.client().get(path).status_code == 403 and other.client().post(f"{path}/sign", data={"agreed": "y"}).status_code == 403


def test_who_may_do_what(people, shop, mu, chen, bob, charlie, terms, offered, anonymous):
    people.give_role(charlie, "shop_manager", people.organisation("城西寄卖店"))
    at = f"/consignment/{shop}"
    for path in (f"{at}/templates", f"{at}/templates/{terms}", f"{at}/agreements", f"{at}/agreements/new", f"{at}/agreements/{offered}", f"{at}/agreements/{offered}/sign"):
        assert [who.client().get(path).status_code for who in (mu, chen, bob, charlie)] == [200, 200, 403, 403], path
        assert anonymous.get(path).status_code == 303
    for path in (f"{at}/templates", f"{at}/templates/{terms}/revise", f"{at}/templates/{terms}/retire"):
        assert [who.client().post(path).status_code for who in (chen, bob, charlie, mu)] == [403, 403, 403, 303], path
    other = people.organisation("城东寄卖店")
    assert mu.client().get(f"/consignment/{other}/templates/{terms}").status_code == 404
    assert chen.client().get(f"/consignment/{other}/agreements/{offered}").status_code == 404
    assert chen.client().get("/consignment/agreements").location == f"{at}/agreements"


@pytest.mark.parametrize(("sent", "field"), [
    ({"file": "C-9"}, "file"), ({"template": "x"}, "template"), ({"days": "500"}, "days"), ({"percent": "41"}, "percent"), ({"remarks": "丢失不赔"}, "remarks"),
])  # fmt: skip
def test_what_a_clerk_mistypes_is_told_and_kept(session, chen, shop, terms, file, sent, field):
    right = {"once": "k", "file": "C-0001", "template": terms, "days": "60", "percent": "30", "remarks": "轻放"}
    answer = chen.client().post(f"/consignment/{shop}/agreements/new", data=right | sent)
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text and "轻放" in answer.text or sent.get("remarks", "") in answer.text
    assert session.query(Agreement).count() == 0
    assert chen.client().post(f"/consignment/{shop}/agreements/new", data=right).status_code == 303


def test_all_wrong_fields_are_named_at_once(mu, draft):
    page = mu.client().post(f"{draft}/edit", data=FORM | {"loss": "none", "storage_cap": "", "steps-1-percent": "10", "remarks_zh": "电话 13800138000"})
    assert page.status_code == 422
    assert [field for field in ("loss", "storage_cap", "steps-1-percent", "remarks_zh") if f'id="{field}-error"' not in page.text] == []
    assert "takes off more" in page.text.split('<form class="form" method="post" action=""')[0], "the summary names the steps, too"


def test_a_second_draft_from_custom_is_numbered(session, mu, shop, draft):
    assert mu.client().post(f"/consignment/{shop}/templates", data={"once": "k2"}).status_code == 303
    assert sorted(one.data["title"]["zh"] for one in session.query(TermsTemplate)) == ["寄售协议（地方惯例）", "寄售协议（地方惯例）（2）"]


def test_declined_at_home(session, doing, chen, shop, terms, adas_file, ada, bob):
    row_id = story.offered(doing, chen, shop, terms, "C-0002")
    path = f"/consignment-agreements/{row_id}"
    assert bob.client().post(f"{path}/decline").status_code == 403 and chen.client().post(f"{path}/decline").status_code == 403
    assert "Decline it" in ada.client().get(path).text and ada.client().post(f"{path}/decline").status_code == 303
    assert queries.get_agreement(session, row_id).state == "withdrawn" and "Decline it" not in ada.client().get(path).text
    assert ada.client().post(f"{path}/decline").status_code == 409


def test_no_shop_without_a_ground_shows_its_terms(session, doing, people, shop, terms, charlie, anonymous):
    assert anonymous.get(f"/shops/{shop}/consignment-terms/{terms}").status_code == 200
    with doing() as w:
        w.session.get_one(Organisation, shop).licence_no = ""
    for path in (f"/shops/{shop}/consignment-terms", f"/shops/{shop}/consignment-terms/{terms}", f"/shops/{shop}/consignment-terms/{terms}.json"):
        assert anonymous.get(path).status_code == 404


def test_withdrawn_and_given_up(session, mu, chen, shop, offered, draft):
    assert chen.client().post(f"/consignment/{shop}/agreements/{offered}/withdraw").status_code == 303
    assert queries.get_agreement(session, offered).state == "withdrawn"
    assert "JS-" in chen.client().get(f"/consignment/{shop}/agreements?show=ended").text
    assert mu.client().post(f"{draft}/withdraw").status_code == 303
    assert chen.client().get(f"/consignment/{shop}/agreements/{offered}/sign").status_code == 303


def test_the_shops_own_page_leads_to_its_terms(doing, people, mu, shop, terms, anonymous, session):
    with anonymous.application.test_request_context():
        assert on_shop_page(session, shop)[1] == f"/shops/{shop}/consignment-terms"
        other = people.organisation("城东寄卖店")
        assert on_shop_page(session, other) is None


def test_a_consignors_file_tells_its_agreements(session, doing, chen, shop, terms, file, offered, anonymous):
    draft = story.written(doing, chen, shop, terms)
    with anonymous.application.test_request_context():
        rows = of_consignor(session, file)
    assert [(row.link.split("/")[-1], bool(row.own), row.open) for row in rows] == [(draft, False, False), (offered, True, False)]
    story.signed(doing, chen, offered)
    with anonymous.application.test_request_context():
        assert [row.open for row in of_consignor(session, file)] == [False, True]

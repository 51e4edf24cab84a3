"""The item passport: everybody may read it, and nobody is named in it."""

import pytest

from appraisal.grades.models import Appraisal
from core.goods import custody, life
from core.goods.models import Item
from core.money import Money
from market.listings.models import Listing
from market.passport import standing
from market.passport.standing import Standing
from tests import market_stories, stories


def coded(doing, item_id):
    with doing() as w:
        return life.code_of(w, item_id)


def item_of(session, listing_id):
    session.rollback()
    return session.get_one(Listing, listing_id).item_id


@pytest.fixture
def channels(monkeypatch):
    """A channel of this test's own, forgotten afterwards."""
    monkeypatch.setattr(standing, "_providers", [])
    return standing.stands


def test_a_coat_on_sale_shows_price_state_and_the_way_to_its_listing(app, doing, session, alice):
    listing = market_stories.listed_coat(doing, alice, price=19900)
    code = coded(doing, item_of(session, listing))
    page = app.test_client().get(f"/i/{code}", headers={"Accept-Language": "en"}).text
    assert "\u00a5199.00" in page.replace("CN\u00a5", "\u00a5") and "On sale" in page and f"/listings/{listing}" in page
    assert "Used" in page and "It can&#39;t hold any data." in page and f"{code[:4]}-{code[4:]}" in page
    chinese = app.test_client().get(f"/i/{code}", headers={"Accept-Language": "zh"}).text
    assert "旧货" in chinese and "在售" in chinese


def test_it_is_found_however_it_is_typed(app, doing, alice):
    code, client = coded(doing, stories.coat(doing, alice)), app.test_client()
    for typed in (code, code.lower(), f"{code[:4]}-{code[4:]}", f"http://localhost/i/{code}"):
        answer = client.get("/i", query_string={"code": typed})
        assert answer.status_code == 302 and answer.location == f"/i/{code}"
    assert client.get(f"/i/{code.lower()}").location == f"/i/{code}"
    assert client.get("/i").status_code == 200


def test_a_mistyped_code_is_told_at_its_field_and_kept(app, doing, alice):
    code, client = coded(doing, stories.coat(doing, alice)), app.test_client()
    slip = code[:-1] + ("A" if code[-1] != "A" else "B")
    headers = {"Accept-Language": "en"}
    typed = client.get("/i", query_string={"code": slip}, headers=headers)
    assert typed.status_code == 422 and "typing mistake" in typed.text and f'value="{slip}"' in typed.text
    opened = client.get(f"/i/{slip}", headers=headers)
    assert opened.status_code == 404 and "typing mistake" in opened.text and 'id="code"' in opened.text
    assert client.get("/i", query_string={"code": ""}).status_code == 422


def test_a_code_that_was_never_given_is_unknown(app):
    from core import ids

    answer = app.test_client().get(f"/i/{ids.new_checked_code()}", headers={"Accept-Language": "en"})
    assert answer.status_code == 404 and "never gave this code" in answer.text and 'name="code"' in answer.text


def test_a_laptop_isnt_called_wiped_before_it_is(app, doing, session, alice, wang, zhao, shop):
    item_id = stories.laptop(doing, alice)
    code = coded(doing, item_id)
    page = alice.client().get(f"/i/{code}").text
    assert "hasn&#39;t been verified yet" in page and "Wiped and verified" not in page and "/certificates/" not in page
    number = stories.clear(app, doing, item_id, alice, wang, zhao, shop)
    stories.drawn(app, doing)
    page = alice.client().get(f"/i/{code}").text
    assert "Wiped and verified" in page and f"/certificates/{number}" in page and "A second person verified the wipe" in page
    with doing() as w:
        custody.raise_epoch(w, w.session.get_one(Item, item_id), "seal_broken")
    assert "hasn&#39;t been verified yet" in alice.client().get(f"/i/{code}").text


def test_a_grade_leads_to_its_report(app, doing, session, alice, li, wang, zhao, shop):
    from tests.appraisal.grades.test_reports import sign

    listing = market_stories.listed_laptop(app, doing, alice, wang, zhao, shop)
    item_id = item_of(session, listing)
    code = coded(doing, item_id)
    assert "No appraiser's report" in alice.client().get(f"/i/{code}").text
    made = session.get_one(Appraisal, sign(li, item_id))
    page = alice.client().get(f"/i/{code}").text
    assert f"/reports/{made.number}" in page and f"<b>{made.grade}</b>" in page


def test_nobody_is_named_at_any_step_of_its_life(app, doing, session, people, wang, zhao, shop):
    """From the registration over wipe, sale and hand-over: no name of a person, no serial number, no address, no account."""
    alice, bob = people.person("Amaryllis"), people.person("Bartholomew")
    listing = market_stories.listed_laptop(app, doing, alice, wang, zhao, shop)
    item_id = item_of(session, listing)
    code = coded(doing, item_id)
    pages = [app.test_client().get(f"/i/{code}", headers={"Accept-Language": language}).text for language in ("en", "zh")]
    order = market_stories.ordered(doing, listing, bob)
    market_stories.checked(doing, order, bob, tail=stories.tail_of(session, item_id))
    market_stories.sold(doing, order, alice)
    pages += [app.test_client().get(f"/i/{code}", headers={"Accept-Language": language}).text for language in ("en", "zh")]
    assert "Sold and handed over" in pages[2] and "Wiped, delivered" in pages[2]
    item = session.get_one(Item, item_id)
    secrets = [alice, bob, wang, zhao]
    forbidden = [one.name for one in secrets] + [one.id for one in secrets] + [number.masked for number in item.identifiers]
    forbidden += [medium.masked for medium in item.media] + [item_id, "PF2XK9A", "@example.com", order]
    for page in pages:
        body = page.split("<main", 1)[1].split("</main>", 1)[0]
        assert [one for one in forbidden if one and one in body and one != item_id] == []
        assert f"/items/{item_id}" not in body and "/labels/" not in body


def test_what_a_channel_says_of_a_thing_comes_first(app, doing, session, alice, channels):
    item_id = stories.coat(doing, alice)
    code = coded(doing, item_id)
    told = Standing(
        org_id="x", org_name="西湖旧货行", state=("On the shelf", "good"), price=Money(9900, "CNY"), before=Money(12900, "CNY"),
        number="RK-2026-000123-K", place="A-03", used="remanufactured", title="羽绒服",
    )  # fmt: skip
    channels(lambda session, one: told if one == item_id else None)
    page = app.test_client().get(f"/i/{code}", headers={"Accept-Language": "en"}).text
    for words in ("羽绒服", "On the shelf", "99.00", "129.00", "Remanufactured", "西湖旧货行"):
        assert words in page, words
    assert "RK-2026-000123-K" not in page and "A-03" not in page
    assert standing.standing_of(session, stories.coat(doing, alice)) is None


def test_a_frozen_thing_is_not_for_sale(app, doing, alice):
    item_id = stories.coat(doing, alice)
    code = coded(doing, item_id)
    with doing() as w:
        w.session.get_one(Item, item_id).state = "frozen"
    page = app.test_client().get(f"/i/{code}", headers={"Accept-Language": "en"}).text
    assert "Under examination" in page and "On sale" not in page


def test_who_owns_it_is_offered_its_label_and_nobody_else(doing, alice, bob):
    item_id = stories.coat(doing, alice)
    code = coded(doing, item_id)
    assert f"/labels/{item_id}" in alice.client().get(f"/i/{code}").text
    assert f"/labels/{item_id}" not in bob.client().get(f"/i/{code}").text
    assert f"/labels/{item_id}" in alice.client().get(f"/items/{item_id}").text
    assert f"/i/{code}" in alice.client().get(f"/items/{item_id}").text

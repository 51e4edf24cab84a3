"""Li looks at Alice's laptop, answers the check-list, signs; the listing carries the grade with its reasons."""

import io
import re
from decimal import Decimal

import pytest
from sqlalchemy import select

from appraisal.grades import rules
from appraisal.grades.models import Appraisal
from appraisal.grades.number_answers import fed_check
from market.listings.models import Listing
from tests import stories
from tests.appraisal_stories import photographed
from tests.appraiser_stories import in_force
from tests.market_stories import listed, listed_laptop, state_of


def best(**changed):
    """The answers of a laptop without a fault."""
    said = {check.code: check.values[0].code if check.kind != "measure" else "99" for check in in_force().checks}
    return said | changed


def ticked(page):
    """Names of the checks of which one answer is chosen on a page."""
    boxes = re.findall(r"<input\b[^>]*>", page)
    return {re.search(r'name="([^"]+)"', box)[1] for box in boxes if re.search(r"\bchecked\b", box)}


def asked_to_tick():
    """Those that a person ticks: measures are typed, and what the numbers say is read."""
    return {check.code for check in in_force().checks if check.kind != "measure"} - {fed_check(in_force()).check}


@pytest.fixture
def laptop(app, doing, alice, wang, zhao, shop):
    """Cleared, and at the shop."""
    return stories.wiped_laptop(app, doing, alice, wang, zhao, shop)


def begun(person, item_id, photos=True):
    """The check-list's address; the photos that a signature needs are there, where they aren't what the story is about."""
    client = person.client()
    answer = client.post(f"/items/{item_id}/appraise")
    assert answer.status_code == 303
    if photos:
        photographed(client, answer.location)
    return answer.location


def row(session, path):
    session.rollback()
    return session.get_one(Appraisal, path.split("/")[-1])


def test_from_the_desk_to_a_listing_with_its_grade(session, doing, laptop, alice, bob, li, anonymous):
    listing_id = listed(doing, laptop, alice, title="联想 X1", price=200000)
    client = li.client()
    assert f"/items/{laptop}/appraise" in client.get("/appraisals").text
    path = begun(li, laptop)
    assert begun(li, laptop) == path, "begun once"
    page = client.get(f"{path}/list").text
    assert "PF2X****" in page and "PF2XK9A7" not in page
    assert client.post(path, data={**best(), "what": "save"}).status_code == 303
    kept = client.get(f"{path}/list").text
    assert ticked(kept) == asked_to_tick() and 'value="99"' in kept
    assert anonymous.get(path).status_code == 404, "a draft is its appraiser's"
    assert "Signed. The owner was told the grade." in client.post(path, data={**best(), "what": "sign"}, follow_redirects=True).text
    made = row(session, path)
    assert made.state == "signed" and made.grade in ("N", "S", "A")
    report = anonymous.get(path).text
    assert "Is the battery swollen or leaking?" in report, "an answer such as “no” says nothing without its question"
    assert "nothing found against it" in report, "N is a grade of new goods: of one axis it only says this"
    assert made.number in report and "Not a statutory valuation" in report and "Alice" not in report
    listing = session.get_one(Listing, listing_id)
    assert (listing.grade, listing.appraisal_id) == (made.grade, made.id)
    assert path in anonymous.get(f"/listings/{listing_id}").text
    assert "grade" in alice.client().get("/inbox").text
    assert made.number in client.get("/appraisals").text


@pytest.mark.parametrize("typed", ["abc", "-1", "9999", "NaN", "Infinity", "1e99", "9" * 13, "٣"])
def test_a_measure_that_is_none_is_said_and_the_rest_stays(session, laptop, li, typed):
    measure = next(check.code for check in in_force().checks if check.kind == "measure")
    path, client = begun(li, laptop), li.client()
    answer = client.post(path, data={**best(**{measure: typed}), "what": "sign"})
    if answer.status_code == 303:
        assert typed == "٣", "a digit is a digit in any script"
        return
    assert answer.status_code == 422 and f'id="{measure}-error"' in answer.text
    assert ticked(answer.text) == asked_to_tick()
    assert row(session, path).state == "draft"


def test_an_answer_the_list_does_not_know_is_refused(session, laptop, li):
    choice = next(check.code for check in in_force().checks if check.kind != "measure")
    path = begun(li, laptop)
    answer = li.client().post(path, data={**best(**{choice: "splendid"}), "what": "sign"})
    assert answer.status_code == 422 and row(session, path).state == "draft"


def test_nothing_tested_is_no_grade(session, laptop, li, anonymous):
    path = begun(li, laptop)
    assert li.client().post(path, data={"what": "sign"}).status_code == 303
    assert row(session, path).grade == "U"
    page = anonymous.get(path).text
    assert "Not tested, and so not counted as good" in page


def test_nobody_appraises_their_own_thing(session, people, doing, li, bob, shop):
    own = stories.laptop(doing, li, serial="PF9LI001", disks=[])
    assert li.client().post(f"/items/{own}/appraise").status_code == 403
    others = stories.laptop(doing, bob, serial="PF9LI002", disks=[])
    for person in (bob, people.person("Dora")):
        assert person.client().post(f"/items/{others}/appraise").status_code == 403
        assert person.client().get("/appraisals").status_code == 403
    assert session.scalars(select(Appraisal)).first() is None


def test_a_colleague_neither_begins_it_again_nor_signs_it(people, session, laptop, li, shop):
    path = begun(li, laptop)
    mei = people.person("Mei")
    people.give_role(mei, "appraiser", shop)
    assert mei.client().post(f"/items/{laptop}/appraise").status_code == 409
    assert mei.client().get(path).status_code == 404
    assert mei.client().post(path, data={**best(), "what": "sign"}).status_code in (403, 404)
    assert li.client().post(f"{path}/drop").status_code == 303 and row(session, path).state == "dropped"
    assert li.client().get(path).location == "/appraisals", "what was given up has no report"
    assert mei.client().post(f"/items/{laptop}/appraise").status_code == 303


def test_a_signed_report_keeps_its_words_and_a_later_one_takes_its_place(session, laptop, li, anonymous):
    path, client = begun(li, laptop), li.client()
    client.post(path, data={**best(), "what": "sign"})
    first = row(session, path).grade
    assert client.post(path, data={"what": "sign"}).status_code == 409
    assert row(session, path).grade == first
    again = begun(li, laptop)
    assert again != path
    client.post(again, data={"what": "sign"})
    assert row(session, path).state == "superseded" and row(session, again).grade == "U"
    assert "Superseded" in anonymous.get(path).text


def refusing():
    """Answers of which one closes the gate: the thing must not be sold."""
    for check in in_force().checks:
        for value in check.values:
            said = best(**{check.code: value.code})
            typed = {c.code: Decimal(said[c.code]) if c.kind == "measure" else said[c.code] for c in in_force().checks}
            if rules.grade(in_force(), typed).grade == in_force().refused.code:
                return said
    raise AssertionError("the standard refuses nothing")


def test_a_refused_thing_comes_off_the_shelf_and_stays_off(session, app, doing, alice, wang, zhao, shop, li, anonymous, run_jobs):
    listing_id = listed_laptop(app, doing, alice, wang, zhao, shop)
    item_id = session.get_one(Listing, listing_id).item_id
    path = begun(li, item_id)
    li.client().post(path, data={**refusing(), "what": "sign"})
    assert row(session, path).grade == in_force().refused.code and state_of(session, listing_id) == "withdrawn"
    assert anonymous.get(path).status_code == 200
    shots = [(io.BytesIO(stories.picture()), f"{n}.jpg") for n in range(4)]
    told = {"title": "X1", "price": "99", "district": "330106", "condition": "light_use", "photos": shots}
    answer = alice.client().post(f"/items/{item_id}/sell", data=told)
    assert answer.status_code == 409 and "must not be sold" in answer.text
    desk = li.client().get("/appraisals")
    assert desk.status_code == 200 and in_force().refused.code not in desk.text.split("<main")[1].split("</main")[0].split()


def test_the_standard_is_open_to_everybody(anonymous, li):
    for language in ("zh", "en"):
        page = li.client(language=language).get(f"/standards/xunshi-laptop/{in_force().version}")
        assert page.status_code == 200 and in_force().digest in page.text
    assert anonymous.get("/standards/xunshi-laptop/99").status_code == 404
    assert "参考" in li.client(language="zh").get("/standards/tradex/1").text
    slot = li.client(language="zh").get("/standards/gbt-45656-2025/1")
    assert slot.status_code == 200 and "未取得分级表" in slot.text and "符合" not in slot.text.split("<main")[1].split("</main")[0]
    assert "<table" not in slot.text, "nothing is known of its grades"
    assert anonymous.get("/standards/../1").status_code in (404, 308)

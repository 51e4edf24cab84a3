"""The check-list on a phone: area by area, what each check needs, and the report of things of every kind."""

import re

import pytest

from appraisal.grades.models import Appraisal
from appraisal.standards.loader import get_standard
from core.goods.cards import all_cards, get_card
from core.goods.intake import Intake, take_in
from market.listings.models import Listing
from tests.appraisal_stories import photographed
from tests.market_stories import listed_coat

GRADED = [card for card in all_cards(environ={}) if card.grading_standard]


def taken_in(session, doing, owner, card):
    """A thing of that category in the register."""
    with doing(owner) as w:
        told = {}
        if card.smart:
            told["smart"] = "no"
        return take_in(w, owner.id, Intake(card=card, attributes={"brand": "Acme"}, **told)).id


@pytest.fixture
def book(session, doing, alice, li, shop):
    return taken_in(session, doing, alice, get_card("book"))


def begun(person, item_id):
    client = person.client()
    answer = client.post(f"/items/{item_id}/appraise")
    assert answer.status_code == 303, answer.text
    photographed(client, answer.location)
    return answer.location


def best(standard):
    return {check.code: check.values[0].code if check.values else "99" for check in standard.checks}


def open_areas(page):
    return re.findall(r'<details class="check-area" id="area-(\w+)" open>', page)


def test_one_area_is_open_at_a_time_and_the_next_follows(session, li, book):
    path, client, standard = begun(li, book), li.client(), get_standard("xunshi-book")
    page = client.get(f"{path}/list").text
    assert open_areas(page) == ["identity"] and f"0 of {len(standard.checks)} answered" in page
    assert page.count('class="check-area"') == len(standard.areas)
    first = {check.code: check.values[0].code for check in standard.checks_of("identity")}
    client.post(path, data={**first, "what": "save"})
    page = client.get(f"{path}/list").text
    assert open_areas(page) == ["text"] and "3 of 12 answered" in page
    client.post(path, data={**best(standard), "what": "save"})
    assert open_areas(client.get(f"{path}/list").text) == []


def test_nothing_that_went_wrong_is_folded_away(session, li, book):
    path, client, standard = begun(li, book), li.client(), get_standard("xunshi-book")
    answer = client.post(path, data={**best(standard), "spine": "splendid", "what": "sign"})
    assert answer.status_code == 422 and open_areas(answer.text) == ["cover"]


@pytest.mark.parametrize(("language", "view", "must"), [("zh", "拍照：版权页", "必检"), ("en", "Photo: The imprint page", "Must be done")])
def test_a_check_says_what_it_needs(session, li, book, language, view, must):
    page = li.client(language=language).get(f"{begun(li, book)}/list").text
    assert view in page and must in page


@pytest.mark.parametrize("card", GRADED, ids=lambda card: card.code)
def test_every_standard_can_be_read_by_everybody(anonymous, li, card):
    standard = get_standard(card.grading_standard)
    for language in ("zh", "en"):
        page = li.client(language=language).get(f"/standards/{standard.id}/{standard.version}")
        assert page.status_code == 200 and standard.digest in page.text
    assert anonymous.get(f"/standards/{standard.id}/{standard.version}").status_code == 200
    if (standard.id, standard.version) != ("xunshi-laptop", 1):
        assert "our own conclusion" in li.client(language="en").get(f"/standards/{standard.id}/{standard.version}").text


def test_a_book_gets_its_grade_and_its_reasons(session, li, book, anonymous):
    path, standard = begun(li, book), get_standard("xunshi-book")
    told = {**best(standard), "unread": "read", "endpapers": "endpaper_gone", "what": "sign"}
    assert li.client().post(path, data=told).status_code == 303
    session.rollback()
    assert session.get_one(Appraisal, path.split("/")[-1]).grade == "D"
    page = anonymous.get(path).text
    assert "an endpaper or the half-title gone" in page and "at best grade D" in page


def test_a_source_nobody_can_tell_is_said_on_the_report(session, doing, alice, li, shop, anonymous):
    item, standard = taken_in(session, doing, alice, get_card("furniture")), get_standard("xunshi-furniture")
    path = begun(li, item)
    li.client().post(path, data={**best(standard), "claims": "unknown", "what": "sign"})
    session.rollback()
    assert session.get_one(Appraisal, path.split("/")[-1]).grade == "U"
    page = anonymous.get(path).text
    assert "Whose it is: no result, so there is no grade" in page and "at best U" not in page


def test_nothing_has_to_be_graded_to_be_listed(session, doing, alice):
    """A standard is an offer: a coat is put up by its owner's own words."""
    assert get_card("clothing").grading_standard
    listing = session.get_one(Listing, listed_coat(doing, alice))
    assert listing.state == "published" and listing.grade is None

"""What an agency's pages and the pages of a thing tell: fees as they are really kept, hours as they count, where the thing is."""

import re
from html import unescape

import pytest

from core.errors import NotFound
from core.goods.cards import all_cards
from market.channels.appraisal import offering, rules
from market.demo import bookings as demo
from tests import booking_stories as story
from tests.harness.pdf_text import lines
from tests.market.channels.appraisal.test_booking import look
from tests.market.channels.appraisal.test_pages import CALENDAR, FEES


def read(client, path):
    text = client.get(path).text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text.split("<main")[1].split("</main")[0])).split())


@pytest.mark.parametrize(("field", "kept", "status"), [
    ("late", "500", 422), ("missed", "69.91", 422), ("late", "69.90", 303), ("missed", "10", 303),
])  # fmt: skip
def test_more_than_the_dearest_fee_is_never_kept(session, ji, agency, field, kept, status):
    """49.90 for a phone and 20 more for a visit."""
    answer = ji.client().post(f"/agencies/{agency}/fees", data={**FEES, field: kept})
    assert answer.status_code == status
    assert (f'id="{field}-error"' in answer.text and "¥69.90" in answer.text) == (status == 422)


def test_the_public_page_says_the_smaller_of_both(doing, session, ji, agency, anonymous):
    """Dear laptops let 100 yuan be kept; of a phone's fee of 60 it is never more than 60 or, for a visit, 80."""
    with doing(ji) as w:
        offering.charge(w, agency, story.charged(fees={"phone": 6000, "laptop": 20000}, late=10000, missed=500))
    page = read(anonymous, f"/agencies/{agency}")
    assert "keeps ¥100.00, but never more than the fee, of a fee" in page and "it keeps ¥5.00 of a fee" in page


def test_a_booking_says_what_is_kept_of_its_own_fee(doing, session, alice, ji, han, phone, agency):
    with doing(ji) as w:
        offering.charge(w, agency, story.charged(fees={"phone": 6000, "laptop": 20000}, late=10000, missed=500))
    booking = story.booked(doing, alice, phone, agency, story.slot(3))
    session.rollback()
    page = read(alice.client(), f"/appraisal-bookings/{booking}")
    assert "keeps ¥60.00 of a fee" in page and "¥100.00" not in page and "it keeps ¥5.00 of a fee" in page


def test_hours_are_shown_as_they_count(session, ji, agency, anonymous):
    typed = {**CALENDAR, "day_0": "9：00－12：00，13:30-18", "day_1": "9:00-18:00"}
    assert ji.client().post(f"/agencies/{agency}/calendar", data=typed).status_code == 303
    page = read(anonymous, f"/agencies/{agency}")
    assert "09:00-12:00, 13:30-18:00" in page and "09:00-18:00" in page and "：00" not in page


@pytest.mark.parametrize(("number", "status"), [("😀", 422), ("A\u202e1", 422), ("A\t1", 422), ("7" * 41, 422), ("ZJ-0001/2", 303), ("之江 7号", 303)])
def test_what_can_be_printed_on_a_bag(doing, session, ji, booking, number, status):
    story.taken_in(doing, ji, booking)
    code = story.code(session, booking)
    session.rollback()
    sent = {"by": "code", "code": code, "kept": "sealed", "seal_number": number}
    answer = ji.client().post(f"/appraisal-bookings/{booking}/hand-back", data=sent)
    assert answer.status_code == status and ("seal_number-error" in answer.text) == (status == 422)
    assert look(session, booking).state == ("checked_in" if status == 422 else "handed_back")


def test_the_page_of_a_booked_thing_leads_to_the_booking(doing, session, alice, ji, phone, agency, han):
    client, path = alice.client(), f"/items/{phone}"
    assert "Book an appraisal" in read(client, path), "nothing is booked yet"
    booking = story.booked(doing, alice, phone, agency, story.slot())
    for taken in (False, True):
        if taken:
            story.taken_in(doing, ji, booking)
        session.rollback()
        page = read(client, path)
        assert "An appraisal is booked" in page and f"/appraisal-bookings/{booking}" in client.get(path).text
        assert "Book an appraisal" not in page and "Take it back" not in page and "Ask for an appraisal" not in page
        assert ("With the appraiser" in page) == taken
    story.fetched(doing, ji, booking)
    session.rollback()
    assert "Book an appraisal" in read(client, path), "it is over"


def test_a_search_offers_a_drawn_thing_to_whom_the_lot_fell_on(people, doing, session, ji, han, phone, agency, booking):
    story.taken_in(doing, ji, booking)
    qiu = people.person("Qiu")
    people.give_role(qiu, "appraiser", agency)
    session.rollback()
    for person, begins in ((han, True), (qiu, False)):
        answer = person.client().post("/appraisals", data={"q": "iPhone 12"})
        shown = answer.text.split('aria-live="polite"')[1].split("<h3>")[0]
        assert answer.status_code == 200 and f"/items/{phone}" in shown
        assert ("Begin the check-list" in shown) == begins and ("it fell on somebody else" in shown) != begins


def test_the_receipt_is_written_in_chinese_signs(doing, session, alice, ji, agency, booking):
    from core.people.models import Organisation

    session.get(Organisation, agency).address = "江南大道 1 号"
    session.commit()
    story.taken_in(doing, ji, booking)
    session.rollback()
    assert "之江鉴定所, 江南大道" in read(alice.client(), f"/appraisal-bookings/{booking}")
    client = alice.client(language="zh")
    assert "之江鉴定所，江南大道" in read(client, f"/appraisal-bookings/{booking}")
    text = "".join(lines(client.get(f"/appraisal-bookings/{booking}/receipt.pdf").data))
    assert "之江鉴定所，江南大道" in text and "之江鉴定所, " not in text


def test_the_demos_agency_charges_for_kinds_that_there_are(monkeypatch):
    graded = [card.code for card in all_cards() if card.grading_standard]
    assert {"game_console", "home_appliance"} <= set(demo.fees_of(graded)) == set(graded), "nothing that it may appraise is left out"
    assert set(demo.FEES) <= {card.code for card in all_cards()}
    monkeypatch.setitem(demo.FEES, "console", 4000)
    with pytest.raises(NotFound):
        demo.fees_of(graded)


def test_the_dearest_fee():
    assert rules.dearest([6000, 8000], 0, 2000) == 10000 and rules.dearest([0], 0, 0) == rules.dearest([], 0, 0) == 0

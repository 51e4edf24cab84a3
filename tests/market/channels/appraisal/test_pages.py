"""The pages of booking, pressed as people press them: plain forms, bad input told at the field, and nobody sees what isn't theirs."""

import json

import pytest

from market.channels.appraisal import actions, queries
from market.channels.appraisal.cli import appraisal
from market.channels.appraisal.models import AppraisalBooking
from market.ledger.queries import entries_of
from tests import booking_stories as story
from tests.harness.pdf_text import lines
from tests.market.channels.appraisal.test_booking import look

HOURS = {f"day_{day}": "9:00-18:00" for day in range(7)}
CALENDAR = {"taking": "y", "categories": ["phone"], "minutes": "60", "places": "2", "drop_off": "y", **HOURS}
FEES = {"fee_phone": "49.90", "drop_off": "", "visit": "20", "free_hours": "24", "late": "10", "missed": "20"}


def test_a_manager_opens_the_desk_and_everybody_sees_it(people, session, ji, anonymous):
    from tests.appraiser_stories import admitted

    org_id = people.organisation("之江鉴定所", "agency")
    people.give_role(ji, "shop_manager", org_id)
    assert "There is nothing you may offer yet" in ji.client().get(f"/agencies/{org_id}/calendar").text
    assert "No agency takes bookings yet" in anonymous.get("/agencies").text
    admitted(session, org_id, scope={"phone": 1}, org=True)
    session.rollback()
    client = ji.client()
    assert client.post(f"/agencies/{org_id}/calendar", data=CALENDAR).status_code == 303
    assert "You take no bookings yet" in client.get(f"/agencies/{org_id}/desk").text, "hours alone are not enough"
    assert client.post(f"/agencies/{org_id}/fees", data=FEES).status_code == 303
    page = anonymous.get(f"/agencies/{org_id}").text
    assert "¥49.90" in page and "never on the grade, the result or a price" in page and "Free to call off until 24 hours before." in page
    assert "¥49.90" in anonymous.get("/agencies?kind=phone").text and "No agency here fits" in anonymous.get("/agencies?kind=laptop").text


@pytest.mark.parametrize(("path", "sent", "said"), [
    ("calendar", {**CALENDAR, "day_2": "😀"}, "Write hours like"), ("calendar", {**CALENDAR, "minutes": "5"}, "Number must be"),
    ("calendar", {**CALENDAR, "closed": "31.12."}, "Write days like"), ("calendar", {**CALENDAR, "categories": ["car"]}, "Choose only kinds"),
    ("fees", {**FEES, "fee_phone": "-3"}, "fee_phone-error"), ("fees", {**FEES, "fee_phone": "5%"}, "fee_phone-error"), ("fees", {**FEES, "fee_phone": "10001"}, "from 0 to 10,000"),
    ("fees", {**FEES, "free_hours": "9999"}, "free_hours-error"), ("fees", {**FEES, "late": "１２．３４５"}, "late-error"), ("fees", {"free_hours": "24"}, "Name the fee"),
])  # fmt: skip
def test_what_a_manager_mistypes_is_told_and_kept_out(session, ji, agency, path, sent, said):
    before = queries.find_table(session, agency).version
    answer = ji.client().post(f"/agencies/{agency}/{path}", data=sent)
    assert answer.status_code == 422 and said in answer.text
    session.expire_all()
    assert queries.find_table(session, agency).version == before


def chosen(client, item_id, agency):
    """What the slot page offers first."""
    page = client.get(f"/items/{item_id}/book-appraisal/{agency}").text
    first = page.split('<option value="2')[1].split('"')[0]
    return {
        "way": "drop_off", "slot": f"2{first}", "payment": "cash", "agreed": "y", "table": page.split('name="table"')[1].split('value="')[1].split('"')[0],
        "once": page.split('name="once"')[1].split('value="')[1].split('"')[0],
    }  # fmt: skip


def test_booked_by_plain_forms_and_sent_twice(session, alice, han, phone, agency):
    client = alice.client()
    assert f"/items/{phone}/book-appraisal/{agency}" in client.get(f"/items/{phone}/book-appraisal").text
    sent = chosen(client, phone, agency)
    first = client.post(f"/items/{phone}/book-appraisal/{agency}", data=sent)
    again = client.post(f"/items/{phone}/book-appraisal/{agency}", data=sent)
    assert first.status_code == again.status_code == 303 and first.location == again.location
    page = client.get(first.location).text
    assert "Your code" in page and "¥60.00" in page
    assert "An appraisal is booked for it already" in client.get(f"/items/{phone}/book-appraisal").text
    assert first.location in client.get("/appraisal-bookings").text


@pytest.mark.parametrize(("wrong", "said"), [
    ({"slot": ""}, "Choose a day and a time."), ({"slot": "morgen"}, "Choose a day and a time."), ({"slot": "2026-12-01T10:00"}, "Choose a day and a time."),
    ({"agreed": ""}, "Agree to the fee"), ({"way": "😀"}, "Choose one of the answers offered."), ({"payment": "points"}, "Choose one of the answers offered."),
    ({"way": "visit"}, "Choose one of the districts"), ({"table": "x"}, "changed a moment ago"), ({"address": "x" * 300}, "address-error"),
])  # fmt: skip
def test_what_an_owner_mistypes_is_told(session, alice, han, phone, agency, wrong, said):
    client = alice.client()
    sent = chosen(client, phone, agency)
    answer = client.post(f"/items/{phone}/book-appraisal/{agency}", data={**sent, **wrong})
    assert answer.status_code in (409, 422) and said in answer.text
    assert queries.find_open(session, phone) is None
    assert client.post(f"/items/{phone}/book-appraisal/{agency}", data=sent).status_code == 303


def test_from_the_listing_and_from_the_thing(doing, alice, phone, agency):
    from tests import market_stories

    assert f"/items/{phone}/book-appraisal" in alice.client().get(f"/items/{phone}").text
    listing = market_stories.listed_coat(doing, alice)
    assert "Have it graded" in alice.client().get(f"/listings/{listing}/edit").text


def test_the_desk_takes_it_in_and_hands_it_back(doing, session, alice, ji, han, phone, agency, booking):
    path, client = f"/appraisal-bookings/{booking}", ji.client()
    code = story.code(session, booking)
    session.rollback()
    assert code not in client.get(path).text.replace("-", ""), "the desk doesn't know the code"
    wrong = client.post(f"{path}/check-in", data={"code": "nonsense", "paid": "y"})
    assert wrong.status_code == 422 and "code" in wrong.text
    for _ in range(2):
        assert client.post(f"{path}/check-in", data={"code": code.lower(), "paid": "y", "once": "press-1"}).status_code == 303
    assert [one.kind for one in entries_of(session, booking)] == ["payment_in_person", "appraisal_fee"], "pressed twice, paid once"
    assert client.post(f"{path}/check-in", data={"code": code.lower(), "paid": "y", "once": "press-2"}).status_code == 409
    assert look(session, booking).state == "checked_in"
    new = story.code(session, booking)
    session.rollback()
    paper = alice.client().get(f"{path}/receipt.pdf")
    text = "".join(lines(paper.data))
    assert paper.status_code == 200 and look(session, booking).number in text and "¥60.00" in text
    assert new not in text.replace("-", "") and "490154203237518" not in text, "whoever finds the paper fetches nothing with it"
    session.rollback()
    assert "You were drawn to appraise it." in han.client().get(path).text and "Begin the appraisal" in han.client().get(path).text
    missing = client.post(f"{path}/hand-back", data={"by": "code", "code": new, "kept": "sealed"})
    assert missing.status_code == 422 and "number that is printed on the bag" in missing.text
    for press, status in (("press-3", 303), ("press-3", 303), ("press-4", 409)):
        sent = {"by": "code", "code": new, "kept": "open", "once": press}
        assert client.post(f"{path}/hand-back", data=sent).status_code == status
    assert look(session, booking).state == "handed_back"
    session.rollback()
    assert "Goes back: ¥60.00" in alice.client().get(path).text


def test_how_it_goes_back_has_to_be_said(doing, session, ji, booking):
    story.taken_in(doing, ji, booking)
    code = story.code(session, booking)
    session.rollback()
    answer = ji.client().post(f"/appraisal-bookings/{booking}/hand-back", data={"by": "code", "code": code})
    assert answer.status_code == 422 and look(session, booking).state == "checked_in"


def test_who_sees_what(session, doing, alice, bob, ji, han, root, ines, phone, agency, booking, anonymous):
    path = f"/appraisal-bookings/{booking}"
    for person, status in ((alice, 200), (ji, 200), (han, 200), (root, 200), (ines, 200), (bob, 403)):
        assert person.client().get(path).status_code == status, person.name
    assert anonymous.get(path).status_code == 303
    for verb in ("check-in", "hand-back", "cancel"):
        assert bob.client().post(f"{path}/{verb}").status_code == 403
        assert root.client().post(f"{path}/{verb}").status_code == 403, "the platform looks, and leaves it to the two"
    for page in ("desk", "calendar", "fees"):
        assert bob.client().get(f"/agencies/{agency}/{page}").status_code == 403
    assert han.client().get(f"/agencies/{agency}/desk").status_code == 200 and han.client().get(f"/agencies/{agency}/fees").status_code == 403
    assert bob.client().get(f"/items/{phone}/book-appraisal").status_code == 403
    assert alice.client().post(f"{path}/check-in", data={"code": story.code(session, booking), "paid": "y"}).status_code == 403


def test_an_address_is_shown_to_the_two_sides_only(doing, session, alice, ji, root, phone, agency, han):
    booking = story.booked(doing, alice, phone, agency, story.slot(3), way="visit", district="330106", address="文三路 1 号 2 幢")
    path = f"/appraisal-bookings/{booking}"
    assert "文三路" in alice.client().get(path).text and "文三路" in ji.client().get(path).text
    assert "文三路" not in root.client().get(path).text
    assert alice.client().get(f"{path}/receipt.pdf").status_code == 404, "nothing was dropped off"


def test_called_off_on_the_page(doing, session, alice, agency, booking):
    client = alice.client()
    assert "It costs you nothing now" in client.get(f"/appraisal-bookings/{booking}").text
    assert client.post(f"/appraisal-bookings/{booking}/cancel").status_code == 303
    assert look(session, booking).why == "owner"
    session.rollback()
    assert client.post(f"/appraisal-bookings/{booking}/cancel").status_code == 303, "pressed twice"
    assert look(session, booking).why == "owner"


def test_what_the_agency_called_off_its_owner_calls_off_no_more(session, alice, ji, agency, booking):
    assert ji.client().post(f"/appraisal-bookings/{booking}/cancel").status_code == 303
    assert alice.client().post(f"/appraisal-bookings/{booking}/cancel").status_code == 409
    assert ji.client().post(f"/appraisal-bookings/{booking}/cancel").status_code == 303
    assert look(session, booking).why == "agency"


def test_the_command_counts(app, doing, session, alice, ji, agency, booking):
    story.taken_in(doing, ji, booking)
    session.rollback()
    told = app.test_cli_runner().invoke(appraisal, ["bookings", "--json"])
    one = json.loads(told.output)[0]
    assert (told.exit_code, one["booked"], one["open"], one["paid_minor"], one["hours"]) == (0, 1, 1, 6000, None)
    assert app.test_cli_runner().invoke(appraisal, ["bookings", "--agency", "nobody"]).exit_code == 2
    assert "1 booked" in app.test_cli_runner().invoke(appraisal, ["bookings"]).output


def test_figures_tell_how_long_it_took(doing, session, alice, ji, han, phone, agency, booking, all_wiped):
    from market.channels.appraisal.figures import figures
    from tests.market.channels.appraisal.test_booking import graded

    story.taken_in(doing, ji, booking)
    graded(doing, han, phone, agency)
    other = story.booked(doing, alice, story.phone(doing, alice, "356938035643809"), agency, story.slot(3))
    with doing(alice) as w:
        actions.cancel(w, w.session.get_one(AppraisalBooking, other))
    told = figures(session, agency)[0]
    assert (told.booked, told.graded, told.open, told.by_owner, told.hours) == (2, 1, 1, 1, 0)

"""The pages of visits as people press through them, and doors that stay shut."""

import re

import pytest

from core import clock
from core.people.models import Organisation
from market.channels.consignment.visits import offering, queries
from market.channels.consignment.visits.models import Visit
from tests import visit_stories as story


def made(answer):
    assert answer.status_code == 303, answer.text
    return answer.location.split("/")[-1]


def test_found_booked_moved_changed_and_called_off(session, alice, anonymous, shop, point):
    listed = anonymous.get("/consignment-points").text
    assert f'href="/consignment-visits/new/{point}"' in listed and "Book a consignment visit" in listed
    assert f'href="/consignment-visits/new/{point}"' in anonymous.get(f"/shops/{shop}").text
    assert "翠苑店" in anonymous.get("/consignment-visits/new").text and "翠苑店" in anonymous.get(f"/consignment-visits/new?shop={shop}").text
    assert "翠苑店" not in anonymous.get("/consignment-visits/new?district=330108").text
    client = alice.client()
    page = client.get(f"/consignment-visits/new/{point}").text
    assert "is wiped and checked at the shop before anybody sells it" in page and "Phone" in page
    visit = made(client.post(f"/consignment-visits/new/{point}", data=story.typed(story.slot(), ("phone", "红米", "1", ""), ("clothing", "羽绒服", "2", "200"))))
    shown = client.get(f"/consignment-visits/{visit}").text
    assert "3 pieces" in shown and "¥400.00" in shown and "log out of your accounts" in shown and "identity paper" in shown
    moved = client.post(f"/consignment-visits/{visit}/move", data={"slot": story.slot(3, 14).isoformat()})
    assert moved.status_code == 303 and "Moved" in client.get(moved.location).text
    changed = client.post(f"/consignment-visits/{visit}/list", data=story.typed(story.slot(), ("book", "小说", "4", "")))
    assert changed.status_code == 303 and "小说" in client.get(changed.location).text and "红米" not in client.get(changed.location).text
    file = client.get(f"/consignment-visits/{visit}/visit.ics")
    assert file.mimetype == "text/calendar" and "SEQUENCE:2" in file.text and f"DTSTART:{story.slot(3, 14).astimezone(clock.now().tzinfo):%Y%m%dT%H%M%SZ}" in file.text
    assert "My visits" in client.get("/consignments").text and visit in client.get("/consignment-visits").text
    assert client.post(f"/consignment-visits/{visit}/cancel").status_code == 303
    over = client.get(f"/consignment-visits/{visit}").text
    assert "Choose another time" in over and "STATUS:CANCELLED" in client.get(f"/consignment-visits/{visit}/visit.ics").text
    again = re.search(r'href="(/consignment-visits/new/[^"]+again=[^"]+)"', over)[1].replace("&amp;", "&")
    assert "小说" in client.get(again).text, "the list is taken over"
    for path in ("move", "list"):
        assert client.get(f"/consignment-visits/{visit}/{path}").status_code == 409


def test_nobody_takes_over_the_list_of_somebody_else(alice, bob, point, visit):
    path = f"/consignment-visits/new/{point}?again={visit}"
    assert "羽绒服" in alice.client().get(path).text and "羽绒服" not in bob.client().get(path).text


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(session, alice, point):
    client, here = alice.client(), f"/consignment-visits/new/{point}"
    answer = client.post(here, data=story.typed(story.slot(), ("", "红米手机", "0", "abc"), ("clothing", "", "2", "200")))
    assert answer.status_code == 422
    for words in ("Choose the kind that fits best.", "1 to 99", "This is not an amount of money", "Say in 2 to 60 signs", 'value="红米手机"', 'value="abc"'):
        assert words in answer.text, words
    assert client.post(here, data=story.typed(story.slot()) | {"slot": "soon"}).status_code == 422
    none = client.post(here, data={"slot": story.slot().isoformat()})
    assert none.status_code == 422 and "Write at least one thing" in none.text
    many = client.post(here, data=story.typed(story.slot(), ("book", "小说", "11", "")))
    assert many.status_code == 422 and "at most 10 pieces" in many.text
    past = client.post(here, data=story.typed(story.slot(-1)))
    assert past.status_code == 409 and "羽绒服" in past.text
    assert session.query(Visit).count() == 0
    session.rollback()
    made(client.post(here, data=story.typed(story.slot(), ("book", "小说", "", ""))))
    assert session.query(Visit).count() == 1


def test_more_lines_without_a_script(session, alice, point):
    here = f"/consignment-visits/new/{point}"
    answer = alice.client().post(here, data=story.typed(story.slot()) | {"more": "1"})
    assert answer.status_code == 200 and 'name="things-3-name"' in answer.text and "羽绒服" in answer.text
    assert session.query(Visit).count() == 0
    full = {f"things-{nth}-name": "书" for nth in range(19)} | {"more": "1"}
    assert alice.client().post(here, data=full).text.count('-name"') >= 20


def test_the_list_of_the_day_tells_who_comes_masked(doing, session, alice, chen, shop, point, visit):
    story.booked_for(doing, chen, point, story.slot(hour=11))
    day = story.slot().date().isoformat()
    page = chen.client().get(f"/consignment/{shop}/visits?day={day}").text
    for words in ("Alice", "A***@example.com", "林**", "139****1234", "羽绒服", "First visit", "Holds data"):
        assert words in page, words
    assert "13900001234" not in page and "Nobody has booked" not in page
    for odd in ("x", "9999-01-01", ""):
        assert chen.client().get(f"/consignment/{shop}/visits?day={odd}").status_code == 200
    assert "Nobody has booked" in chen.client().get(f"/consignment/{shop}/visits").text


def test_the_counter_books_marks_and_calls_off(session, chen, shop, point):
    client, here = chen.client(), f"/consignment/{shop}/visits/new/{point}"
    assert "Book for somebody" in client.get(here).text
    wrong = client.post(here, data=story.typed(story.slot(0, 9), name="林奶奶", contact="1"))
    assert wrong.status_code in (409, 422) and "林奶奶" in wrong.text
    visit = made(client.post(here, data=story.typed(story.slot(1), name="林奶奶", contact="13900001234")))
    page = client.get(f"/consignment-visits/{visit}").text
    assert "林**" in page and "13900001234" not in page and "They are here" not in page
    assert client.post(f"/consignment-visits/{visit}/contact", data={"look": ""}).status_code == 422
    assert "13900001234" in client.post(f"/consignment-visits/{visit}/contact", data={"look": "reach"}).text
    with clock.stopped_at(story.slot(1)):
        assert client.post(f"/consignment-visits/{visit}/missed").status_code == 303
        assert client.post(f"/consignment-visits/{visit}/came").status_code == 303
    off = made(client.post(here, data=story.typed(story.slot(1, 12), name="林奶奶", contact="13900001234")))
    assert client.post(f"/consignment-visits/{off}/call-off", data={"why": "closed"}).status_code == 422
    done = client.post(f"/consignment-visits/{off}/call-off", data={"why": "staff"})
    assert done.status_code == 303 and "call them" in client.get(done.location).text


def test_a_manager_says_when(doing, session, mu, chen, shop, point):
    client, there = mu.client(), f"/consignment/{shop}/visit-desks"
    assert "翠苑店" in client.get(there).text and "翠苑店" in chen.client().get(there).text
    assert chen.client().get(f"{there}/{point}").status_code == 403
    form = {"taking": "y", "minutes": "20", "places": "2", "most_things": "6", "day_0": "9:00-12:00", "closed": "2027-02-06", "not_taken": "羽绒被"}
    assert client.post(f"{there}/{point}", data=form).status_code == 303
    desk = queries.find_desk(session, point)
    assert (desk.minutes, desk.places, desk.most_things, desk.closed, desk.not_taken) == (20, 2, 6, ["2027-02-06"], "羽绒被")
    session.rollback()
    for change, words in (({"day_0": "8:00-12:00"}, "isn&#39;t open at that time"), ({"minutes": "3"}, "minutes"), ({"closed": "soon"}, "Write days like")):
        answer = client.post(f"{there}/{point}", data=form | change)
        assert answer.status_code == 422 and words in answer.text and "羽绒被" in answer.text


def test_what_isnt_taken_is_read_before_the_list_is_written(doing, alice, mu, shop, point):
    with doing(mu) as w:
        offering.offer(w, shop, point, story.offered(not_taken="暂不收羽绒被", not_taken_en="No duvets for now"))
    english, chinese = (alice.client(language=one).get(f"/consignment-visits/new/{point}").text for one in ("en", "zh"))
    assert "No duvets for now" in english and "暂不收羽绒被" in chinese


@pytest.mark.parametrize(("who", "status"), [("alice", 200), ("chen", 200), ("mu", 200), ("bob", 403), ("fu", 403), ("ines", 403)])
def test_who_reads_a_visit(request, visit, who, status):
    assert request.getfixturevalue(who).client().get(f"/consignment-visits/{visit}").status_code == status


@pytest.mark.parametrize("verb", ["came", "missed", "call-off", "contact"])
def test_what_only_the_counter_does(alice, fu, visit, verb):
    for person in (alice, fu):
        assert person.client().post(f"/consignment-visits/{visit}/{verb}", data={"why": "full", "look": "reach"}).status_code == 403


@pytest.mark.parametrize("verb", ["move", "list", "cancel"])
def test_what_no_stranger_does(bob, fu, anonymous, visit, verb):
    for person in (bob, fu):
        assert person.client().post(f"/consignment-visits/{visit}/{verb}").status_code == 403
    assert anonymous.post(f"/consignment-visits/{visit}/{verb}").status_code in (302, 303, 401)


def test_another_shops_staff_sees_neither_list_nor_desks(fu, shop, point):
    for path in ("visits", "visit-desks", f"visit-desks/{point}", f"visits/new/{point}"):
        assert fu.client().get(f"/consignment/{shop}/{path}").status_code == 403


def test_a_shop_that_isnt_public_offers_nothing(doing, anonymous, alice, shop, point):
    assert alice.client().get(f"/consignment-visits/new/{point}").status_code == 200
    with doing() as w:
        w.session.get_one(Organisation, shop).licence_no = ""
    assert alice.client().get(f"/consignment-visits/new/{point}").status_code == 404
    assert "No point takes bookings here" in anonymous.get("/consignment-visits/new").text
    assert alice.client().post(f"/consignment-visits/new/{point}", data=story.typed(story.slot())).status_code == 404


def test_lists_ask_the_database_as_often_for_many_as_for_few(app, doing, people, chen, shop, mu, point):
    from tests.market.channels.appraisal.test_many import asked_by

    database, client = app.extensions["xunshi_db"], chen.client()
    day = f"/consignment/{shop}/visits?day={story.slot().date().isoformat()}"
    for nth in range(2):
        story.booked(doing, people.person(f"P{nth}"), point, story.slot(hour=9 + nth))
    few, _page = asked_by(client, database, day)
    for nth in range(2, 6):
        story.booked(doing, people.person(f"P{nth}"), point, story.slot(hour=9 + nth))
    many, page = asked_by(client, database, day)
    assert page.count("visit-of-day") == 6 and many == few

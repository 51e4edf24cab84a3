"""Li grades check by check on a phone: one screen each, plain forms, times by the house's clock, and two devices at once."""

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from appraisal.grades.guide import photo_code, seconds_since, shown_token
from appraisal.grades.guide_models import AppraisalPhoto, CheckAnswer
from appraisal.grades.guide_queries import seconds_by_check
from appraisal.grades.models import Appraisal
from appraisal.standards.loader import get_standard
from core import clock, ids
from core.goods.cards import get_card
from tests import stories
from tests.appraisal.grades.test_appraisal_pages import begun
from tests.appraisal.grades.test_checklist_pages import taken_in
from tests.appraisal_stories import photographed, shot

JSON = {"Accept": "application/json"}


@pytest.fixture
def laptop(app, doing, alice, wang, zhao, shop):
    return stories.wiped_laptop(app, doing, alice, wang, zhao, shop)


@pytest.fixture
def book(doing, alice, li, shop):
    return taken_in(None, doing, alice, get_card("book"))


@pytest.fixture
def draft(li, book):
    return begun(li, book, photos=False)


def row(session, path):
    session.rollback()
    return session.get_one(Appraisal, path.split("/")[-1])


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page).group(1)


def open_screen(client, path, key):
    page = client.get(f"{path}/checks/{key}").text
    return {"seen": hidden(page, "seen"), "shown": hidden(page, "shown")}


def test_check_by_check_to_the_signature(session, li, book, draft, anonymous):
    """Only links and forms of the pages themselves, as without JavaScript."""
    client, standard = li.client(), get_standard("xunshi-book")
    at = re.search(rf'href="({draft}/checks/[\w-]+)"', client.get(draft).text).group(1)
    seen, answers = [], {check.code: check.values[0].code for check in standard.checks} | {"unread": "read"}
    while not at.endswith("/finish"):
        key = at.rsplit("/", 1)[1].split("#")[0]
        page = client.get(at.split("#")[0]).text
        assert page.count("<h1") == 1 and 'class="drawing"' in page, key
        told = {name: hidden(page, name) for name in ("seen", "shown")} | {"what": "next"}
        if key not in seen and 'name="photo"' in page:
            told |= {"photo": (io.BytesIO(shot(len(seen))), "📷 封面.jpg")}
        if f'name="{key}"' in page:
            told[key] = answers[key]
        ticked = re.findall(r'name="(photo_code|photo_clean|photo_shown)" value="(\w+)"', page)
        for name, one in ticked:
            told.setdefault(name, []).append(one)
        answer = client.post(at.split("#")[0], data=told, content_type="multipart/form-data")
        assert answer.status_code == 303, answer.text
        seen.append(key)
        at = answer.location
        assert len(seen) < 60, seen
    assert set(answers) <= set(seen)
    finish = client.get(at).text
    assert "The grade that would come" in finish and "Nothing was found that speaks against it" not in finish
    assert client.post(at, data={"answers": hidden(finish, "answers")}).location == draft
    made = row(session, draft)
    assert (made.state, made.grade) == ("signed", "S") and made.answers == answers
    assert "Photos taken by the appraiser" in anonymous.get(draft).text


def test_an_answer_that_is_none_is_said_at_its_field_and_its_twin_goes_on(session, li, draft):
    client = li.client()
    told = open_screen(client, draft, "cover")
    nothing = client.post(f"{draft}/checks/cover", data={**told, "what": "next"})
    assert nothing.status_code == 422 and 'id="cover-error"' in nothing.text and "Choose an answer" in nothing.text
    odd = client.post(f"{draft}/checks/cover", data={**told, "what": "next", "cover": "✨"})
    assert odd.status_code == 422 and row(session, draft).answers == {}
    value = get_standard("xunshi-book").find_check("cover").values[1].code
    assert client.post(f"{draft}/checks/cover", data={**told, "what": "next", "cover": value}).status_code == 303
    assert row(session, draft).answers == {"cover": value}
    assert client.get(f"{draft}/checks/nothing").status_code == 404


def test_a_number_in_the_wrong_unit_is_said(session, laptop, li):
    path, client = begun(li, laptop, photos=False), li.client()
    for typed, said in (("4200 mAh", "plain number"), ("850", "from 0 to 120"), ("🔋", "plain number")):
        answer = client.post(f"{path}/checks/battery_health", data={"battery_health": typed, "what": "next"})
        assert answer.status_code == 422 and said in answer.text and 'id="battery_health-error"' in answer.text
    assert client.post(f"{path}/checks/battery_health", data={"battery_health": "85 %", "what": "next"}).status_code == 303
    assert row(session, path).answers == {"battery_health": "85"}


def test_not_tested_is_said_on_purpose_and_never_counts_as_good(session, li, draft):
    client = li.client()
    assert client.post(f"{draft}/checks/cover", data={"what": "skip"}).status_code == 303
    assert row(session, draft).answers == {"cover": None}
    overview = client.get(draft).text
    assert "is-skipped" in overview and overview.count("is-skipped") == 1
    assert "Not graded" in client.get(f"{draft}/finish").text


def test_time_is_taken_from_show_to_answer_by_the_house_and_capped(session, li, draft):
    client, now = li.client(), clock.now()
    value = get_standard("xunshi-book").find_check("cover").values[0].code
    with clock.stopped_at(now):
        told = open_screen(client, draft, "cover")
    with clock.stopped_at(now + timedelta(seconds=42)):
        client.post(f"{draft}/checks/cover", data={**told, "what": "next", "cover": value})
    with clock.stopped_at(now + timedelta(minutes=1)):
        told = open_screen(client, draft, "spine")
    with clock.stopped_at(now + timedelta(hours=9)):
        client.post(f"{draft}/checks/spine", data={**told, "what": "skip"})
    client.post(f"{draft}/checks/pages", data={"what": "skip", "shown": "1.abc"})
    session.rollback()
    assert seconds_by_check(session, draft.split("/")[-1]) == {"cover": 42, "spine": 900}, "a made-up time measures nothing"
    page = client.get(f"{draft}/finish").text
    assert "Time taken: 15 min 42 sec" in page and page.index("15 min</dd>") < page.index("42 sec</dd>"), "the longest first"
    assert "用时：15分钟 42秒" in li.client(language="zh").get(f"{draft}/finish").text


def test_nobody_tells_the_time_but_the_house(app):
    with app.app_context():
        now, one = clock.now(), ids.new_id()
        token = shown_token(one, "cover", now)
        assert seconds_since(token, one, "cover", now + timedelta(seconds=7)) == 7
        for forged in (f"{int(now.timestamp()) - 600}.{token.split('.')[1]}", "", "x", "٣.abc", token + "0", token.replace(".", ".é")):
            assert seconds_since(forged, one, "cover", now) is None
        assert seconds_since(token, one, "spine", now) is None, "each check has its own"


def test_two_devices_see_each_others_answers_and_nothing_is_overwritten_silently(session, li, draft):
    phone, tablet = li.client(), li.client()
    first, second, third = (value.code for value in get_standard("xunshi-book").find_check("cover").values[:3])
    on_phone, on_tablet = open_screen(phone, draft, "cover"), open_screen(tablet, draft, "cover")
    assert tablet.post(f"{draft}/checks/cover", data={**on_tablet, "what": "next", "cover": second}).status_code == 303
    late = phone.post(f"{draft}/checks/cover", data={**on_phone, "what": "next", "cover": first})
    assert late.status_code == 409 and "Answered on another device meanwhile" in late.text and "Nothing was overwritten" in late.text
    assert row(session, draft).answers == {"cover": second}
    # the same, as the phone's script sends what it had kept while it was offline
    told = phone.post(f"{draft}/checks/cover", data={**on_phone, "what": "next", "cover": first}, headers=JSON)
    assert told.status_code == 409 and told.json["conflict"] is True and not told.json["saved"]
    shown = phone.get(told.json["href"])
    assert shown.status_code == 200 and "Answered on another device meanwhile" in shown.text
    # chosen knowingly it counts; the same answer twice is no conflict
    again = {"seen": hidden(late.text, "seen"), "shown": "", "what": "next", "cover": third}
    assert phone.post(f"{draft}/checks/cover", data=again).status_code == 303
    same = tablet.post(f"{draft}/checks/cover", data={**on_tablet, "what": "next", "cover": third}, headers=JSON)
    assert same.status_code == 200 and same.json["saved"] is True
    assert row(session, draft).answers == {"cover": third}
    told = [one.answer for one in session.scalars(select(CheckAnswer).order_by(CheckAnswer.id))]
    assert told == [second, third], "what was said stays on record"


def test_the_long_list_does_not_overwrite_either(session, li, draft):
    desk, phone = li.client(), li.client()
    values = [value.code for value in get_standard("xunshi-book").find_check("cover").values]
    seen = hidden(re.sub(r'id="seen" name="seen" type="hidden" value', 'name="seen" value', desk.get(f"{draft}/list").text), "seen")
    phone.post(f"{draft}/checks/cover", data={"what": "next", "cover": values[1]})
    late = desk.post(draft, data={"seen": seen, "cover": values[0], "what": "save"})
    assert late.status_code == 409 and "On another device" in late.text and row(session, draft).answers == {"cover": values[1]}
    seen = hidden(re.sub(r'id="seen" name="seen" type="hidden" value', 'name="seen" value', late.text), "seen")
    assert desk.post(draft, data={"seen": seen, "cover": values[0], "what": "finish"}).location == f"{draft}/finish"
    assert row(session, draft).answers["cover"] == values[0]


def test_what_the_script_keeps_is_sent_once_more_and_stays_once(session, li, draft):
    client = li.client()
    value = get_standard("xunshi-book").find_check("cover").values[0].code
    told = {**open_screen(client, draft, "cover"), "what": "next", "cover": value}
    for _ in range(2):
        answer = client.post(f"{draft}/checks/cover", data=told, headers=JSON)
        assert answer.status_code == 200 and answer.json["saved"] and answer.json["href"].startswith(draft)
    session.rollback()
    assert len(session.scalars(select(CheckAnswer)).all()) == 1
    wrong = client.post(f"{draft}/checks/cover", data={**told, "cover": "?", "seen": answer.json["seen"]}, headers=JSON)
    assert wrong.status_code == 422 and "is not an answer" in wrong.json["problem"] and not wrong.json["conflict"]


def test_nothing_but_what_was_shown_is_signed(session, li, book):
    path, client = begun(li, book), li.client()
    finish = client.get(f"{path}/finish").text
    client.post(f"{path}/checks/cover", data={"what": "skip"})
    late = client.post(f"{path}/finish", data={"answers": hidden(finish, "answers")})
    assert late.status_code == 409 and "changed since this page was shown" in late.text and row(session, path).state == "draft"
    assert client.post(f"{path}/finish", data={"answers": hidden(late.text, "answers")}).status_code == 303
    assert row(session, path).grade == "U"


def test_only_its_appraiser_walks_it(session, people, li, alice, draft, shop, anonymous):
    mei = people.person("Mei")
    people.give_role(mei, "appraiser", shop)
    photographed(li.client(), draft, views=["with_code"])
    session.rollback()
    photo = session.scalars(select(AppraisalPhoto.id)).one()
    for way in ("/checks/cover", "/finish", "/list", f"/photos/{photo}/small.jpg"):
        assert li.client().get(draft + way).status_code == 200
        for person in (mei, alice):
            assert person.client().get(draft + way).status_code == 404
        assert anonymous.get(draft + way).status_code in (303, 404)
    for way in ("/checks/cover", "/finish", f"/photos/{photo}/remove"):
        assert mei.client().post(draft + way, data={"what": "skip"}).status_code in (403, 404)
    assert li.client().post(f"{draft}/photos/{photo}/remove").status_code == 303
    assert li.client().get(f"{draft}/photos/{photo}/small.jpg").status_code == 404


def test_what_is_signed_is_walked_no_more(li, book):
    path, client = begun(li, book), li.client()
    client.post(path, data={"what": "sign"})
    for way in ("/checks/cover", "/finish", "/list"):
        assert client.get(path + way).location == path
    assert client.post(f"{path}/checks/cover", data={"what": "skip"}).status_code == 409
    assert client.post(f"{path}/finish", data={}).status_code == 409


def test_the_code_is_drawn_for_each_and_easy_to_read(app, li, draft):
    with app.app_context():
        codes = {photo_code(ids.new_id()) for _ in range(300)}
        assert len(codes) == 300 and all(set(one) <= set(ids.READABLE) and len(one) == 5 for one in codes)
        mine = photo_code(draft.split("/")[-1])
    client = li.client()
    assert mine in client.get(draft).text and mine in client.get(f"{draft}/checks/photo-with_code").text

"""At a desk Li reads the numbers on the one long page with all checks: without JavaScript, and nothing typed is lost."""

import re

import pytest
from sqlalchemy import select

from appraisal.identity.models import NumberReading, OwnLook
from core import clock
from core.goods.cards import get_card
from core.goods.intake import Intake, take_in
from tests.appraisal.grades.test_appraisal_pages import begun
from tests.appraisal.identity.test_numbers import ONE, PHONE, THREE, TWO, best, row
from tests.appraisal_stories import photographed

READ = {"dial_pad_1": ONE, "dial_pad_2": TWO, "card_tray_1": ONE, "box_why": "not_brought"}


@pytest.fixture(autouse=True)
def wiped(all_wiped):
    """The stories are about numbers."""


@pytest.fixture
def path(doing, alice, li, shop):
    with doing(alice) as w:
        given = Intake(card=get_card("phone"), attributes={"brand": "Apple", "model": "iPhone 12"}, identifiers={"imei": [ONE, TWO]})
        item_id = take_in(w, alice.id, given).id
    found = begun(li, item_id, photos=False)
    photographed(li.client(), found, numbers=False)
    return found


def ticked(**changed):
    """What the page sends: no answer for the check of the numbers, it has none to tick."""
    return {code: value for code, value in best().items() if code != "imei_matches"} | changed


def look():
    return {"how": "carrier_page", "looked_on": clock.local(clock.now()).date().isoformat()}


def value_of(page, name):
    return re.search(rf'<input[^>]*name="{name}"[^>]*>', page)[0].partition('value="')[2].partition('"')[0]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_whole_list_at_once_with_its_numbers(session, li, path, language):
    client = li.client(language=language)
    page = client.get(f"{path}/list").text
    for name in ("dial_pad_1", "dial_pad_2", "receipt_why", "how", "looked_on"):
        assert f'name="{name}"' in page
    assert 'name="imei_matches"' not in page, "the answer comes from the numbers"
    assert client.post(path, data={**ticked(), **READ, **look(), "what": "sign"}).status_code == 303
    made = row(session, path)
    told = made.result["identity"]
    assert (made.state, made.answers["imei_matches"]) == ("signed", "match")
    assert (told["state"], told["registered"], told["read"]) == ("agree", "agree", ["card_tray", "dial_pad"])
    assert told["unread"] == [{"place": "box", "why": "not_brought"}] and told["own_look"]["how"] == "carrier_page"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_slip_is_said_at_its_field_and_nothing_is_lost_or_half_done(session, li, path, language):
    client = li.client(language=language)
    wrong = {**READ, "dial_pad_2": "352099001761482"}
    no = client.post(path, data={**ticked(), **wrong, **look(), "what": "finish"})
    assert no.status_code == 422 and 'id="dial_pad_2-error"' in no.text
    assert {"zh": "校验", "en": "last digit"}[language] in no.text.split('id="dial_pad_2-error"')[1].split("</p>")[0]
    assert re.search(r'<details class="number-place" open><summary><b>[^<]*\*#06#', no.text), "its place is unfolded"
    assert {name: value_of(no.text, name) for name in ("dial_pad_1", "dial_pad_2", "card_tray_1")} == {
        "dial_pad_1": ONE, "dial_pad_2": "352099001761482", "card_tray_1": ONE,
    }  # fmt: skip
    assert no.text.count(" checked") == sum(1 for check in PHONE.checks if check.kind != "measure" and check.code != "imei_matches")
    assert session.scalars(select(NumberReading)).first() is None and session.scalars(select(OwnLook)).first() is None
    assert row(session, path).answers == {}
    assert client.post(path, data={**ticked(), **READ, **look(), "what": "finish"}).location.endswith("/finish")
    assert row(session, path).answers["imei_matches"] == "match"


def test_what_was_read_before_stays_when_the_list_comes_without_numbers(session, li, path):
    client = li.client()
    client.post(path, data={**ticked(), **READ, **look(), "what": "save"})
    page = client.get(f"{path}/list").text
    assert "The numbers agree" in page and "35209900176****" in page and ONE not in page and TWO not in page
    assert client.post(path, data={**ticked(speakers=""), "what": "save"}).status_code == 303
    assert row(session, path).answers["imei_matches"] == "match" and len(session.scalars(select(NumberReading)).all()) == 3
    assert client.post(f"{path}/checks/imei_matches", data={"what": "skip"}).status_code == 303
    client.post(path, data={**ticked(), "what": "save"})
    assert row(session, path).answers["imei_matches"] is None, "not tested, said on purpose, isn't taken back by the list"


def test_numbers_that_differ_refuse_the_grade_and_none_at_all_leave_it_open(session, li, path):
    client = li.client()
    assert client.post(path, data={**ticked(), **look(), "what": "save"}).status_code == 303
    assert row(session, path).answers["imei_matches"] is None
    client.post(path, data={**ticked(), **READ, "box_why": "", "box_1": THREE, "what": "sign"})
    made = row(session, path)
    assert (made.grade, made.answers["imei_matches"]) == ("reject", "mismatch")


def test_who_says_clear_says_where_and_it_is_asked_for_on_the_same_page(session, li, path):
    client = li.client()
    no = client.post(path, data={**ticked(), **READ, "what": "sign"})
    assert no.status_code == 422 and 'id="how-error"' in no.text and "write where you looked it up" in no.text
    assert row(session, path).state == "draft" and session.scalars(select(NumberReading)).first() is None
    late = client.post(path, data={**ticked(), **READ, "how": "police", "looked_on": "2020-01-01", "what": "sign"})
    assert late.status_code == 422 and 'id="looked_on-error"' in late.text
    assert client.post(path, data={**ticked(), **READ, **look(), "what": "sign"}).status_code == 303


def test_a_desktop_put_together_by_its_owner_has_no_number(session, doing, alice, li, shop):
    with doing(alice) as w:
        given = Intake(card=get_card("desktop"), attributes={"brand": "DIY", "model": "ATX"}, identifiers={})
        item_id = take_in(w, alice.id, given).id
    path, client = begun(li, item_id, photos=False), li.client()
    page = client.get(f"{path}/list").text
    assert "By the numbers, or not tested" in page and 'name="serial_matches"' in page
    assert client.post(path, data={"serial_matches": "self_built", "what": "save"}).status_code == 303
    assert row(session, path).answers["serial_matches"] == "self_built"
    client.post(path, data={"serial_matches": "", "what": "save"})
    assert row(session, path).answers["serial_matches"] is None
    assert client.post(path, data={"serial_matches": "", "firmware_1": "PC-7781", "label_1": "PC-7781", "what": "save"}).status_code == 303
    assert row(session, path).answers["serial_matches"] == "match"

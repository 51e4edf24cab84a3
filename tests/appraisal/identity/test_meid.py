"""A phone of a CDMA network has a MEID beside its IMEI: read and compared as an IMEI is, in each of the ways it is written."""

import json

import pytest
from sqlalchemy import select

from appraisal.grades.models import Report
from appraisal.identity import lists, queries
from appraisal.identity.list_rules import read_lines
from appraisal.identity.models import NumberReading
from core import clock
from core.goods.cards import get_card
from core.goods.intake import Intake, take_in
from core.goods.models import Item
from tests.appraisal.grades.test_appraisal_pages import begun
from tests.appraisal.identity.test_numbers import ONE, looked, read, row, signed
from tests.appraisal_stories import photographed

MEID, WITH_DIGIT, DECIMAL = "AF0123450ABCDE", "AF0123450ABCDEC", "293608736500703710"
OTHER = "A10000009296F2"


@pytest.fixture(autouse=True)
def wiped(all_wiped):
    """The stories are about numbers."""


def phone(doing, alice, **more):
    with doing(alice) as w:
        given = Intake(card=get_card("phone"), attributes={"brand": "Apple", "model": "iPhone 12"}, identifiers={"imei": [ONE]} | more)
        return take_in(w, alice.id, given).id


@pytest.fixture
def item_id(doing, alice, li, shop):
    return phone(doing, alice, meid=[MEID])


@pytest.fixture
def path(li, item_id):
    found = begun(li, item_id, photos=False)
    photographed(li.client(), found, numbers=False)
    return found


@pytest.mark.parametrize("typed", [MEID, "af 01 23 45 0a bc de", WITH_DIGIT, DECIMAL, "29360 87365 0070 3710"])
def test_each_way_of_writing_it_is_the_same_number(session, li, path, typed):
    assert read(li, path, dial_pad_1=ONE, dial_pad_3=typed, card_tray_3=MEID, box_why="not_brought").status_code == 303
    assert row(session, path).answers["imei_matches"] == "match"
    page = li.client().get(f"{path}/checks/imei_matches").text
    assert "The numbers agree" in page and "AF0123450A****" in page and MEID not in page and typed not in page
    looked(li, path)
    assert signed(li, path).status_code == 303
    told = json.loads(session.get_one(Report, row(session, path).id).body)["identity"]
    assert (told["state"], told["registered"]) == ("agree", "agree") and "AF0123450ABCDE" not in json.dumps(told)


def test_another_meid_refuses_the_grade(session, li, path):
    read(li, path, dial_pad_1=ONE, dial_pad_3=OTHER, card_tray_1=ONE)
    looked(li, path)
    assert signed(li, path, imei_matches="match").status_code == 303
    made = row(session, path)
    assert (made.grade, made.answers["imei_matches"], made.result["identity"]["registered"]) == ("reject", "mismatch", "differ")


@pytest.mark.parametrize("typed", ["AF0123450ABCDED", "AF0123450ABCD", "📱F0123450ABCDE", "AF0123450ABCDG"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_mistyped_one_is_said_at_its_field(session, li, path, typed, language):
    sent = {"what": "next", "dial_pad_1": ONE, "dial_pad_3": typed}
    no = li.client(language=language).post(f"{path}/checks/imei_matches", data=sent)
    assert no.status_code == 422 and "MEID" in no.text.split('id="dial_pad_3-error"')[1].split("</p>")[0]
    assert session.scalars(select(NumberReading)).first() is None


def test_only_a_phone_that_has_one_on_file_is_asked_for_it(session, doing, alice, li, path):
    here = f"{path}/checks/imei_matches"
    assert 'name="dial_pad_3"' in li.client().get(here).text and 'name="box_3"' in li.client().get(f"{path}/list").text
    other = begun(li, phone(doing, alice, imei=["490154203237518"]), photos=False)
    assert 'name="dial_pad_3"' not in li.client().get(f"{other}/checks/imei_matches").text
    assert 'name="dial_pad_3"' not in li.client().get(f"{other}/list").text
    assert li.client().post(f"{other}/checks/imei_matches", data={"what": "next", "dial_pad_3": MEID}).status_code == 422


def test_a_list_may_name_it_however_it_is_written(session, doing, item_id):
    found = read_lines(f"number,kind\n{DECIMAL},meid\n{WITH_DIGIT},meid\n")
    assert [(line.kind, line.plain) for line in found] == [("meid", MEID)]
    with doing() as w:
        lists.load(w, f"number,kind\n{DECIMAL},meid\n".encode(), kind="stolen", source="police", day=clock.local(clock.now()).date().isoformat())
    session.rollback()
    assert queries.listed(session, session.get_one(Item, item_id), clock.now()).states["stolen"][0] == "listed"


def test_staff_find_it_however_it_is_written(session, doing, item_id, people):
    platform = people.organisation("循市", "platform")
    ada = people.person("Ada")
    people.give_role(ada, "administrator", platform)
    for typed in (MEID, WITH_DIGIT, DECIMAL):
        assert item_id in ada.client().post("/number-lists/look-up", data={"number": typed}).text
    assert item_id not in ada.client().post("/number-lists/look-up", data={"number": OTHER}).text

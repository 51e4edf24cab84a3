"""A number is found at each desk of the house however it is typed: as it stands on the box, in the settings, or on the dial pad."""

import pytest

from appraisal.grades import desk_queries
from core.goods import custody
from core.goods.cards import get_card
from core.goods.intake import Intake, take_in
from core.goods.models import Item
from privacy.clearance.queries import certificates_by_serial
from privacy.inspection import queries as inspection
from privacy.wipes import queries as wipes
from tests import stories

IMEI, MEID = "352099001761481", "AF0123450ABCDE"
AS_MEID, AS_IMEI = (MEID, "af 01 23 45 0a bc de", f"{MEID}C", "29360 87365 0070 3710"), (IMEI, "35-209900-176148-1", "3520990017614807")
LONG_SERIAL = "5390118027743350"  # of sixteen digits, as an IMEI with its software version has


@pytest.fixture
def shelf(doing, alice, shop):
    """A phone with both numbers, and a laptop whose serial number is all digits; both at the shop."""
    with doing(alice) as w:
        given = Intake(card=get_card("phone"), attributes={"brand": "Apple", "model": "iPhone 12"}, identifiers={"imei": [IMEI], "meid": [MEID]})
        phone = take_in(w, alice.id, given).id
    laptop = stories.laptop(doing, alice, serial=LONG_SERIAL, disks=[])
    with doing(alice) as w:
        for one in (phone, laptop):
            custody.move(w, w.session.get_one(Item, one), holder_kind="org", holder_id=shop, place="counter", why="taken_in")
    return phone, laptop


@pytest.fixture
def desks(session, people, shop):
    """By name: what each of them finds for what was typed, as ids of things."""
    platform = people.organisation("循市", "platform")
    ada = people.person("Ada")
    people.give_role(ada, "administrator", platform)

    def looked_up(typed, of):
        page = ada.client().post("/number-lists/look-up", data={"number": typed}).text
        return {one for one in of if f"/items/{one}" in page}

    return {
        "appraisers": lambda typed, _of: {one.id for one in desk_queries.found(session, {shop}, typed)},
        "lists": looked_up,
        "bench": lambda typed, _of: {one.id for one in [wipes.find_item(session, typed)] if one},
        "regulator": lambda typed, _of: {one.id for one in inspection.find(session, typed).items},
    }


@pytest.mark.parametrize("desk", ["appraisers", "lists", "bench", "regulator"])
def test_each_desk_finds_it_however_it_is_typed(session, shelf, desks, desk):
    phone, laptop = shelf
    session.rollback()
    for typed in (*AS_MEID, *AS_IMEI):
        assert desks[desk](typed, shelf) == {phone}, typed
    for typed in (LONG_SERIAL, "5390 1180 2774 3350"):
        assert desks[desk](typed, shelf) == {laptop}, typed
    for typed in (IMEI[:-1] + "2", "A10000009296F2", LONG_SERIAL[:-1], "-"):
        assert desks[desk](typed, shelf) == set(), typed


def test_a_paper_is_found_by_the_number_of_its_thing(app, doing, session, alice, wang, zhao, shop):
    stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    session.rollback()
    assert [len(certificates_by_serial(session, typed)) for typed in ("PF2XK9A7", "pf2x-k9a7", "PF2XK9A", "", " - ")] == [1, 1, 0, 0, 0]

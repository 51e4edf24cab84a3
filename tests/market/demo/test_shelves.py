"""What is on the demo's shelves would be taken from anybody: the cards' rules, the code list, people who exist."""

from dataclasses import replace

import pytest

from core import clock
from core.goods import rules
from core.goods.cards import all_cards
from core.goods.districts import find_district
from core.people.roles import ROLES
from core.people.rules import MAY_LACK_LICENCE, check_role, read_address, read_licence, read_name
from market.demo.cast import read_people
from market.demo.drawing import MOTIFS
from market.demo.shelves import Shelved, all_shelved
from market.listings.restricted_rules import check
from privacy.wipes.checklists import get_checklist


def problems(thing: Shelved) -> list[str]:
    """What the selling screens would say against it."""
    card, given, year = thing.card, thing.intake, clock.now().year
    found = [f"no attribute {code}" for code in thing.a if card.find_attribute(code) is None]
    for attribute in card.attributes:
        code = rules.attribute_problem(attribute, thing.a.get(attribute.code, ""), year)
        found += [f"{attribute.code}: {code}"] if code else []
    for said in card.disclosures:
        answer, detail = thing.disclosures[said.code], thing.disclosures.get(f"{said.code}_detail", "")
        code = rules.disclosure_problem(said, answer, detail)
        found += [f"{said.code}: {code}"] if code else []
    known = {said.code for said in card.disclosures}
    found += [f"no disclosure {code}" for code in thing.d if code.removesuffix("_detail") not in known]
    found += [f"{kind}: {code}" for kind, code in rules.identifier_problems(card, given.identifiers).items()]
    if card.smart and rules.smart_problem(card, given.smart):
        found.append("smart")
    if thing.wipe and rules.media_problem(card.media, [one.kind for one in given.media]):
        found.append("media")
    return found


@pytest.mark.parametrize("thing", all_shelved(), ids=lambda thing: f"{thing.category}-{thing.title[:12]}")
def test_every_listing_obeys_its_card_and_the_code_list(thing: Shelved) -> None:
    assert problems(thing) == []
    assert check(thing.title, thing.description, thing.category, thing.a) == []
    assert len(thing.title) <= 80 and thing.description and thing.offer.price_minor > 0
    assert thing.motif in MOTIFS and (not thing.more or thing.more in MOTIFS)
    assert find_district(thing.district) is not None
    assert 0 < thing.days < 40


def test_the_check_would_see_a_slip() -> None:
    phone = next(one for one in all_shelved() if one.category == "phone")
    assert problems(replace(phone, imei="860461052381900")) == ["imei: imei_checksum"]
    assert problems(replace(phone, a={**phone.a, "version": "somewhere"})) == ["version: attribute_choice"]
    assert "no disclosure eaten" in problems(replace(phone, d={"eaten": "yes"}))
    assert check("手枪 仿真枪", "", "other", {})


def can_be_seen(thing: Shelved) -> bool:
    """What holds data waits, unless the demonstration has it cleared."""
    return bool(thing.wipe or thing.by_list) or not rules.holds_data(thing.card, thing.intake.smart)


def test_each_list_is_one_of_its_kind_of_thing() -> None:
    for one in all_shelved():
        if one.by_list:
            assert one.category in get_checklist(one.by_list.platform).categories
            assert set(one.by_list.read) == set(get_checklist(one.by_list.platform).reads)


def test_there_are_enough_over_all_categories() -> None:
    things = all_shelved()
    assert len(things) >= 64
    seen = [one for one in things if one.key != "sold" and can_be_seen(one)]
    assert len(seen) >= 60 and {one.category for one in seen} == {card.code for card in all_cards()}, "no tile leads to nothing"
    assert sum(not (one.wipe or one.by_list) for one in seen) >= 50
    assert not [one.title for one in things if one.wipe and one.by_list]
    assert {one.card.wipe_route for one in things if one.wipe} == {"tool_log"}
    assert {one.card.wipe_route for one in things if one.by_list} == {"checklist"}
    assert len({one.title for one in things}) == len(things)
    assert sum(one.title.isascii() for one in things) >= 4


def test_serials_and_logs_are_used_once() -> None:
    things = all_shelved()
    numbers = [number for one in things for number in (one.serial, one.imei) if number]
    assert len(numbers) == len(set(numbers))
    logs = [one.wipe.log for one in things if one.wipe]
    assert len(logs) == len(set(logs)) == 6
    kinds = {"hdd": "magnetic", "ssd": "semiconductor"}
    assert all(one.wipe.file.medium == kinds[one.wipe.kind] for one in things if one.wipe)


def test_the_people_could_have_signed_up() -> None:
    told = read_people()
    kinds = {row["key"]: row["kind"] for row in told["organisations"]}
    for row in told["organisations"]:
        assert read_licence(row["licence"]) == row["licence"] if row["licence"] else row["kind"] in MAY_LACK_LICENCE
    for row in told["people"]:
        assert read_name(row["name"]) == row["name"]
        assert read_address(row["contact"]).value.endswith("@demo.example")
        held = [given.split(":") for given in row.get("roles", [])]
        for org, role in held:
            check_role(role, kinds[org])
        assert row.get("second_factor", False) == any(
            ROLES[role].second_factor or role == "wipe_operator" for _, role in held
        ), "who signs a wipe shows a second factor"
    sellers = {one.seller for one in all_shelved()}
    assert sellers <= {row["key"] for row in told["people"]}
    assert {one.org for one in all_shelved()} <= {"", *kinds}

"""The demonstration's consignors: papers that nobody can hold, and every name in the file is somebody there."""

import tomllib

from market.channels.consignment import rules
from market.demo.cast import read_people
from market.demo.consigned import FILE


def test_every_paper_is_read_and_no_identity_card_can_have_its_number():
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))["files"]
    people, shops = {one["key"] for one in read_people()["people"]}, {one["key"] for one in read_people()["organisations"]}
    for row in told:
        papers = [rules.read_paper(row.get("paper_kind", "resident_id"), row["paper_no"])]
        papers += [rules.read_paper("resident_id", row["delegate_no"])] if "delegate" in row else []
        assert all(one.number.startswith("330199") for one in papers if one.kind == "resident_id"), "no region has this code"
        assert row["clerk"] in people and row["shop"] in shops and row.get("who", row["clerk"]) in people
        assert "account" not in row or rules.read_account(row["account"])
    assert {row.get("says") for row in told} == {None, "yes", "no"}

"""What may go into a public log, and what the guard at its door refuses."""

import json

import pytest
from sqlalchemy import select

from core import canonical, clock, ids
from core.canonical import commit
from privacy.clearance.log import leaves
from privacy.clearance.log.leaves import NotForTheLog, append_leaf
from privacy.clearance.log.models import LogLeaf

KIND = "privacy:evidence:attached"
DIGEST = canonical.digest("a file")


def write(body, commitments=None, subject="QC-2026-000001-4", kind=KIND):
    return leaves.write(kind, subject, body, commitments or {}, clock.now())


def test_a_leaf_is_canonical_and_says_when(doing, session):
    with doing() as w:
        append_leaf(w, KIND, "QC-2026-000001-4", {"digest": DIGEST, "size": 4445}, {"file": commit("x")[1]})
        at = w.now
    row = session.scalars(select(LogLeaf)).one()
    value = json.loads(row.text)
    assert canonical.encode(value).decode() == row.text and row.leaf_index is None
    assert (value["v"], value["type"], value["subject"]) == (1, KIND, row.subject)
    assert value["body"] == {"digest": DIGEST, "size": 4445} and row.created == at
    assert [one["field"] for one in value["commitments"]] == ["file"]


def test_a_leaf_goes_with_its_fact_or_not_at_all(doing, session):
    with pytest.raises(ZeroDivisionError), doing() as w:
        append_leaf(w, KIND, "QC-2026-000001-4", {"digest": DIGEST})
        raise ZeroDivisionError
    assert session.scalars(select(LogLeaf)).all() == []


@pytest.mark.parametrize("body", [
    {"serial": "PF2XK9A7"}, {"imei": "x"}, {"serial_digest": DIGEST}, {"account": "x"}, {"account_id": ids.new_id()}, {"imei2": DIGEST},
    {"owner": "x"}, {"name": "x"}, {"value": "490154203237518"}, {"value": 490154203237518}, {"value": "IMEI/490154203237518"},
    {"value": "free text of somebody"}, {"value": "\u738b"}, {"value": 1.5}, {"value": {"a": 1}}, {"value": ["ok", "not ok"]}, {"Value": "x"},
    {"value": "x" * 400}, {"value": 2**60}, {"verifier": "x"},
])  # fmt: skip
def test_personal_values_and_free_text_stay_outside(body):
    with pytest.raises(NotForTheLog):
        write(body)


@pytest.mark.parametrize("body", [
    {"digest": DIGEST}, {"value": "XS-2026-000001-J"}, {"state": "revoked"}, {"size": 64 * 2**30}, {"ok": True}, {"none": None},
    {"keys": ["a1b2", "c3d4"]}, {"since": "2026-11-22T06:14:22.000000Z"}, {"origin": "xunshi.example/log"},
])  # fmt: skip
def test_codes_digests_and_counts_go_in(body):
    assert json.loads(write(body))["body"] == body


def test_only_commitments_are_commitments_and_kinds_are_declared():
    write({}, {"medium.0.serial": commit("S1")[1]})
    for bad in ({"medium.0.serial": "S1"}, {"medium 0": commit("S1")[1]}, {"x": DIGEST.upper()}):
        with pytest.raises(NotForTheLog):
            write({}, bad)
    for kind in ("privacy:secret:told", "nothing", ""):
        with pytest.raises(NotForTheLog):
            write({}, kind=kind)
    with pytest.raises(NotForTheLog):
        write({}, subject="490154203237518")
    with pytest.raises(NotForTheLog):
        write({}, {f"f{n}": DIGEST for n in range(200)})
    with pytest.raises(ValueError, match="room:subject:happened"):
        leaves.kinds({"nothing": "x"})
    with pytest.raises(ValueError, match="twice"):
        leaves.kinds({KIND: "another sentence"})


def test_a_serial_cannot_be_found_by_trying(app, session, number):
    """Everything public about a device, against everybody who can guess its numbers."""
    import hashlib

    from tests import stories

    public = "".join(session.scalars(select(LogLeaf.text)))
    for guess in ("PF2XK9A7", stories.disks()[0].serial):
        tries = [hashlib.sha256(one.encode()).hexdigest() for one in (guess, f'"{guess}"', guess.lower(), guess + "\n")]
        tries += [hashlib.sha256(canonical.encode([name, guess])).hexdigest() for name in ("", "item.serial.0", "medium.0.serial")]
        assert guess not in public and not any(one in public for one in tries)

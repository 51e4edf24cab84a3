"""The paper: public, checked, masked, honest about its state, and in both languages."""

import json
import re

import pytest
from sqlalchemy import select

from core import canonical, signing
from core.goods import custody
from core.goods.models import Item
from core.ports import dossier, providers
from privacy.clearance import house_key
from privacy.clearance.log import keys as log_keys
from privacy.clearance.models import Certificate, Disclosure
from privacy.clearance.queries import certificate_of
from tests import stories
from tests.privacy.test_wipe_pages import words

HDD = stories.disks("hdd")


@pytest.fixture
def cleared(app, doing, alice, wang, zhao, shop):
    return stories.wiped_laptop(app, doing, alice, wang, zhao, shop)


@pytest.fixture
def number(session, cleared):
    found = certificate_of(session, cleared).number
    session.rollback()
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_anybody_reads_it(anonymous, number, language):
    with anonymous.session_transaction() as cookie:
        cookie["language"] = language
    answer = anonymous.get(f"/certificates/{number}")
    said = words(answer)
    assert answer.status_code == 200 and number in said and "PF2X****" in said and "CN-GB46864-2025" in said
    assert HDD[0].serial not in said and "PF2XK9A7" not in answer.get_data(as_text=True)
    assert ("designed to meet" if language == "en" else "的要求设计") in said
    assert not re.search("unrecoverable|GB compliant|NIST certified|military|不可恢复", said)
    assert "<svg" in answer.get_data(as_text=True)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_paper_is_a_pdf(anonymous, number, language):
    answer = anonymous.get(f"/certificates/{number}.pdf?language={language}")
    assert answer.status_code == 200 and answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF")


def test_the_signed_text_is_checked_with_the_public_keys_alone(anonymous, number):
    file = json.loads(anonymous.get(f"/certificates/{number}.json").data)
    keys = json.loads(anonymous.get("/keys.json").data)
    trusted = {one["key_id"]: bytes.fromhex(one["public"]) for one in keys["keys"]}
    body = canonical.encode(file["body"])
    signature = signing.Signature(**file["signatures"][0])
    assert (file["kind"], file["version"], file["state"]) == ("wipe_certificate", 1, "issued")
    assert signing.verify(trusted, body, signature) is True
    assert signing.verify(trusted, body.replace(b"magnetic", b"Magnetic"), signature) is False
    assert signing.verify({}, body, signature) is None


def test_no_person_and_no_serial_stands_in_it(session, anonymous, alice, wang, zhao, number):
    text = anonymous.get(f"/certificates/{number}.json").get_data(as_text=True)
    digests = [canonical.digest(one) for one in (HDD[0].serial, "PF2XK9A7")]
    for hidden in (alice.id, wang.id, zhao.id, "Alice", "Wang", "Zhao", HDD[0].serial, "PF2XK9A7", *digests):
        assert hidden not in text
    from core import secrets

    body = json.loads(text)["body"]
    rows = {one.name: one for one in session.scalars(select(Disclosure))}
    one = rows["medium.0.serial"]
    value = secrets.decrypt(one.value, "disclosure")
    assert canonical.check_commitment(value, one.salt, body["media"][0]["serial"]["commitment"], name="medium.0.serial")
    assert secrets.decrypt(rows["wipe_operator"].value, "disclosure") == wang.id


def test_delivered_says_when_and_nothing_about_use_since(doing, session, anonymous, bob, wang, cleared, number):
    with doing(wang) as w:
        custody.move(w, w.session.get_one(Item, cleared), holder_kind="person", holder_id=bob.id, place="buyer", why="sold")
    said = words(anonymous.get(f"/certificates/{number}"))
    assert "Delivered" in said and "Handed over on" in said and "nothing about use since" in said
    assert json.loads(anonymous.get(f"/certificates/{number}.json").data)["state"] == "delivered"


def test_it_is_found_by_number_however_it_is_typed(anonymous, number):
    assert anonymous.get("/certificates").status_code == 200
    typed = number.lower().replace("-", " ")
    assert anonymous.post("/certificates", data={"number": typed}).location == f"/certificates/{number}"
    for wrong, status in [("XS-2026-000999-K", 422), ("hello", 422), ("", 422), ("XS-2026-000123-" + "x" * 500, 422)]:
        assert anonymous.post("/certificates", data={"number": wrong}).status_code == status
    from core.ids import numbered

    absent = numbered("XS", 2026, 999)
    assert anonymous.post("/certificates", data={"number": absent}).status_code == 404
    for path in (absent, "nothing", "..%2f..", absent + ".pdf", absent + ".json"):
        assert anonymous.get(f"/certificates/{path}").status_code == 404


def test_a_changed_text_or_a_foreign_key_shows(app, session, doing, anonymous, number):
    bench, known = stories.bench(app).keys, log_keys.listed(session)
    row = session.scalars(select(Certificate)).one()
    text, signed = row.body.encode(), list(row.signatures)
    assert house_key.check(bench, text, signed, known) is True
    assert house_key.check(bench, text + b" ", signed, known) is False
    assert house_key.check(bench, text, [], known) is None
    assert house_key.check(bench, text, signed) is None, "people's keys stand in the database's list"
    assert house_key.check(bench, text, signed[1:], known) is False, "the house alone"
    assert house_key.check(bench, b"[]", signed, known) is False and house_key.check(bench, b"x", signed, known) is False
    session.rollback()
    assert "signature over this certificate holds" in words(anonymous.get(f"/certificates/{number}"))
    with doing() as w:
        log_keys.revoke(w, signed[0]["key_id"], "stolen")
    assert "nobody can tell" in words(anonymous.get(f"/certificates/{number}"))


def test_only_staff_take_it_back(session, alice, ines, bob, cleared, number):
    path = f"/certificates/{number}/revoke"
    for who in (alice, bob):
        assert who.client().get(path).status_code == 403
    assert "/second-factor" in ines.client(factor=False).get(path).location
    client = ines.client()
    assert client.get(path).status_code == 200
    assert client.post(path, data={"reason": "because"}).status_code == 422
    assert client.post(path, data={"reason": "inspection"}).location == f"/certificates/{number}"
    assert "Revoked" in words(client.get(f"/certificates/{number}"))
    assert client.post(path, data={"reason": "inspection"}).status_code == 409


def test_custody_page_moves_it(session, wang, shop, alice, cleared):
    client, path = wang.client(), f"/items/{cleared}/custody"
    assert client.get(path).status_code == 200
    assert client.post(path, data={"place": "shelf", "org": shop}).status_code == 303
    assert client.post(path, data={"place": "moon", "org": shop}).status_code == 422
    assert alice.client().post(path, data={"place": "shelf", "org": shop}).status_code == 403
    assert client.post(f"{path}/seal", data={}).status_code == 422
    assert client.post(f"{path}/let-go/released_unsealed", data={"released_unsealed-reason": "owner_wish"}).status_code == 303
    assert certificate_of(session, cleared).state == "superseded"


def test_the_dossier_tells_the_whole_life(session, cleared):
    lines = dossier(session, cleared)
    said = [line.sentence % line.values for line in lines]
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    for part in (
        "was opened",
        "agreed to wipe",
        "begun at the bench",
        "was attached",
        "passed by rule set",
        "accepted the wipe",
        "was issued",
        "registered by its owner",
        "taken to the wiping bench",
    ):
        assert any(part in one for one in said), part


def test_what_is_held_about_people_and_how_long(session, alice, wang, zhao, cleared):
    data = providers("personal_data")["privacy"]
    assert len(data(session, alice.id)["wipes_of_my_devices"]) == 1
    assert data(session, wang.id)["wipes_i_worked_on"] and data(session, zhao.id)["wipes_i_verified"]
    rows = list(providers("retention")["privacy"]())
    by_law = [row for row in rows if "GB 46864" in row.source]
    assert len(by_law) >= 8 and all(row.months >= 36 for row in by_law)
    assert {row.months for row in rows if row not in by_law} <= {0, 12, 36}, "what no law asks for goes sooner"

"""Attacks on privacy through proof: whoever has a list of serial numbers, IMEIs and account numbers searches everything that is
public, and what inspectors take home, for their digests. The genuine twin holds a salt."""

import base64
import hashlib
import itertools
import json
import zipfile
from io import BytesIO

import pytest
from sqlalchemy import select, text

from core import canonical, clock, passwords, secrets
from core.canonical import check_commitment
from core.goods.models import Identifier
from core.goods.rules import normalise_serial
from core.people.models import Account
from privacy.bench import bench_of
from privacy.clearance.log.bundle import make_bundle
from privacy.clearance.models import Certificate, Disclosure
from tests import stories
from tests.harness.pdf_text import lines
from tests.privacy.checklists import walking

HDD = stories.disks("hdd")
LAPTOP, IMEI = "PF2XK9A7", walking.IMEI
NAMES = ("serial", "imei", "medium", "item.serial.0", "item.imei.0", "medium.0.serial", "wipe_operator", "wipe_verifier", "identifier", "claim")
HASHES = ("sha256", "sha1", "md5", "sha512", "sha3_256", "blake2b", "blake2s", "sha224", "sha384")


def spellings(value: str) -> set[str]:
    return {value, value.lower(), value.upper(), normalise_serial(value), value.replace("-", ""), f"{value}\n", json.dumps(value)}


def digests(value: str) -> set[str]:
    """Every bare digest of a value that a programmer in a hurry would write, in hex and base64, whole and cut to 16 digits."""
    found: set[str] = set()
    plain = spellings(value)
    joined = {f"{name}{mark}{one}" for name, mark, one in itertools.product(NAMES, (":", "=", "|", "\0", ""), plain)}
    listed = {canonical.encode([name, one]).decode() for name, one in itertools.product(NAMES, plain)}
    for one in plain | joined | listed:
        for name in HASHES:
            raw = hashlib.new(name, one.encode()).digest()
            found |= {raw.hex(), raw.hex()[:16], raw.hex()[:32], base64.b64encode(raw).decode().rstrip("="), base64.urlsafe_b64encode(raw).decode().rstrip("=")}
    return found


@pytest.fixture
def town(app, session, doing, alice, wang, zhao, shop, laptop, sequence):
    """A laptop and a phone, cleared; everything about them in the log. Values nobody outside may find."""
    _phone, number = walking.cleared(app, doing, alice, wang, zhao, shop)
    sequence()
    people = [one.id for one in (alice, wang, zhao)]
    return number, [LAPTOP, HDD[0].serial, IMEI, *people]


@pytest.fixture
def public(app, session, anonymous, ines, town) -> dict[str, str]:
    """Everything that leaves the house, as text."""
    certificates = list(session.scalars(select(Certificate)))
    numbers = [one.number for one in certificates]
    bundle = zipfile.ZipFile(BytesIO(make_bundle(session, bench_of(app.extensions["xunshi"]), certificates, clock.now(), evidence=False)))
    leaves = "\n".join(session.scalars(text("SELECT text FROM log_leaves")))
    session.rollback()
    found = {"leaves": leaves, "keys": anonymous.get("/keys.json").text, "log": anonymous.get("/log").text, "checkpoint": anonymous.get("/log/checkpoint").text}
    for number in numbers:
        found[f"{number} page"] = anonymous.get(f"/certificates/{number}").text
        found[f"{number} json"] = anonymous.get(f"/certificates/{number}.json").text
        found[f"{number} proof"] = anonymous.get(f"/certificates/{number}.tlog-proof").text
        found[f"{number} pdf"] = "\n".join(lines(anonymous.get(f"/certificates/{number}.pdf?language=en").data))
    found |= {f"bundle {name}": bundle.read(name).decode("utf-8", "replace") for name in bundle.namelist() if not name.endswith("verify.py")}
    found["audit export"] = ines.client().get("/regulator/log/export").text
    assert len(numbers) == 2 and [name for name, one in found.items() if not one] == ["bundle consistency.jsonl"]
    return found


def test_no_bare_digest_of_a_number_or_person_is_found_anywhere(public, town):
    _number, values = town
    wanted = {value: digests(value) for value in values}
    assert all(len(one) > 1000 for one in wanted.values())
    for place, said in public.items():
        for value, known in wanted.items():
            hit = next((one for one in known if one in said), None)
            assert hit is None, f"{place}: a digest of {value}"


def test_nor_the_value_itself(public, town):
    """Inspectors' audit lines name accounts, by law and on purpose; nothing else does, and no line has a device's number."""
    _number, values = town
    for place, said in public.items():
        for value in values:
            if place == "audit export" and value not in (LAPTOP, HDD[0].serial, IMEI):
                continue
            assert value not in said, f"{place}: {value}"
        assert "Alice" not in said and "@example.com" not in said


def test_the_search_would_have_found_one(public, town):
    """The twin of the search: a leaf as it must not be is found, and the log refuses to write it."""
    _number, values = town
    bad = public["leaves"] + hashlib.sha256(f"serial:{LAPTOP}".encode()).hexdigest()
    assert any(one in bad for one in digests(LAPTOP))


def test_a_leaf_with_a_number_or_a_persons_field_is_refused(doing):
    from privacy.clearance.log.leaves import NotForTheLog, append_leaf

    for body in ({"imei": "x"}, {"code": IMEI}, {"n": int(IMEI)}, {"serial": "a" * 64}, {"operator_digest": "a" * 64}, {"said": "free words here"}):
        with pytest.raises(NotForTheLog), doing() as w:
            append_leaf(w, "privacy:evidence:attached", "QC-1", body)
    with doing() as w:
        assert append_leaf(w, "privacy:evidence:attached", "QC-1", {"job": "QC-1"})


def test_commitments_open_with_their_salt_and_to_no_dictionary(session, anonymous, town):
    """All IMEIs of one type are a million: without the salt none of them fits, with it the true one does."""
    number, _values = town
    body = json.loads(anonymous.get(f"/certificates/{number}.json").data)["body"]
    (one,) = [row for row in body["item"]["serials"] if row["kind"] == "imei"]
    row = session.scalars(select(Disclosure).join(Certificate).where(Certificate.number == number, Disclosure.name == "item.imei.0")).one()
    value, salt = secrets.decrypt(row.value, "disclosure"), row.salt
    session.rollback()
    assert value == IMEI and check_commitment(value, salt, one["commitment"], name="item.imei.0")
    for guess in (f"{IMEI[:8]}{n:07d}" for n in range(int(IMEI[8:]) - 500, int(IMEI[8:]) + 500)):
        for known in ("00" * 16, "", one["commitment"][:32], hashlib.md5(number.encode()).hexdigest()):
            assert not check_commitment(guess, known, one["commitment"], name="item.imei.0")
    assert not check_commitment(value, salt, one["commitment"], name="medium.0.serial"), "a commitment is of one field only"


def test_one_operator_on_two_papers_has_two_commitments(app, session, doing, alice, wang, zhao, shop, laptop):
    """An outsider can't join papers by who wiped or verified. (By the key that signed he can: see docs/attacks.md.)"""
    stories.wiped_laptop(app, doing, alice, wang, zhao, shop, nth=1)
    one, other = [json.loads(row.body) for row in session.scalars(select(Certificate))]
    session.rollback()
    for role in ("wiped", "verified"):
        assert one[role]["commitment"] != other[role]["commitment"]
        assert one[role]["organisation"] == other[role]["organisation"]


def test_after_a_person_is_forgotten_every_proof_still_holds(session, doing, town, anonymous, zhao, offline):
    """The verifier closes the account on its page: salt and value are deleted, the commitment says nothing to anybody, and the paper
    is as valid as before. (Owners, sweeps, terms: tests/privacy/log/test_redaction.py.)"""
    number, _values = town
    paper = anonymous.get(f"/certificates/{number}.json").data
    body, known = json.loads(paper)["body"], Certificate.number == number
    row = session.scalars(select(Disclosure).join(Certificate).where(known, Disclosure.name == "wipe_verifier")).one()
    salt, value = row.salt, secrets.decrypt(row.value, "disclosure")
    session.rollback()
    assert value == zhao.id and check_commitment(value, salt, body["verified"]["commitment"], name="wipe_verifier")
    assert offline(paper)["verdict"] == "valid"
    with doing() as w:
        w.session.get_one(Account, zhao.id).password_hash = passwords.hash_password("correct horse battery staple")
    sent = {"password": "correct horse battery staple", "sure": "y"}
    assert zhao.client().post("/me/settings/close", data=sent).status_code == 303
    left = set(session.scalars(select(Disclosure.name)))
    session.rollback()
    assert "wipe_verifier" not in left and "wipe_operator" in left
    after = anonymous.get(f"/certificates/{number}.json").data
    assert offline(after)["verdict"] == offline(paper)["verdict"] == "valid"
    assert json.loads(after)["body"] == body


def test_what_is_looked_up_by_number_is_keyed(session, town):
    """The register finds a serial by a keyed digest: with the database alone a dictionary finds nothing."""
    _number, values = town
    kept = set(session.scalars(select(Identifier.digest))) | set(session.scalars(text("SELECT digest FROM storage_media")))
    kept |= set(session.scalars(text("SELECT digest FROM contacts"))) | set(session.scalars(text("SELECT digest FROM identity_claims")))
    session.rollback()
    assert len(kept) > 5
    for value in values:
        assert not kept & digests(value)
    assert secrets.keyed_digest(normalise_serial(HDD[0].serial), "medium") in kept, "who has the secret finds it"


def test_without_the_last_four_nobody_sees_the_photo(anonymous, town):
    number, _values = town
    assert anonymous.get(f"/certificates/{number}/photo/screen.jpg").status_code == 404
    assert anonymous.post(f"/certificates/{number}/photo", data={"tail": "0000"}).status_code == 422
    assert anonymous.post(f"/certificates/{number}/photo", data={"tail": IMEI[-4:]}).status_code == 303
    assert anonymous.get(f"/certificates/{number}/photo/screen.jpg").status_code == 200

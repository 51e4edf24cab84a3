"""The signed file of a report, checked by a stranger with one copied file, the network off; and whoever forges it."""

import base64
import copy
import hashlib
import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from appraisal.grades import reports
from appraisal.grades.guide_models import AppraisalPhoto
from appraisal.grades.models import Appraisal
from core import audit, canonical, clock, house_key, signing
from core.work import Actor, work
from privacy import verify
from privacy.bench import bench_of
from privacy.clearance.house_key import key_list
from privacy.clearance.log import keys, sequencing
from privacy.keys import house
from tests import stories
from tests.appraisal.grades.test_reports import sign
from tests.harness.json_shape import misfits, schema


@pytest.fixture
def laptop(app, doing, alice, wang, zhao, shop):
    return stories.wiped_laptop(app, doing, alice, wang, zhao, shop)


@pytest.fixture
def sequence(app, session):
    def step():
        session.rollback()
        with work(session, Actor("system:sealer"), clock.now()) as w:
            audit.seal(w.session)
        with work(session, Actor("system:log_sequencer"), clock.now()) as w:
            sequencing.sequence(w, app.extensions["xunshi"])
        session.rollback()

    return step


@pytest.fixture
def made(session, laptop, li, sequence):
    found = sign(li, laptop)
    sequence()
    return session.get_one(Appraisal, found)


@pytest.fixture
def paper(made, anonymous):
    return json.loads(anonymous.get(f"/reports/{made.number}.json").data)


@pytest.fixture
def trust(app, session, made, anonymous):
    known = json.loads(anonymous.get("/keys.json").data)
    assert known == json.loads(canonical.encode(key_list(bench_of(app.extensions["xunshi"]).keys, keys.listed(session))))
    return known


def judged(paper, trust=None):
    known = verify.read_keys(canonical.encode(trust)) if trust is not None else None
    found = verify.examine(canonical.encode(paper), known)
    return found.verdict, {one.code: one.ok for one in found.checks if one.ok is not True}


def signed_anew(paper, key, **changes):
    """The same paper with another text, signed by whoever has this key; its entry in the log is the old one."""
    one = copy.deepcopy(paper)
    one["body"].update(changes)
    text = canonical.encode(one["body"])
    row = signing.sign(key, text)
    one["digest"], one["signatures"] = canonical.digest(one["body"]), [{"alg": row.alg, "key_id": row.key_id, "value_b64": row.value_b64}]
    return one


@pytest.mark.parametrize("bare", [False, True])
def test_a_stranger_checks_it_with_one_copied_file(paper, trust, tmp_path, bare):
    assert misfits(paper, schema("appraisal-report")) == []
    copied = tmp_path / "copied.py"
    copied.write_bytes(Path(verify.__file__).read_bytes())
    (tmp_path / "r.json").write_bytes(canonical.encode(paper))
    (tmp_path / "keys.json").write_bytes(canonical.encode(trust))
    flags = ["-I", "-S"] if bare else ["-I"]

    def run(*args):
        command = [sys.executable, *flags, str(copied), "r.json", *args, "--lang", "en"]
        return subprocess.run(command, capture_output=True, cwd=tmp_path, env={"PATH": os.environ["PATH"]}, timeout=60)

    done = run("--trust", "keys.json", "--json")
    value = json.loads(done.stdout)
    assert (done.returncode, value["verdict"], value["kind"]) == (0, "valid", "appraisal_report")
    assert misfits(value, schema("verify")) == [] and "revocation_after_as_of" in value["notes"]
    assert "The house signed it" in run("--trust", "keys.json").stdout.decode()
    alone = json.loads(run("--json").stdout)
    assert alone["verdict"] == "unknown" and "signer_not_confirmed" in alone["notes"], "keys inside a file prove nothing"


def leaves_of(value, path=()):
    """The way to each value of a text."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from leaves_of(one, (*path, name))
    elif isinstance(value, list) and value:
        for at, one in enumerate(value):
            yield from leaves_of(one, (*path, at))
    else:
        yield path


def bent(paper, path):
    one = copy.deepcopy(paper)
    place = one["body"]
    for step in path[:-1]:
        place = place[step]
    old = place[path[-1]]
    place[path[-1]] = old + "x" if isinstance(old, str) else old + 1 if type(old) is int else ["x"] if old == [] else "x"
    return one


def test_every_changed_word_is_found(paper, trust):
    assert judged(paper, trust) == ("valid", {})
    paths = list(leaves_of(paper["body"]))
    assert len(paths) > 40
    for path in paths:
        verdict, bad = judged(bent(paper, path), trust) if path not in (("kind",), ("version",)) else ("invalid", {"signature": False})
        assert verdict == "invalid" and bad["signature"] is False, path


def test_a_name_that_nobody_knows_is_refused(paper, trust, app):
    for place in ([], ["body"], ["log"], ["signatures", 0]):
        one = copy.deepcopy(paper)
        spot = one
        for step in place:
            spot = spot[step]
        spot["approved_by"] = "the ministry"
        verdict, bad = judged(one, trust)
        assert verdict == ("valid" if place == ["signatures", 0] else "invalid"), place
    key = house_key.house_key(bench_of(app.extensions["xunshi"]).keys)
    signed = signed_anew(paper, key, approved_by="the ministry")
    verdict, bad = judged(signed, trust)
    assert verdict == "invalid" and bad["form"] is False, "not even when the house itself signed it"
    assert judged(signed_anew(paper, key), trust) == ("valid", {}), "the genuine twin, signed again by the house, is the same paper"


def test_another_key_a_swapped_signature_another_report(paper, trust, app, session, laptop, li, sequence, anonymous):
    other = signing.from_seed(b"x" * 32)
    assert judged(signed_anew(paper, other), trust)[0] == "invalid", "the log names the key that signed"
    posing = {"alg": "Ed25519", "key_id": other.key_id, "public": other.public.hex()}
    for role in ("person", "log", "witness"):
        known = {**trust, "keys": [*trust["keys"], {**posing, "role": role, "name": "x"}]}
        bad = judged(signed_anew(paper, other), known)[1]
        assert bad["house_signed"] is False, role
    second = session.get_one(Appraisal, sign(li, laptop))
    sequence()
    later = json.loads(anonymous.get(f"/reports/{second.number}.json").data)
    assert judged(later, trust) == ("valid", {}) and later["body"]["supersedes"] == paper["body"]["number"]
    swapped = {**later, "signatures": paper["signatures"]}
    assert judged(swapped, trust)[1]["signature"] is False
    moved = {**later, "log": paper["log"]}
    assert judged(moved, trust)[1]["leaf"] is False
    both = {**later, "signatures": later["signatures"] + paper["signatures"]}
    assert judged(both, trust)[1]["house_signed"] is False
    assert judged({**later, "signatures": []}, trust)[0] == "invalid"
    value = base64.b64encode(bytes(64)).decode()
    assert judged({**later, "signatures": [{**later["signatures"][0], "value_b64": value}]}, trust)[1]["signature"] is False


def test_what_it_says_of_its_time(paper, trust, app):
    key = house_key.house_key(bench_of(app.extensions["xunshi"]).keys)
    issued = verify.moment(paper["body"]["issued_at"])

    def at(days):
        return (issued + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    for days, form in ((30, True), (31, False), (0, False), (-1, False)):
        bad = judged(signed_anew(paper, key, expires_at=at(days)), trust)[1]
        assert ("form" not in bad) is form, days
    for state in ("superseded", "expired", "revoked", "signed", "issued", "delivered", ""):
        assert judged({**paper, "state": state}, trust)[1]["stands"] is False, state
    assert judged({**paper, "as_of": at(31)}, trust)[1]["stands"] is False, "older than its time"
    assert judged({**paper, "ended_at": at(0)}, trust)[1]["stands"] is False
    without = {name: one for name, one in paper.items() if name != "state"}
    assert judged(without, trust) == ("unknown", {"stands": None})
    assert judged({**paper, "log": {"state": "being_entered"}}, trust) == ("unknown", {"in_log": None})
    assert judged(paper, {**trust, "keys": []})[0] == "unknown", "keys that the reader doesn't have"


def test_a_house_key_that_is_revoked_makes_it_unknown_here_and_offline(app, session, paper, made, anonymous):
    assert "signature over this report holds." in anonymous.get(f"/reports/{made.number}").text
    key_id = paper["signatures"][0]["key_id"]
    session.rollback()
    with work(session, Actor("system:test"), clock.now()) as w:
        keys.revoke(w, key_id, "stolen")
    known = json.loads(anonymous.get("/keys.json").data)
    verdict, bad = judged(paper, known)
    assert verdict == "unknown" and bad["signer"] is None
    assert "nobody can tell by it alone" in anonymous.get(f"/reports/{made.number}").text


def test_a_rotated_key_leaves_old_reports_good(app, session, paper, made, laptop, li, sequence, anonymous):
    with work(session, Actor("system:test"), clock.now()) as w:
        house.rotate(w, app.extensions["xunshi"], "house")
    sequence()
    known = json.loads(anonymous.get("/keys.json").data)
    assert judged(paper, known) == ("valid", {})
    second = session.get_one(Appraisal, sign(li, laptop))
    sequence()
    later = json.loads(anonymous.get(f"/reports/{second.number}.json").data)
    assert later["signatures"][0]["key_id"] != paper["signatures"][0]["key_id"] and judged(later, known)[0] == "valid"


def test_its_end_is_entered_in_the_log_too(session, doing, made, ines, sequence, anonymous):
    number = made.number
    with doing(ines) as w:
        reports.revoke(w, w.session.get_one(Appraisal, made.id), "conflict")
    sequence()
    entries = anonymous.get("/log/entries?from=0&to=200").text
    assert "appraisal:report:issued" in entries and "appraisal:report:revoked" in entries and number in entries


def example_of(name):
    return json.loads((Path(__file__).resolve().parents[3] / "docs/schemas/examples" / name).read_text("utf-8"))


def test_the_example_in_the_docs_is_a_report_of_this_shape(paper):
    example = example_of("appraisal-report.json")
    assert misfits(example, schema("appraisal-report")) == []
    assert verify.examine(canonical.encode(example)).verdict == "unknown", "whole, but its signer isn't known to the reader"
    assert set(example) == set(paper) and set(example["body"]) == set(paper["body"])
    assert judged({**example, "digest": "0" * 64})[0] == "invalid"


def test_a_report_of_before_stays_what_it_is():
    """Version 1 named neither wipe nor photos; one with either of them put in is nobody's paper."""
    old = example_of("appraisal-report.v1.json")
    assert old["version"] == 1 and not {"wipe", "photos"} & set(old["body"])
    assert misfits(old, schema("appraisal-report")) == []
    assert judged(old)[0] == "unknown"
    for name, value in (("wipe", {"state": "clear", "certificate": None}), ("photos", {"code": None, "list": []})):
        forged = copy.deepcopy(old)
        forged["body"][name] = value
        forged["digest"] = canonical.digest(forged["body"])
        assert "form" in judged(forged)[1]


def test_wipe_and_photos_stand_in_what_is_signed(paper, trust, session, made, anonymous):
    body = paper["body"]
    assert body["version"] == 2 and body["wipe"]["state"] == "clear"
    assert anonymous.get(f"/certificates/{body['wipe']['certificate']}").status_code == 200
    views = [one["view"] for one in body["photos"]["list"]]
    assert {"with_code", "lid", "screen_on", "keyboard", "bottom"} <= set(views) and body["photos"]["code"]
    page = anonymous.get(f"/reports/{made.number}").text
    assert body["photos"]["code"] in page and body["wipe"]["certificate"] in page
    for photo in session.scalars(select(AppraisalPhoto).where(AppraisalPhoto.appraisal_id == made.id)):
        raw = anonymous.get(f"/appraisals/{made.id}/photos/{photo.id}/large.jpg").data
        assert hashlib.sha256(raw).hexdigest() in [one["sha256"] for one in body["photos"]["list"]], "a stranger can tell that it is one of these"
    assert judged(paper, trust) == ("valid", {})
    for change in (lambda b: b["wipe"].update(certificate=None), lambda b: b["photos"]["list"].pop(), lambda b: b["wipe"].update(state="fine")):
        forged = copy.deepcopy(paper)
        change(forged["body"])
        assert judged(forged, trust)[0] == "invalid"

"""A stranger checks a corrected certificate with the one file, offline: every value of a correction was tried."""

import copy
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from core import canonical, clock
from core.work import Actor, work
from privacy import verify
from privacy.clearance.log import bundle, sequencing
from privacy.clearance.queries import get_certificate
from tests import stories
from tests.privacy.clearance.test_corrections import decide, mu, number, propose  # noqa: F401

CODES = ("amended", "amended_signed", "amended_log")


@pytest.fixture
def enter(app, session):
    def step():
        session.rollback()
        with work(session, Actor("system:log_sequencer"), clock.now()) as w:
            sequencing.sequence(w, app.extensions["xunshi"])

    return step


@pytest.fixture
def corrected(app, doing, wang, zhao, anonymous, enter, number):  # noqa: F811
    """The download of a certificate with two corrections, which stand in the log."""
    decide(app, doing, zhao, propose(app, doing, wang, number))
    decide(app, doing, wang, propose(app, doing, zhao, number, field="owner_words", before="小名", after="小明", reason="spelling"))
    enter()
    return anonymous.get(f"/certificates/{number}.json").get_json()


@pytest.fixture
def ask(anonymous):
    trust = verify.read_keys(anonymous.get("/keys.json").data)

    def run(paper, keys=None):
        answer = verify.examine(canonical.encode(paper), verify.read_keys(anonymous.get("/keys.json").data) if keys is None else keys)
        return answer.verdict, {one.code: one.ok for one in answer.checks}

    assert trust is not None
    return run


def test_it_is_valid_and_says_what_was_corrected(corrected, ask, anonymous, tmp_path):
    verdict, checks = ask(corrected)
    assert verdict == "valid" and all(checks[code] is True for code in CODES)
    (tmp_path / "p.json").write_bytes(canonical.encode(corrected))
    (tmp_path / "k.json").write_bytes(anonymous.get("/keys.json").data)
    command = [sys.executable, "-I", str(Path(verify.__file__)), str(tmp_path / "p.json"), "--trust", str(tmp_path / "k.json"), "--lang"]
    for lang, words in (("en", "Two people corrected a slip of the pen in it (model: X1 -> X1 Carbon; owner_words)"), ("zh", "两人更正了其中的笔误")):
        done = subprocess.run([*command, lang], capture_output=True, text=True, check=False, timeout=60)
        assert words in done.stdout and done.returncode == 0


def test_one_without_corrections_has_no_such_line(anonymous, ask, enter, number):  # noqa: F811
    enter()
    verdict, checks = ask(anonymous.get(f"/certificates/{number}.json").get_json())
    assert verdict == "valid" and not set(CODES) & set(checks)


def places(value, path=()):
    """Where every single value stands."""
    if isinstance(value, dict):
        return [one for name, inner in value.items() for one in places(inner, (*path, name))]
    if isinstance(value, list):
        return [one for n, inner in enumerate(value) for one in places(inner, (*path, n))]
    return [path]


def changed(paper, path):
    twin = copy.deepcopy(paper)
    at = twin
    for step in path[:-1]:
        at = at[step]
    old = at[path[-1]]
    at[path[-1]] = old + 1 if isinstance(old, int) else (old[:-1] + ("0" if old[-1:] != "0" else "1")) if old else "x"
    return twin


def test_no_value_of_a_correction_can_be_changed(corrected, ask):
    free = {"since", "state", "kind", "version"}  # beside the signed text; a wrong one is at worst unknown
    for path in places(corrected["amendments"], ("amendments",)):
        verdict, _ = ask(changed(corrected, path))
        assert verdict != "valid" or path[-1] in free, path
        if "body" in path:
            assert verdict == "invalid", path


def test_a_made_up_a_moved_and_a_doubled_one_are_refused(app, doing, corrected, ask, anonymous, enter, wang, zhao, alice, shop):
    alone = copy.deepcopy(corrected)
    alone["amendments"][0]["signatures"].pop()
    assert ask(alone)[1]["amended_signed"] is False
    twice = copy.deepcopy(corrected)
    twice["amendments"][1] = twice["amendments"][0]
    assert ask(twice)[1]["amended"] is False
    forbidden = copy.deepcopy(corrected)
    forbidden["amendments"][0]["body"]["field"] = "serial"
    assert ask(forbidden)[1]["amended"] is False
    other = stories.wiped_laptop(app, doing, alice, wang, zhao, shop, nth=1)
    from privacy.clearance.queries import certificate_of

    with doing() as w:
        theirs = certificate_of(w.session, other).number
    enter()
    moved = {**anonymous.get(f"/certificates/{theirs}.json").get_json(), "amendments": corrected["amendments"]}
    assert ask(moved)[1]["amended"] is False
    for odd in ("x", {"a": 1}, [1], [{}], [{"body": {}, "signatures": []}]):
        assert ask({**corrected, "amendments": odd})[0] == "invalid"


def test_one_person_with_two_keys_is_one_person(corrected, ask, anonymous):
    known = json.loads(anonymous.get("/keys.json").data)
    persons = [row for row in known["keys"] if row["role"] == "person"]
    for row in persons:
        row["holder"] = persons[0]["holder"]
    assert ask(corrected, verify.read_keys(canonical.encode(known)))[1]["amended_signed"] is False


def test_with_keys_nobody_trusts_it_is_unknown(corrected, ask):
    assert ask(corrected, {})[1]["amended_signed"] is None


def test_a_bundle_tells_of_a_correction_that_was_left_out(app, session, corrected, anonymous, number):  # noqa: F811
    data = bundle.make_bundle(session, stories.bench(app), [get_certificate(session, number)], clock.now())
    session.rollback()
    trust = verify.read_keys(anonymous.get("/keys.json").data)
    whole = {one.code: one.ok for one in verify.examine(data, trust).checks}
    assert whole["amended_all"] is True and all(whole[code] is True for code in CODES)
    files = verify.read_zip(data)
    name = f"certificates/{number}.json"
    files[name] = canonical.encode({**json.loads(files[name]), "amendments": []})
    manifest = json.loads(files["manifest.json"])
    import hashlib

    manifest["files"][name] = hashlib.sha256(files[name]).hexdigest()
    files["manifest.json"] = canonical.encode(manifest)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for one, content in files.items():
            archive.writestr(one, content)
    told = {one.code: one.ok for one in verify.examine(out.getvalue(), trust).checks}
    assert told["files"] is True and told["amended_all"] is False

"""`flask standards …` and `flask grade --version`: the same steps as the pages, in the shapes that docs/schemas promise."""

import hashlib
import json
from datetime import timedelta

import pytest

from appraisal.grades.cli import grade
from appraisal.standards.loader import FOLDER
from appraisal.versions.cli import standards
from core import clock
from tests.harness.json_shape import SCHEMAS, misfits, schema

SHIPPED = (FOLDER / "xunshi-phone-1.toml").read_text(encoding="utf-8")
STRICT = SHIPPED.replace("version = 1", "version = 2", 1).replace('{ below = 85, limit = "B" }', '{ below = 88, limit = "B" }')


def text(day=None, body=STRICT):
    day = day or (clock.local(clock.now()).date() + timedelta(days=1)).isoformat()
    return body.replace('effective_from = "2026-11-30"', f'effective_from = "{day}"')


@pytest.fixture
def run(app, session):
    def run(*words, stdin=None, code=0, command=standards):
        session.rollback()
        answer = app.test_cli_runner().invoke(command, list(words), input=stdin)
        assert answer.exit_code == code, (answer.exit_code, answer.stdout, answer.stderr, answer.exception)
        if "--json" not in words:
            return answer.stdout
        if code == 2:
            assert answer.stdout == ""
            return json.loads(answer.stderr)
        value = json.loads(answer.stdout)
        assert command is grade or misfits(value, schema(f"standards-{words[0]}")) == []
        return value

    return run


def test_from_a_file_to_force_on_the_command_line(run, desk, mei, song):
    phones = [desk.phone(battery_health=percent) for percent in ("86", "87", "95")]
    kept = run("draft", "-", "--person", mei.id, "--json", stdin=text())
    assert (kept["version"], kept["state"], kept["broken"]) == (2, "draft", [])
    assert kept["digest"] == hashlib.sha256(text().encode()).hexdigest(), "byte for byte, remarks and all"
    changes = run("diff", "xunshi-phone", "--json")["changes"]
    assert [one["code"] for one in changes] == ["", "battery_health"] and "低于 88 %" in changes[1]["said"][0]["zh"]
    assert "below 88" in run("diff", "xunshi-phone") and "低于 88" in run("diff", "xunshi-phone", "--language", "zh")
    replayed = run("replay", "xunshi-phone", "--json")
    assert replayed["counts"] == {"rises": 0, "falls": 2, "stays": 1, "ungraded": 0}
    assert {one["number"] for one in replayed["changed"]} == {one.number for one in phones[:2]}
    assert run("replay", "xunshi-phone", "--most", "1", "--json")["total"] == 1
    assert run("approve", "xunshi-phone", "2", "--person", song.id, "--reason", "x", "--json", code=1)["reason"] == "not_in_this_state"
    assert run("draft", "-", "--person", mei.id, "--hand-in", "batteries", "--json", stdin=text())["state"] == "waiting"
    own = run("approve", "xunshi-phone", "2", "--person", mei.id, "--reason", "mine", "--json", code=1)
    assert (own["approved"], own["reason"], own["state"]) == (False, "own_draft", "waiting")
    done = run("approve", "xunshi-phone", "2", "--person", song.id, "--reason", "replayed", "--json")
    assert done["approved"] and done["state"] == "approved" and done["digest"] == kept["digest"]
    listed = {one["id"]: one["versions"] for one in run("list", "--json")["standards"]}
    assert [(one["version"], one["state"]) for one in listed["xunshi-phone"]] == [(1, "in_force"), (2, "coming")]
    with clock.stopped_at(clock.now() + timedelta(days=1, minutes=1)):
        assert run("show", "xunshi-phone", "--json")["version"] == 2
        assert run("show", "xunshi-phone", "--version", "1", "--json")["state"] == "replaced"
    assert run("show", "xunshi-phone", "--version", "2", "--toml") == text()


def test_grade_names_a_stored_version(run, mei, song):
    answers = json.dumps({"battery_health": 86})
    words = ("--standard", "xunshi-phone", "--inputs", "-", "--json")
    assert run(*words, "--version", "2", stdin=answers, command=grade, code=2) == {
        "error": "unknown_standard", "message": "There is no grading standard xunshi-phone version 2.",
    }  # fmt: skip
    run("draft", "-", "--person", mei.id, "--hand-in", "batteries", "--json", stdin=text())
    assert run(*words, "--version", "2", stdin=answers, command=grade, code=2)["error"] == "unknown_standard", "a draft is nobody's"
    run("approve", "xunshi-phone", "2", "--person", song.id, "--reason", "replayed", "--json")
    session_free = [run(*words, "--version", str(n), stdin=answers, command=grade) for n in (1, 2)]
    assert [(one["version"], one["axes"]["battery"]) for one in session_free] == [(1, "A"), (2, "B")]
    assert session_free[1]["digest"] == hashlib.sha256(text().encode()).hexdigest()
    assert run(*words, stdin=answers, command=grade)["version"] == 1, "without a number the newest file, on every machine"


@pytest.mark.parametrize(("body", "error", "words"), [
    ("", "bad_standard", "id is missing"), ("id = ", "bad_standard", "can't be read"), ("x = " + "[" * 9_000, "bad_standard", "can't be read"),
    (b"\xff\xfe", "bad_standard", "UTF-8"), ("#" * 300_000, "bad_standard", "larger"), ('id = "tradex"', "unknown_standard", "tradex"),
    (SHIPPED, "bad_standard", "id and version must be the file's name"), (STRICT.replace('limit = "B"', 'limit = "Q"'), "bad_standard", "must be one of"),
])  # fmt: skip
def test_a_text_that_is_no_standard_of_ours_is_named(run, mei, body, error, words):
    said = run("draft", "-", "--person", mei.id, "--json", stdin=body, code=2)
    assert said["error"] == error and words in said["message"]
    assert run("draft", "/nowhere.toml", "--person", mei.id, "--json", code=2)["error"] == "missing"


def test_who_may_and_who_may_not(run, mei, song, alice):
    assert run("draft", "-", "--person", alice.id, "--json", stdin=text(), code=1)["reason"] == "role_missing"
    run("draft", "-", "--person", mei.id, "--json", stdin=text())
    assert run("draft", "-", "--person", song.id, "--json", stdin=text(), code=1)["reason"] == "not_drafter"
    past = run("draft", "-", "--person", mei.id, "--hand-in", "x", "--json", stdin=text("2020-01-01"), code=1)
    assert (past["reason"], past["state"]) == ("day_past", "draft")
    assert run("draft", "-", "--person", "nobody@example.com", "--json", stdin=text(), code=2)["error"] == "unknown_person"
    for words in (("show", "xunshi-spaceship"), ("diff", "xunshi-phone", "--version", "9"), ("replay", "nothing")):
        assert run(*words, "--json", code=2)["error"] == "unknown_standard"
    assert run("approve", "xunshi-phone", "9", "--person", song.id, "--reason", "x", "--json", code=2)["error"] == "unknown_standard"


@pytest.mark.parametrize("name", ["diff", "replay"])
def test_the_printed_examples_fit(name):
    example = json.loads((SCHEMAS / "examples" / f"standards-{name}.json").read_text(encoding="utf-8"))
    assert misfits(example, schema(f"standards-{name}")) == []

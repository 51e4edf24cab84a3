"""`flask log …` for real, in a house of its own, and the printed examples against their schemas."""

import json

import pytest

from privacy import verify
from privacy.clearance.log import cosignature, note
from privacy.clearance.log.cli import log
from tests.harness.json_shape import misfits, schema
from tests.privacy.log.test_pages import WITNESS


@pytest.fixture
def flask(app):
    """`flask("verify", "--json")` -> (exit code, stdout, stderr)"""
    runner = app.test_cli_runner()

    def run(*args):
        done = runner.invoke(log, [str(one) for one in args])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout, done.stderr

    return run


@pytest.mark.parametrize("name", ["verify", "log-verify"])
def test_the_printed_example_fits_its_schema(name):
    from tests.harness.json_shape import SCHEMAS

    assert misfits(json.loads((SCHEMAS / "examples" / f"{name}.json").read_text(encoding="utf-8")), schema(name)) == []


def test_a_good_log_and_a_changed_one(flask, session, number, unguarded, tmp_path, anonymous):
    head = tmp_path / "head"
    head.write_bytes(anonymous.get("/log/checkpoint").data)
    code, out, _ = flask("verify", "--checkpoint", head, "--json")
    assert code == 0 and misfits(json.loads(out), schema("log-verify")) == [] and json.loads(out)["outside"] == "agrees"
    assert flask("verify")[1].startswith("The log holds: ")
    unguarded("UPDATE log_leaves SET text = 'x' WHERE leaf_index = 2")
    code, out, _ = flask("verify", "--json")
    assert code == 1 and json.loads(out)["first_bad"] == 2 and misfits(json.loads(out), schema("log-verify")) == []
    assert "leaf 2: changed" in flask("verify")[1]


def test_unusable_input(flask, number, tmp_path):
    odd = tmp_path / "odd"
    odd.write_bytes(b"no checkpoint")
    for args in (["verify", "--checkpoint", odd], ["verify", "--checkpoint", tmp_path / "none"], ["cosign", odd], ["bundle", "XS-1", "--out", odd],
                 ["witness", "add", "x", "y"], ["export", odd / "x"], ["verify", "--nonsense"], ["bundle", number, "--out", odd / "x"]):  # fmt: skip
        code, out, err = flask(*args)
        assert code == 2 and out == "" and set(json.loads(err)) == {"error", "message"}, args


def test_export_and_bundle_are_checked_by_the_one_file(flask, number, tmp_path, anonymous, capsys):
    known = tmp_path / "keys.json"
    known.write_bytes(anonymous.get("/keys.json").data)
    assert flask("export", tmp_path / "log")[0] == 0
    assert flask("bundle", number, "--out", tmp_path / "b.zip")[0] == 0
    for file in ("log", "b.zip"):
        assert verify.main([str(tmp_path / file), "--trust", str(known), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["verdict"] == "valid"


def test_witnesses(flask, number, tmp_path, anonymous):
    vkey = note.vkey("w.example", WITNESS.public, note.COSIGNATURE)
    assert flask("witness", "add", "w.example", vkey, "--mail", "w@w.example")[0] == 0
    assert flask("witness", "add", "w.example", vkey)[0] == 2
    head = anonymous.get("/log/checkpoint").text
    signed = tmp_path / "signed"
    signed.write_text(cosignature.join(head, [cosignature.sign(verify.parse_note(head).text, "w.example", WITNESS, 1)]), encoding="utf-8")
    assert flask("cosign", signed)[:2] == (0, "kept: w.example\n")
    assert json.loads(flask("witness", "list", "--json")[1])[0]["cosigned"] == verify.parse_checkpoint(head).size
    assert "w***@w.example" in flask("witness", "list")[1]


def test_sequence_numbers_what_waits(flask, append, session):
    append("a", "b")
    code, out, _ = flask("sequence")
    assert code == 0 and int(out.split()[0]) >= 3
    assert json.loads(flask("verify", "--json")[1])["waiting"] == 0



"""The command as its contract says: exit codes, one JSON value, at once, without the server, and taken up again."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from privacy.readback.flask_command import readback
from privacy.readback.signatures import KINDS
from tests.harness.json_shape import SCHEMAS, misfits, schema
from tests.privacy.readback.images import MIB, PNG, TEXT, image, noise, offsets, planted

ROOT = SCHEMAS.parents[1]
ENV = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "", "LC_MESSAGES": "", "PYTHONPATH": str(ROOT)}


def run(*words: object, code: int = 0, env: dict[str, str] | None = None, stdin=None) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        [sys.executable, "-m", "privacy.readback", *map(str, words)],
        cwd=ROOT, env={**ENV, **(env or {})}, capture_output=True, check=False, stdin=stdin or subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == code, done.stderr.decode()
    return done


def answer(*words: object, code: int = 0) -> dict:
    done = run(*words, "--json", code=code)
    assert done.stderr == b""
    value = json.loads(done.stdout)
    assert misfits(value, schema("readback")) == []
    return value


def refusal(*words: object) -> dict[str, str]:
    done = run(*words, code=2)
    said = json.loads(done.stderr)
    assert done.stdout == b"" and set(said) == {"error", "message"} and said["message"]
    return said


def test_clean_residue_unknown(tmp_path):
    assert answer(image(tmp_path, bytes(MIB)))["verdict"] == "clean"
    assert answer(image(tmp_path, TEXT * 99), "--full", code=1)["verdict"] == "residue"
    assert answer(image(tmp_path, b""), code=1)["verdict"] == "unknown"


def test_the_same_among_the_houses_commands(tmp_path):
    path = str(image(tmp_path, planted(bytes(MIB), 5000, b"!")))
    result = CliRunner(env={"LANG": "C.UTF-8"}).invoke(readback, [path, "--sample", "999", "--seed", "0a", "--json"])
    assert result.exit_code == 1 and json.loads(result.stdout)["hits"] == [{"offset": 4096, "kind": "structured", "at": 5000}]


@pytest.mark.parametrize(
    "words, error",
    [
        (["/nowhere/disk"], "missing"),
        (["/dev/null"], "no_medium"),
        (["/tmp"], "no_medium"),
        ([], "usage"),
        (["a", "b"], "usage"),
        (["IMAGE", "--sample", "5"], "usage"),
        (["IMAGE", "--seed", "00"], "usage"),
        (["IMAGE", "--full", "--sample", "5", "--seed", "00"], "usage"),
        (["IMAGE", "--sample", "0", "--seed", "00"], "usage"),
        (["IMAGE", "--sample", "many", "--seed", "00"], "usage"),
        (["IMAGE", "--sample", "5", "--seed", "0"], "usage"),
        (["IMAGE", "--sample", "5", "--seed", "xyz!"], "usage"),
        (["IMAGE", "--sample", "99999999999", "--seed", "00"], "usage"),
        (["IMAGE", "--expect", "clean"], "usage"),
        (["IMAGE", "--expect", "keystream"], "usage"),
        (["IMAGE", "--jobs", "0"], "usage"),
        (["IMAGE", "--challenge", "a\nb"], "usage"),
        (["IMAGE", "--pattern-key", "/nowhere"], "no_pattern_key"),
        (["IMAGE", "--pattern-key", "IMAGE"], "no_pattern_key"),
        (["IMAGE", "--key", "IMAGE"], "no_key"),
        (["IMAGE", "--resume", "IMAGE"], "bad_state"),
        (["IMAGE", "--out", "/nowhere/out"], "not_written"),
        (["IMAGE", "--resume", "/nowhere/x/state"], None),
        (["prove", "CODE-1234"], "usage"),
        (["keygen", "--plain", "--name", "a b"], "usage"),
    ],
)
def test_unusable_input(tmp_path, words, error):
    path = str(image(tmp_path, TEXT))
    words = [path if word == "IMAGE" else word for word in words]
    if error is None:  # it was done before the first note was due
        run(*words, code=1)
    else:
        assert refusal(*words)["error"] == error


def test_a_pipe_is_no_medium_and_a_file_on_stdin_is(tmp_path):
    with image(tmp_path, bytes(MIB)).open("rb") as file:
        assert json.loads(run("-", "--json", stdin=file).stdout)["verdict"] == "clean"
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe")["error"] == "no_medium"


def test_both_languages_say_what_it_proves_and_what_it_cannot(tmp_path):
    path = image(tmp_path, bytes(64 * MIB))
    words = [path, "--sample", "300", "--seed", "0011"]
    english, chinese = run(*words).stdout.decode(), run(*words, "--lang", "zh").stdout.decode()
    assert "can't prove a purge of flash memory" in english and "不能证明闪存" in chinese
    assert "16384 blocks were drawn" in english and "一份陈述" in chinese
    assert english.count("\n") == chinese.count("\n")
    assert run(*words, env={"LANG": "zh_CN.UTF-8"}).stdout.decode() == chinese


def test_it_needs_no_server_and_starts_at_once(tmp_path):
    code = (
        "import sys; from privacy.readback.cli import main; r = main(sys.argv[1:]);"
        "bad = {'flask', 'sqlalchemy', 'click', 'babel'} & set(sys.modules); assert not bad, bad; sys.exit(r)"
    )
    words = [sys.executable, "-c", code, str(image(tmp_path, bytes(MIB))), "--json"]
    begun = os.times()
    subprocess.run(words, cwd=ROOT, env=ENV, check=True, capture_output=True)
    ended = os.times()
    used = ended.children_user - begun.children_user + ended.children_system - begun.children_system
    assert used < 1


def test_out_holds_what_json_says(tmp_path):
    value = answer(image(tmp_path, bytes(MIB)), "--out", tmp_path / "result.json", "--serial", "S1", "--challenge", "C-1")
    assert json.loads((tmp_path / "result.json").read_bytes()) == value
    assert (value["serial"], value["challenge"], value["serial_agrees"]) == ("S1", "C-1", None)


def test_the_schema_knows_every_kind():
    kinds = schema("readback")["properties"]["hits"]["items"]["properties"]["kind"]["enum"]
    assert set(KINDS) <= set(kinds)


def test_the_example_fits_the_schema_and_is_what_the_command_says(tmp_path):
    example = json.loads((SCHEMAS / "examples" / "readback.json").read_text(encoding="utf-8"))
    assert misfits(example, schema("readback")) == []
    path = image(tmp_path, planted(bytes(8 * MIB), 1000 * 4096, PNG), "disk.img")
    value = answer(path, "--sample", "2000", "--seed", "00112233445566778899aabbccddeeff", code=1)
    changing = {"started", "finished", "file", "key", "signature", "challenge", "serial"}
    assert {k: v for k, v in value.items() if k not in changing} == {k: v for k, v in example.items() if k not in changing}


# --- taken up again ---------------------------------------------------------------------------------------------


def start(path: Path, state: Path, *more: str) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "privacy.readback", str(path), "--resume", str(state), "--jobs", "1", "--json", *more]
    return subprocess.Popen(words, cwd=ROOT, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def broken_off(path: Path, state: Path, how: signal.Signals) -> bytes:
    """Break a scan off once it has noted where it is; what it said. A machine that looks away may be too late: then once more."""
    for _ in range(8):
        process, end = start(path, state), time.monotonic() + 60
        while not state.exists() and process.poll() is None and time.monotonic() < end:
            time.sleep(0.005)
        process.send_signal(how)
        out, said = process.communicate()
        if state.exists():
            assert out == b""
            return said
    raise AssertionError("broken off too late eight times: the image is too small for this machine")


def big(folder: Path) -> Path:
    """Random bytes take long enough to be broken off in; a picture near each end."""
    path = folder / "big"
    with path.open("wb") as file:
        for _ in range(16):
            file.write(os.urandom(16 * MIB))
        for at in (MIB, 250 * MIB):
            file.seek(at)
            file.write(PNG)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_scan_that_was_broken_off_ends_the_same(tmp_path, how):
    path, state = big(tmp_path), tmp_path / "state"
    said = broken_off(path, state, how)
    assert how == signal.SIGKILL or json.loads(said)["error"] == "interrupted"
    piece = json.loads(state.read_bytes())["piece"]
    assert 0 < piece < 16
    assert refusal(path, "--resume", state, "--expect", "zero")["error"] == "other_state"
    value, whole = answer(path, "--resume", state, code=1), answer(path, code=1)
    assert value["resumed"] == 1 and not state.exists()
    for one in (value, whole):
        del one["started"], one["finished"], one["resumed"]
    assert value == whole and offsets(value) == [MIB, 250 * MIB]


def test_a_note_of_another_medium_or_by_another_hand_is_refused(tmp_path, station, monkeypatch):
    from privacy.readback.keys import make_key
    from privacy.readback.run import Options, read_back
    from privacy.readback.state import Progress, StateFile
    from privacy.readback.tally import Tally

    key_file, key = station
    path, state = image(tmp_path, noise(MIB)), tmp_path / "state"
    def note(of: Path, by=None) -> None:
        """What a scan of this image notes at its very beginning."""
        begun = Progress(Tally(of.stat().st_size), "2026-01-01T00:00:00+00:00")
        monkeypatch.setattr(StateFile, "remove", lambda self: self.save(begun))
        read_back(Options(path=str(of), resume=state, key=by))

    note(path)
    other = image(tmp_path, noise(MIB, 2), "other")
    assert refusal(other, "--resume", state)["error"] == "other_state"
    assert refusal(path, "--resume", state, "--key", key_file)["error"] == "unsigned_state"
    state.unlink()
    note(path, by=key)
    assert answer(path, "--resume", state, "--key", key_file)["resumed"] == 1
    note(path, by=make_key(tmp_path / "another", None)[1])
    assert refusal(path, "--resume", state, "--key", key_file)["error"] == "unsigned_state"


def test_a_terminal_sees_a_bar_and_a_file_does_not(tmp_path):
    path = image(tmp_path, bytes(MIB))
    assert run(path).stderr == b""
    ours, theirs = pty.openpty()
    subprocess.run([sys.executable, "-m", "privacy.readback", str(path)], cwd=ROOT, env=ENV, stderr=theirs, stdout=subprocess.DEVNULL, check=True)
    os.close(theirs)
    assert b"100 %" in os.read(ours, 4096)
    os.close(ours)

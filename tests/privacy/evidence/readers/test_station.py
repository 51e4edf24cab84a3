"""Our own station's file: what it signs can't be changed, what it joins must agree, and it never writes to a device."""

import base64
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core import signing
from privacy.evidence.model import Evidence
from privacy.evidence.readers import read
from privacy.evidence.readers.station_shape import MOST_OUTPUT, READERS
from privacy.readback.keys import make_key
from privacy.station import asking
from privacy.station.asking import Answer, ask, check_device, questions
from privacy.station.cli import main
from privacy.station.document import compose, signed
from privacy.station.faults import Unusable
from tests.privacy.evidence.logs import DODSHORT
from tests.privacy.evidence.logs import raw as log
from tests.privacy.evidence.readers.answers import FOLDER, assert_read_as, codes, details, of_tool, raw, text
from tests.privacy.evidence.readers.hostile import damages

ENTRIES = [entry for entry in of_tool("xunshi-station") if entry["real"]]
KEYS = {name: bytes.fromhex(public) for name, public in json.loads((FOLDER / "station-keys.json").read_text()).items()}
WIPED, NVME, SSD = "station-hdd-wiped.json", "station-nvme.json", "station-ssd.json"
KEY = signing.from_seed(b"the station's test key, 32 bytes")
TRUSTED = {KEY.key_id: KEY.public}
WHEN = datetime(2026, 11, 22, 9, 58, tzinfo=UTC)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_each_real_file_is_read_as_what_the_device_is(entry: dict[str, Any]):
    assert_read_as(entry)
    evidence = read(raw(entry["file"]), keys=KEYS)
    assert evidence.texts == (entry["expect"]["challenge"],)
    assert (evidence.signed_by in KEYS) == entry["expect"]["signed"]
    assert evidence.real_seen


def test_a_signature_counts_only_by_a_key_that_is_trusted():
    assert read(raw(SSD)).signed_by is None and read(raw(SSD)).has("signer_unknown")
    assert read(raw(SSD), keys=TRUSTED).signed_by is None
    assert read(raw(SSD), keys=KEYS).signed_by in KEYS
    assert read(raw("station-ssd-unsigned.json"), keys=KEYS).has("unsigned")


def changed(name: str, *path: str | int, new: object) -> Evidence:
    value = json.loads(text(name))
    inner = value
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = new
    return read(json.dumps(value).encode(), keys=KEYS)


@pytest.mark.parametrize(
    ("path", "new"),
    [
        (("challenge",), "XS-0000-0000"), (("taken",), "2026-11-23T09:58:00Z"), (("device", "size_bytes"), 1), (("host",), "0" * 32),
        (("outputs", 0, "exit"), 0), (("outputs", 0, "stderr"), "x"), (("tools", "hdparm"), "hdparm v9.66"), (("wipe", "sha256"), "0" * 64),
        (("extra",), "added"),
    ],
)  # fmt: skip
def test_whatever_is_changed_breaks_the_signature(path: tuple[str | int, ...], new: object):
    evidence = changed(WIPED, *path, new=new)
    assert evidence.signed_by is None and "signature" in details(evidence)


def test_order_and_spaces_are_no_change():
    value = json.loads(text(WIPED))
    turned = json.dumps(dict(reversed(value.items())), indent=7)
    assert read(turned.encode(), keys=KEYS).signed_by in KEYS


def test_another_algorithm_or_half_a_signature_is_none():
    for field, new in (("alg", "none"), ("value_b64", "AAAA"), ("value_b64", None), ("key_id", 7)):
        evidence = changed(SSD, "signature", field, new=new)
        assert evidence.signed_by is None and "signature" in details(evidence)


# --- joined ---------------------------------------------------------------------------------------------------------------


def answered(name: str, **instead: bytes) -> list[Answer]:
    """The real answers of a file; `instead` by an output's name, its dashes as underscores."""
    found = []
    for output in json.loads(text(name))["outputs"]:
        raw_output = instead.get(output["name"].replace("-", "_"), output["stdout"].encode(output["encoding"]))
        status = 0 if output["name"].replace("-", "_") in instead else output["exit"]
        found.append(Answer(output["name"], tuple(output["argv"]), status, raw_output, output["stderr"].encode()))
    return found


def station(name: str, wipe: bytes | None = None, **instead: bytes) -> Evidence:
    device = json.loads(text(name))["device"]
    document = compose(
        node=device["node"], size=device["size_bytes"], challenge="XS-TEST-0001", when=WHEN, host="0" * 32, tools={},
        answers=answered(name, **instead), wipe=wipe,
    )  # fmt: skip
    return read(json.dumps(signed(document, KEY)).encode(), keys=TRUSTED)


BLOCK = raw("synthetic-nvme-nested-block.json")


def test_the_made_up_file_is_read_as_what_it_says():
    (entry,) = [entry for entry in of_tool("xunshi-station") if not entry["real"]]
    assert_read_as(entry)
    assert not read(raw(entry["file"])).real_seen


def test_a_sanitize_log_gets_the_serial_of_the_device_it_came_from():
    evidence = station(NVME, nvme_sanitize_log=BLOCK)
    (row,) = evidence.devices
    assert (row.serial, row.technique, row.status, row.node) == ("S4GENX0N731164", "block_erase", "erased", "/dev/nvme0n1")
    assert row.counters is not None and row.counters.data_erased is True and row.counters.bytes_written == 0
    assert evidence.signed_by == KEY.key_id and evidence.complete and not details(evidence)
    # no such log of a real drive has been read by us yet
    assert not evidence.real_seen and evidence.kind == "state"


def test_a_sanitize_log_of_another_device_is_none_of_this_one():
    other = BLOCK.replace(b'"nvme0"', b'"nvme1"')
    assert "other_device" in details(station(NVME, nvme_sanitize_log=other))
    assert "other_device" in details(station(NVME, nvme_sanitize_log=BLOCK.replace(b'"nvme0"', b'"nvme"')))
    both = raw("synthetic-nvme-two-devices.json")
    assert "several_devices" in details(station(NVME, nvme_sanitize_log=both))


def test_what_the_answers_disagree_about():
    for old, new, detail in (
        (b"S4GENX0N731164", b"S4GENX0N731165", "inner_outer_serial"),
        (b"QEMU NVMe Ctrl", b"QEMU NVMf Ctrl", "model_disagrees"),
    ):
        controller = next(answer.stdout for answer in answered(NVME) if answer.name == "nvme-id-ctrl").replace(old, new)
        assert detail in details(station(NVME, nvme_id_ctrl=controller)), detail
    space = next(answer.stdout for answer in answered(NVME) if answer.name == "nvme-id-ns").replace(b'"nsze":131072', b'"nsze":131073')
    assert "capacity_disagrees" in details(station(NVME, nvme_id_ns=space))
    smart = next(answer.stdout for answer in answered(NVME) if answer.name == "nvme-smart-log").replace(
        b'"power_cycles":"0"', b'"power_cycles":"7"'
    )
    assert "counters_disagree" in details(station(NVME, nvme_smart_log=smart))
    ssd = next(answer.stdout for answer in answered(SSD) if answer.name == "hdparm-identity").replace(b"Solid State Device", b"7200")
    assert "medium_disagrees" in details(station(SSD, hdparm_identity=ssd))
    assert not details(station(NVME)) and not details(station(SSD))


def test_a_wipe_s_log_belongs_to_the_device_it_names():
    own = (FOLDER / "station-hdd-wipe.log").read_bytes()
    good = station(WIPED, wipe=own)
    assert good.kind == "run" and good.complete and not details(good)
    assert good.devices[0].core == read(own).devices[0].core  # the same wipe, whichever way it is handed in
    strange = station(WIPED, wipe=log(DODSHORT))
    assert "inner_outer_serial" in details(strange) and strange.devices[0].technique is None
    forged = own.replace(b"UABORTED", b" Erased ").replace(b"| Erased |", b"|-FAILED-|")
    assert station(WIPED, wipe=forged).has("contradiction")
    assert "wipe_unreadable" in details(station(WIPED, wipe=b"I wiped it."))
    # another answer, that wipes nothing, is no log of a wipe
    assert "wipe_unreadable" in details(station(WIPED, wipe=raw("hdparm-hdd.txt")))


def test_a_wipe_s_own_faults_stay_visible():
    verify_only = log("nwipe-0.34-hdd-verify-zero.log").replace(b"WD-WCAYU4R7X19K", b"WD-WX12A70R5K9T")
    evidence = station(WIPED, wipe=verify_only)
    assert evidence.has("verify_only") and evidence.devices[0].verification == "only"


def test_answers_that_were_changed_cut_or_doubled():
    value = json.loads(text(SSD))
    output = value["outputs"][0]
    for new, detail in (
        ({**output, "stdout": output["stdout"] + " "}, "output_digest"),
        ({**output, "cut": True}, "output_cut"),
        ({**output, "encoding": "ascii"}, "output_shape"),
        ({**output, "stdout": 7}, "output_shape"),
    ):
        assert detail in details(read(json.dumps({**value, "outputs": [new]}).encode()))
    assert "output_twice" in details(read(json.dumps({**value, "outputs": [output, output]}).encode()))
    assert read(json.dumps({**value, "outputs": [{**output, "name": "my-tool"}]}).encode()).has("unknown_output")
    swapped = {**output, "name": "hdparm-identity"}  # smartctl's answer under another tool's name
    assert "output_unreadable" in details(read(json.dumps({**value, "outputs": [{**swapped, "exit": 0}]}).encode()))
    none = read(json.dumps({**value, "outputs": []}).encode())
    assert none.devices == () and "no_answer" in details(none) and not none.complete


def test_odd_shapes_are_read_and_prove_nothing():
    value = json.loads(text(SSD))
    for key in ("outputs", "device", "tools", "host", "taken", "challenge", "signature", "version"):
        for odd in (None, 7, "x", [], {}, [[]], [{}], {"a": 1}, [None]):
            evidence = read(json.dumps({**value, key: odd}).encode(), keys=KEYS)
            assert evidence.signed_by is None
    assert read(json.dumps({"kind": "xunshi-station"}).encode()).devices == ()


def test_an_empty_challenge_or_a_bidi_one_is_none():
    for odd in ("", "a\u202eb", "x" * 300, None):
        assert changed(SSD, "challenge", new=odd).texts == ()


@pytest.mark.parametrize("name", [NVME, WIPED])
def test_no_damage_keeps_the_signature(name: str):
    whole = raw(name)
    original = read(whole, keys=KEYS)
    for version in damages(whole, name, 60):
        try:
            evidence = read(version, keys=KEYS)
        except Exception as problem:  # noqa: BLE001  (the kind is checked here)
            assert type(problem).__name__ in ("Unreadable", "Malformed")
        else:
            assert evidence.signed_by is None or evidence.devices == original.devices


# --- the tool -------------------------------------------------------------------------------------------------------------


def test_the_questions_only_ask():
    """No word that writes, sets or erases; the device comes last, and there is no shell."""
    harmless = {
        ("smartctl", "-x", "-j"), ("hdparm", "-I"), ("hdparm", "-N"), ("hdparm", "--sanitize-status"),
        ("nvme", "id-ctrl", "-o", "json"), ("nvme", "id-ns", "-o", "json"), ("nvme", "sanitize-log", "-o", "json"),
        ("nvme", "smart-log", "-o", "json"),
    }  # fmt: skip
    for node in ("/dev/sda", "/dev/nvme0n1", "/dev/vda", "/dev/mmcblk0"):
        assert {words for _, words in questions(node)} <= harmless
        assert {name for name, _ in questions(node)} <= READERS.keys()


def fake(answers: dict[str, tuple[int | None, bytes, bytes]]) -> Callable[[Sequence[str]], tuple[int | None, bytes, bytes]]:
    return lambda argv: answers.get(argv[0], (127, b"", b"not found"))


def test_answers_are_kept_byte_for_byte_and_cut_at_a_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(asking.shutil, "which", lambda name, path=None: name)
    found = list(ask("/dev/sda", fake({"smartctl": (4, b"\xff\xfe!", b""), "hdparm": (None, b"x" * (MOST_OUTPUT + 1), b"slow")})))
    first = found[0].as_json()
    assert (first["encoding"], first["stdout"], first["exit"]) == ("latin-1", "\xff\xfe!", 4)
    assert first["sha256"] == hashlib.sha256(b"\xff\xfe!").hexdigest()
    assert found[1].cut and len(found[1].stdout) == MOST_OUTPUT and found[1].exit is None
    monkeypatch.setattr(asking.shutil, "which", lambda name, path=None: None)
    assert list(ask("/dev/sda", fake({}))) == []


def test_a_program_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(asking, "LIMIT", 0.2)
    assert asking.run([sys.executable, "-c", "import time; print('a', flush=True); time.sleep(30)"])[0] is None
    assert asking.run(["/no/such/program"])[0] == 127


def test_only_whole_block_devices_are_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "image").write_bytes(b"")
    for odd, code in ((tmp_path / "image", "not_a_device"), (tmp_path, "not_a_device"), (tmp_path / "none", "no_device"), ("/dev/null", "not_a_device"), ("-I", "no_device")):
        with pytest.raises(Unusable, match=code):
            check_device(str(odd))
    monkeypatch.setattr(asking.stat, "S_ISBLK", lambda mode: True)
    (tmp_path / "null").mkdir()
    assert check_device("/dev/null", tmp_path) == "/dev/null"
    (tmp_path / "null" / "partition").write_text("1")
    with pytest.raises(Unusable, match="partition"):
        check_device("/dev/null", tmp_path)


def run(*words: str) -> tuple[int, str, str]:
    done = subprocess.run([sys.executable, "-m", "privacy.station", *words], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_the_command_refuses_with_a_code_and_a_sentence():
    for words in (("collect", "/dev/null", "--challenge", "ABCD"), ("collect", "/dev/null"), (), ("collect", "/dev/null", "--challenge", "a b")):
        status, out, err = run(*words)
        said = json.loads(err)
        assert (status, out) == (2, "") and said["error"] and said["message"]


def test_collecting_signs_with_a_station_s_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]):
    monkeypatch.setattr(asking, "check_device", lambda text: "/dev/sdb")
    monkeypatch.setattr(asking, "ask", lambda node: answered(WIPED))
    monkeypatch.setattr(asking, "device_size", lambda node: 67108864)
    monkeypatch.setattr(asking, "versions", dict)
    plain, key = make_key(tmp_path / "plain", None)
    locked, other = make_key(tmp_path / "locked", "a passphrase")
    (tmp_path / "phrase").write_text("a passphrase\n")
    out = tmp_path / "out.json"
    words = ["collect", "/dev/sdb", "--challenge", "XS-1-2-3", "--wipe", str(FOLDER / "station-hdd-wipe.log")]
    assert main([*words, "--key", str(plain), "--out", str(out)]) == 0
    evidence = read(out.read_bytes(), keys={key.key_id: key.public})
    assert evidence.signed_by == key.key_id and evidence.texts == ("XS-1-2-3",) and evidence.devices[0].status == "erased"
    assert main([*words, "--key", str(plain), "--out", str(out)]) == 2  # never over another file
    assert main([*words, "--key", str(locked), "--passphrase-file", str(tmp_path / "phrase")]) == 0
    shown = read(capsysbinary.readouterr().out, keys={other.key_id: other.public})
    assert shown.signed_by == other.key_id
    first, second = (json.loads(path.read_bytes()) for path in (out, out))
    assert first["host"] == second["host"] == (tmp_path / "plain" / "host.id").read_text().strip()


def test_a_log_in_any_encoding_is_put_in_byte_for_byte():
    note = "技术员：王师傅\n".encode("gbk") + (FOLDER / "station-hdd-wipe.log").read_bytes()
    document = compose(node="/dev/sdb", size=None, challenge="XS-1", when=WHEN, host="0" * 32, tools={}, answers=[], wipe=note)
    assert base64.b64decode(document["wipe"]["base64"]) == note  # type: ignore[index]
    assert codes(station(WIPED, wipe=note)) >= set() and station(WIPED, wipe=note).devices[0].status == "erased"

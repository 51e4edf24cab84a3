"""`flask evidence` as its contract says: exit codes, one JSON value, nothing else on stdout, and at once."""

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from privacy.clearance.rules import FAILS, UNKNOWNS
from privacy.clearance.words import LOCKS, findings_told, locks_told
from privacy.evidence.cli import evidence
from privacy.evidence.readers import read as read_bytes
from tests.harness.json_shape import SCHEMAS, misfits, schema
from tests.privacy.evidence.logs import DISK, DODSHORT, DRIVE, FOLDER, TWO_DISKS, expectations, manifest, raw

ROOT = SCHEMAS.parents[1]
LOG = str(FOLDER / DODSHORT)
BOTH = str(FOLDER / TWO_DISKS)
CN = ("--profile", "CN-GB46864-2025", "--medium", "magnetic")


def run(*words: str, stdin: bytes | None = None, lang: str = "C.UTF-8") -> Result:
    return CliRunner(env={"LC_ALL": "", "LC_MESSAGES": "", "LANG": lang}).invoke(evidence, list(words), input=stdin)


def answer(*words: str, stdin: bytes | None = None, code: int = 0) -> Any:
    result = run(*words, "--json", stdin=stdin)
    assert (result.exit_code, result.stderr) == (code, "")
    return json.loads(result.stdout)


def refusal(*words: str, stdin: bytes | None = None) -> dict[str, str]:
    result = run(*words, stdin=stdin)
    assert (result.exit_code, result.stdout) == (2, "")
    said: dict[str, str] = json.loads(result.stderr)
    assert set(said) == {"error", "message"} and said["message"]
    return said


# --- read -----------------------------------------------------------------------------------------------------


def test_several_files_come_back_in_order():
    one, other = answer("read", LOG, BOTH)
    assert (one["file"], other["file"]) == (LOG, BOTH)
    assert [row["serial"] for row in one["devices"] + other["devices"]] == [DISK, DISK, DRIVE]


def test_a_dash_is_stdin():
    (one,) = answer("read", "-", stdin=raw(DODSHORT))
    assert one["file"] == "-" and one["devices"] == answer("read", LOG)[0]["devices"]


def test_a_log_that_is_cut_off_is_read_and_says_so():
    (one,) = answer("read", "-", stdin=raw(DODSHORT)[:2500])
    assert one["complete"] is False


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_one_bad_file_among_good_ones_is_exit_2_and_prints_nothing(words: tuple[str, ...], tmp_path: Path):
    letter = tmp_path / "letter.log"
    letter.write_text("I wiped it myself", encoding="utf-8")
    assert refusal("read", LOG, str(letter), *words)["error"] == "unrecognised"
    assert refusal("read", LOG, str(tmp_path / "missing.log"), *words)["error"] == "missing"
    assert refusal("read", str(tmp_path), *words)["error"] == "missing"


@pytest.mark.parametrize(
    ("stdin", "code"),
    [(b"", "empty"), (b"\0", "binary"), (b"\xff\xff\xff", "not_text"), (b" " * (16 * 1024**2 + 1), "too_big")],
)
def test_unusable_input_is_named(stdin: bytes, code: str):
    assert refusal("read", "-", "--json", stdin=stdin)["error"] == code


def test_usage_errors_have_the_same_shape():
    assert refusal("read", "--json")["error"] == "usage"
    assert refusal("judge", LOG, "--json", "--medium", "magnetic")["error"] == "usage"
    assert refusal("judge", LOG, *CN, "--colour=100%")["error"] == "usage"


def test_what_people_read_is_in_their_language():
    english, chinese = run("read", LOG), run("read", LOG, lang="zh_CN.UTF-8")
    assert "overwriting passes done: 3" in english.stdout and DISK in english.stdout
    assert "已完成覆写遍数: 3" in chinese.stdout and DISK in chinese.stdout
    assert run("read", LOG, "--lang", "zh").stdout == chinese.stdout
    assert run("read", LOG, "--lang", "en", lang="zh_CN.UTF-8").stdout == english.stdout


# --- judge ---------------------------------------------------------------------------------------------------


def test_a_pass_is_exit_0_without_reasons():
    said = answer("judge", LOG, *CN)
    assert (said["verdict"], said["reasons"]) == ("pass", [])
    assert said["device"]["serial"] == DISK
    assert (said["profile"], said["profile_version"], said["medium"]) == ("CN-GB46864-2025", "2", "magnetic")


def test_fail_and_unknown_are_exit_1():
    assert answer("judge", str(FOLDER / "nwipe-0.34-hdd-verify-zero.log"), *CN, code=1)["reasons"] == ["verify_only"]
    unknown = answer("judge", BOTH, *CN, code=1)
    assert (unknown["verdict"], unknown["reasons"], unknown["device"]) == ("unknown", ["several_devices"], None)


def test_a_serial_chooses_and_a_part_of_it_does_not():
    assert answer("judge", BOTH, *CN, "--serial", DISK.lower())["device"]["serial"] == DISK
    assert answer("judge", BOTH, *CN, "--serial", DISK[:-1], code=1)["reasons"] == ["serial_mismatch"]
    assert answer("judge", LOG, *CN, "--serial", "", code=1)["reasons"] == ["no_serial"]


def test_the_register_s_capacity():
    assert answer("judge", LOG, *CN, "--capacity", "67108864")["verdict"] == "pass"
    assert answer("judge", LOG, *CN, "--capacity", "67108865", code=1)["reasons"] == ["bytes_short"]
    for bad in ("0", "-1", "64M", "1e9", "", "9" * 21, "６７"):
        assert refusal("judge", LOG, *CN, "--capacity", bad)["error"] == "bad_capacity"


def test_unknown_ids_are_unusable_input():
    assert refusal("judge", LOG, "--profile", "../CN-GB46864-2025", "--medium", "magnetic")["error"] == "unknown_profile"
    assert refusal("judge", LOG, "--profile", "CN-GB46864-2025", "--medium", "paper")["error"] == "unknown_medium"
    assert refusal("judge", LOG + ".gone", *CN)["error"] == "missing"


def test_locks_and_what_was_noticed_are_told_to_people():
    """What a file of locks tells are its locks: without them it would be two lines."""
    bde = run("read", str(FOLDER / "answers/synthetic-bde-on.txt"), "--lang", "en").stdout
    assert "BitLocker protection: on (lines 6, 14, 15)" in bde and "The volume is encrypted by BitLocker: yes" in bde
    phone = run("read", str(FOLDER / "reports/synthetic-ideviceinfo-before.txt"), "--lang", "en").stdout
    assert "Find My: on" in phone and "Activation Lock: the file doesn't say" in phone
    after = run("read", str(FOLDER / "reports/synthetic-ideviceinfo-after.txt"), "--lang", "en").stdout
    assert "Find My: the file doesn't say, which is not" in after and "Find My: off" not in after
    log = run("read", LOG, "--lang", "en").stdout
    assert "Locks" not in log and "The zone of the file's times: the log doesn't say" in log
    chinese = run("read", str(FOLDER / "answers/synthetic-bde-on.txt"), "--lang", "zh").stdout
    assert "BitLocker 保护: 开启" in chinese and "第 6, 11 行" in chinese


def test_every_lock_and_finding_has_its_words_for_the_pages_too():
    evidence = read_bytes((FOLDER / "answers" / "synthetic-hdparm-password-left.txt").read_bytes())
    assert [(one.label, one.state, one.good) for one in locks_told(evidence.locks)] == [("Drive password (ATA)", "on", False)]
    bad = [one for one in findings_told(evidence.findings) if one.good is False]
    assert ["still held by an ATA password" in one.label for one in bad] == [True] and bad[0].lines
    locks = schema("evidence-read")["$defs"]["lock"]["properties"]["kind"]["enum"]
    assert set(LOCKS) == set(locks)


def test_reasons_are_told_to_people_with_the_way_on():
    result = run("judge", str(FOLDER / "nwipe-0.34-hdd-quiet.log"), *CN)
    assert result.exit_code == 1 and "without that option (-q)" in result.stdout
    chinese = run("judge", str(FOLDER / "nwipe-0.34-hdd-quiet.log"), *CN, lang="zh_CN.UTF-8")
    assert "无法判定" in chinese.stdout and "（-q）" in chinese.stdout
    passed = run("judge", LOG, *CN)
    assert passed.exit_code == 0 and "Pass:" in passed.stdout and "CN-GB46864-2025" in passed.stdout


def test_a_device_s_own_text_commands_no_terminal():
    hostile = raw(DODSHORT).replace(b"WDC WD5000AAKX-6", "WDC\u009b31m\u202eAAKX".encode())
    shown = run("judge", "-", *CN, stdin=hostile).stdout
    assert "\u202e" not in shown and "\u009b" not in shown and "\ufffd" in shown


# --- shapes --------------------------------------------------------------------------------------------------


def test_every_real_log_is_printed_in_the_documented_shape():
    names = [str(FOLDER / str(entry["file"])) for entry in manifest()]
    assert misfits(answer("read", *names), schema("evidence-read")) == []


@pytest.mark.parametrize("expected", expectations()[::5], ids=str)
def test_every_verdict_is_printed_in_the_documented_shape(expected: Any):
    serial = ("--serial", expected.serial) if expected.serial else ()
    result = run("judge", str(FOLDER / expected.file), *CN[:3], expected.medium, *serial, "--json")
    said = json.loads(result.stdout)
    assert misfits(said, schema("evidence-judge")) == []
    assert result.exit_code == (0 if said["verdict"] == "pass" else 1)


EXAMPLES = {
    "evidence-read.json": ("read", "nwipe-0.34-hdd-dodshort.log"),
    "evidence-judge.pass.json": ("judge", "nwipe-0.34-hdd-dodshort.log", *CN),
    "evidence-judge.fail.json": ("judge", "nwipe-0.34-hdd-verify-zero.log", *CN),
    "evidence-judge.unknown.json": ("judge", "nwipe-0.34-two-disks.log", *CN),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_what_the_commands_print(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(FOLDER)
    example = json.loads((SCHEMAS / "examples" / name).read_text(encoding="utf-8"))
    assert misfits(example, schema(name.partition(".")[0])) == []
    assert json.loads(run(*EXAMPLES[name], "--json").stdout) == example


def test_the_schema_names_every_reason():
    assert schema("evidence-judge")["properties"]["reasons"]["items"]["enum"] == [*FAILS, *UNKNOWNS]


def test_a_shape_that_does_not_fit_is_noticed():
    example = json.loads((SCHEMAS / "examples" / "evidence-judge.pass.json").read_text(encoding="utf-8"))
    for wrong in (
        {"verdict": "maybe"},
        {"reasons": ["too_few_passes", "too_few_passes"]},
        {"sha256": "zz"},
        {"device": {}},
        {"device": {**example["device"], "errors": True}},
        {"device": {**example["device"], "passes_done": -1}},
    ):
        assert misfits({**example, **wrong}, schema("evidence-judge")) != [], wrong


# --- at once -------------------------------------------------------------------------------------------------


def test_the_command_imports_no_database_and_no_app():
    code = (
        "import sys, privacy.evidence.cli as cli\n"
        f"try: cli.evidence(['judge', {LOG!r}, *{CN!r}, '--json'])\n"
        "except SystemExit as end: assert end.code == 0\n"
        "heavy = {'sqlalchemy', 'app', 'market', 'jinja2', 'babel', 'whoosh'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_flask_knows_the_command_and_answers_within_a_second():
    flask = Path(sys.executable).parent / "flask"
    if not flask.exists():
        pytest.skip(f"{flask} isn't there: run `make setup`")
    taken = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([flask, "evidence", "read", LOG, "--json"], cwd=ROOT, capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        assert done.returncode == 0, done.stderr.decode()
        assert json.loads(done.stdout)[0]["devices"][0]["serial"] == DISK
    # work, not waiting: other tests may run beside this one
    assert min(taken) < 1.0, "some command of pyproject's flask.commands imports too much when it is only listed"


# --- the row of a device ------------------------------------------------------------------------------------------


def test_with_a_kind_the_profile_s_row_decides_and_is_named():
    said = answer("judge", LOG, *CN, "--kind", "hdd", "--category", "laptop")
    assert (said["verdict"], said["rule"], said["technique"], said["level"]) == ("pass", "pc_hdd", "overwrite", "clear")
    assert answer("judge", LOG, *CN)["rule"] is None
    assert answer("judge", LOG, *CN, "--kind", "hybrid")["rule"] is None, "that row is for computers"


def test_one_file_judged_by_another_standard():
    drive = str(FOLDER / "nwipe-0.34-ssd-prng.log")
    by = {one: ("--profile", one, "--medium", "semiconductor", "--kind", "ssd") for one in ("CN-GB46864-2025", "HK-G3", "NIST-800-88r2")}
    assert answer("judge", drive, *by["CN-GB46864-2025"])["verdict"] == "pass"
    assert answer("judge", drive, *by["HK-G3"], code=1)["reasons"] == ["technique_insufficient"]
    assert answer("judge", drive, *by["NIST-800-88r2"])["level"] == "clear"


def test_a_kind_that_is_not_of_this_medium_is_unusable():
    for kind in ("ssd", "unknown", "floppy"):
        assert refusal("judge", LOG, *CN, "--kind", kind)["error"] == "unknown_kind"
    assert "hdd" in refusal("judge", LOG, *CN, "--kind", "ssd")["message"]


def test_a_file_about_the_other_kind_fails_where_the_kind_is_said():
    drive = str(FOLDER / "nwipe-0.40-ssd-prng.log")
    assert answer("judge", drive, *CN, code=1)["reasons"] == ["medium_mismatch", "too_few_passes"]
    assert answer("judge", drive, *CN, "--kind", "hdd", code=1)["reasons"] == ["medium_mismatch", "too_few_passes"]

"""What stands in a log comes out as the row the contract promises, no more and no less."""

import pytest

from privacy.evidence.methods import FIXED, METHODS, RANDOM, find_method
from privacy.evidence.model import DeviceRow, as_json
from privacy.evidence.readers import read
from tests.privacy.evidence.logs import DISK, DODSHORT, DRIVE, NEWEST, TWO_DISKS, Edit, raw, text

MIB64 = 64 * 1024**2


def row(log: str | Edit) -> DeviceRow:
    (only,) = read(text(log).encode() if isinstance(log, str) else str(log).encode()).devices
    return only


def test_a_wiped_disk_field_by_field():
    assert row(DODSHORT) == DeviceRow(
        node="/dev/sda",
        serial=DISK,
        model="WDC WD5000AAKX-6",
        capacity_bytes=MIB64,
        method="DoD Short",
        passes_done=3,
        passes_asked=3,
        random_passes=1,
        rounds=1,
        final_blank=True,
        verification="last",
        verified=True,
        bytes_written=MIB64,
        errors=0,
        status="erased",
        started="2026-11-22T06:40:42",
        finished="2026-11-22T06:40:47",
        method_code="dodshort",
        random_asked=1,
        run=1,
        bus="ATA",
        seconds=5,
        quickest_pass=1,
        quickest_read=0,
        total_written=4 * MIB64,
        technique="overwrite",
        serial_source="ata",
        core=row(DODSHORT).core,
    )


def test_the_file_as_a_whole():
    evidence = read(raw(DODSHORT))
    assert (evidence.format, evidence.parser, evidence.tool) == ("nwipe-log", "nwipe 3", "nwipe")
    assert evidence.tool_version == "0.33"  # what the tool calls itself; the package was 0.34
    assert evidence.complete
    assert [(one.code, one.value) for one in evidence.findings] == [("exact_version", None), ("time_zone", None)]


METHOD_RUNS = [
    ("nwipe-0.34-hdd-zero.log", 1, 0),
    ("nwipe-0.34-hdd-one.log", 1, 0),
    ("nwipe-0.34-hdd-prng.log", 1, 1),
    ("nwipe-0.34-hdd-prng-rounds-3.log", 3, 3),
    ("nwipe-0.34-hdd-zero-rounds-3.log", 3, 0),
    ("nwipe-0.34-hdd-dodshort-rounds-2.log", 6, 2),
    ("nwipe-0.34-hdd-dod522022m.log", 7, 2),
    ("nwipe-0.34-hdd-gutmann.log", 35, 8),
    ("nwipe-0.34-hdd-is5enh.log", 3, 1),
    ("nwipe-0.34-hdd-ops2.log", 9, 1),
    ("nwipe-0.42-hdd-bruce7.log", 7, 5),
    ("nwipe-0.42-hdd-bmb.log", 6, 3),
    ("nwipe-0.34-hdd-verify-zero.log", 0, 0),
    ("nwipe-0.34-ssd-verify-one.log", 0, 0),
]


@pytest.mark.parametrize(("name", "passes", "random"), METHOD_RUNS)
def test_each_method_s_passes_are_counted_and_its_random_ones_known(name: str, passes: int, random: int):
    one = row(name)
    assert (one.passes_done, one.passes_asked) == (passes, passes)
    assert (one.random_passes, one.random_asked) == (random, random)
    assert one.bytes_written == (MIB64 if passes else 0)


def test_the_final_blank_is_no_pass_and_may_be_left_out():
    assert row(DODSHORT).final_blank is True
    unblanked = row("nwipe-0.34-hdd-dodshort-noblank.log")
    assert (unblanked.final_blank, unblanked.passes_done, unblanked.verified) == (False, 3, True)
    # OPS-II leaves its random pattern, whatever the options say; a verify-only run writes nothing
    assert row("nwipe-0.34-hdd-ops2.log").final_blank is False
    assert row("nwipe-0.34-hdd-verify-zero.log").final_blank is False


def test_what_was_verified_and_what_only_promised():
    assert [(one.verification, one.verified) for one in map(row, (
        DODSHORT,
        "nwipe-0.34-hdd-dodshort-verify-all.log",
        "nwipe-0.34-hdd-dodshort-verify-off.log",
        "nwipe-0.34-hdd-verify-zero.log",
        "nwipe-0.34-hdd-verify-one-mismatch.log",
        "nwipe-0.34-hdd-killed.log",
        "nwipe-0.34-hdd-aborted.log",
    ))] == [
        ("last", True), ("all", True), ("none", False), ("only", True), ("only", False), ("last", None), ("all", False),
    ]  # fmt: skip


def test_verify_only_says_erased_and_the_row_does_not_hide_it():
    one = row("nwipe-0.34-hdd-verify-zero.log")
    assert (one.status, one.verification, one.passes_done, one.bytes_written) == ("erased", "only", 0, 0)
    assert read(raw("nwipe-0.34-hdd-verify-zero.log")).has("verify_only")


def test_states_and_errors():
    assert row("nwipe-0.34-hdd-aborted.log").status == "aborted"
    assert row("nwipe-0.34-hdd-terminated.log").status == "aborted"
    assert row("nwipe-0.42-hdd-aborted-before-start.log").status == "aborted"
    assert row("nwipe-0.34-hdd-killed.log").status is None
    failed = row("nwipe-0.34-hdd-write-error.log")
    assert (failed.status, failed.errors) == ("failed", 4)
    assert row("nwipe-0.34-hdd-killed.log").errors is None


def test_the_method_runs_out_of_bytes_where_the_disk_does():
    assert row("nwipe-0.42-hdd-write-error.log").bytes_written == 62_914_560
    # the Erasure Summary counts too: it tells less than a pass claims
    less = Edit.of(NEWEST).change("     sda |          67108864", "     sda |          67108352")
    assert row(less).bytes_written == 67_108_352


def test_several_devices_keep_their_own_rows():
    evidence = read(raw(TWO_DISKS))
    assert [(one.node, one.serial) for one in evidence.devices] == [("/dev/sda", DISK), ("/dev/sdc", DRIVE)]
    assert all(one.passes_done == 3 for one in evidence.devices)


def test_several_runs_keep_their_own_rows_and_are_remarked_on():
    evidence = read(raw("nwipe-0.34-aborted-then-wiped.log"))
    assert [(one.run, one.status) for one in evidence.devices] == [(1, "aborted"), (2, "erased")]
    assert evidence.has("several_runs") and not read(raw(DODSHORT)).has("several_runs")


def test_a_serial_hidden_by_the_tool_is_no_serial():
    for name in ("nwipe-0.34-hdd-quiet.log", "nwipe-0.36-hdd-quiet.log", "nwipe-0.42-hdd-quiet.log"):
        one = row(name)
        assert (one.serial, one.anonymised) == (None, True)
        assert read(raw(name)).has("anonymised")


def test_a_loop_device_has_no_serial_and_a_bridge_warning():
    one = row("nwipe-0.34-loop-no-serial.log")
    assert (one.serial, one.usb_bridge, one.anonymised) == (None, True, False)
    assert read(raw("nwipe-0.34-loop-no-serial.log")).has("usb_bridge")


def test_a_device_s_own_text_never_becomes_the_tool_s_words():
    one = row("nwipe-0.34-hostile-model.log")
    assert one.serial == "S|Erased|1R+B+VL" and one.model == "DISK | Erased | "[: len(one.model or "")]
    assert row("nwipe-0.34-hostile-model-aborted.log").status == "aborted"


def test_hidden_sectors_are_true_false_or_not_said():
    assert row(DODSHORT).hidden_sectors is None
    assert row(NEWEST).hidden_sectors is False
    no, at = "No hidden sectors on /dev/sda", "on /dev/sda"
    assert row(Edit.of(NEWEST).change(no, f"*** HIDDEN SECTORS DETECTED ! *** {at}")).hidden_sectors is True
    assert row(Edit.of(NEWEST).change(no, f"HIDDEN SECTORS INDETERMINATE! {at}, Some USB")).hidden_sectors is None
    more = Edit.of(NEWEST).change("HPA values 131072 / 131072 on", "HPA values 131072 / 262144 on")
    assert row(more).hidden_sectors is True


def test_an_unknown_method_is_counted_but_not_called_random():
    new = Edit.of(DODSHORT).change("DoD Short", "Quantum Foam")
    one = row(new)
    assert (one.method, one.method_code, one.passes_done, one.random_passes) == ("Quantum Foam", None, 3, None)
    assert read(str(new).encode()).has("unknown_method")


def test_solid_state_and_block_errors_are_remarked_on():
    ssd = Edit.of(NEWEST).change(",  ATA    ,", ",  ATA-SSD,")
    assert read(str(ssd).encode()).has("solid_state") and row(ssd).bus == "ATA"
    assert read(raw("nwipe-0.42-hdd-write-error-skipped.log")).has("block_errors_allowed")


def test_a_sanitize_command_is_a_remark_and_no_pass():
    line = "[2026/11/22 06:40:40]    info: /dev/sda: SANITIZE action 'Block Erase' was successful."
    told = Edit.of(DODSHORT).after("Found /dev/sda", line)
    assert read(str(told).encode()).has("sanitize")
    assert row(told) == row(DODSHORT)


def test_json_has_the_contract_s_fields():
    shown = as_json(read(raw(DODSHORT)))
    assert shown is not None
    assert set(shown) >= set(["sha256", "format", "parser", "tool", "tool_version", "complete", "devices", "findings"])
    names = (
        "node serial model capacity_bytes method passes_done passes_asked random_passes rounds final_blank "
        "verification verified bytes_written errors status started finished"
    )
    assert set(shown["devices"][0]) >= set(names.split())  # type: ignore[index]
    assert as_json(None) is None


# --- the table of methods --------------------------------------------------------------------------------------


def test_the_table_of_methods():
    """Passes of one round: all, and the random ones. Source: the tool's own source, see methods.py."""
    assert {method.code: (len(method.passes), method.passes.count(RANDOM)) for method in METHODS} == {
        "zero": (1, 0),
        "one": (1, 0),
        "prng": (1, 1),
        "dodshort": (3, 1),
        "dod522022m": (7, 2),
        "gutmann": (35, 8),
        "ops2": (8, 0),
        "is5enh": (3, 1),
        "bruce7": (7, 5),
        "bmb21": (6, 3),
        "verify_zero": (0, 0),
        "verify_one": (0, 0),
    }


def test_which_passes_are_random():
    def random(code: str) -> list[int]:
        method = next(method for method in METHODS if method.code == code)
        return [number for number, kind in enumerate(method.passes, 1) if kind == RANDOM]

    assert random("dodshort") == [3] and random("dod522022m") == [3, 7] and random("is5enh") == [3]
    assert random("gutmann") == [1, 2, 3, 4, 32, 33, 34, 35]
    assert random("bruce7") == [3, 4, 5, 6, 7] and random("bmb21") == [3, 4, 5]


def test_rounds_multiply_and_the_last_random_pattern_comes_once():
    ops2 = find_method("RCMP TSSIT OPS-II")
    assert ops2 is not None and (ops2.passes_asked(2), ops2.random_asked(2)) == (17, 1)
    short = find_method("DoD Short")
    assert short is not None and (short.passes_asked(4), short.random_asked(4)) == (12, 4)
    assert set(short.passes) == {FIXED, RANDOM}


def test_old_names_of_methods_are_known_and_others_are_not():
    assert find_method("Zero Fill") is find_method("Fill With Zeros")
    assert find_method("Verify Blank") is find_method("Verify Zeros (0x00)")
    assert find_method("dod short") is None and find_method(None) is None and find_method("") is None
    labels = [label for method in METHODS for label in method.labels]
    assert len(labels) == len(set(labels))

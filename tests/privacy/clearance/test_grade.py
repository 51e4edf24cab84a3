"""How strong a proof is. Each step up stands beside what is missing for it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.i18n import compile_catalogue, say
from privacy.clearance.grade import CLOCKS, GRADES, SENTENCES, Proof, carries, clock_findings, grade_of, proof_of
from privacy.evidence.model import DeviceRow, Evidence, Finding

FILE = Proof(statement=False, proven_format=True, bound=True, challenged=True, signed=False)
EVIDENCE = Evidence(sha256="00" * 32, format="nwipe-log", parser="nwipe 1", tool="nwipe", tool_version="0.42", complete=True)


@pytest.mark.parametrize(
    ("proof", "grade"),
    [
        (FILE, "E2"),
        (replace(FILE, signed=True), "E2"),
        (replace(FILE, challenged=None, signed=True), "E2"),
        # another job's code, a station's file without its signature, a log of another day
        (replace(FILE, challenged=False, signed=True), "E1"),
        (replace(FILE, bare=True), "E1"),
        (replace(FILE, timely=False), "E1"),
        (replace(FILE, signed=True, timely=False), "E1"),
        (replace(FILE, challenged=False), "E1"),
        (replace(FILE, challenged=None), "E1"),
        (replace(FILE, bound=False), "E1"),
        (replace(FILE, bound=False, signed=True), "E1"),
        (replace(FILE, proven_format=False, signed=True), "E1"),
        (replace(FILE, own=True, signed=True), "E1"),
        (replace(FILE, statement=True, signed=True), "E0"),
        (replace(FILE, statement=True, state_read=True), "E3"),
        (replace(FILE, challenged=False, state_read=True), "E3"),
        (replace(FILE, state_read=True, read_back=True), "E4"),
        (replace(FILE, recovery_tried=True), "E4"),
        (replace(FILE, read_back=True, destroyed=True), "E5"),
    ],
)
def test_each_grade(proof: Proof, grade: str):
    assert grade_of(proof) == grade


@given(st.builds(Proof, statement=st.booleans(), proven_format=st.booleans(), bound=st.booleans(),
                 challenged=st.sampled_from([None, False, True]), signed=st.booleans(), own=st.booleans(),
                 bare=st.booleans(), timely=st.booleans()))  # fmt: skip
def test_a_file_alone_never_gets_above_e2_and_a_seller_s_own_never_above_e1(proof: Proof):
    assert grade_of(proof) in ("E0", "E1", "E2")
    assert grade_of(replace(proof, own=True)) in ("E0", "E1")
    unknown = replace(proof, challenged=None, signed=False)
    assert grade_of(unknown) == grade_of(replace(unknown, challenged=False))
    assert grade_of(replace(proof, timely=False)) <= grade_of(proof) >= grade_of(replace(proof, bare=True))


def test_what_a_file_alone_proves():
    with_code = replace(EVIDENCE, texts=("customer", "K7P2-M9Q4"))
    assert proof_of(with_code, bound=True, challenge="K7P2M9Q4") == FILE
    assert proof_of(EVIDENCE, bound=True, challenge="K7P2M9Q4") == replace(FILE, challenged=None)
    assert proof_of(replace(with_code, kind="statement", real_seen=False), bound=False, challenge="K7P2M9Q4", own=True) == Proof(
        statement=True, proven_format=False, bound=False, challenged=True, signed=False, own=True
    )
    assert proof_of(replace(EVIDENCE, signed_by="ab12"), bound=True, challenge="K7P2M9Q4").signed is True


STATION = replace(EVIDENCE, format="xunshi-station", texts=("K7P2M9Q4",))
ROW = DeviceRow(node="/dev/sda", started="2026-11-22T06:40:42", finished="2026-11-22T06:40:47")
BEGUN = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)


def test_a_station_s_file_without_its_signature_is_anybody_s():
    """The audit's way: the signature deleted, the challenge edited."""
    unsigned = proof_of(STATION, bound=True, challenge="K7P2M9Q4")
    assert (unsigned.challenged, unsigned.bare, grade_of(unsigned)) == (True, True, "E1")
    signed = replace(STATION, signed_by="ab12")
    assert grade_of(proof_of(signed, bound=True, challenge="K7P2M9Q4")) == "E2"
    assert grade_of(proof_of(signed, bound=True, challenge="M9Q4K7P2")) == "E1", "signed for another job"


@pytest.mark.parametrize(
    ("begun", "attached", "codes"),
    [
        (timedelta(), timedelta(hours=1), []),
        (timedelta(hours=20), timedelta(hours=21), []),  # a zone's difference
        (timedelta(days=2), timedelta(days=2), ["clock_before_job"]),
        (timedelta(days=7), timedelta(days=7), ["clock_before_job"]),
        (-timedelta(days=400), -timedelta(days=399), ["clock_ahead"]),
    ],
)
def test_a_code_above_a_log_of_another_day_binds_nothing(begun: timedelta, attached: timedelta, codes: list[str]):
    """The audit's way: the job's code typed above a log of a week before the job."""
    coded = replace(EVIDENCE, texts=("K7P2M9Q4",))
    found = clock_findings(ROW, BEGUN + begun, BEGUN + attached)
    assert [one.code for one in found] == codes and set(codes) <= set(CLOCKS)
    proof = proof_of(coded, bound=True, challenge="K7P2M9Q4", row=ROW, begun=BEGUN + begun, now=BEGUN + attached)
    assert (proof.challenged, grade_of(proof)) == (True, "E1" if codes else "E2")


def test_a_clock_may_be_off_by_a_day_and_not_by_a_second_more():
    started, finished, day, second = BEGUN.replace(minute=40, second=42), BEGUN.replace(minute=40, second=47), timedelta(days=1), timedelta(seconds=1)
    row = replace(ROW, started="2026-11-22T06:40:42", finished="2026-11-22T06:40:47")
    early, ahead = (Finding(code=code, value=True, node="/dev/sda") for code in ("clock_before_job", "clock_ahead"))
    assert clock_findings(row, started + day, finished - day) == []
    assert clock_findings(row, started + day + second, None) == [early] and clock_findings(row, None, finished - day - second) == [ahead]
    assert clock_findings(row, started + day + second, finished - day - second) == [early, ahead]
    for half in (replace(row, started=None, finished="2026-11-22T06:40:42"), replace(row, finished="nonsense")):
        assert clock_findings(half, started + day, started - day) == []
        assert clock_findings(half, started + day + second, started - day - second) == [early, ahead]
    backwards = replace(row, started=row.finished, finished=row.started)
    assert clock_findings(backwards, started + day + second, finished - day - second) == [early, ahead]


def test_a_log_older_than_its_version_binds_nothing_and_one_without_times_is_no_older():
    early = replace(EVIDENCE, texts=("K7P2M9Q4",), findings=(Finding(code="clock_before_version", value=True),))
    assert grade_of(proof_of(early, bound=True, challenge="K7P2M9Q4")) == "E1"
    for row in (None, DeviceRow(), DeviceRow(started="soon")):
        assert clock_findings(row, BEGUN, BEGUN) == []
    assert clock_findings(ROW, None, None) == []


def test_the_code_is_found_in_any_spelling_and_never_in_part():
    for text in ("K7P2M9Q4", "k7p2-m9q4", "K7P2 M9Q4.log", "/tmp/K7P2-M9Q4/report", "job K7P2M9Q4, bench 2"):
        assert carries([text], "K7P2M9Q4") is True
    for text in ("K7P2", "M9Q4K7P2", "", "K7P2M9Q5"):
        assert carries([text], "K7P2M9Q4") is False
    assert carries(["other", "K7P2M9Q4"], "K7P2-M9Q4") is True
    assert carries([], "K7P2M9Q4") is None
    assert carries(["anything"], "") is None and carries(["anything"], " -") is None


@pytest.mark.parametrize("grade", GRADES)
def test_each_grade_has_its_sentence_in_both_languages(grade: str):
    compile_catalogue()
    assert say(SENTENCES[grade], "zh") != SENTENCES[grade] and set(SENTENCES) == set(GRADES)

"""How strong a proof is. Each step up stands beside what is missing for it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.i18n import compile_catalogue, say
from privacy.clearance.grade import GRADES, SENTENCES, Proof, carries, grade_of, proof_of
from privacy.evidence.model import Evidence

FILE = Proof(statement=False, proven_format=True, bound=True, challenged=True, signed=False)
EVIDENCE = Evidence(sha256="00" * 32, format="nwipe-log", parser="nwipe 1", tool="nwipe", tool_version="0.42", complete=True)


@pytest.mark.parametrize(
    ("proof", "grade"),
    [
        (FILE, "E2"),
        (replace(FILE, challenged=False, signed=True), "E2"),
        (replace(FILE, challenged=None, signed=True), "E2"),
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
                 challenged=st.sampled_from([None, False, True]), signed=st.booleans(), own=st.booleans()))  # fmt: skip
def test_a_file_alone_never_gets_above_e2_and_a_seller_s_own_never_above_e1(proof: Proof):
    assert grade_of(proof) in ("E0", "E1", "E2")
    assert grade_of(replace(proof, own=True)) in ("E0", "E1")
    unknown = replace(proof, challenged=None)
    assert grade_of(unknown) == grade_of(replace(unknown, challenged=False))


def test_what_a_file_alone_proves():
    with_code = replace(EVIDENCE, texts=("customer", "K7P2-M9Q4"))
    assert proof_of(with_code, bound=True, challenge="K7P2M9Q4") == FILE
    assert proof_of(EVIDENCE, bound=True, challenge="K7P2M9Q4") == replace(FILE, challenged=None)
    assert proof_of(replace(with_code, kind="statement", real_seen=False), bound=False, challenge="K7P2M9Q4", own=True) == Proof(
        statement=True, proven_format=False, bound=False, challenged=True, signed=False, own=True
    )
    assert proof_of(replace(EVIDENCE, signed_by="ab12"), bound=True, challenge="K7P2M9Q4").signed is True


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

"""Notes, verifier keys, checkpoints, proofs and cosignatures: what is written is read, what is bent is refused."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import signing
from privacy import verify
from privacy.clearance.log import checkpoint, cosignature, note, proof
from privacy.clearance.log.note import BadVkey
from privacy.verify import Unusable

KEY, WITNESS = signing.from_seed(bytes(32)), signing.from_seed(bytes([7]) * 32)
ROOT = bytes(range(32))
NOTE = checkpoint.sign("xunshi.example/log", 12, ROOT, KEY)


def test_a_checkpoint_comes_back():
    found = checkpoint.parse_checkpoint(NOTE)
    assert (found.origin, found.size, found.root) == ("xunshi.example/log", 12, ROOT)
    assert note.signed_by(found.note, "xunshi.example/log", KEY.public) is True
    assert note.signed_by(found.note, "xunshi.example/log", WITNESS.public) is None


def test_a_witness_signs_and_is_told_from_the_log():
    line = cosignature.sign(checkpoint.parse_checkpoint(NOTE).note.text, "w.example", WITNESS, 1_800_000_000)
    found = verify.parse_note(cosignature.join(NOTE, [line]))
    key = note.parse_vkey(note.vkey("w.example", WITNESS.public, note.COSIGNATURE))
    assert cosignature.check(found, key) == 1_800_000_000
    assert note.signed_by(found, "xunshi.example/log", KEY.public) is True
    assert cosignature.check(verify.parse_note(NOTE), key) is None
    assert cosignature.check(found, note.VerifierKey("w.example", note.ED25519, WITNESS.public)) is None
    later = cosignature.sign(checkpoint.body("xunshi.example/log", 13, ROOT), "w.example", WITNESS, 1_800_000_000)
    assert cosignature.check(verify.parse_note(cosignature.join(NOTE, [later])), key) is None


def test_a_verifier_key_comes_back():
    text = note.vkey("xunshi.example/log", KEY.public)
    assert str(note.parse_vkey(text)) == text and note.parse_vkey(text).public == KEY.public
    for bent in ("", "a+b", "a+00000000+" + text.split("+", 2)[2], text[:-4], text.replace("xunshi", "other"), text + "A", "é" * 300):
        with pytest.raises(BadVkey):
            note.parse_vkey(bent)


@pytest.mark.parametrize("bent", [
    "", "x", NOTE[:-1], NOTE.replace("\n\n", "\n"), NOTE.replace("\u2014", "-"), NOTE.replace("12", "012"), NOTE.replace("12", "-1"),
    NOTE.replace("12", "1_2"), NOTE.replace("12", "\uff11"), NOTE.replace("xunshi.example/log\n12", "\n12"), NOTE + "x", "\x00" + NOTE,
    NOTE.replace("AAEC", "AAE!"), NOTE.replace("=\n\n", "\n\n"), NOTE.replace("\n\n", "\r\n\r\n"), NOTE + "\n" * 5, "a" * 300_000,
])  # fmt: skip
def test_a_bent_checkpoint_is_no_checkpoint(bent):
    with pytest.raises(Unusable):
        checkpoint.parse_checkpoint(bent)


def test_a_proof_comes_back():
    text = proof.write(3, [ROOT, KEY.public], NOTE)
    found = proof.parse_proof(text)
    assert (found.index, found.hashes, found.checkpoint.size, found.extra) == (3, (ROOT, KEY.public), 12, b"")
    assert proof.parse_proof(text.replace("@v1\n", "@v1\nextra aGk=\n")).extra == b"hi"
    for bent in (text.replace("@v1", "@v2"), text.replace("index 3", "index 03"), text.replace("index 3", "index"), text.split("\n\n")[0]):
        with pytest.raises(Unusable):
            proof.parse_proof(bent)


@given(st.binary(max_size=300))
def test_whatever_comes_is_read_or_refused(data):
    for parse in (verify.parse_note, verify.parse_checkpoint, lambda raw: verify.parse_proof(raw.decode(errors="replace")), verify.parse):
        with contextlib.suppress(Unusable):
            parse(data)


@given(st.text(max_size=40), st.integers(0, len(NOTE)))
def test_a_note_with_something_put_in_keeps_no_signature(text, at):
    bent = NOTE[:at] + text + NOTE[at:]
    try:
        found = verify.parse_checkpoint(bent)
    except Unusable:
        return
    if verify.signed_by(found.note, "xunshi.example/log", KEY.public):
        assert found.note.text == verify.parse_note(NOTE).text

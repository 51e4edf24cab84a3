"""Public vectors, all of them: the tree, signatures with both engines, canonical JSON, a signed checkpoint."""

import base64
import json

import pytest

from privacy import verify
from privacy.clearance.log import note, tree
from tests.conftest import samples


def raw(text):
    return base64.b64decode(text) if text else b""


def test_merkle_proofs():
    tried = 0
    for one in json.loads(samples("wipe", "rfc6962__merkle-vectors.json").read_text(encoding="utf-8")):
        case = one["vector"]
        proof = [raw(each) for each in case["proof"] or []]
        if one["kind"] == "inclusion":
            found = tree.verify_inclusion(case["leafIdx"], case["treeSize"], raw(case["leafHash"]), proof, raw(case["root"]))
        else:
            found = tree.verify_consistency(case["size1"], case["size2"], proof, raw(case["root1"]), raw(case["root2"]))
        assert found is not case["wantErr"], one["path"]
        tried += 1
    assert tried == 196


@pytest.mark.parametrize("engine", ["any", "plain"])
def test_ed25519(engine):
    tried = 0
    for group in json.loads(samples("wipe", "wycheproof__ed25519_test.json").read_text(encoding="utf-8"))["testGroups"]:
        public = bytes.fromhex(group["publicKey"]["pk"])
        for case in group["tests"]:
            message, value = bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
            check = verify.ed25519 if engine == "any" else verify.ed25519_plain
            assert check(public, message, value) is (case["result"] == "valid"), case["tcId"]
            tried += 1
    assert tried == 151


def test_canonical_json():
    given = samples("wipe", "jcs__input_weird.json").read_bytes()
    wanted = samples("wipe", "jcs__output_weird.json").read_bytes()
    assert verify.canonical(json.loads(given)) == wanted.rstrip(b"\n")


def test_a_checkpoint_of_another_program():
    text = samples("wipe", "tessera__checkpoint.7.txt").read_text(encoding="utf-8")
    key = note.parse_vkey("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx")
    found, grown = verify.parse_checkpoint(text), tree.Growing()
    for word in ["one", "two", "three", "four", "five", "six", "seven"]:
        grown.add(tree.leaf_hash(word.encode()))
    assert (found.origin, found.size, found.root) == (key.name, 7, grown.root())
    assert verify.signed_by(found.note, key.name, key.public) is True
    other = verify.parse_checkpoint(text.replace("\n7\n", "\n8\n"))
    assert verify.signed_by(other.note, key.name, key.public) is False
    assert verify.signed_by(found.note, "example.com/log/other", key.public) is None


def test_the_notes_of_go():
    """The example that the documentation of golang.org/x/mod/sumdb/note gives."""
    text = (
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
        "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    key = note.parse_vkey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    assert note.signed_by(note.parse_note(text), key.name, key.public) is True


def test_the_roots_of_rfc_6962():
    assert tree.EMPTY.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert tree.leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


@pytest.mark.parametrize(
    "change",
    [
        lambda public, value: (public, value[:32] + (int.from_bytes(value[32:], "little") + verify._L).to_bytes(32, "little")),
        lambda public, value: (public, value[:63]),
        lambda public, value: (public, value + b"\x00"),
        lambda public, value: (public[:31], value),
        lambda public, value: (b"\xff" * 32, value),
        lambda public, value: ((verify._P + 1).to_bytes(32, "little"), value),
        lambda public, value: (public, b"\xff" * 32 + value[32:]),
    ],
)
@pytest.mark.parametrize("plain", [False, True])
def test_signatures_in_another_form_are_refused(change, plain, monkeypatch):
    from core import signing

    key = signing.from_seed(bytes(range(32)))
    value = base64.b64decode(signing.sign(key, b"wiped").value_b64)
    if plain:
        monkeypatch.setattr(verify, "_Fast", None)
    verify._checked.cache_clear()
    assert verify.ed25519(key.public, b"wiped", value) is True
    public, bent = change(key.public, value)
    assert verify.ed25519(public, b"wiped", bent) is False
    verify._checked.cache_clear()

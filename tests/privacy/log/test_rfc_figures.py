"""The figures that the standards print themselves, typed out here, so that a fresh copy of the project checks them: RFC 8032,
RFC 6962 and 9162, RFC 8785, C2SP signed-note and tlog-cosignature. (Larger sets of vectors: test_vectors.py.)"""

import base64
import json

import pytest

from core import canonical, signing
from privacy import verify
from privacy.clearance.log import note, tree

# RFC 8032, 7.1: secret key, public key, message, signature
ED25519 = {
    "TEST 1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    "TEST 2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    "TEST 3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    "TEST SHA(abc)": (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ED25519)
@pytest.mark.parametrize("check", [verify.ed25519, verify.ed25519_plain], ids=["any engine", "plain"])
def test_ed25519(name, check):
    secret, public, message, value = (bytes.fromhex(one) for one in ED25519[name])
    key = signing.from_seed(secret)
    assert key.public == public and base64.b64decode(signing.sign(key, message).value_b64) == value
    assert check(public, message, value) is True
    assert check(public, message + b"\0", value) is False
    for at in (0, 31, 32, 62):
        bent = bytearray(value)
        bent[at] ^= 1
        assert check(public, message, bytes(bent)) is False


# RFC 9162, 2.1.5 (RFC 6962, 2.1.3): a tree of seven leaves d0 to d6, its inner nodes, and which of them make each proof
#                hash
#              /      \
#           k            l
#          / \          / \
#         g   h        i   j=d6
#        /\  /\       /\
#       a b c d      e f
SEVEN = [bytes([one]) for one in range(7)]
A, B, C, D, E, F, J = (tree.leaf_hash(one) for one in SEVEN)
G, H, I_ = tree.node_hash(A, B), tree.node_hash(C, D), tree.node_hash(E, F)
K, L = tree.node_hash(G, H), tree.node_hash(I_, J)
ROOT = tree.node_hash(K, L)
HASH0, HASH1, HASH2 = tree.node_hash(G, C), K, tree.node_hash(K, I_)


def nodes(count):
    grown, found = tree.Growing(), {}
    for one in SEVEN[:count]:
        found |= {(level, index): value for level, index, value in grown.add(tree.leaf_hash(one))}
    return grown, tree.reader(found)


@pytest.mark.parametrize(("leaf", "path"), [(0, [B, H, L]), (3, [C, G, L]), (4, [F, J, K]), (6, [I_, K])])
def test_the_audit_paths_of_the_example(leaf, path):
    """`The inclusion proof for d0 is [b, h, l]`, d3 [c, g, l], d4 [f, j, k], d6 [i, k]."""
    grown, read = nodes(7)
    assert grown.root() == ROOT and tree.inclusion(read, leaf, 7) == path
    assert verify.verify_inclusion(leaf, 7, tree.leaf_hash(SEVEN[leaf]), path, ROOT)
    assert not verify.verify_inclusion(leaf, 7, tree.leaf_hash(SEVEN[leaf]), path[::-1], ROOT)
    assert not verify.verify_inclusion(leaf, 7, tree.leaf_hash(b"another"), path, ROOT)


@pytest.mark.parametrize(("size", "root", "path"), [(3, HASH0, [C, D, G, L]), (4, HASH1, [L]), (6, HASH2, [I_, J, K])])
def test_the_consistency_proofs_of_the_example(size, root, path):
    """`The consistency proof between hash0 and hash is [c, d, g, l]`, of hash1 [l], of hash2 [i, j, k]."""
    assert nodes(size)[0].root() == root and tree.consistency(nodes(7)[1], size, 7) == path
    assert verify.verify_consistency(size, 7, path, root, ROOT)
    assert not verify.verify_consistency(size, 7, path[:-1], root, ROOT) and not verify.verify_consistency(size, 7, path, ROOT, root)


# the eight leaves with which the first implementations of RFC 6962 were tested, and the roots over the first one to eight
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]  # fmt: skip


def test_the_roots():
    grown = tree.Growing()
    assert grown.root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "RFC 9162, 2.1.1: the empty tree"
    for leaf, root in zip(LEAVES, ROOTS, strict=True):
        grown.add(tree.leaf_hash(bytes.fromhex(leaf)))
        assert grown.root().hex() == root


def test_canonical_json_sorts_as_rfc_8785_does():
    """3.2.3: by UTF-16 code units, so that the emoji comes before U+FB33."""
    given = (
        '{"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",'
        '"\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control","\\u00f6":"Latin Small Letter O With Diaeresis"}'
    )
    order = [
        "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign", "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]  # fmt: skip
    for made in (verify.canonical(json.loads(given)), canonical.encode(json.loads(given))):
        assert list(json.loads(made).values()) == order
    assert verify.canonical(verify.parse(given.encode())).startswith(b'{"\\r":"Carriage Return","1":"One","\xc2\x80":')


def test_canonical_json_writes_as_rfc_8785_does():
    """3.2.2 and 3.2.4, without the floats, which are refused: the string and the literals, byte for byte."""
    given = r'{"string":"\u20ac$\u000F\u000aA\u0027\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}'
    wanted = bytes.fromhex(
        "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d"
    )
    assert verify.canonical(verify.parse(given.encode())) == canonical.encode(json.loads(given)) == wanted
    # 3.2.2's own numbers, and the limit of appendix B
    for number in ("333333333.33333329", "1E30", "4.50", "2e-3", "0.000000000000000000000000001", "9007199254740992", "-0.0", "NaN"):
        with pytest.raises(verify.Unusable):
            verify.parse(f"[{number}]".encode())
    assert verify.parse(b"[9007199254740991,-9007199254740991,0]") == [2**53 - 1, 1 - 2**53, 0]


def test_the_note_that_signed_note_prints():
    """Its text holds an empty line: the signatures begin after the last one."""
    raw = (
        "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned \u00e8 subito sera.\n\n"
        "\u2014 quasimodo.example/salvatore "
        "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
    )
    found = verify.parse_note(raw.encode())
    assert found.text == "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned \u00e8 subito sera.\n"
    ((name, key_id, value),) = found.signatures
    assert (name, key_id.hex(), len(value)) == ("quasimodo.example/salvatore", "367ba04b", 64)
    for bad in (raw[:-1], raw.replace("\u2014", "-"), raw.replace(" Nnug", "  Nnug"), raw.replace("\n\n\u2014", "\n\u2014"), raw.replace("=\n", "\n"), raw + "\n"):
        with pytest.raises(verify.Unusable):
            verify.parse_note(bad)


def test_the_note_that_gos_documentation_prints():
    text = (
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
        "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    key = note.parse_vkey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    assert verify.signed_by(verify.parse_note(text), key.name, key.public) is True
    assert verify.signed_by(verify.parse_note(text.replace("know", "knew")), key.name, key.public) is False


def test_the_cosigned_checkpoint_that_tlog_cosignature_prints():
    raw = (
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
        "\u2014 witness.example.com/w1 "
        "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
    )
    found = verify.parse_checkpoint(raw)
    assert (found.origin, found.size) == ("example.com/behind-the-sofa", 20852163)
    (_, log_id, log), (name, witness_id, value) = found.note.signatures
    assert (log_id.hex(), len(log), name, witness_id.hex(), len(value)) == ("033de0ae", 64, "witness.example.com/w1", "8d66cf3f", 72)
    assert int.from_bytes(value[:8], "big") == 1679315147, "the time that stands in the specification's signed message"
    assert verify.cosigned_by(found.note, name, bytes(32)) is None

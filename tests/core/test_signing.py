"""Who signed it, with which key, and is that a key we know?"""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from core import signing
from core.signing import KeyFault, Signature

SAMPLES = Path(os.environ.get("XUNSHI_SAMPLES", "../shared/samples"))
SECRET = bytes(range(32))

# RFC 8032, 7.1: secret key, public key, message, signature
RFC_8032 = {
    "TEST 1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    "TEST 2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    "TEST 3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
    "TEST SHA(abc)": (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
        "454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
        "3dca179c138ac17ad9bef1177331a704",
    ),
}


@pytest.mark.parametrize("case", RFC_8032)
def test_the_figures_of_rfc_8032(case):
    secret, public, message, value = (bytes.fromhex(text) for text in RFC_8032[case])
    key = signing.from_seed(secret)
    made = signing.sign(key, message)
    assert key.public == public
    assert made == Signature("Ed25519", signing.key_id(public), made.value_b64)
    assert signing.base64.b64decode(made.value_b64) == value
    assert signing.verify({key.key_id: public}, message, made) is True
    assert signing.verify({key.key_id: public}, message + b"!", made) is False


def test_published_vectors():
    path = SAMPLES / "wipe" / "wycheproof__ed25519_test.json"
    if not path.exists():
        pytest.skip(f"no Wycheproof vectors in {SAMPLES} (set XUNSHI_SAMPLES)")
    tried = 0
    for group in json.loads(path.read_text(encoding="utf-8"))["testGroups"]:
        public = bytes.fromhex(group["publicKey"]["pk"])
        for case in group["tests"]:
            value = signing.base64.b64encode(bytes.fromhex(case["sig"])).decode()
            answer = signing.verify(
                {"k": public}, bytes.fromhex(case["msg"]), Signature("Ed25519", "k", value)
            )
            assert answer is (case["result"] == "valid"), case["tcId"]
            tried += 1
    assert tried > 100


def test_an_unknown_key_is_unknown_and_a_known_one_decides():
    key, other = signing.from_seed(SECRET), signing.from_seed(SECRET[::-1])
    made = signing.sign(key, b"wiped")
    trusted = {key.key_id: key.public}
    assert signing.verify(trusted, b"wiped", made) is True
    assert signing.verify({}, b"wiped", made) is None
    assert signing.verify({other.key_id: other.public}, b"wiped", made) is None
    assert signing.verify({key.key_id: other.public}, b"wiped", made) is False


@pytest.mark.parametrize(
    "change",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "ed25519"},
        {"value_b64": ""},
        {"value_b64": "AAAA"},
        {"value_b64": "\u7269"},
        {"value_b64": "!" * 88},
        {"value_b64": "A" * 86 + "=="},
    ],
)
def test_a_bent_signature_of_a_known_key_is_false(change):
    key = signing.from_seed(SECRET)
    made = signing.sign(key, b"wiped")
    assert signing.verify({key.key_id: key.public}, b"wiped", replace(made, **change)) is False
    assert signing.verify({key.key_id: key.public}, b"wiped", made) is True


@pytest.mark.slow
@pytest.mark.parametrize("unlock", [SECRET, "correct horse battery staple"])
def test_a_key_is_kept_encrypted_and_opened_again(tmp_path, unlock):
    folder = tmp_path / "keys"
    key = signing.create_key(folder, unlock)
    path = folder / f"{key.key_id}.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    opened = signing.load_key(folder, key.key_id, unlock)
    assert signing.sign(opened, b"x") == signing.sign(key, b"x")
    assert signing.public_keys(folder) == {key.key_id: key.public}
    seed = key._private.private_bytes_raw()
    assert seed not in path.read_bytes() and seed.hex() not in path.read_text() + repr(key)


def test_the_wrong_secret_opens_nothing(tmp_path):
    key = signing.create_key(tmp_path, SECRET)
    for wrong in (SECRET[::-1], "passphrase", "", b"short"):
        with pytest.raises(KeyFault, match="can't be opened"):
            signing.load_key(tmp_path, key.key_id, wrong)
    assert signing.load_key(tmp_path, key.key_id, SECRET).public == key.public


def test_weak_wrapping_is_refused_before_a_key_is_written(tmp_path):
    for weak in ("", b"short"):
        with pytest.raises(ValueError, match="passphrase|32 bytes"):
            signing.create_key(tmp_path, weak)
    assert signing.public_keys(tmp_path) == {}


def test_an_exchanged_or_bent_key_file_is_noticed(tmp_path):
    key, other = signing.create_key(tmp_path, SECRET), signing.create_key(tmp_path, SECRET)
    path = tmp_path / f"{key.key_id}.key"
    genuine = path.read_bytes()
    path.write_bytes((tmp_path / f"{other.key_id}.key").read_bytes())
    with pytest.raises(KeyFault, match="holds the key"):
        signing.load_key(tmp_path, key.key_id, SECRET)
    with pytest.raises(KeyFault, match="named after"):
        signing.public_keys(tmp_path)
    stored = json.loads(genuine)
    bent = [
        b"",
        b"[]",
        b"{",
        json.dumps(stored | {"public": other.public.hex()}).encode(),
        json.dumps(stored | {"alg": "none"}).encode(),
        json.dumps(stored | {"wrapped": 5}).encode(),
        json.dumps(stored | {"kdf": "none"}).encode(),
    ]
    for content in bent:
        path.write_bytes(content)
        with pytest.raises(KeyFault):
            signing.load_key(tmp_path, key.key_id, SECRET)
    path.write_bytes(genuine)
    assert signing.load_key(tmp_path, key.key_id, SECRET).key_id == key.key_id


@pytest.mark.parametrize("name", ["", "..", "../secret", "0123456789abcdef", "/etc/passwd"])
def test_only_stored_keys_are_loaded(tmp_path, name):
    with pytest.raises(KeyFault, match="no key"):
        signing.load_key(tmp_path, name, SECRET)

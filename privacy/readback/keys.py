"""A station's key on the bench: a file under a passphrase, or a plain one that only its owner may read."""

import base64
import binascii
import hashlib
import json
import os
import re
import secrets
import stat
from pathlib import Path

from core import signing
from core.i18n import N_
from core.signing import KeyFault, SigningKey
from privacy.readback.faults import Unusable

# C2SP signed-note: the type byte before an Ed25519 key in a verifier's line.
_ED25519 = b"\x01"
_VKEY = re.compile(r"([^\s+]{1,60})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{40,60}={0,2})")
_NAME = re.compile(r"[^\s+]{1,60}")
_PROVING = b"xunshi station enrolment v1\n"
_CLOSED = N_("The key %(file)s can't be opened: damaged, or another passphrase.")
CODE = re.compile(r"[0-9A-Za-z-]{8,80}")


def make_key(folder: Path, passphrase: str | None) -> tuple[Path, SigningKey]:
    """A new key as <key id>.key (0600) in a folder; without a passphrase it lies there in the plain."""
    if passphrase:
        key = signing.create_key(folder, passphrase)
        return folder / f"{key.key_id}.key", key
    seed = secrets.token_bytes(32)
    key = signing.from_seed(seed)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{key.key_id}.key"
    body = {"alg": signing.ALGORITHM, "kdf": "none", "public": key.public.hex(), "seed": seed.hex(), "version": "1"}
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(json.dumps(body, sort_keys=True) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return path, key


def is_plain(path: Path) -> bool:
    """Does this key file open without a passphrase? Raises Unusable if it is no key file."""
    return _stored(path).get("kdf") == "none"


def open_key(path: Path, passphrase: str | None) -> SigningKey:
    """Raises Unusable: no key file, readable by others, damaged, another passphrase."""
    stored = _stored(path)
    try:
        if stored.get("kdf") != "none":
            return signing.load_key(path.parent, path.stem, passphrase or "")
        key = signing.from_seed(bytes.fromhex(stored["seed"]))
    except (KeyFault, KeyError, TypeError, ValueError) as problem:
        raise _refusal(path, "key_closed", _CLOSED) from problem
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise _refusal(path, "key_exposed", N_("Others may read the key %(file)s: take that right away (chmod 600)."))
    if key.public.hex() != stored.get("public"):
        raise _refusal(path, "key_closed", _CLOSED)
    return key


def _stored(path: Path) -> dict[str, str]:
    try:
        stored = json.loads(path.read_bytes()[:65536])
    except (OSError, ValueError) as problem:
        raise _refusal(path, "no_key", N_("%(file)s is no key file.")) from problem
    if not isinstance(stored, dict) or stored.get("alg") != signing.ALGORITHM:
        raise _refusal(path, "no_key", N_("%(file)s is no key file."))
    return stored


def _refusal(path: Path, code: str, sentence: str) -> Unusable:
    return Unusable(code, sentence, values={"file": repr(str(path))})


def public_text(name: str, public: bytes) -> str:
    """One line to enrol: name, eight hex digits, key (C2SP signed-note verifier key). Raises ValueError for an odd name."""
    if not _NAME.fullmatch(name):
        raise ValueError("a name without blanks and plus signs")
    return f"{name}+{_hash(name, public)}+{base64.b64encode(_ED25519 + public).decode()}"


def read_public(text: str) -> tuple[str, bytes]:
    """(name, 32 bytes) of such a line, or of 64 hex digits without a name. Raises ValueError."""
    text = text.strip()
    if re.fullmatch(r"[0-9a-fA-F]{64}", text):
        return "", bytes.fromhex(text)
    found = _VKEY.fullmatch(text)
    if found is None:
        raise ValueError("not a public key")
    name, digest, encoded = found.groups()
    try:
        raw = base64.b64decode(encoded, validate=True)
    except binascii.Error as problem:
        raise ValueError("not a public key") from problem
    if len(raw) != 33 or raw[:1] != _ED25519 or _hash(name, raw[1:]) != digest:
        raise ValueError("a mistyped public key")
    return name, raw[1:]


def _hash(name: str, public: bytes) -> str:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).hexdigest()[:8]


def prove(key: SigningKey, code: str) -> str:
    """The signature, in base 64, that shows that one holds a key: over a code that the server has just shown."""
    return signing.sign(key, _PROVING + code.encode()).value_b64


def proven(public: bytes, code: str, signature: str) -> bool:
    name = signing.key_id(public)
    claimed = signing.Signature(signing.ALGORITHM, name, "".join(signature.split()))
    return signing.verify({name: public}, _PROVING + code.encode(), claimed) is True

"""Ed25519 signatures (RFC 8032) and the folder their keys live in, encrypted at rest.

Every signature names its algorithm and its key. Keys are found in a list the reader already trusts; a key
that comes with the document proves nothing.
"""

import base64
import hashlib
import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from core import canonical

ALGORITHM = "Ed25519"
# About 100 ms and 64 MiB for each guess at a passphrase.
_SCRYPT = {"n": 2**16, "r": 8, "p": 1}
_NAME = re.compile(r"[0-9a-f]{16}\.key")

Unlock = bytes | str  # 32 bytes derived from the deployment secret, or a person's passphrase


class KeyFault(RuntimeError):
    """A key file is missing, damaged, or can't be opened with what was given."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A detached signature: algorithm, key id (16 hex digits) and the 64 bytes in standard base 64."""

    alg: str
    key_id: str
    value_b64: str


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that can sign. Its repr shows only the public half."""

    key_id: str
    public: bytes
    _private: Ed25519PrivateKey = field(repr=False)


def key_id(public: bytes) -> str:
    """Return the name of a public key: the first 16 hex digits of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(public).hexdigest()[:16]


def from_seed(seed: bytes) -> SigningKey:
    """Return the key of a 32-byte RFC 8032 secret."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()
    return SigningKey(key_id(public), public, private)


def sign(key: SigningKey, data: bytes) -> Signature:
    return Signature(ALGORITHM, key.key_id, base64.b64encode(key._private.sign(data)).decode())


def verify(public_keys: Mapping[str, bytes], data: bytes, signature: Signature) -> bool | None:
    """Return True or False, or None if no trusted key has the signature's id: then nobody can tell.

    `public_keys` maps key ids to 32 raw bytes. A known key with another algorithm's name on it is a False.
    """
    public = public_keys.get(signature.key_id)
    if public is None:
        return None
    try:
        value = base64.b64decode(signature.value_b64.encode(), validate=True)
        if signature.alg != ALGORITHM or len(value) != 64:
            return False
        Ed25519PublicKey.from_public_bytes(public).verify(value, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def create_key(folder: Path, unlock: Unlock) -> SigningKey:
    """Make a key and store it encrypted as <key id>.key (0600) in a folder that only its owner enters."""
    seed = secrets.token_bytes(32)
    key = from_seed(seed)
    while key.key_id.isdigit():  # one in 1,845; it would look like a device's number wherever numbers are refused
        seed = secrets.token_bytes(32)
        key = from_seed(seed)
    content = canonical.encode(_wrapped(key, seed, unlock)) + b"\n"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{key.key_id}.key"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return key


def load_key(folder: Path, name: str, unlock: Unlock) -> SigningKey:
    """Open a stored key by its id. Raises KeyFault."""
    stored = _stored(folder / f"{name}.key")
    head = {key: value for key, value in stored.items() if key != "wrapped"}
    try:
        raw = base64.b64decode(stored["wrapped"], validate=True)
        wrapping = _wrapping_key(unlock, bytes.fromhex(stored["salt"]), stored["kdf"])
        key = from_seed(AESGCM(wrapping).decrypt(raw[:12], raw[12:], canonical.encode(head)))
    except (InvalidTag, KeyError, TypeError, ValueError) as error:
        raise KeyFault(f"the key {name} can't be opened: damaged, or another secret or passphrase") from error
    if key.key_id != name:
        raise KeyFault(f"the key file {name} holds the key {key.key_id}")
    return key


def public_keys(folder: Path) -> dict[str, bytes]:
    """Return the public halves of all stored keys by id, also of retired ones; no secret is needed."""
    found = {}
    for path in sorted(folder.glob("*.key")):
        public = _hex(_stored(path).get("public"))
        if key_id(public) != path.stem:
            raise KeyFault(f"{path.name} doesn't hold the key it is named after")
        found[path.stem] = public
    return found


def _stored(path: Path) -> dict[str, str]:
    if not _NAME.fullmatch(path.name) or not path.is_file():
        raise KeyFault(f"there is no key {path.stem[:40]}")
    try:
        stored = json.loads(path.read_bytes())
    except ValueError as error:
        raise KeyFault(f"{path.name} is damaged") from error
    if not isinstance(stored, dict) or stored.get("alg") != ALGORITHM:
        raise KeyFault(f"{path.name} is not an {ALGORITHM} key file")
    return stored


def _hex(text: object) -> bytes:
    try:
        return bytes.fromhex(str(text))
    except ValueError:
        return b""


def _wrapped(key: SigningKey, seed: bytes, unlock: Unlock) -> dict[str, str]:
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    kdf = "scrypt" if isinstance(unlock, str) else "hkdf-sha256"
    head = {"alg": ALGORITHM, "kdf": kdf, "public": key.public.hex(), "salt": salt.hex(), "version": "1"}
    sealed = AESGCM(_wrapping_key(unlock, salt, kdf)).encrypt(nonce, seed, canonical.encode(head))
    return head | {"wrapped": base64.b64encode(nonce + sealed).decode()}


def _wrapping_key(unlock: Unlock, salt: bytes, kdf: str) -> bytes:
    if isinstance(unlock, str) and kdf == "scrypt":
        if not unlock:
            raise ValueError("an empty passphrase")
        return Scrypt(salt, 32, **_SCRYPT).derive(unlock.encode())
    if isinstance(unlock, bytes) and kdf == "hkdf-sha256":
        if len(unlock) < 32:
            raise ValueError("a wrapping secret has at least 32 bytes")
        return HKDF(SHA256(), 32, salt=salt, info=b"xunshi/signing-key").derive(unlock)
    raise ValueError(f"this key is wrapped with {kdf}")

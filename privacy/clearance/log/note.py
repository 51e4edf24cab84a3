"""C2SP signed notes: names of keys, verifier keys (vkeys), and signing. Reading stands in privacy/verify.py."""

import base64
import re
from dataclasses import dataclass

from core import signing
from core.signing import SigningKey
from privacy.verify import COSIGNATURE, ED25519, Note, Unusable, note_key_id, parse_note, signed_by, unbase64

__all__ = [
    "COSIGNATURE", "ED25519", "BadVkey", "Note", "VerifierKey", "line", "parse_note", "parse_vkey", "sign", "signed_by", "vkey",
]  # fmt: skip

_NAME = re.compile(r"[^\s+]{1,200}")


class BadVkey(ValueError):
    """This is no verifier key of a kind we know."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """`kind`: ED25519 (1) for logs, COSIGNATURE (4) for witnesses; `public`: 32 bytes."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        return note_key_id(self.name, self.kind, self.public)

    def __str__(self) -> str:
        body = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{body}"


def vkey(name: str, public: bytes, kind: int = ED25519) -> str:
    """The text by which others know a key: `name+key id+base64(kind, public key)`."""
    return str(VerifierKey(name, kind, public))


def parse_vkey(text: str) -> VerifierKey:
    """Raises BadVkey, also when the key id isn't that of the key."""
    name, _, rest = text.strip().partition("+")
    key_id, _, body = rest.partition("+")
    try:
        data = unbase64(body)
    except Unusable as fault:
        raise BadVkey("a verifier key looks like name+1a2b3c4d+base64") from fault
    if not _NAME.fullmatch(name) or len(data) != 33 or data[0] not in (ED25519, COSIGNATURE):
        raise BadVkey("only Ed25519 keys of type 1 (logs) and 4 (witnesses) are known here")
    found = VerifierKey(name, data[0], data[1:])
    if found.key_id.hex() != key_id:
        raise BadVkey("the key id isn't that of this name and key")
    return found


def line(name: str, key_id: bytes, value: bytes) -> str:
    """A signature line, without its line end."""
    return f"\u2014 {name} {base64.b64encode(key_id + value).decode()}"


def sign(text: str, name: str, key: SigningKey) -> str:
    """The whole note: the text (which ends with a line end), an empty line, one signature line."""
    value = base64.b64decode(signing.sign(key, text.encode()).value_b64)
    return f"{text}\n{line(name, note_key_id(name, ED25519, key.public), value)}\n"

"""C2SP cosignature/v1: a witness says that at this time this was the largest tree of the log it had seen."""

import base64
from collections.abc import Iterable

from core import signing
from core.signing import SigningKey
from privacy.clearance.log.note import COSIGNATURE, VerifierKey, line
from privacy.verify import Note, cosigned_by, note_key_id

__all__ = ["check", "join", "sign"]


def sign(text: str, name: str, key: SigningKey, time: int) -> str:
    """The witness's signature line over a checkpoint's text at a POSIX time in seconds."""
    message = f"cosignature/v1\ntime {time}\n{text}".encode()
    value = base64.b64decode(signing.sign(key, message).value_b64)
    return line(name, note_key_id(name, COSIGNATURE, key.public), time.to_bytes(8, "big") + value)


def check(note: Note, witness: VerifierKey) -> int | None:
    """When this witness cosigned the note, or None if it didn't, or not well."""
    return cosigned_by(note, witness.name, witness.public) if witness.kind == COSIGNATURE else None


def join(note: str, lines: Iterable[str]) -> str:
    """A note with more signature lines."""
    return note + "".join(one + "\n" for one in lines)

"""Canonical JSON (RFC 8785) of texts, integers, booleans, null, lists and objects; digests made from it.

Floats are refused: their shortest writing is the one hard part of RFC 8785, and nothing we sign needs them.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any

# None | bool | int | str | list[Json] | Mapping[str, Json]; spelled out it would tie every caller.
Json = Any

# RFC 8785 writes numbers as IEEE 754 doubles; beyond this neighbours collapse (I-JSON, RFC 7493, 2.2).
LARGEST_INTEGER = 2**53 - 1
DEEPEST = 64


class NotCanonical(ValueError):
    """A value or text that has no canonical form here; the message says where and why."""


def encode(value: Json) -> bytes:
    """Return the RFC 8785 bytes of a value. Raises NotCanonical: floats, large integers, half characters."""
    text = json.dumps(_ordered(value, "$", 0), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("a text holds half a character (lone surrogate)") from error


def digest(value: Json) -> str:
    """Return the SHA-256 of the canonical bytes as 64 hex digits."""
    return hashlib.sha256(encode(value)).hexdigest()


def commit(value: Json, *, name: str = "") -> tuple[str, str]:
    """Return (salt, commitment): a value is fixed in public while it stays secret until the salt is shown.

    The salt has 128 random bits, so that not even a phone number can be found by trying; once salt and value
    are deleted the commitment says nothing. `name` binds it to one field. Both are hex.
    """
    salt = secrets.token_hex(16)
    return salt, _commitment(salt, value, name)


def check_commitment(value: Json, salt: str, commitment: str, *, name: str = "") -> bool:
    """Tell whether `commitment` was made from this value, salt and name."""
    try:
        expected = _commitment(salt, value, name)
    except ValueError:
        return False
    return hmac.compare_digest(expected.encode(), commitment.encode(errors="replace"))


def read(data: bytes) -> Json:
    """Parse JSON of our restricted kind. Raises NotCanonical: a repeated key, a float, or what is no JSON.

    White space and order are free; compare `encode(read(data)) == data` where the bytes must be canonical.
    """
    try:
        value = json.loads(
            data.decode(), object_pairs_hook=_no_repeats, parse_float=_no_float, parse_constant=_no_float
        )
    except NotCanonical:
        raise
    except (ValueError, RecursionError) as error:
        raise NotCanonical("not JSON in UTF-8") from error
    _ordered(value, "$", 0)
    return value


def _commitment(salt: str, value: Json, name: str) -> str:
    raw = bytes.fromhex(salt)
    if len(raw) != 16:
        raise NotCanonical("a salt has 16 bytes")
    return hashlib.sha256(raw + encode([name, value])).hexdigest()


def _ordered(value: Json, where: str, depth: int) -> Json:
    if depth > DEEPEST:
        raise NotCanonical(f"{where[:80]}: nested too deeply")
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise NotCanonical(f"{where}: integers stay below 2^53")
        return value
    if isinstance(value, list | tuple):
        return [_ordered(each, f"{where}[{i}]", depth + 1) for i, each in enumerate(value)]
    if isinstance(value, Mapping):
        return _ordered_object(value, where, depth)
    raise NotCanonical(f"{where}: {type(value).__name__} has no canonical form here")


def _ordered_object(value: Mapping[Any, Json], where: str, depth: int) -> dict[str, Json]:
    for key in value:
        if not isinstance(key, str):
            raise NotCanonical(f"{where}: keys are texts, not {type(key).__name__}")
    # RFC 8785, 3.2.3: by UTF-16 code units, which differs from Python's order above the basic plane.
    keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
    return {key: _ordered(value[key], f"{where}.{key}", depth + 1) for key in keys}


def _no_repeats(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotCanonical("an object repeats a key")
    return found


def _no_float(text: str) -> Json:
    raise NotCanonical(f"{text[:40]}: only integers have a canonical form here")

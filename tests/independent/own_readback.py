"""A second reading of a wiped medium, written from docs/algorithms/read-back.md and readback.schema.json alone."""

import hashlib
import hmac
import json
import math
import zlib
from fractions import Fraction
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 4096


def drawn(seed: bytes, k: int, n: int) -> list[int]:
    """offset_i = HMAC-SHA256(seed, i as 8 bytes big-endian) mod n, repeats kept."""
    return [int.from_bytes(hmac.digest(seed, i.to_bytes(8, "big"), hashlib.sha256), "big") % n for i in range(k)]


def fixed(n: int) -> list[int]:
    """The first block, the one at 1 MiB, the last eight."""
    return sorted({block for block in [0, 256, *range(n - 8, n)] if 0 <= block < n})


def found(n: int, m: int) -> str:
    """Hypergeometric chance that m different of n blocks meet one of the dirty thousandth (rounded up), rounded down."""
    dirty = math.ceil(Fraction(n, 1000))
    missed = Fraction(math.comb(n - dirty, m), math.comb(n, m)) if m <= n - dirty else Fraction(0)
    millionths = math.floor((1 - missed) * 1_000_000)
    return f"{millionths // 1_000_000}.{millionths % 1_000_000:06d}"


def smallest_run(n: int, k: int) -> int:
    """Least r with 1 - (1 - r / n)^k >= 0.99, in bytes; whole numbers only."""
    low, high = 1, n
    while low < high:
        r = (low + high) // 2
        if (n - r) ** k * 100 <= n**k:
            high = r
        else:
            low = r + 1
    return low * BLOCK


def keystream(key: bytes, size: int) -> bytes:
    """AES-256-CTR from counter 0, as `openssl enc -aes-256-ctr -iv 0 -in /dev/zero`."""
    return Cipher(algorithms.AES(key), modes.CTR(bytes(16))).encryptor().update(bytes(size))


def unit(block: bytes) -> bytes | None:
    """The shortest repeated unit of 1 to 16 bytes, in its lowest turn."""
    for length in range(1, 17):
        if block[length:] == block[:-length]:
            return min(block[i:length] + block[:i] for i in range(length))
    return None


def chi_square(block: bytes) -> Fraction:
    even = Fraction(len(block), 256)
    return sum(((block.count(value) - even) ** 2 / even for value in range(256)), Fraction(0))


def looks_random(block: bytes) -> bool:
    """Whole blocks only."""
    if not 112 <= chi_square(block) <= 504:
        return False
    return not any(block.count(block[at : at + 16]) > 1 for at in range(0, BLOCK, 512))


def kind(block: bytes) -> str:
    """Class of a whole block, or of a tail as far as the document tells it exactly."""
    if not block.strip(b"\0"):
        return "zero"
    if not block.strip(b"\xff"):
        return "ff"
    if len(block) >= 64 and unit(block):
        return "pattern"
    if len(block) < 64:
        return "short"
    if len(block) == BLOCK:
        return "random" if looks_random(block) else "structured"
    return "structured" if len(zlib.compress(block, 9)) < len(block) - 16 else "random"


def classes(image: bytes) -> dict[str, int]:
    counted = dict.fromkeys(["zero", "ff", "pattern", "keystream", "random", "structured", "short", "bad"], 0)
    for at in range(0, len(image), BLOCK):
        counted[kind(image[at : at + BLOCK])] += 1
    return counted


def canonical(value: Any) -> str:
    """RFC 8785 of what a result holds: objects, lists, texts, whole numbers, true, false, null."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, float):
        raise TypeError("no fractions here")
    return json.dumps(value, ensure_ascii=False)


def signed(result: dict[str, Any], public: bytes) -> bool:
    import base64

    text = canonical({name: value for name, value in result.items() if name != "signature"})
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(
            base64.b64decode(result["signature"]["value_b64"], validate=True), text.encode("utf-8")
        )
    except InvalidSignature:
        return False
    return True

"""The keyed fill: AES-256 in counter mode over the whole medium, counter 0 at its first byte, sixteen bytes a count.

Block i begins at counter 256 i, so any block can be worked out alone. The same bytes come from
`openssl enc -aes-256-ctr -K KEY -iv 00000000000000000000000000000000 -in /dev/zero`."""

import hashlib
import re
from pathlib import Path
from typing import Any

_ZEROS = bytes(512 * 1024)


class Keystream:
    """32 secret bytes of one job. `id` names the key without telling it."""

    def __init__(self, key: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.algorithms import AES

        if len(key) != 32:
            raise ValueError("a pattern key has 32 bytes")
        self._aes = AES(key)
        self.id = hashlib.sha256(b"xunshi pattern key\n" + key).hexdigest()[:16]

    def at(self, offset: int, size: int) -> bytes:
        """The bytes that belong at an offset (bytes from the start of the medium)."""
        from cryptography.hazmat.primitives.ciphers import Cipher
        from cryptography.hazmat.primitives.ciphers.modes import CTR

        skip = offset % 16
        zeros = _ZEROS[: size + skip] if size + skip <= len(_ZEROS) else bytes(size + skip)
        stream = Cipher(self._aes, CTR((offset // 16).to_bytes(16, "big"))).encryptor().update(zeros)
        return stream[skip:] if skip else stream


    def takes(self, offset: int, data: Any, rest: bytearray) -> bool:
        """Is `data` at this offset (a multiple of 16) the keystream? `rest`, as long, is overwritten."""
        from cryptography.hazmat.primitives.ciphers import Cipher
        from cryptography.hazmat.primitives.ciphers.modes import CTR

        # data under the keystream leaves zeros; nothing large is made anew for each call
        Cipher(self._aes, CTR((offset // 16).to_bytes(16, "big"))).encryptor().update_into(data, rest)
        return rest == (_ZEROS if len(rest) == len(_ZEROS) else bytes(len(rest)))


def read_key(path: Path) -> Keystream:
    """32 bytes, or 64 hex digits with white space around. Raises OSError, ValueError."""
    with path.open("rb") as file:
        raw = file.read(1025)
    text = raw.strip()
    if len(raw) != 32 and re.fullmatch(rb"[0-9a-fA-F]{64}", text):
        raw = bytes.fromhex(text.decode("ascii"))
    return Keystream(raw)

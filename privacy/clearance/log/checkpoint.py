"""C2SP checkpoints: origin, size, root, signed. Nothing else is in them, as extension lines can't be audited."""

import base64

from core.signing import SigningKey
from privacy.clearance.log import note
from privacy.verify import Checkpoint, parse_checkpoint

__all__ = ["Checkpoint", "body", "parse_checkpoint", "sign"]


def body(origin: str, size: int, root: bytes) -> str:
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def sign(origin: str, size: int, root: bytes, key: SigningKey) -> str:
    """The signed note. The key's name is the origin."""
    return note.sign(body(origin, size, root), origin, key)

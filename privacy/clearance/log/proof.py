"""C2SP tlog-proof: one text that proves offline that a leaf is in a log, with the checkpoint and its cosignatures."""

import base64
from collections.abc import Sequence

from privacy.verify import Proof, parse_proof

__all__ = ["Proof", "parse_proof", "write"]


def write(index: int, hashes: Sequence[bytes], checkpoint: str) -> str:
    """`checkpoint`: the signed note, as it is."""
    lines = ["c2sp.org/tlog-proof@v1", f"index {index}", *(base64.b64encode(one).decode() for one in hashes)]
    return "\n".join(lines) + "\n\n" + checkpoint

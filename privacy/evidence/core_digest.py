"""The digest by which a copied run is known again, whatever name the copy goes under."""

import hashlib
import json


def core_of(*parts: object) -> str | None:
    """Hex SHA-256 over what one run or reading can't share with another (times, steps, counters), or None if all parts are.

    Parts are texts, integers, booleans, None, and tuples, lists or dicts of these; never a serial, model, node, name or
    challenge. Canonical JSON in the sense of RFC 8785 except that integers may be of any size.
    """
    if all(part is None or part == () or part == [] for part in parts):
        return None
    # surrogates survive as escapes, so no text of a hostile file can stop this
    return hashlib.sha256(json.dumps(parts, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")).hexdigest()

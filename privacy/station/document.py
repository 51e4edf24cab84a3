"""One look at a device as a signed document."""

import base64
import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

from core import canonical, signing
from privacy.evidence.readers.station_shape import KIND, SIGNATURE, VERSION
from privacy.station.asking import Answer


def compose(
    *,
    node: str,
    size: int | None,
    challenge: str,
    when: datetime,
    host: str,
    tools: Mapping[str, str],
    answers: Iterable[Answer],
    wipe: bytes | None = None,
) -> dict[str, object]:
    """The document without its signature. `wipe` is the log of the wipe that was run on this device."""
    found: dict[str, object] = {
        "kind": KIND,
        "version": VERSION,
        "challenge": challenge,
        "taken": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "host": host,
        "nonce": secrets.token_hex(16),
        "device": {"node": node, "size_bytes": size},
        "tools": dict(tools),
        "outputs": [answer.as_json() for answer in answers],
    }
    if wipe is not None:
        # bytes, because a log may be in any encoding
        found["wipe"] = {"base64": base64.b64encode(wipe).decode("ascii"), "sha256": hashlib.sha256(wipe).hexdigest()}
    return found


def signed(document: Mapping[str, object], key: signing.SigningKey) -> dict[str, object]:
    """The same with a signature over its canonical bytes."""
    mark = signing.sign(key, canonical.encode(dict(document)))
    return {**document, SIGNATURE: {"alg": mark.alg, "key_id": mark.key_id, "value_b64": mark.value_b64}}

"""The house's keys as the privacy room uses them: the key of the log, the list that /keys.json serves, the check of signatures.

The keys themselves are core's (core/house_key.py): one folder signs papers, its subfolder `log` signs checkpoints. A key does one
thing only."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from core import canonical, signing
from core.house_key import CURRENT, current, house_key, new_key, public_keys
from core.signing import SigningKey
from privacy import verify

__all__ = ["LOG", "PEOPLE", "check", "current", "has_log_key", "house_key", "key_list", "log_key", "new_key", "public_keys"]
LOG = "log"
PEOPLE = "people"


def log_key(folder: Path) -> SigningKey:
    """The key that signs checkpoints now. `folder` is that of the house's keys."""
    return house_key(folder / LOG)


def has_log_key(folder: Path) -> bool:
    return (folder / LOG / CURRENT).exists()


def key_list(folder: Path, enrolled: Sequence[Mapping[str, str | None]] = ()) -> dict[str, object]:
    """What /keys.json serves: every key with its role, and from when until when it is good, as far as that is on record.

    `enrolled`: rows of privacy.clearance.log.keys, which also hold the keys of the log and of people."""
    known = {str(row["key_id"]): dict(row) for row in enrolled}
    for name, public in public_keys(folder).items():
        bare = {"key_id": name, "public": public.hex(), "role": "certificate", "from": None, "until": None, "revoked_at": None}
        known.setdefault(name, {**bare, "alg": signing.ALGORITHM})
    return {"keys": [known[name] for name in sorted(known)], "kind": "xunshi_keys", "version": 1}


def check(
    folder: Path, data: bytes, signatures: Sequence[Mapping[str, str]], enrolled: Sequence[Mapping[str, str | None]] = ()
) -> bool | None:
    """What the offline verifier says of these signatures, with our own list of keys (see key_list): every one holds, by a key in
    force, and as many people signed as such a paper needs, the operator within it too. None when a key isn't ours or was revoked
    later, or nobody signed."""
    try:
        body = json.loads(data)
        trust = verify.read_keys(canonical.encode(key_list(folder, enrolled)))
        if not signatures:
            return None
        if not isinstance(body, dict) or verify.canonical(body) != data:
            return False
        return verify.worst(one.ok for one in verify.check_signatures(body, [*signatures], trust))
    except ValueError:  # a text that is no JSON of ours, as verify.Unusable
        return False

"""The house's own signing keys: made at first use, encrypted under the deployment secret; older ones stay readable.

One folder signs certificates; its subfolder `log` signs checkpoints. A key does one thing only."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from core import canonical, secrets, signing
from core.signing import SigningKey
from privacy import verify

CURRENT = "current"
LOG = "log"
PEOPLE = "people"
LABEL = "signing-keys"


def house_key(folder: Path) -> SigningKey:
    """The key that signs now. Raises KeyFault when it is there but can't be opened."""
    pointer = folder / CURRENT
    if not pointer.exists():
        _point(pointer, signing.create_key(folder, secrets.field_key(LABEL)).key_id)
    return signing.load_key(folder, pointer.read_text(encoding="ascii").strip(), secrets.field_key(LABEL))


def log_key(folder: Path) -> SigningKey:
    """The key that signs checkpoints now. `folder` is that of the house's keys."""
    return house_key(folder / LOG)


def has_log_key(folder: Path) -> bool:
    return (folder / LOG / CURRENT).exists()


def new_key(folder: Path) -> SigningKey:
    """Make the key that signs from now on; the one before it stays readable in the folder."""
    key = signing.create_key(folder, secrets.field_key(LABEL))
    draft = folder / f".{key.key_id}.part"
    draft.write_text(key.key_id + "\n", encoding="ascii")
    draft.replace(folder / CURRENT)
    return key


def current(folder: Path) -> str | None:
    """The id of the key that signs now; None before the first signature."""
    pointer = folder / CURRENT
    return pointer.read_text(encoding="ascii").strip() if pointer.exists() else None


def _point(pointer: Path, key_id: str) -> None:
    """Whole or not at all, and never over somebody else's: the first of two processes wins."""
    draft = pointer.with_name(f".{key_id}.part")
    draft.write_text(key_id + "\n", encoding="ascii")
    try:
        os.link(draft, pointer)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def public_keys(folder: Path) -> dict[str, bytes]:
    """All public keys of the house by id, retired ones included; none before the first signature."""
    return signing.public_keys(folder) if folder.is_dir() else {}


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

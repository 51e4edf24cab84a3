"""The house's own signing keys: made at first use, encrypted under the deployment secret; older ones stay readable.

One folder signs certificates; its subfolder `log` signs checkpoints. A key does one thing only."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from core import secrets, signing
from core.signing import Signature, SigningKey

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


def check(folder: Path, data: bytes, signatures: list[Mapping[str, str]]) -> bool | None:
    """Do all signatures hold over these bytes? None when a key isn't ours, or nobody signed. False, too, when fewer have signed
    than the text itself asks for, or no person has: whoever holds the house's key alone must not make papers."""
    persons = public_keys(folder / PEOPLE)
    trusted = {**public_keys(folder), **persons}
    answers = [signing.verify(trusted, data, Signature(one["alg"], one["key_id"], one["value_b64"])) for one in signatures]
    if not answers or any(answer is None for answer in answers):
        return False if False in answers else None
    return all(answers) and _enough(data, {one["key_id"] for one in signatures}, set(persons))


def _enough(data: bytes, names: set[str], persons: set[str]) -> bool:
    """Older papers ask for one signature, the house's."""
    try:
        needed = json.loads(data).get("requires_signatures", 1)
    except (ValueError, AttributeError):
        return True
    return isinstance(needed, int) and len(names) >= needed and (needed < 2 or bool(names & persons))

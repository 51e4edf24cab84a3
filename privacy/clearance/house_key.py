"""The house's own signing key: made at first use, encrypted under the deployment secret; older ones stay readable."""

from collections.abc import Mapping
from pathlib import Path

from core import secrets, signing
from core.signing import Signature, SigningKey

CURRENT = "current"
LABEL = "signing-keys"


def house_key(folder: Path) -> SigningKey:
    """The key that signs now. Raises KeyFault when it is there but can't be opened."""
    pointer = folder / CURRENT
    if not pointer.exists():
        key = signing.create_key(folder, secrets.field_key(LABEL))
        pointer.write_text(key.key_id + "\n", encoding="ascii")
        return key
    return signing.load_key(folder, pointer.read_text(encoding="ascii").strip(), secrets.field_key(LABEL))


def public_keys(folder: Path) -> dict[str, bytes]:
    """All public keys of the house by id, retired ones included; none before the first signature."""
    return signing.public_keys(folder) if folder.is_dir() else {}


def key_list(folder: Path) -> dict[str, object]:
    """What /keys.json serves."""
    keys = [{"alg": signing.ALGORITHM, "key_id": name, "public": public.hex()} for name, public in public_keys(folder).items()]
    return {"keys": keys, "kind": "xunshi_keys", "version": 1}


def check(folder: Path, data: bytes, signatures: list[Mapping[str, str]]) -> bool | None:
    """Do all signatures hold over these bytes? None when a key isn't ours, or nobody signed."""
    trusted = public_keys(folder)
    answers = [signing.verify(trusted, data, Signature(one["alg"], one["key_id"], one["value_b64"])) for one in signatures]
    if not answers or any(answer is None for answer in answers):
        return False if False in answers else None
    return all(answers)

"""The house's own signing keys: made at first use, encrypted under the deployment secret; older ones stay readable.

Every room that signs papers for the house takes its key from here, so there is one list of keys and one way to rotate them."""

import os
from pathlib import Path

from flask import current_app

from core import secrets, signing
from core.signing import SigningKey

CURRENT = "current"
LABEL = "signing-keys"


def folder() -> Path:
    """Where the keys of the running program lie (within a request or an application context)."""
    place: Path = current_app.extensions["xunshi"].data
    return place / "keys"


def house_key(folder: Path) -> SigningKey:
    """The key that signs now. Raises KeyFault when it is there but can't be opened."""
    pointer = folder / CURRENT
    if not pointer.exists():
        _point(pointer, signing.create_key(folder, secrets.field_key(LABEL)).key_id)
    return signing.load_key(folder, pointer.read_text(encoding="ascii").strip(), secrets.field_key(LABEL))


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


def public_keys(folder: Path) -> dict[str, bytes]:
    """All public keys of the house by id, retired ones included; none before the first signature."""
    return signing.public_keys(folder) if folder.is_dir() else {}


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

"""Bytes stored under the name of their own SHA-256: nothing is overwritten, and reading checks the name."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import NewType, Protocol

Digest = NewType("Digest", str)

_DIGEST = re.compile(r"[0-9a-f]{64}")
_KIND = re.compile(r"[a-z][a-z0-9_]{0,30}")


class NotStored(KeyError):
    """No file has this digest; also for a text that can't be a digest."""


class Damaged(RuntimeError):
    """The stored bytes no longer have the digest they are stored under."""


class Store(Protocol):
    """Where bytes are kept. `kind` (photo, evidence, ...) sorts them for backup and retention."""

    def put(self, data: bytes, kind: str) -> Digest: ...
    def get(self, digest: str) -> bytes: ...
    def exists(self, digest: str) -> bool: ...
    def remove(self, digest: str, kind: str) -> bool: ...


class FolderStore:
    """A store in a local folder: <root>/<kind>/<2 hex>/<2 hex>/<digest>, files read-only.

    Names come from digests and kinds checked letter by letter; no name given by a user is used.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, data: bytes, kind: str) -> Digest:
        """Store the bytes and return their digest. Storing them again is free and heals a damaged file."""
        digest = Digest(hashlib.sha256(data).hexdigest())
        path = self._path(digest, kind)
        if not (path.exists() and path.read_bytes() == data):
            _write(path, data)
        return digest

    def get(self, digest: str) -> bytes:
        """Return the bytes. Raises NotStored, or Damaged if every copy has changed on the disk."""
        found = False
        for path in self._copies(digest):
            found = True
            data = path.read_bytes()
            if hashlib.sha256(data).hexdigest() == digest:
                return data
        if found:
            raise Damaged(f"the stored file {digest} has changed on the disk")
        raise NotStored(digest)

    def exists(self, digest: str) -> bool:
        """Tell whether such a file is stored; only `get` tells whether it is whole."""
        return any(True for _ in self._copies(digest))

    def remove(self, digest: str, kind: str) -> bool:
        """Delete the file of this kind; the same bytes under another kind stay. False if there was none."""
        if not _DIGEST.fullmatch(digest):
            return False
        path = self._path(Digest(digest), kind)
        if not path.exists():
            return False
        path.unlink()
        return True

    def digests(self, kind: str) -> Iterator[Digest]:
        """Yield what is stored of a kind, for stocktaking against the database."""
        for path in sorted(self._folder(kind).glob("??/??/*")):
            if _DIGEST.fullmatch(path.name):
                yield Digest(path.name)

    def _folder(self, kind: str) -> Path:
        if not _KIND.fullmatch(kind):
            raise ValueError(f"not a kind of file: {kind!r}")
        return self.root / kind

    def _path(self, digest: Digest, kind: str) -> Path:
        return self._folder(kind) / digest[:2] / digest[2:4] / digest

    def _copies(self, digest: str) -> Iterator[Path]:
        if not _DIGEST.fullmatch(digest) or not self.root.is_dir():
            return
        for folder in sorted(self.root.iterdir()):
            path = folder / digest[:2] / digest[2:4] / digest
            if _KIND.fullmatch(folder.name) and path.is_file():
                yield path


def _write(path: Path, data: bytes) -> None:
    """Write so that the name appears at once with all its bytes, or not at all, even when the power fails."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), 0o400)
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

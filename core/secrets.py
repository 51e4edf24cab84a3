"""The deployment secret and what is derived from it: field encryption and digests for look-up.

One file of 32 random bytes in the data folder. Whoever holds it reads every encrypted field: back it up apart
from the database. `open_house(folder)` is called once at start.
"""

import base64
import hashlib
import hmac
import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

FILE_NAME = "deployment.secret"
_HEAD = "xunshi-secret-1:"
_TOKEN = "v1."  # noqa: S105 - the version mark of a ciphertext, no password


class SecretError(RuntimeError):
    """The deployment secret is missing where it is needed, damaged, or readable by others."""


class CannotDecrypt(ValueError):
    """A ciphertext is damaged, belongs to another field, or was made under another secret."""


@dataclass(frozen=True, slots=True)
class Vault:
    """The opened deployment secret. Its repr doesn't show it."""

    secret: bytes = field(repr=False)

    def field_key(self, label: str) -> bytes:
        """Return the 32-byte key for one purpose: HKDF-SHA256 (RFC 5869) with the label as `info`."""
        extracted = hmac.digest(b"xunshi/v1", self.secret, "sha256")
        return hmac.digest(extracted, label.encode() + b"\x01", "sha256")

    def encrypt(self, text: str, label: str) -> str:
        """Encrypt a field with AES-256-GCM; the label is bound in: a value can't be moved elsewhere."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(12)
        sealed = AESGCM(self.field_key(f"encrypt/{label}")).encrypt(nonce, text.encode(), label.encode())
        return _TOKEN + base64.urlsafe_b64encode(nonce + sealed).decode()

    def decrypt(self, token: str, label: str) -> str:
        """Return the text of `encrypt`. Raises CannotDecrypt."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            raw = base64.b64decode(token.removeprefix(_TOKEN).encode(), altchars=b"-_", validate=True)
            if not token.startswith(_TOKEN) or len(raw) < 28:
                raise CannotDecrypt("not a ciphertext of ours")
            cipher = AESGCM(self.field_key(f"encrypt/{label}"))
            return cipher.decrypt(raw[:12], raw[12:], label.encode()).decode()
        except CannotDecrypt:
            raise
        except (ValueError, InvalidTag) as error:
            raise CannotDecrypt(f"a {label} can't be decrypted with this deployment's secret") from error

    def keyed_digest(self, text: str, label: str) -> str:
        """Return 64 hex digits to find an encrypted value by: HMAC-SHA256, useless without the secret."""
        return hmac.digest(self.field_key(f"digest/{label}"), text.encode(), hashlib.sha256).hex()


def open_vault(folder: Path) -> Vault:
    """Load the deployment secret of a data folder; make it (0600) if there is none. Raises SecretError."""
    path = folder / FILE_NAME
    if not path.exists():
        _create(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SecretError(f"{path} can be read by other users of this machine; run: chmod 600 {path}")
    head, _, body = path.read_text(encoding="ascii", errors="replace").strip().partition(":")
    if f"{head}:" != _HEAD or len(body) != 64 or set(body) - set("0123456789abcdef"):
        raise SecretError(f"{path} is damaged; restore it from a backup, a new one can't read the old data")
    return Vault(bytes.fromhex(body))


_vault: Vault | None = None


def use_vault(vault: Vault | None) -> None:
    """Choose the secret that the functions below work with; None closes it."""
    global _vault
    _vault = vault


def open_house(folder: Path) -> None:
    """Open (or make) the secret of a data folder and use it from now on. Raises SecretError."""
    use_vault(open_vault(folder))


def _open() -> Vault:
    if _vault is None:
        raise SecretError("the deployment secret hasn't been opened yet")
    return _vault


def field_key(label: str) -> bytes:
    return _open().field_key(label)


def encrypt(text: str, label: str) -> str:
    return _open().encrypt(text, label)


def decrypt(token: str, label: str) -> str:
    return _open().decrypt(token, label)


def keyed_digest(text: str, label: str) -> str:
    return _open().keyed_digest(text, label)


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{_HEAD}{secrets.token_hex(32)}\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails if another process was first: then theirs stands
    except FileExistsError:
        pass
    finally:
        draft.unlink()

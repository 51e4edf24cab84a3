"""The demonstration's real logs: which there are, and which no device has used yet. Runs of ours on emulated disks."""

import functools
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import secrets
from core.goods.models import StorageMedium
from core.goods.rules import normalise_serial

FOLDER = Path(__file__).resolve().parent / "evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """A file in `evidence/` as its manifest describes it. `medium`: magnetic | semiconductor; `kind_file`: what an SSD says of
    itself, because nwipe's log doesn't tell flash from platters."""

    file: str
    serial: str
    model: str
    medium: str
    capacity_bytes: int
    sha256: str
    kind_file: str = ""
    kind_sha256: str = ""

    @property
    def raw(self) -> bytes:
        """Raises RuntimeError when the file isn't the one the manifest speaks of."""
        return _checked(self.file, self.sha256)

    @property
    def kind_raw(self) -> bytes:
        """What the disk says of itself, empty for a hard disk: its log suffices."""
        return _checked(self.kind_file, self.kind_sha256) if self.kind_file else b""

    @property
    def finished(self) -> datetime:
        """When the tool wrote its last line, by the clock of the wiping machine (UTC there)."""
        stamps = [line[1:20] for line in self.raw.decode().splitlines() if line[:1] == "["]
        return datetime.strptime(stamps[-1], "%Y/%m/%d %H:%M:%S").replace(tzinfo=UTC)


def _checked(name: str, digest: str) -> bytes:
    raw = (FOLDER / name).read_bytes()
    if hashlib.sha256(raw).hexdigest() != digest:
        raise RuntimeError(f"{name} is not the file of the manifest")
    return raw


@functools.lru_cache
def all_logs() -> tuple[Log, ...]:
    rows = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    return tuple(Log(**{name: row.get(name, "") for name in Log.__slots__}) for row in rows)


def find_log(file: str) -> Log | None:
    """By the name that stands in the manifest; no other file can be asked for."""
    return next((log for log in all_logs() if log.file == file), None)


def find_file(name: str) -> bytes | None:
    """A log or what an SSD says of itself, by the name that stands in the manifest; no other file can be asked for."""
    log = find_log(name)
    if log is not None:
        return log.raw
    return next((one.kind_raw for one in all_logs() if name and one.kind_file == name), None)


def unused_logs(session: Session) -> list[Log]:
    """The logs whose medium no device of the register has or had, in the manifest's order."""
    digests = {_digest(log.serial): log for log in all_logs()}
    known: Iterable[str] = session.scalars(select(StorageMedium.digest).where(StorageMedium.digest.in_(digests)))
    taken = set(known)
    return [log for digest, log in digests.items() if digest not in taken]


def _digest(serial: str) -> str:
    return secrets.keyed_digest(normalise_serial(serial), "medium")

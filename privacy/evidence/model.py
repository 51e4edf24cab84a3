"""The values that every reader of wipe evidence returns, whatever tool wrote the file.

`None` means "the file doesn't say" everywhere; it is never a yes. Sizes are bytes, times are the wiping
machine's own local clock as ISO text without a zone, because the tools print none: they are claims, good for
comparing with each other and for nothing else.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal

from core.errors import Invalid

Status = Literal["erased", "failed", "aborted"]
Verification = Literal["none", "last", "all", "only"]
# run: the tool tells what it did; state: somebody asked a device how it is; statement: a report that anybody can write
Kind = Literal["run", "state", "statement"]
MediumKind = Literal["magnetic", "semiconductor"]
# NIST SP 800-88r2 and IEEE 2883 words [quoted]; `format` is NVMe's Format with a user-data erase (SES 1);
# `trim` only tells the controller that blocks are free
Technique = Literal[
    "overwrite", "block_erase", "crypto_erase", "security_erase", "security_erase_enhanced", "format", "trim", "factory_reset"
]
# where a serial number was read: a bridge's own and a typed one never bind evidence to a medium
Source = Literal["ata", "nvme", "scsi", "dmi", "system", "bridge", "label", "photo", "typed"]


class Unreadable(Invalid):
    """The bytes can't be read as evidence at all. `code` says why, `sentence` says it to a person."""

    def __init__(self, code: str, sentence: str, values: Mapping[str, object] | None = None) -> None:
        super().__init__(code, sentence, field="file", values=values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One observation about the file. `lines` count from 1; `node` names a device if it is about one;
    `detail` says which of several kinds of contradiction or gap was seen."""

    code: str
    value: bool | None
    lines: tuple[int, ...] = ()
    node: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """How much a device was used, as it counts itself: what grows after a wipe is use. `bytes_written` are host writes;
    `data_erased` is NVMe's Global Data Erased: true until user data is written after a sanitize."""

    power_on_hours: int | None = None
    power_cycles: int | None = None
    bytes_written: int | None = None
    boot_count: int | None = None
    data_erased: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """An account or password that holds a device (`kind`: find_my, frp, accounts, mdm, ata_password, bitlocker, activation,
    passcode). `on`: None if the file doesn't tell; no lock is only known to be off when the file says so."""

    kind: str
    on: bool | None
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRow:
    """What the file says about one medium in one run of the tool.

    `passes_*` count the method's own passes over all rounds: the final blank and verify passes are not among
    them. `bytes_written` is the least that any pass over the medium wrote, so it can be held against the
    capacity. `verified` is true only if everything that `verification` promises was read back and matched.
    `seconds`, `quickest_pass` and `quickest_read` are whole seconds between log lines (resolution 1 s): of the whole run, of
    the pass that was written quickest, of the medium's quickest reading back. `total_written` are the bytes of all passes
    together, the final blank among them. `hidden_unknown`: the tool looks for hidden sectors and couldn't tell, or doesn't say
    what it found.
    """

    node: str | None = None
    serial: str | None = None
    model: str | None = None
    capacity_bytes: int | None = None
    method: str | None = None
    passes_done: int | None = None
    passes_asked: int | None = None
    random_passes: int | None = None
    rounds: int | None = None
    final_blank: bool | None = None
    verification: Verification | None = None
    verified: bool | None = None
    bytes_written: int | None = None
    errors: int | None = None
    status: Status | None = None
    started: str | None = None
    finished: str | None = None
    # beyond the contract's fields
    method_code: str | None = None
    random_asked: int | None = None
    run: int = 1
    bus: str | None = None
    anonymised: bool = False
    usb_bridge: bool = False
    hidden_sectors: bool | None = None
    hidden_unknown: bool = False
    seconds: int | None = None
    quickest_pass: int | None = None
    quickest_read: int | None = None
    total_written: int | None = None
    # what kind of medium the file itself says it is (rotation rate, bus, the tool's word)
    medium: MediumKind | None = None
    technique: Technique | None = None
    # did the medium carry it out itself, told to by one command? An overwrite by a host doesn't reach what a host can't
    own_command: bool = False
    native_bytes: int | None = None
    serial_source: Source | None = None
    # further names of the same medium: WWN, EUI-64, NGUID, IMEI, ECID ... as (kind, value)
    identities: tuple[tuple[str, str], ...] = ()
    counters: Counters | None = None
    security_enabled: bool | None = None
    security_locked: bool | None = None
    security_frozen: bool | None = None
    # hex SHA-256 of what this one run or reading can't share with another (times, steps, counters), without any name in it:
    # the same core under another serial is a copy. None where the file has no time to tell two readings apart
    core: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One file, read. `sha256` is the hex digest of the raw bytes; `parser` is the reader's name and version,
    stored so that a later reader can be compared; `complete` is false if the end or any line that the tool
    always writes is missing. `signed_by` is the id of the key under which the file's own signature holds over all of it
    (None: unsigned, or by a key that the reader wasn't given). `texts` are free fields in which an operator could have typed the
    job's challenge code. `real_seen` is false while no file of this format from a real device has been read by this
    reader: such evidence is a statement (E1 at most)."""

    sha256: str
    format: str
    parser: str
    tool: str
    tool_version: str | None
    complete: bool
    devices: tuple[DeviceRow, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
    kind: Kind = "run"
    locks: tuple[Lock, ...] = ()
    texts: tuple[str, ...] = ()
    signed_by: str | None = None
    real_seen: bool = True

    def has(self, code: str) -> bool:
        """Is there a finding of this code whose value is true?"""
        return any(finding.code == code and finding.value is True for finding in self.findings)


def as_json(value: Evidence | DeviceRow | None) -> dict[str, object] | None:
    """The value as plain dicts and lists for `json.dumps`; the shape is
    docs/schemas/evidence-read.schema.json."""
    return asdict(value) if value is not None else None

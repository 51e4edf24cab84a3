"""One erasure of a Blancco report as a row, and where it can't be true."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from privacy.evidence.core_digest import core_of
from privacy.evidence.identity import normalise_serial
from privacy.evidence.model import DeviceRow, MediumKind, Source, Status, Technique
from privacy.evidence.readers.blancco_tree import Node
from privacy.evidence.readers.marks import bounded
from privacy.evidence.readers.stamps import Stamp, clock_seconds, stamp

_STATES: dict[str, Status] = {
    "successful": "erased",
    "failed": "failed",
    "unsuccessful": "failed",
    "not erased": "failed",
    "cancelled": "aborted",
    "canceled": "aborted",
    "aborted": "aborted",
    "interrupted": "aborted",
}
_SECTORS = (512, 520, 528, 4096)
_TOP_SPEED = 16_000_000_000  # bytes per second: PCIe 5.0, four lanes
_SLACK = 60  # seconds between the clock times and the elapsed time
_COUNT = re.compile(r"[0-9]{1,19}")
_SINGLE = (
    *("state", "start_time", "end_time", "elapsed_time", "cleaned_sectors", "failed_sectors", "total_errors"),
    *("overwriting_rounds", "firmware_rounds", "total_erasure_rounds", "serial", "capacity", "model"),
)
_SOURCES: dict[str, Source] = {"USB": "bridge", "NVM": "nvme", "ATA": "ata", "SAS": "scsi", "SCSI": "scsi"}
_CLOCK_ONLY = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")


@dataclass(frozen=True, slots=True)
class Erasure:
    """`target` is what was erased; `disks` are the serials the same report's hardware list has."""

    node: Node
    target: Node
    disks: frozenset[str]

    def count(self, *names: str) -> int | None:
        text = self.node.word(*names) or ""
        return bounded(int(text)) if _COUNT.fullmatch(text) else None

    @property
    def capacity(self) -> int | None:
        text = self.target.word("capacity") or ""
        return bounded(int(text)) if _COUNT.fullmatch(text) else None

    @property
    def serial(self) -> str | None:
        return self.target.word("serial")

    @property
    def status(self) -> Status | None:
        return _STATES.get((self.node.word("state") or "").lower())

    @property
    def sector(self) -> int | None:
        """Bytes of a sector: as told, else the size by which the cleaned sectors make up the capacity, else 512."""
        text = self.target.word("sector_size", "logical_sector_size", "bytes_per_sector") or ""
        if _COUNT.fullmatch(text):
            return int(text) if int(text) in _SECTORS else None
        cleaned = self.count("cleaned_sectors")
        return next((size for size in _SECTORS if cleaned and cleaned * size == self.capacity), 512)

    @property
    def bytes_written(self) -> int | None:
        cleaned = self.count("cleaned_sectors")
        return bounded(cleaned * self.sector) if cleaned is not None and self.sector else None

    @property
    def times(self) -> tuple[Stamp | None, Stamp | None]:
        return stamp(self.node.word("start_time")), stamp(self.node.word("end_time"))

    @property
    def seconds(self) -> int | None:
        told = clock_seconds(self.node.word("elapsed_time"))
        begin, end = self.times
        return told if told is not None or not (begin and end) else int(begin.seconds_to(end))

    @property
    def medium(self) -> MediumKind | None:
        said = f" {self.target.word('type') or ''} {self.target.word('model_type', 'media_type') or ''} ".upper()
        ssd, hdd = "SSD" in said or "NVME" in said, "HDD" in said
        return None if ssd == hdd else "semiconductor" if ssd else "magnetic"


def row_of(erasure: Erasure) -> DeviceRow:
    node, target = erasure.node, erasure.target
    begin, end = erasure.times
    bus = target.word("interface_type", "interface", "bus")
    rounds, errors = erasure.count("overwriting_rounds"), [erasure.count("total_errors"), erasure.count("failed_sectors")]
    technique: Technique | None = "overwrite" if rounds and not erasure.count("firmware_rounds") else None
    usb = bool(bus) and "USB" in str(bus).upper()
    exact = [one.moment.isoformat() if one else None for one in (begin, end)]
    figures = [node.word("timestamp"), node.word("elapsed_time"), erasure.count("cleaned_sectors"), erasure.capacity]
    return DeviceRow(
        serial=erasure.serial,
        model=target.word("model"),
        capacity_bytes=erasure.capacity,
        method=node.word("erasure_standard_name"),
        passes_done=rounds if erasure.status == "erased" else None,
        passes_asked=rounds,
        bytes_written=erasure.bytes_written,
        errors=max((count for count in errors if count is not None), default=None),
        status=erasure.status,
        started=begin.iso if begin else None,
        finished=end.iso if end else None,
        bus=bus,
        usb_bridge=usb,
        seconds=erasure.seconds,
        medium=erasure.medium,
        technique=technique,
        serial_source=_source(erasure, bus, usb),
        core=core_of("blancco", exact, figures) if begin and end else None,
    )


def _source(erasure: Erasure, bus: str | None, usb: bool) -> Source | None:
    if erasure.serial is None:
        return None
    said = "USB" if usb else (bus or "").upper()
    return next((source for name, source in _SOURCES.items() if name in said), None)


def clashes_of(erasure: Erasure) -> Iterator[str]:
    """What in this erasure can't be true."""
    for node in (erasure.node, erasure.target):
        if any(len({part.text for part in node.all(name)}) > 1 for name in _SINGLE):
            yield "two values in one place"
    yield from _times(erasure)
    yield from _figures(erasure)
    serial = normalise_serial(erasure.serial)
    if serial and erasure.disks and serial not in erasure.disks:
        yield "inner and outer serial"


def _times(erasure: Erasure) -> Iterator[str]:
    begin, end = erasure.times
    if any(_CLOCK_ONLY.fullmatch(erasure.node.word(name) or "") for name in ("start_time", "end_time")):
        yield "times without a date"
    elapsed = clock_seconds(erasure.node.word("elapsed_time"))
    if begin and end:
        span = begin.seconds_to(end)
        if span < 0:
            yield "ends before it begins"
        elif span == 0:
            yield "instant erase"
        elif elapsed is not None and abs(span - elapsed) > _SLACK:
            yield "duration and times"


def _figures(erasure: Erasure) -> Iterator[str]:
    cleaned, capacity = erasure.bytes_written, erasure.capacity
    if cleaned and capacity and cleaned > capacity:
        yield "more bytes than the disk has"
    if erasure.status == "erased" and erasure.count("failed_sectors"):
        yield "erased with errors"
    overwriting, firmware, total = (erasure.count(f"{name}_rounds") for name in ("overwriting", "firmware", "total_erasure"))
    if overwriting is not None and firmware is not None and total is not None and overwriting + firmware != total:
        yield "rounds"
    if erasure.status == "erased" and total == 0:
        yield "erased without a round"
    if cleaned and overwriting and erasure.seconds is not None and cleaned * overwriting > (erasure.seconds + 1) * _TOP_SPEED:
        yield "duration and speed"
    if cleaned and overwriting and erasure.seconds == 0:
        yield "instant erase"

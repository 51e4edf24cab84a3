"""One device of an openSeaChest run as a row, and what is odd about it."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from privacy.evidence.model import Counters, DeviceRow, Finding, Lock, MediumKind, Source, Status, Technique
from privacy.evidence.readers.labels import number_in
from privacy.evidence.readers.marks import bounded, clash, gap, identity_marks, is_swapped, note
from privacy.evidence.readers.seachest_device import Device, Session

_BUSES = {"ATA": "ATA", "SATA": "ATA", "SCSI": "SCSI", "SAS": "SCSI", "NVMe": "NVME", "NVME": "NVME"}
_SOURCES: dict[str, Source] = {"ATA": "ata", "SCSI": "scsi", "NVME": "nvme"}
_UNITS = {"B": 0, "KB": 1, "MB": 2, "GB": 3, "TB": 4, "PB": 5, "EB": 6}
_OUTCOMES: dict[str, Status | None] = {"erased": "erased", "failed": "failed", "started": None}
_ONCE = ("Model Number", "Serial Number", "World Wide Name", "MaxLBA", "Native MaxLBA")


def bus_of(device: Device) -> str | None:
    return _BUSES.get(device.bus or "")


def serial_of(device: Device) -> str | None:
    return (device.head[1] if device.head else None) or device.get("Serial Number")


def model_of(device: Device) -> str | None:
    return device.get("Model Number") or (device.head[0] if device.head else None)


def source_of(device: Device) -> Source | None:
    if not serial_of(device):
        return None
    return "bridge" if is_swapped(model_of(device)) else _SOURCES.get(bus_of(device) or "")


def size_of(device: Device, label: str) -> int | None:
    """A highest address is one less than the number of sectors; `Not Reported` is no number."""
    last, sector = number_in(device.get(label)), number_in(device.get("Logical Sector Size (B)"))
    return bounded((last + 1) * sector) if last and sector and 512 <= sector <= 65536 else None


def medium_of(device: Device) -> MediumKind | None:
    rate = device.get("Rotation Rate (RPM)") or ""
    if rate.startswith("SSD") or bus_of(device) == "NVME":
        return "semiconductor"
    return "magnetic" if (number_in(rate) or 0) > 1 else None


def technique_of(device: Device) -> Technique | None:
    """Of the last result; the tool names a sanitize when it starts it."""
    kind = device.results[-1][0].partition(" ")[0] if device.results else ""
    if kind == "security":
        return "security_erase"  # the tool doesn't print which of the two it was: the weaker one counts
    if kind == "revert":
        return "crypto_erase"
    if device.begun:
        return device.begun[-1][0]
    words = [word for word, *_ in device.ranges]
    return "overwrite" if "over" in words or "eras" in words else "trim" if words else None


def status_of(device: Device) -> Status | None:
    if device.results:
        return _OUTCOMES[device.results[-1][0].partition(" ")[2]]
    return None if not device.ranges else "erased" if all(good for _, good, *_ in device.ranges) else "failed"


def written_of(device: Device) -> int | None:
    """Bytes of the ranges overwritten by the host, from the medium's beginning on."""
    sector = number_in(device.get("Logical Sector Size (B)"))
    ends = [last for word, good, first, last, _ in device.ranges if good and word in ("over", "eras") and first == 0]
    return bounded((max(ends) + 1) * sector) if ends and sector else None


def counters_of(device: Device) -> Counters | None:
    hours = re.fullmatch(r"([0-9]{1,9})(?:\.[0-9]{1,4})?", device.get("Power On Hours") or "")
    label = next((label for label in device.said if label.startswith("Total Bytes Written")), "")
    amount = re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,4})?", device.get(label) or "")
    written = int(Decimal(amount[0]) * 1000 ** _UNITS[label.rpartition("(")[2].rstrip(")")]) if amount else None
    if hours is None and written is None:
        return None
    return Counters(power_on_hours=int(hours[1]) if hours else None, bytes_written=bounded(written))


def _security(device: Device, word: str) -> bool | None:
    said = device.get("ATA Security Information")
    words = [part.strip() for part in (said or "").split(",")]
    return word in words if words[0] == "Supported" else None


def password_of(device: Device) -> Lock:
    """The tool lists what is set; what it doesn't list is off."""
    return Lock(kind="ata_password", on=_security(device, "Enabled"), lines=device.lines_of("ATA Security Information"))


def row_of(session: Session, device: Device, core: str | None) -> DeviceRow:
    seen, native, technique = size_of(device, "MaxLBA"), size_of(device, "Native MaxLBA"), technique_of(device)
    host = technique == "overwrite" and bool(device.ranges) and not device.begun
    wwn = (device.get("World Wide Name") or "").lower()
    when = session.today
    return DeviceRow(
        node=device.node,
        serial=serial_of(device),
        model=model_of(device),
        capacity_bytes=seen,
        method=f"openSeaChest: {technique.replace('_', ' ')}" if technique else None,
        passes_done=1 if host and status_of(device) == "erased" else None,
        bytes_written=written_of(device) if host else None,
        status=status_of(device),
        started=f"{when[:4]}-{when[4:6]}-{when[6:11]}:{when[11:13]}:{when[13:15]}" if when else None,
        bus=bus_of(device),
        hidden_sectors=None if seen is None or native is None else native > seen,
        medium=medium_of(device),
        technique=technique,
        own_command=technique is not None and technique != "trim" and not host,
        native_bytes=native,
        serial_source=source_of(device),
        identities=(("wwn", wwn),) if re.fullmatch(r"[0-9a-f]{16}", wwn) and wwn.strip("0") else (),
        counters=counters_of(device),
        security_enabled=_security(device, "Enabled"),
        security_locked=_security(device, "Locked"),
        security_frozen=_security(device, "Frozen"),
        core=core,
    )


def device_findings(session: Session, device: Device) -> Iterator[Finding]:
    for check in _CHECKS:
        yield from check(session, device)


def _names(_session: Session, device: Device) -> Iterator[Finding]:
    inner, outer = device.get("Serial Number"), device.head[1] if device.head else None
    if inner and outer and inner != outer:
        yield clash("inner_outer_serial", device.line, *device.lines_of("Serial Number"), node=device.node)
    for label in _ONCE:
        if len({value for value, _ in device.said.get(label, [])}) > 1:
            yield clash("said_twice", *device.lines_of(label), node=device.node)
    yield from identity_marks(serial_of(device), model_of(device), device.line, node=device.node)


def _when(session: Session, device: Device) -> Iterator[Finding]:
    if session.tool.startswith("open") and (session.today is None or session.version is None):
        yield gap("tool_lines", session.line, node=device.node)


def _medium(_session: Session, device: Device) -> Iterator[Finding]:
    """Flash behind NVMe doesn't turn."""
    if bus_of(device) == "NVME" and (number_in(device.get("Rotation Rate (RPM)")) or 0) > 1:
        yield clash("medium_disagrees", *device.lines_of("Rotation Rate (RPM)"), node=device.node)


def _sizes(_session: Session, device: Device) -> Iterator[Finding]:
    seen, native = size_of(device, "MaxLBA"), size_of(device, "Native MaxLBA")
    lines = device.lines_of("MaxLBA", "Native MaxLBA")
    if "Native MaxLBA" in device.said:
        value = None if seen is None or native is None else native > seen
        yield note("hidden_sectors", value, *lines, node=device.node)
    if seen is not None and native is not None and native < seen:
        yield clash("native_below_visible", *lines, node=device.node)
    last = number_in(device.get("MaxLBA"))
    if last is not None and any(end > last for *_, end, _ in device.ranges):
        yield clash("more_than_capacity", *(line for *_, line in device.ranges), node=device.node)


def _outcomes(_session: Session, device: Device) -> Iterator[Finding]:
    """How it ended, told more than once or not at all."""
    told = [outcome for outcome, _ in device.results]
    lines = tuple(line for _, line in device.results)
    if len(set(told)) > 1 and not {"sanitize started", "sanitize erased"} >= set(told):
        yield clash("outcome_disagrees", *lines, node=device.node)
    if told and told[-1].endswith(" started"):
        yield note("in_progress", True, *lines, node=device.node)
    if any(outcome.startswith("sanitize erased") for outcome in told) and not device.begun:
        yield gap("sanitize_start", *lines, node=device.node)
    if (device.begun or device.security_asked) and not told:
        yield gap("outcome", *(line for _, line in device.begun), *device.security_asked, node=device.node)


def _security_left(_session: Session, device: Device) -> Iterator[Finding]:
    if _security(device, "Enabled"):
        yield note("security_left_on", True, *device.lines_of("ATA Security Information"), node=device.node)
    elif _security(device, "Locked"):
        yield clash("locked_without_password", *device.lines_of("ATA Security Information"), node=device.node)


_CHECKS: tuple[Callable[[Session, Device], Iterator[Finding]], ...] = (
    _names, _when, _medium, _sizes, _outcomes, _security_left,
)  # fmt: skip

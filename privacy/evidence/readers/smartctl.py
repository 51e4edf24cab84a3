"""Reads `smartctl -j` (also `-a -j` and `-x -j`), smartmontools 7.0 to 7.5, for ATA, NVMe and SCSI devices: who the device is and
how much it was used. It never shows a wipe."""

from privacy.evidence.core_digest import core_of
from privacy.evidence.model import DeviceRow, Evidence, Finding, Lock
from privacy.evidence.readers.doc import Doc, Json, at, count, fields, members, truth, word
from privacy.evidence.readers.marks import bounded, is_whole, note
from privacy.evidence.readers.smartctl_checks import findings_in
from privacy.evidence.readers.smartctl_values import (
    bus_of,
    counters_of,
    is_bridge,
    medium_of,
    model_of,
    names_of,
    read_at,
    source_of,
)

FORMAT = "smartctl-json"
PARSER = "smartctl 2"


def recognises(doc: Doc) -> bool:
    """smartctl's JSON always tells of the program itself."""
    return bool(members(doc.value, "json_format_version")) and bool(members(doc.value, "smartctl", "version"))


def read(doc: Doc, sha256: str) -> Evidence:
    """One device, or none if it couldn't be opened."""
    value = doc.value
    findings: list[Finding] = [*doc.findings, *findings_in(value), note("time_zone", None, detail=_zone(value))]
    opened = word(value, "serial_number") is not None or model_of(value) is not None
    return Evidence(
        sha256=sha256,
        format=FORMAT,
        parser=PARSER,
        tool="smartctl",
        tool_version=_version(value),
        complete=is_whole(findings),
        devices=(_row(value),) if opened else (),
        findings=tuple(findings),
        kind="state",
        locks=_locks(value) if opened else (),
    )


def _locks(value: Json) -> tuple[Lock, ...]:
    """Only ATA drives have that password."""
    return (Lock(kind="ata_password", on=truth(value, "ata_security", "enabled")),) if bus_of(value) == "ATA" else ()


def _version(value: Json) -> str | None:
    numbers = [number for number in members(value, "smartctl", "version") if isinstance(number, int) and 0 <= number < 1000]
    return ".".join(str(int(number)) for number in numbers[:3]) or None


def _zone(value: Json) -> str | None:
    """The zone's letters at the end of the local time; several zones share the same ones."""
    return (word(value, "local_time", "asctime") or "").rpartition(" ")[2][:10] or None


def _row(value: Json) -> DeviceRow:
    security = fields(value, "ata_security")
    counted = counters_of(value)
    return DeviceRow(
        node=word(value, "device", "name"),
        serial=word(value, "serial_number"),
        model=model_of(value),
        capacity_bytes=bounded(count(value, "user_capacity", "bytes")) or bounded(count(value, "nvme_total_capacity")) or None,
        finished=read_at(value),
        bus=bus_of(value),
        usb_bridge=is_bridge(value),
        medium=medium_of(value),
        serial_source=source_of(value),
        identities=names_of(value),
        counters=counted,
        security_enabled=truth(security, "enabled"),
        security_locked=truth(security, "locked"),
        security_frozen=truth(security, "frozen"),
        # two new drives read in the same second may count alike; once something was written they don't
        core=core_of("smartctl", *_reading(value)) if counted and counted.bytes_written else None,
    )


def _reading(value: Json) -> tuple[object, ...]:
    """What the device had counted, which another one wouldn't have counted alike; without the time, which a copy could change."""
    attributes = [(count(one, "id"), count(one, "raw", "value")) for one in members(value, "ata_smart_attributes", "table")]
    log = sorted((key, count(one)) for key, one in fields(value, "nvme_smart_health_information_log").items() if key.isascii())
    pages = [
        (count(page, "number"), count(one, "offset"), count(one, "value"))
        for page in members(value, "ata_device_statistics", "pages")
        for one in members(page, "table")
    ]
    return (
        count(value, "power_on_time", "hours"), count(value, "power_on_time", "minutes"), count(value, "power_cycle_count"),
        at(value, "user_capacity", "blocks") if isinstance(at(value, "user_capacity", "blocks"), int) else None,
        attributes, log, pages,
    )  # fmt: skip

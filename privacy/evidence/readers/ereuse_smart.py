"""The media of a snapshot by eReuse's workbench-script: smartctl's own JSON, carried as a text inside the snapshot's JSON.

Source: the script's source text (eReuse/workbench-script, workbench-script.py), read. Its erase commands are written to the
log and never run (`exec_cmd_erase` returns an empty text), so its `erase` list tells nothing about a medium.
"""

from collections.abc import Iterator

from privacy.evidence.core_digest import core_of
from privacy.evidence.identity import normalise_serial
from privacy.evidence.model import DeviceRow, Finding
from privacy.evidence.readers.doc import Json, Malformed, at, count, members, parse, truth, word
from privacy.evidence.readers.marks import bounded, clash, gap
from privacy.evidence.readers.smartctl_checks import findings_in
from privacy.evidence.readers.smartctl_values import bus_of, counters_of, is_bridge, medium_of, model_of, names_of, source_of

_MOST_DISKS = 200
_MOST_LISTED = 20_000


def disks_of(snapshot: Json) -> tuple[list[Json], list[Finding]]:
    """What smartctl said, one value for each disk, and what is wrong with it."""
    inner = at(snapshot, "data", "smartctl")
    found = inner if inner is not None else at(snapshot, "data", "smart")
    if isinstance(found, str):
        try:
            found = parse(found) if found.strip() else []
        except Malformed:
            return [], [gap("inner JSON: /data/smartctl")]
    if not isinstance(found, list):
        return [], [gap("inner JSON: /data/smartctl")]
    return [one for one in found[:_MOST_DISKS] if isinstance(one, dict)], []


def row_of(disk: Json, when: str | None) -> DeviceRow:
    """One disk's state, as it answered. `when` is the snapshot's own time."""
    counters = counters_of(disk)
    return DeviceRow(
        node=word(disk, "device", "name"),
        serial=word(disk, "serial_number"),
        model=model_of(disk),
        capacity_bytes=bounded(count(disk, "user_capacity", "bytes")),
        bus=bus_of(disk),
        usb_bridge=is_bridge(disk),
        medium=medium_of(disk),
        serial_source=source_of(disk),
        identities=names_of(disk),
        counters=counters,
        security_enabled=truth(disk, "ata_security", "enabled"),
        security_frozen=truth(disk, "ata_security", "frozen"),
        core=core_of("ereuse-smart", when, counters.power_on_hours, counters.power_cycles) if counters and when else None,
    )


def smart_findings(snapshot: Json, disks: list[Json]) -> Iterator[Finding]:
    """About the media of the whole snapshot."""
    listed = {serial for text in _listed(at(snapshot, "data", "inxi")) if (serial := normalise_serial(text))}
    for number, disk in enumerate(disks):
        path, serial = f"/data/smartctl/{number}", normalise_serial(word(disk, "serial_number"))
        yield from findings_in(disk)
        if serial and listed and not any(serial.startswith(one) or one.startswith(serial) for one in listed):
            yield clash(f"inner and outer serial: {path}")
        if bus_of(disk) == "NVME" and count(disk, "rotation_rate"):
            yield clash(f"type of medium and rotation rate: {path}")
    known = [normalise_serial(word(disk, "serial_number")) for disk in disks]
    if any(serial and known.count(serial) > 1 for serial in known):
        yield Finding(code="serial_twice", value=True)


def _listed(inxi: Json) -> Iterator[str]:
    """Serials of the drives in inxi's listing, whose keys are numbered: `005#1#2#serial`."""
    try:
        value = parse(inxi) if isinstance(inxi, str) and inxi.strip() else inxi
    except Malformed:
        return
    sections = (section for section in value if isinstance(section, dict)) if isinstance(value, list) else ()
    for drives in (inner for section in sections for key, inner in section.items() if key.rpartition("#")[2] == "Drives"):
        for drive in members(drives)[:_MOST_LISTED]:
            named = drive.items() if isinstance(drive, dict) else ()
            yield from (text for key, text in named if key.rpartition("#")[2] == "serial" and isinstance(text, str) and text[3:])

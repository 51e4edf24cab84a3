"""What smartctl's JSON holds, value by value. None wherever it doesn't say.

Source: smartmontools' own JSON (7.0 to 7.5) and runs of 7.3 on emulated ATA, NVMe, SCSI and USB devices; ATA8-ACS, "Device
Statistics": Logical Sectors Written counts logical sectors; NVMe counts in thousands of 512 bytes.
"""

import calendar
import re
from datetime import UTC, datetime

from privacy.evidence.model import Counters, MediumKind, Source
from privacy.evidence.readers.doc import Json, at, count, members, word
from privacy.evidence.readers.marks import bounded, is_swapped
from privacy.evidence.readers.nvme_rows import UNIT

# -d types that reach a drive through a USB adapter; `sat` alone doesn't tell, Linux reaches every SATA drive so
_BRIDGES = ("usb", "snt")
_BUSES = {"ATA": "ATA", "NVMe": "NVME", "SCSI": "SCSI"}
_SOURCES: dict[str, Source] = {"ATA": "ata", "NVME": "nvme", "SCSI": "scsi"}
_ASCTIME = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ 0-9][0-9]) ([0-9]{2}):([0-9]{2}):([0-9]{2}) ([0-9]{4})(?: .{1,40})?")
_LEADING = re.compile(r"[0-9]{1,12}(?=$|h\+| \()")
_MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}


def bus_of(value: Json) -> str | None:
    return _BUSES.get(word(value, "device", "protocol") or "")


def is_bridge(value: Json) -> bool:
    """Did the answers pass through a USB adapter, as far as the type tells?"""
    kind, shown = word(value, "device", "type") or "", word(value, "device", "info_name") or ""
    return kind.startswith(_BRIDGES) or "[USB" in shown


def _forced_scsi(value: Json) -> bool:
    """`-d scsi` makes an adapter answer in the drive's place."""
    words = [one for one in members(value, "smartctl", "argv") if isinstance(one, str)]
    pairs = set(zip(words, words[1:], strict=False))
    return bool({("-d", "scsi"), ("--device", "scsi")} & pairs) or "--device=scsi" in words or "-dscsi" in words


def source_of(value: Json) -> Source | None:
    """Whose serial it is: ATA and NVMe answers are the drive's own even through an adapter, unless it garbles them."""
    if word(value, "serial_number") is None:
        return None
    bus = bus_of(value)
    if is_swapped(model_of(value)) or (bus == "SCSI" and (_forced_scsi(value) or is_bridge(value))):
        return "bridge"
    return _SOURCES.get(bus or "")


def model_of(value: Json) -> str | None:
    return word(value, "model_name") or word(value, "scsi_model_name")


def medium_of(value: Json) -> MediumKind | None:
    """A rotation rate of 0 is smartctl's way of saying solid state."""
    rate = count(value, "rotation_rate")
    if bus_of(value) == "NVME":
        return "semiconductor"
    return None if rate is None else "semiconductor" if rate == 0 else "magnetic"


def names_of(value: Json) -> tuple[tuple[str, str], ...]:
    """WWN as the 16 digits that labels and hdparm print, EUI-64 of the first namespace."""
    found = [("wwn", _wwn(value)), ("eui64", _eui(at(value, "nvme_namespaces", 0)))]
    return tuple((kind, name) for kind, name in found if name and name.strip("0"))


def _wwn(value: Json) -> str | None:
    naa, oui, rest = (count(value, "wwn", key) for key in ("naa", "oui", "id"))
    if naa is not None and oui is not None and rest is not None:
        fits = naa < 16 and oui < 1 << 24 and rest < 1 << 36
        return f"{naa:x}{oui:06x}{rest:09x}" if fits else None
    unit = (word(value, "logical_unit_id") or "").lower().removeprefix("0x")
    return unit if re.fullmatch(r"[0-9a-f]{16}|[0-9a-f]{32}", unit) else None


def _eui(namespace: Json) -> str | None:
    oui, rest = count(namespace, "eui64", "oui"), count(namespace, "eui64", "ext_id")
    if oui is None or rest is None or oui >= 1 << 24 or rest >= 1 << 40:
        return None
    return f"{oui:06x}{rest:010x}"


def counters_of(value: Json) -> Counters | None:
    """Hours, cycles and host bytes, from the device's own logs."""
    hours, cycles = count(value, "power_on_time", "hours"), count(value, "power_cycle_count")
    written = bounded(_written(value))
    if hours is None and cycles is None and written is None:
        return None
    return Counters(power_on_hours=bounded(hours), power_cycles=bounded(cycles), bytes_written=written)


def _written(value: Json) -> int | None:
    units = count(value, "nvme_smart_health_information_log", "data_units_written")
    if units is not None:
        return units * UNIT
    sectors, size = sectors_written(value), count(value, "logical_block_size")
    return sectors * size if sectors is not None and size is not None and 512 <= size <= 65536 else None


def attributes(value: Json, number: int, name: str) -> list[int]:
    """What the vendor's SMART attribute of that number and name counts, as smartctl prints it: `4321`, `4321h+12m+34.567s`,
    `35 (Min/Max 17/60)`. smartctl works its own counter out from it; drives that count in other units have another name."""
    found = []
    for one in members(value, "ata_smart_attributes", "table"):
        hit = _LEADING.match(word(one, "raw", "string") or "")
        if hit and count(one, "id") == number and word(one, "name") == name:
            found.append(int(hit[0]))
    return found


def sectors_written(value: Json) -> int | None:
    """Of the device statistics, general page, if the drive marks the value as valid."""
    for page in members(value, "ata_device_statistics", "pages"):
        for one in members(page, "table") if count(page, "number") == 1 else ():
            if word(one, "name") == "Logical Sectors Written" and at(one, "flags", "valid") is True:
                return count(one, "value")
    return None


def read_at(value: Json) -> str | None:
    """When it was read, by the machine's own clock, without a zone."""
    hit = _ASCTIME.fullmatch(word(value, "local_time", "asctime") or "")
    if hit is None or hit[1] not in _MONTHS:
        return None
    try:
        when = datetime(int(hit[6]), _MONTHS[hit[1]], int(hit[2]), int(hit[3]), int(hit[4]), int(hit[5]), tzinfo=UTC)
    except ValueError:
        return None
    return when.replace(tzinfo=None).isoformat()


def seconds_apart(value: Json) -> int | None:
    """The local time less the same moment in UTC: a zone's offset, if both were written together."""
    stamp, local = count(value, "local_time", "time_t"), read_at(value)
    if stamp is None or local is None or stamp >= 1 << 40:
        return None
    return int(datetime.fromisoformat(local).replace(tzinfo=UTC).timestamp()) - stamp

"""Which row of a file is this medium's, and what is doubtful about that. Pure."""

from collections.abc import Sequence

from privacy.evidence.identity import normalise_serial, same_serial
from privacy.evidence.model import DeviceRow, Evidence

# where a serial was read that says nothing about the medium itself
UNBINDING = ("bridge", "typed")


def select(evidence: Evidence, serial: str | None) -> tuple[DeviceRow | None, list[str]]:
    """The row to judge and what is doubtful about the choice. With a serial: the one row whose normalised
    serial is equal, never one that only begins alike. Without: the one device there is. A lone row is always
    judged: `identity` says whether it is the right one."""
    rows = evidence.devices
    if not rows:
        return None, ["no_device"]
    if len(rows) == 1:
        return rows[0], []
    if serial is None:
        return None, ["several_devices"]
    equal = [row for row in rows if same_serial(row.serial, serial)]
    if len(equal) == 1:
        return equal[0], []
    return None, ["several_devices" if equal else _why_not_found(rows, serial)]


def _why_not_found(rows: Sequence[DeviceRow], serial: str) -> str:
    """Other devices' file, or one that doesn't say whose it is."""
    if any(row.anonymised for row in rows):
        return "anonymised"
    if normalise_serial(serial) is None or any(normalise_serial(row.serial) is None for row in rows):
        return "no_serial"
    return "serial_mismatch"


def identity(evidence: Evidence, row: DeviceRow, serial: str | None) -> list[str]:
    """Is this row bound to one medium, and to the one asked for?"""
    if row.anonymised:
        return ["anonymised"]
    if normalise_serial(row.serial) is None or _borrowed(row):
        return ["no_serial"]
    reasons = []
    if sum(same_serial(other.serial, row.serial) for other in evidence.devices) > 1:
        reasons.append("several_devices")
    if serial is not None and not same_serial(row.serial, serial):
        # a serial that identifies nothing was asked for: that is no proof of another device
        reasons.append("serial_mismatch" if normalise_serial(serial) else "no_serial")
    return reasons


def _borrowed(row: DeviceRow) -> bool:
    """A bridge that can't pass the drive's own answer through gives its own serial instead; a typed one is anybody's."""
    return (row.usb_bridge and row.bus == "USB") or row.serial_source in UNBINDING

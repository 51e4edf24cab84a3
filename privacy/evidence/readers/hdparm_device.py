"""The lines hdparm prints about one device, sorted; nothing is concluded here."""

import re
from dataclasses import dataclass, field

from privacy.evidence.model import Technique
from privacy.evidence.readers.text import visible

# label in the file -> name here; `-I` prints each of them once
_LABELS = {
    "Model Number": "model",
    "Serial Number": "serial",
    "Firmware Revision": "firmware",
    "Nominal Media Rotation Rate": "rotation",
    "Logical Unit WWN Device Identifier": "wwn",
    "LBA    user addressable sectors": "sectors28",
    "LBA48  user addressable sectors": "sectors48",
    "Logical  Sector size": "sector_size",
    "Logical/Physical Sector size": "sector_size",
    "Real max sectors": "real_sectors",
    "State": "state",
    "Progress": "progress",
}
_MAX = re.compile(r" max sectors   = ([0-9]{1,20})/([0-9]{1,20})(\([0-9]{1,20}\?\))?(?:, (HPA .{1,60}))?\s*")
_SECURITY = re.compile(r"\t(not)?\t(enabled|locked|frozen)\s*")
_ISSUED = re.compile(r"Issuing SANITIZE_([A-Z_]{3,30}) command\s*")
_FEATURE = re.compile(r"\s{1,8}(\*)?\t((?:OVERWRITE_EXT|BLOCK_ERASE_EXT|CRYPTO_SCRAMBLE_EXT) command|SANITIZE feature set)\s*")
_COMMANDS: dict[str, Technique] = {"BLOCK_ERASE": "block_erase", "CRYPTO_SCRAMBLE": "crypto_erase", "OVERWRITE": "overwrite"}
_PHRASES = {
    "ATA device, with": "identity",
    "ATAPI": "identity",
    "CompactFlash ATA device": "identity",
    "Security:": "security",
    "Checksum:": "end",
    "Integrity word not set": "end",
    "Sanitize status:": "sanitize",
    "Last Sanitize Operation Completed Without Error": "completed",
    "SANITIZE feature set is not supported": "unsupported",
    "SANITIZE device error reason": "sanitize_error",
    "Drive in SD3 Sanitize Operation Failed": "sanitize_failed",
    "Antifreeze bit set": "antifreeze",
    "Operation started in background": "started",
    "SG_IO: bad/missing sense data": "no_sense",
    "HDIO_DRIVE_CMD(identify) failed": "identify_failed",
}
_STARTS = tuple(_PHRASES)


@dataclass(slots=True)
class Device:
    """`said` are the labelled values; `marks` the lines of known phrases; `commands` the sanitizes that were started."""

    node: str
    said: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    marks: dict[str, list[int]] = field(default_factory=dict)
    native: list[tuple[int, int, bool, int]] = field(default_factory=list)
    commands: list[tuple[Technique, int]] = field(default_factory=list)
    features: dict[str, int] = field(default_factory=dict)
    status_asked: list[int] = field(default_factory=list)
    _part: str = ""
    sanitize_unheard: list[int] = field(default_factory=list)

    def begin(self, number: int) -> None:
        """A new output about this device begins."""
        self._part = ""
        self.marks.setdefault("headings", []).append(number)

    def take(self, number: int, line: str) -> None:
        """Sort one more line."""
        words = line.strip()
        if hit := _ISSUED.fullmatch(words):
            self._issued(hit[1], number)
        elif words.startswith(_STARTS):
            self._mark(next(name for start, name in _PHRASES.items() if words.startswith(start)), number)
        elif line.startswith(" max sectors") and (hit := _MAX.fullmatch(line)):
            self.native.append((int(hit[1]), int(hit[2]), hit[3] is None and "invalid" not in (hit[4] or ""), number))
        elif hit := _SECURITY.fullmatch(line):
            self._say(hit[2], "no" if hit[1] else "yes", number)
        elif "\t" in line[:9] and (hit := _FEATURE.fullmatch(line)):
            if hit[1]:
                self.features.setdefault(hit[2].partition(" ")[0], number)
        else:
            self._label(number, line)

    def _issued(self, name: str, number: int) -> None:
        self._part = "sanitize"
        if name in _COMMANDS:
            self.commands.append((_COMMANDS[name], number))
        elif name == "STATUS":
            self.status_asked.append(number)

    def _mark(self, name: str, number: int) -> None:
        self.marks.setdefault(name, []).append(number)
        if name == "no_sense" and self._part == "sanitize":
            self.sanitize_unheard.append(number)

    def _label(self, number: int, line: str) -> None:
        label, colon, value = line.partition(":")
        if colon and (name := _LABELS.get(label.strip())):
            self._say(name, visible(value).strip(), number)

    def _say(self, name: str, value: str, number: int) -> None:
        self.said.setdefault(name, []).append((value, number))

    def get(self, name: str) -> str | None:
        return (self.said[name][0][0] or None) if name in self.said else None

    def last(self, name: str) -> str | None:
        """What was said last: states change while one watches."""
        return (self.said[name][-1][0] or None) if name in self.said else None

    def number(self, name: str) -> int | None:
        hit = re.match(r"[0-9]{1,20}\b", self.get(name) or "")
        return int(hit[0]) if hit else None

    def security(self, name: str) -> bool | None:
        """enabled, locked, frozen: None where the drive has no such feature set or wasn't asked."""
        return {"yes": True, "no": False}.get(self.last(name) or "")

    @property
    def sanitize_asked(self) -> bool:
        """Was any sanitize answer of a drive that can do it printed?"""
        return bool(self.commands) or bool(self.status_asked and "state" in self.said)


def lines_of(device: Device, *names: str) -> tuple[int, ...]:
    return tuple(line for name in names for _, line in device.said.get(name, []))

"""The lines an openSeaChest tool prints about one device, sorted; nothing is concluded here."""

import re
from dataclasses import dataclass, field

from privacy.evidence.model import Technique
from privacy.evidence.readers.text import visible

_NODE = r"(/dev/\S{1,40}|\\\\\.\\\S{1,40}|PD[0-9]{1,4})"
_DEVICE = re.compile(_NODE + r" - (.{1,60}) - (\S.{0,40}|) - (.{0,24}) - ([A-Za-z_ ]{2,16}?)\s*")
_BEGUN: dict[str, Technique] = {
    "Starting Sanitize Block Erase": "block_erase",
    "Starting Sanitize Crypto Scramble": "crypto_erase",
    "Starting Sanitize Crypto Erase": "crypto_erase",
    "Starting Sanitize Overwrite Erase": "overwrite",
}
# what a line begins with -> (which erase, how it ended)
_ENDED: dict[str, tuple[str, str]] = {
    "Sanitize command passed!": ("sanitize", "erased"),
    "Sanitize command has been started.": ("sanitize", "started"),
    "A sanitize command is already in progress.": ("sanitize", "started"),
    "Sanitize command failed!": ("sanitize", "failed"),
    "Cannot run sanitize operation because drive is sanitize frozen.": ("sanitize", "failed"),
    "Sanitize command not supported by the device.": ("sanitize", "failed"),
    "Sanitize command was blocked by the OS.": ("sanitize", "failed"),
    "Access Denied while attempting Sanitize.": ("sanitize", "failed"),
    "Unknown error in sanitize command.": ("sanitize", "failed"),
    "ATA security erase has completed successfully.": ("security", "erased"),
    "ATA Security erase failed to complete": ("security", "failed"),
    "NVM Format was Successful!": ("format", "erased"),
    "NVM Format was started Successfully!": ("format", "started"),
    "NVM Format Failed!": ("format", "failed"),
    "NVM Format Not Supported": ("format", "failed"),
    "Revert Successful!": ("revert", "erased"),
    "RevertSP Successful!": ("revert", "erased"),
    "Revert Failure!": ("revert", "failed"),
    "RevertSP Failure!": ("revert", "failed"),
}
_STARTS = tuple(_ENDED)
_WRITES = "overwrote|overwrite|trimmed/unmapped|erased?"
_RANGE = re.compile(rf"(Successfully|Failed to) ({_WRITES}) LBAs ([0-9]{{1,20}}) to ([0-9]{{1,20}})\b.*")
_LABELS = frozenset({
    "Model Number", "Serial Number", "Firmware Revision", "World Wide Name", "Power On Hours", "MaxLBA", "Native MaxLBA",
    "Logical Sector Size (B)", "Rotation Rate (RPM)", "ATA Security Information", "SMART Status", "Encryption Support",
    "IEEE EUI-64",
})  # fmt: skip
_WRITTEN = re.compile(r"Total Bytes Written \((B|KB|MB|GB|TB|PB|EB)\)")


@dataclass(slots=True)
class Device:
    """`results` are (kind and outcome, line) in order; `counted` are figures as printed, for the digest."""

    node: str | None
    head: tuple[str, str] | None
    bus: str | None
    line: int
    said: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    begun: list[tuple[Technique, int]] = field(default_factory=list)
    results: list[tuple[str, int]] = field(default_factory=list)
    ranges: list[tuple[str, bool, int, int, int]] = field(default_factory=list)
    counted: dict[str, str] = field(default_factory=dict)
    security_asked: list[int] = field(default_factory=list)

    @property
    def began(self) -> bool:
        """Did the tool try to erase?"""
        return bool(self.begun or self.results or self.ranges or self.security_asked)

    def get(self, label: str) -> str | None:
        return (self.said[label][0][0] or None) if label in self.said else None

    def lines_of(self, *labels: str) -> tuple[int, ...]:
        return tuple(line for label in labels for _, line in self.said.get(label, []))

    def take(self, number: int, line: str) -> None:
        words = line.strip()
        if words.startswith(_STARTS):
            kind, outcome = next(ended for start, ended in _ENDED.items() if words.startswith(start))
            self.results.append((f"{kind} {outcome}", number))
        elif words in _BEGUN:
            self.begun.append((_BEGUN[words], number))
        elif words in ("ATA Security Erase", "Starting ATA Security Erase"):
            self.security_asked.append(number)
        elif words.startswith(("Successfully ", "Failed to ")) and (hit := _RANGE.fullmatch(words)):
            self.ranges.append((hit[2][:4], hit[1] == "Successfully", int(hit[3]), int(hit[4]), number))
        elif ": " in line or words.endswith(":"):
            self._label(number, words)

    def _label(self, number: int, words: str) -> None:
        label, _, value = words.partition(":")
        if label in _LABELS or _WRITTEN.fullmatch(label):
            self.said.setdefault(label, []).append((visible(value).strip(), number))
            if label == "Power On Hours" or label.startswith("Total Bytes Written"):
                self.counted[label] = value.strip()


@dataclass(slots=True)
class Session:
    """One run of a tool. Information printed without a line of its device's own belongs to the one device there is."""

    tool: str
    line: int
    version: str | None = None
    today: str | None = None
    devices: list[Device] = field(default_factory=list)

    def take(self, number: int, line: str) -> None:
        """Sort one more line to its device."""
        if " - " in line and (hit := _DEVICE.fullmatch(line)):
            names = (visible(hit[2]).strip(), visible(hit[3]).strip())
            self.devices.append(Device(hit[1], names, hit[5].strip(), number))
        elif self.devices:
            self.devices[-1].take(number, line)
        elif line.strip().startswith("Model Number: "):
            self.devices.append(Device(None, None, None, number))
            self.devices[-1].take(number, line)

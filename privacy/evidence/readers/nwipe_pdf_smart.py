"""The SMART pages of an nwipe PDF report: what smartctl said of each disk right after the wipe, as nwipe copied it.

The tool writes every label in small letters and, when told to hide serial numbers, an X for each of their characters.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from privacy.evidence.identity import is_masked
from privacy.evidence.model import Counters, MediumKind
from privacy.evidence.readers.pdf import Pdf

_FIELD = re.compile(r"([a-z][a-z0-9 /.-]{2,40}):\s{1,24}(\S.{0,200})")
_COUNTS = r"(Power_On_Hours|Power_Cycle_Count|Total_LBAs_Written)"
_COUNT = re.compile(rf"\s{{0,2}}(9|12|241) {_COUNTS} .{{20,80}} ([0-9]{{1,18}})(?: .{{0,40}})?", re.IGNORECASE)
_BYTES = re.compile(r"([0-9]{1,3}(?:,[0-9]{3}){1,6}) bytes.{0,40}")
_SECTOR = 512
_START = "=== start of information section ==="


@dataclass(slots=True)
class Smart:
    """One disk's information section and the counters under it."""

    fields: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def serial(self) -> str | None:
        found = self.fields.get("serial number")
        return None if found is None or is_masked(found) or set(found) <= set("Xx \ufffd") else found

    @property
    def model(self) -> str | None:
        return self.fields.get("device model") or self.fields.get("model number")

    @property
    def capacity(self) -> int | None:
        text = self.fields.get("user capacity") or self.fields.get("namespace 1 size/capacity") or ""
        found = _BYTES.fullmatch(text)
        return int(found[1].replace(",", "")) if found else None

    @property
    def medium(self) -> MediumKind | None:
        rate = self.fields.get("rotation rate", "")
        if rate == "Solid State Device":
            return "semiconductor"
        return "magnetic" if re.fullmatch(r"[0-9]{4,5} rpm", rate) else None

    @property
    def identities(self) -> tuple[tuple[str, str], ...]:
        found = self.fields.get("lu wwn device id") or ""
        name = found.replace(" ", "").lower()
        return (("wwn", name),) if re.fullmatch(r"[0-9a-f]{16}", name) else ()

    @property
    def counters(self) -> Counters | None:
        if not self.counts:
            return None
        written = self.counts.get("total_lbas_written")
        return Counters(
            power_on_hours=self.counts.get("power_on_hours"),
            power_cycles=self.counts.get("power_cycle_count"),
            bytes_written=written * _SECTOR if written is not None else None,
        )


def smart_of(pdf: Pdf) -> list[Smart]:
    """One for each information section in the report; none if smartmontools wasn't installed."""
    found: list[Smart] = []
    for text in _lines(pdf):
        if text.strip().lower() == _START:
            found.append(Smart())
        elif found and (hit := _FIELD.fullmatch(text.rstrip())):
            found[-1].fields.setdefault(hit[1].strip(), hit[2].strip())
        elif found and (counted := _COUNT.fullmatch(text.rstrip())):
            found[-1].counts.setdefault(counted[2].lower(), int(counted[3]))
    return found


def _lines(pdf: Pdf) -> Iterator[str]:
    pages = {piece.page for piece in pdf.pieces if piece.size == 14 and piece.text.strip().endswith("- Smart Data")}
    return (piece.text for piece in pdf.pieces if piece.page in pages and piece.size == 8 and not piece.turned)

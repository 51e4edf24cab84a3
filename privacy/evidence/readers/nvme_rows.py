"""What nvme-cli tells about a controller, a namespace or a sanitize, as rows; the same for its text and its JSON."""

from collections.abc import Iterator
from dataclasses import dataclass

from privacy.evidence.model import Counters, DeviceRow, Finding
from privacy.evidence.readers.marks import bounded, clash, gap, identity_marks, note
from privacy.evidence.readers.nvme_sanitize import Sanitize, sanitize_findings

UNIT = 512_000  # bytes; the specification counts data units in thousands of 512 bytes, rounded up
_BITS = {0: "crypto_erase", 1: "block_erase", 2: "overwrite"}  # SANICAP: what a sanitize could be


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One output of the tool. `shift` is the block size's power of two; `capable` are SANICAP's bits."""

    node: str | None = None
    serial: str | None = None
    model: str | None = None
    total: int | None = None
    blocks: int | None = None
    shift: int | None = None
    names: tuple[tuple[str, str | None], ...] = ()
    counters: Counters | None = None
    capable: int | None = None
    sanitize: Sanitize | None = None
    missing: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()


def row_of(facts: Facts) -> DeviceRow:
    """One output as one row: a sanitize log names no serial, and none is guessed for it."""
    page = facts.sanitize
    return DeviceRow(
        node=facts.node,
        serial=facts.serial,
        model=facts.model,
        capacity_bytes=_capacity(facts),
        method=_method(page),
        passes_done=page.passes if page and page.technique == "overwrite" else None,
        passes_asked=page.passes_asked if page else None,
        random_passes=0 if page and page.technique == "overwrite" else None,
        status=page.status if page else None,
        bus="NVME",
        medium="semiconductor",
        technique=page.technique if page else None,
        own_command=page is not None and page.technique is not None,
        serial_source="nvme" if facts.serial else None,
        identities=tuple((kind, name) for kind, name in facts.names if name and name.strip("0-")),
        counters=Counters(data_erased=page.erased) if page else facts.counters,
    )


def _method(page: Sanitize | None) -> str | None:
    return f"NVMe sanitize: {page.technique.replace('_', ' ')}" if page and page.technique else None


def _capacity(facts: Facts) -> int | None:
    if facts.total:
        return bounded(facts.total)
    if facts.blocks is None or facts.shift is None or not 9 <= facts.shift <= 24:
        return None
    return bounded(facts.blocks << facts.shift) or None


def findings_of(facts: Facts) -> Iterator[Finding]:
    """What is odd about one output."""
    node, lines = facts.node, facts.lines
    for name in facts.missing:
        yield gap(name, *lines, node=node)
    if facts.capable is not None:
        able = [name for bit, name in _BITS.items() if facts.capable >> bit & 1]
        yield note("sanitize_supported", bool(able), *lines, node=node, detail=", ".join(able) or None)
    numbers = (facts.total, facts.blocks, facts.counters.bytes_written if facts.counters else None)
    if any(number is not None and bounded(number) is None for number in numbers):
        yield clash("number_out_of_range", *lines, node=node)
    yield from identity_marks(facts.serial, facts.model, *lines, node=node)
    if facts.sanitize is not None:
        yield from sanitize_findings(facts.sanitize)


def counters_of(units: int | None, hours: int | None, cycles: int | None) -> Counters:
    """The SMART log's numbers in bytes, hours and cycles."""
    return Counters(power_on_hours=hours, power_cycles=cycles, bytes_written=None if units is None else units * UNIT)

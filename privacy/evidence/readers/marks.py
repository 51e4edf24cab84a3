"""Findings that several readers make, each in one place."""

from collections.abc import Iterator

from privacy.evidence.identity import is_masked, normalise_serial
from privacy.evidence.model import Finding

SHOWN = 20  # lines named per finding
LARGEST = 2**63 - 1  # bytes, hours or cycles: more than any medium has
# how makers begin their model names; with each two letters swapped they betray an adapter that passes words on in the wrong order
_MAKERS = (
    "WDC", "SAMSUNG", "TOSHIBA", "HITACHI", "HGST", "SEAGATE", "INTEL", "KINGSTON", "CRUCIAL", "SANDISK", "MAXTOR",
    "FUJITSU", "KIOXIA",
)  # fmt: skip


def clash(detail: str, *lines: int, node: str | None = None) -> Finding:
    """Lines that can't all be true."""
    return Finding(code="contradiction", value=True, lines=lines[:SHOWN], node=node, detail=detail)


def gap(detail: str, *lines: int, node: str | None = None) -> Finding:
    """Lines that the tool always writes and that aren't there; `lines` are where that shows."""
    return Finding(code="gap", value=True, lines=lines[:SHOWN], node=node, detail=detail)


def note(code: str, value: bool | None = True, *lines: int, node: str | None = None, detail: str | None = None) -> Finding:
    """Any other observation."""
    return Finding(code=code, value=value, lines=lines[:SHOWN], node=node, detail=detail)


def swapped(text: str) -> str:
    """With each pair of letters the other way round, as ATA words read from the wrong end."""
    even = text + " " * (len(text) % 2)
    return "".join(even[at + 1] + even[at] for at in range(0, len(even), 2))


def is_swapped(model: str | None) -> bool:
    """Is this a known maker's name with its letters in the wrong order? Then the serial beside it is garbled too."""
    return model is not None and swapped(model).upper().lstrip().startswith(_MAKERS) and not model.upper().startswith(_MAKERS)


def identity_marks(serial: str | None, model: str | None, *lines: int, node: str | None = None) -> Iterator[Finding]:
    """What is odd about a name the medium gave itself."""
    if serial and not is_masked(serial) and normalise_serial(serial) is None:
        yield note("placeholder_serial", True, *lines, node=node)
    if is_swapped(model):
        yield note("byte_swapped", True, *lines, node=node)
    if is_masked(serial):
        yield note("anonymised", True, *lines, node=node)


def bounded(value: int | None) -> int | None:
    """The number, or None for one that no medium can have."""
    return value if value is not None and 0 <= value <= LARGEST else None


def is_whole(findings: tuple[Finding, ...] | list[Finding]) -> bool:
    """Is nothing missing that the tool always writes, and no line longer than it writes?"""
    return not any(finding.code in ("gap", "long_lines") for finding in findings)

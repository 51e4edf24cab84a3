"""The two findings that a log is never excused: a contradiction, and a gap."""

from privacy.evidence.model import Finding

SHOWN = 20  # lines named per finding


def clash(detail: str, *lines: int, node: str | None = None) -> Finding:
    """Lines that can't all be true."""
    return Finding(code="contradiction", value=True, lines=lines[:SHOWN], node=node, detail=detail)


def gap(detail: str, *lines: int, node: str | None = None) -> Finding:
    """Lines that the tool always writes and that aren't there; `lines` are where that shows."""
    return Finding(code="gap", value=True, lines=lines[:SHOWN], node=node, detail=detail)

"""The NVMe Sanitize Status log page (81h): what its numbers mean, and which of them can't stand together.

Source: NVM Express Base Specification, "Sanitize Status", as printed by nvme-cli 1.6 to 3.0 (its source read). SPROG is 65535
unless a sanitize is running; SSTAT bits 2:0 are the state, 7:3 the overwrite passes made, 8 Global Data Erased, 9 media
verification cancelled; SCDW10 bits 2:0 are the action asked for, 7:4 the passes asked for (0 stands for 16).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from privacy.evidence.model import Finding, Status, Technique
from privacy.evidence.readers.marks import clash, gap, note

DONE = 0xFFFF
NEVER, COMPLETED, RUNNING, FAILED, COMPLETED_KEPT = range(5)  # 4: completed without deallocating
WORDS = {
    NEVER: "NVM Subsystem has never been sanitized.",
    COMPLETED: "Most Recent Sanitize Command Completed Successfully.",
    RUNNING: "Sanitize in Progress.",
    FAILED: "Most Recent Sanitize Command Failed.",
    COMPLETED_KEPT: "Most Recent Sanitize Command (No-Deallocate After Sanitize) Completed Successfully.",
}
STATES = {words: state for state, words in WORDS.items()}
ACTIONS: dict[int, Technique] = {2: "block_erase", 3: "overwrite", 4: "crypto_erase"}
_ALL_BITS, _WORD = 0xFFFF, 0xFFFFFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Sanitize:
    """One reading of the page, None for what the file doesn't say. `masked`: printed by a version that may have cut the upper
    bits of SSTAT off (nvme-cli 2.2 to 2.4 do in text), so what isn't set isn't known to be clear."""

    node: str | None = None
    progress: int | None = None
    state: int | None = None
    passes: int | None = None
    erased: bool | None = None
    cancelled: bool | None = None
    command: int | None = None
    machine: int | None = None  # state of the sanitize state machine (specification 2.1), 0 is idle
    masked: bool = False
    lines: tuple[int, ...] = ()

    @property
    def technique(self) -> Technique | None:
        """What was asked of the device; None before anything was."""
        return ACTIONS.get((self.command or 0) & 7) if self.state not in (None, NEVER) else None

    @property
    def status(self) -> Status | None:
        """Only an ended sanitize has an outcome, and only if the progress says so too."""
        if self.state == FAILED:
            return "failed"
        return "erased" if self.state in (COMPLETED, COMPLETED_KEPT) and self.progress == DONE else None

    @property
    def passes_asked(self) -> int | None:
        if self.technique != "overwrite" or self.command is None:
            return None
        return (self.command >> 4 & 0xF) or 16


def from_bits(status: int, **rest: object) -> dict[str, object]:
    """SSTAT's sixteen bits taken apart."""
    return {
        **rest,
        "state": status & 7,
        "passes": status >> 3 & 0x1F,
        "erased": bool(status >> 8 & 1),
        "cancelled": bool(status >> 9 & 1),
    }


def sanitize_findings(page: Sanitize) -> Iterator[Finding]:
    """What is missing, contradictory or worth telling."""
    for check in (_missing, _state, _range, _passes):
        yield from check(page)


def _missing(page: Sanitize) -> Iterator[Finding]:
    for name, value in (("progress", page.progress), ("status", page.state), ("command", page.command)):
        if value is None:
            yield gap(f"sanitize_{name}", *page.lines, node=page.node)
    if page.masked:
        yield note("masked_status", True, *page.lines, node=page.node)
    elif page.erased is None and page.state is not None:
        yield note("masked_status", True, *page.lines, node=page.node, detail="not_said")


def _state(page: Sanitize) -> Iterator[Finding]:
    lines, node = page.lines, page.node
    if page.state == NEVER:
        yield note("never_wiped", True, *lines, node=node)
    elif page.state == RUNNING or (page.progress is not None and page.progress < DONE):
        yield note("in_progress", True, *lines, node=node)
    if page.state in (COMPLETED, COMPLETED_KEPT):
        if page.progress is not None and page.progress != DONE:
            yield clash("sanitize_progress", *lines, node=node)
        if page.command is not None and page.command & 7 not in ACTIONS:
            yield clash("sanitize_action", *lines, node=node)
        if page.machine not in (None, 0, 5, 6):
            yield clash("sanitize_state", *lines, node=node)
        if page.erased is False:
            yield note("data_written_since", True, *lines, node=node)
    elif page.state is not None and page.state > COMPLETED_KEPT:
        yield gap("sanitize_state_unknown", *lines, node=node)
    if page.cancelled:
        yield note("media_verification_cancelled", True, *lines, node=node)


def _range(page: Sanitize) -> Iterator[Finding]:
    if (page.progress or 0) > _ALL_BITS or (page.command or 0) > _WORD:
        yield clash("number_out_of_range", *page.lines, node=page.node)


def _passes(page: Sanitize) -> Iterator[Finding]:
    if page.state not in (COMPLETED, COMPLETED_KEPT) or page.passes is None or page.technique is None:
        return
    if page.technique != "overwrite" and page.passes:
        yield clash("passes_of_no_overwrite", *page.lines, node=page.node)
    if page.passes_asked is not None and page.passes != page.passes_asked:
        yield clash("passes_disagree", *page.lines, node=page.node)

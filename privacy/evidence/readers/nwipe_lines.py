"""One line of an nwipe log -> what it says, or None. Anchored at both ends, so that text a device chose can't
pose as the tool's own words in the middle of a line."""

import functools
import re
from dataclasses import dataclass
from datetime import datetime

_STAMP = r"\[([0-9]{4}/[0-9]{2}/[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2})\] "
_MOMENT = re.compile(r"[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
_LEVELS = frozenset({"debug", "info", "notice", "warning", "error", "fatal", "sanity"})
TOTAL = re.compile(_STAMP + r"Total Throughput ([^,]{1,24}), (.{1,60}), ([0-9]{1,9})R\+(N?B)\+(N[V]|V[LA])")
TROUBLE = frozenset({"error", "fatal", "sanity"})

_N = r"([0-9]{1,20})"
_I = r"([0-9]{1,9})"
_DEV = r"(/dev/\S{1,200})"
_QUOTED = r"'(/dev/[^\s']{1,200})'"
_OPTION_KEYS = ("banner", "prng", "method", "quiet", "rounds", "sync", "verify", "direction", "autonuke")

# first word -> (kind, pattern); a pattern's groups are the event's parts in that order, the node named apart
_BY_WORD: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {}


def _rule(kind: str, pattern: str, word: str = "") -> None:
    word = word or pattern.split(" ", 1)[0].replace("\\", "")
    _BY_WORD[word] = (*_BY_WORD.get(word, ()), (kind, re.compile(pattern)))


_NODE = _DEV.replace("(/dev", "(?P<node>/dev")
_NODE_QUOTED = _QUOTED.replace("(/dev", "(?P<node>/dev")

_rule("found", rf"Found {_NODE}, ([^,]{{1,12}}), (.*), {{1,8}}([0-9]{{1,20}} ?[KMGT]?B), S/N=(.*)")
_rule("options", r"Program options are set as follows\.\.\.")
_rule("intro", r"nwipe ([0-9]\S{0,20})")
_rule("no_blank", r"do not perform a final blank pass")
_rule("block_errors_allowed", r"do not abort on block errors")
_rule("invoke", rf"Invoking method '(.{{1,60}})' on {_NODE}")
_rule("round_start", rf"Starting round {_I} of {_I} on {_NODE}")
_rule("pass_start", rf"Starting pass {_I}/{_I}, round {_I}/{_I}, on {_NODE}")
_rule("pass_end", rf"Finished pass {_I}/{_I}, round {_I}/{_I}, on {_NODE}")
_rule("round_end", rf"Finished (?:final )?round {_I} of {_I} on {_NODE}")
_rule("verifying", rf"Verifying pass {_I} of {_I}, round {_I} of {_I}, on {_NODE}")
_rule("verified", rf"Verified pass {_I} of {_I}, round {_I} of {_I}, on {_NODE_QUOTED}\.")
_rule("skipped", rf"Skipping verification of pass {_I}/{_I} on {_NODE} due to {_N} pass errors\.")
_rule("frp_start", rf"Writing final random pattern to {_NODE_QUOTED}\.")
_rule("frp_verifying", rf"Verifying final random pattern FRP on {_NODE}")
_rule("frp_ok", rf"\[SUCCESS\] Verified FRP on {_NODE_QUOTED} matches")
_rule("blank_start", rf"Blanking device {_NODE}")
_rule("empty_verifying", rf"Verifying that {_NODE} is empty\.?")
_rule("empty_ok", rf"\[SUCCESS\] Verified that {_NODE} is empty\.")
_rule("empty_bad", rf"\[FAILURE\] {_NODE} (?:Verification errors, not empty|IS NOT empty\.)")
_rule("blank_ok", rf"\[SUCCESS\] Blanked device {_NODE}")
_rule("blank_bad", rf"\[FAILURE\] {_NODE} may not be blanked")
_rule("check_start", rf"Verifying that {_NODE} is (?:zeroed|Ones \(0xFF\))")
_rule("check_ok", rf"\[SUCCESS\] Verified that {_NODE} is (?:Zeroed\.|full of ones \(0xFF\)\.)")
_rule("check_bad", rf"\[FAILURE\] {_NODE} (?:has not been Zeroed \.|is not full of ones \(0xFF\)\.)")
_rule("closed_well", r"Nwipe successfully (?:completed\. See summary table for details|exited)\.")
_rule(
    "closed_with_errors",
    r"Nwipe exited with errors, check the log & summary table for individual drive status\.",
)
_rule("closed_by_user", r"Nwipe was aborted by the user\. Check the summary table for the drive status\.")
_rule("closed_before_start", r"Nwipe was aborted by the user prior to the wipe starting\.")
_rule("hidden_none", rf"No hidden sectors on {_NODE}")
_rule("hidden_unsure", rf"HIDDEN SECTORS INDETERMINATE! on {_NODE}, .*")
_rule("hidden", rf"\*\*\* HIDDEN SECTORS DETECTED ! \*\*\* on {_NODE}")
_rule("hidden_frame", r"\*{33}", word="*" * 33)
_rule("hpa", rf"HPA values (-?[0-9]{{1,19}}) / (-?[0-9]{{1,19}}) on {_NODE}")
_rule("dco", rf"NWipe: DCO Real max sectors reported as (-?[0-9]{{1,19}}) on {_NODE}")
_rule("total_bytes", rf"Total device bytes   = {_N}")

_FROM_NODE = (
    ("serial", re.compile(rf"{_NODE} has serial number (.*)")),
    ("geometry", re.compile(rf"{_NODE}, (?:sect/blk/dev|log/phy/dev) [0-9]{{1,9}}/[0-9]{{1,9}}/{_N}")),
    ("geometry_start", re.compile(rf"{_NODE}: Device geometry is as follows\.\.\.")),
    ("usb_bridge", re.compile(rf"{_NODE} USB bridge, no (?:pass-through|passthru) support")),
    ("sanitize", re.compile(rf"{_NODE}: SANITIZE action '(.{{1,60}})' was successful\.")),
    ("sanitize_failed", re.compile(rf"{_NODE}: SANITIZE action '(.{{1,60}})' has failed\.")),
)
# the word after the node that each of them needs; a log of days begins most of its lines with a node
_AFTER_NODE = frozenset({"has", "sect/blk/dev", "log/phy/dev", "Device", "USB", "SANITIZE"})
_BYTES = (
    ("written", re.compile(rf"{_N} bytes written to {_NODE}")),
    ("read", re.compile(rf"{_N} bytes read from {_NODE}")),
)
_OPTION = re.compile(r"([a-z]{4,12}) {1,9}= (.*)")


@dataclass(frozen=True, slots=True)
class Event:
    """One line that matters. `parts` are the texts the pattern caught, the node left out."""

    line: int
    stamp: str
    kind: str
    node: str | None
    parts: tuple[str, ...]

    def numbers(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.parts)


def split_head(line: str) -> tuple[str, str, str] | None:
    """(stamp, level, words) of a line with a time and a level, or None. Without regular expressions: most of a
    long log is lines that are only looked at here."""
    if line[20:22] != "] " or line[0] != "[":
        return None
    level, colon, words = line[22:].lstrip(" ").partition(": ")
    return (line[1:20], level, words) if colon and level in _LEVELS else None


def _candidates(text: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    if text.startswith("/dev/"):
        return _FROM_NODE if text.split(" ", 2)[1:2] and text.split(" ", 2)[1] in _AFTER_NODE else ()
    if text[:1].isdigit():
        return _BYTES
    return _BY_WORD.get(text.split(" ", 1)[0], ())


def read_line(number: int, stamp: str, text: str) -> Event | None:
    """What the words after the level say, or None for a line that doesn't matter here. Linear in the line's
    length."""
    words = text.strip()
    for kind, pattern in _candidates(words):
        if hit := pattern.fullmatch(words):
            at = pattern.groupindex.get("node", 0)
            parts = hit.groups()
            node = parts[at - 1] if at else None
            return Event(number, stamp, kind, node, parts[: at - 1] + parts[at:] if at else parts)
    if text.startswith("  ") and (hit := _OPTION.fullmatch(words)) and hit[1] in _OPTION_KEYS:
        return Event(number, stamp, f"option_{hit[1]}", None, (hit[2].strip(),))
    return None


@functools.lru_cache(maxsize=4096)
def moment(stamp: str) -> datetime | None:
    """The stamp as a bare local time, good only for differences inside one file; None if there is no such
    date, or if it is written in another way than the tool's (one with a zone could not be compared)."""
    if not _MOMENT.fullmatch(stamp):
        return None
    try:
        return datetime.fromisoformat(stamp.replace("/", "-"))
    except ValueError:
        return None

"""Reads what `nvme sanitize-log`, `id-ctrl`, `id-ns` and `smart-log` print as text, nvme-cli 1.6 to 3.0; several outputs may
follow one another in a file. Text doesn't tell which version printed it, and 2.2 to 2.4 cut the upper bits of SSTAT off."""

import re
from collections.abc import Callable, Iterator, Mapping

from privacy.evidence.model import Evidence, Finding
from privacy.evidence.readers.labels import Section, number_in, sections
from privacy.evidence.readers.marks import clash, gap, is_whole, note
from privacy.evidence.readers.nvme_rows import Facts, counters_of, findings_of, row_of
from privacy.evidence.readers.nvme_sanitize import STATES, Sanitize, from_bits
from privacy.evidence.readers.text import Text

FORMAT = "nvme-cli-text"
PARSER = "nvme-text 2"
MOST_DEVICES = 256

_TITLES = (
    ("controller", re.compile(r"NVME Identify Controller:\s*")),
    ("namespace", re.compile(r"NVME Identify Namespace [0-9]{1,10}:\s*")),
    ("smart", re.compile(r"Smart Log for NVME device:(\S{1,64}) namespace-id:[0-9a-f]{1,8}\s*")),
    ("sanitize", re.compile(r"Sanitize Progress {1,40}\(SPROG\) ?: {1,4}[0-9]{1,10}(?:\s.*)?")),
)
_IN_USE = re.compile(r"lbaf +[0-9]{1,2} : +ms:[0-9]{1,6} +lbads:([0-9]{1,3}) .*\(in use\)\s*")
# what -v and -H add under SSTAT: bits, then (from 2.5 on) a name and the bits' value, then words
_STATE_BITS = re.compile(r"\s*\[2:0\]\s*:?\s*(?:Sanitize Operation Status\s*: 0x([0-7])\s+)?(\S.{5,120})")
_PASS_BITS = re.compile(r"\s*\[7:3\]\s*:?\s*[A-Z][A-Za-z ]{10,80}:\s*([0-9]{1,2})")
_ERASED_BIT = re.compile(r"\s*\[8(?::8)?\]\s*:?\s*Global Data Erased\s*:?\s*(set|cleared|(?:0x)?[01])\b.*")


def _title(line: str) -> str | None:
    if not line.startswith(("NVME ", "Smart Log", "Sanitize Prog")):
        return None
    for kind, pattern in _TITLES:
        if hit := pattern.fullmatch(line):
            return f"{kind} {hit[1]}" if kind == "smart" else f"{kind} {line}"
    return None


def recognises(text: Text) -> bool:
    """Does any line head one of nvme-cli's outputs?"""
    return any(_title(line) for line in text.lines if len(line) < 200)


def read(text: Text, sha256: str) -> Evidence:
    """Each output as its own row: only a serial that an output names itself is that row's."""
    found: list[Facts] = []
    findings: list[Finding] = list(text.findings)
    kinds = set()
    for at, section in enumerate(sections(text.lines, _title)):
        if at == MOST_DEVICES:
            findings.append(gap("too_many_outputs", section.line))
            break
        kind, _, rest = section.title.partition(" ")
        kinds.add(kind)
        facts = _READERS[kind](section, rest)
        found.append(facts)
        findings += [*findings_of(facts), *_doubled(section)]
        if kind == "sanitize":
            findings += _spelt_otherwise(section)
    findings.append(note("time_zone", None))
    return Evidence(
        sha256=sha256,
        format=FORMAT,
        parser=PARSER,
        tool="nvme-cli",
        tool_version=None,
        complete=is_whole(findings),
        devices=tuple(row_of(facts) for facts in found),
        findings=tuple(findings),
        kind="state",
        real_seen="sanitize" not in kinds,
    )


def _doubled(section: Section) -> Iterator[Finding]:
    """A model may hold a line end and pose as further lines; then some label stands there twice."""
    if lines := section.twice(list(section.said)):
        yield clash("said_twice", *lines)
    if section.is_cut:
        yield gap("too_long", section.line)


def _missing(section: Section, *labels: str) -> tuple[str, ...]:
    return tuple(label.split(" ")[0].lower() for label in labels if section.get(label) is None)


def _controller(section: Section, _rest: str) -> Facts:
    return Facts(
        serial=section.get("sn"),
        model=section.get("mn"),
        total=number_in(section.get("tnvmcap")),
        names=(("fguid", section.get("fguid")),),
        capable=number_in(section.get("sanicap")),
        missing=_missing(section, "sn", "fr", "sqes"),
        lines=(section.line,),
    )


def _namespace(section: Section, _rest: str) -> Facts:
    joined = [f"{label} : {value}" for label, values in section.said.items() if label.startswith("lbaf") for value, _ in values]
    shifts = [hit[1] for line in joined if (hit := _IN_USE.fullmatch(line))]
    return Facts(
        blocks=number_in(section.get("nsze")),
        shift=int(shifts[0]) if len(shifts) == 1 else None,
        names=(("eui64", section.get("eui64")), ("nguid", section.get("nguid"))),
        missing=_missing(section, "nsze") + (() if len(shifts) == 1 else ("format_in_use",)),
        lines=(section.line,),
    )


def _smart(section: Section, node: str) -> Facts:
    written = section.get("Data Units Written", "data_units_written")
    counted = counters_of(
        number_in(written), number_in(section.get("power_on_hours")), number_in(section.get("power_cycles"))
    )
    missing = _missing(section, "power_on_hours", "num_err_log_entries") + (() if written else ("data_units_written",))
    return Facts(node=node, counters=counted, missing=missing, lines=(section.line,))


# --- sanitize log ---------------------------------------------------------------------------------------------------------


def _sanitize(section: Section, head: str) -> Facts:
    page: dict[str, object] = {"progress": number_in(head.rpartition(": ")[2]), "lines": _lines(section)}
    page["command"] = number_in(_value(section, "SCDW10"))
    machine = number_in(_value(section, "SSI"))
    page["machine"] = None if machine is None else machine & 0xF
    bits = number_in(_value(section, "SSTAT"))
    if bits is not None and bits <= 0xFFFF:
        page = from_bits(bits, **page) | _upper_bits(section, bits)
    whole = any(label.startswith("Estimated Time For Crypto Erase") for label in section.said)
    return Facts(sanitize=Sanitize(**page), missing=() if whole else ("estimates",), lines=(section.line,))  # type: ignore[arg-type]


def _upper_bits(section: Section, bits: int) -> dict[str, object]:
    """With -v the erased bit is spelt out; without it, and with no upper bit set, it may have been cut off."""
    spelt = _spelt_erased(section)
    if spelt:
        return {"erased": spelt[0][0]}
    return {} if bits > 7 else {"erased": None, "cancelled": None, "masked": True}


def _spelt_erased(section: Section) -> list[tuple[bool, int]]:
    hits = ((_ERASED_BIT.fullmatch(line), at) for line, at in _all(section))
    return [(hit[1] == "set" or hit[1].endswith("1"), at) for hit, at in hits if hit]


def _spelt_otherwise(section: Section) -> Iterator[Finding]:
    """The same bits as a number, as values and in words: all have to say one thing. A version that cut the number's upper bits
    off still spells them out."""
    bits = number_in(_value(section, "SSTAT"))
    if bits is None or bits > 0xFFFF:
        return
    for line, at in _all(section):
        if hit := _STATE_BITS.fullmatch(line):
            said = {bits & 7, STATES.get(hit[2].strip(), bits & 7), int(hit[1]) if hit[1] else bits & 7}
        elif (hit := _PASS_BITS.fullmatch(line)) and bits > 7:
            said = {bits >> 3 & 0x1F, int(hit[1])}
        else:
            continue
        if len(said) > 1:
            yield clash("sanitize_words", at)
    erased = _spelt_erased(section)
    if len({value for value, _ in erased} | ({bool(bits >> 8 & 1)} if bits > 7 and erased else set())) > 1:
        yield clash("sanitize_words", *(at for _, at in erased))


def _all(section: Section) -> Iterator[tuple[str, int]]:
    yield from section.plain
    for label, values in section.said.items():
        yield from ((f"{label}: {value}", line) for value, line in values)


def _value(section: Section, short: str) -> str | None:
    """The label's inner spaces differ between versions."""
    return next((section.get(label) for label in section.said if label.endswith(f"({short})")), None)


def _lines(section: Section) -> tuple[int, ...]:
    labels = [label for label in section.said if label.endswith(("(SSTAT)", "(SCDW10)"))]
    return (section.line, *section.line_of(*labels))


_READERS: Mapping[str, Callable[[Section, str], Facts]] = {
    "controller": _controller,
    "namespace": _namespace,
    "smart": _smart,
    "sanitize": _sanitize,
}

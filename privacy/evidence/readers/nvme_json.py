"""Reads what `nvme sanitize-log`, `id-ctrl`, `id-ns`, `smart-log` and `list` print with `-o json`, nvme-cli 1.8 to 3.0, and the
flat sanitize log of other tools over the same page."""

import re
from collections.abc import Callable, Iterator, Mapping

from privacy.evidence.model import Evidence, Finding
from privacy.evidence.readers.doc import Doc, Json, count, fields, members, word
from privacy.evidence.readers.marks import clash, is_whole, note
from privacy.evidence.readers.nvme_rows import Facts, counters_of, findings_of, row_of
from privacy.evidence.readers.nvme_sanitize import STATES, Sanitize, from_bits

FORMAT = "nvme-cli-json"
PARSER = "nvme-json 2"
MOST_DEVICES = 256

_STATUS = re.compile(r"\(([0-7])\) (.{1,100})")
_MACHINE = re.compile(r"\(([0-9]{1,2})\) .{1,100}")


def _is_page(value: Json) -> bool:
    return isinstance(value, dict) and "sprog" in value and "sstat" in value


def _kind(value: Json) -> str | None:
    if not isinstance(value, dict):
        return None
    if _is_page(value):
        return "page"
    if value and len(value) <= MOST_DEVICES and all(_is_page(one) for one in value.values()):
        return "pages"
    for kind, keys in _KEYS.items():
        if keys <= value.keys():
            return kind
    return None


_KEYS: Mapping[str, set[str]] = {
    "controller": {"vid", "sn", "mn", "fr", "cntlid"},
    "namespace": {"nsze", "ncap", "nuse", "lbafs"},
    "smart": {"critical_warning", "data_units_written", "host_write_commands", "power_on_hours"},
    "list": {"Devices"},
}


def recognises(doc: Doc) -> bool:
    """Has the document the keys of one of nvme-cli's outputs?"""
    kind = _kind(doc.value)
    listed = members(doc.value, "Devices")
    return kind is not None and (kind != "list" or any("SerialNumber" in fields(one) for one in listed))


def read(doc: Doc, sha256: str) -> Evidence:
    """One output; a sanitize log may be about several devices, a list is."""
    kind = _kind(doc.value) or ""
    found = list(_READERS[kind](doc.value))
    findings = [*doc.findings, *(finding for facts in found for finding in findings_of(facts))]
    if kind in ("page", "pages"):
        findings += [finding for node, page in _pages(doc.value) for finding in _words_disagree(node, page)]
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
        real_seen=kind not in ("page", "pages"),
    )


# --- sanitize log ---------------------------------------------------------------------------------------------------------


def _pages(value: Json) -> Iterator[tuple[str | None, Json]]:
    if _is_page(value):
        yield None, value
    else:
        yield from ((str(name)[:64], page) for name, page in value.items())


def _sanitize(value: Json) -> Iterator[Facts]:
    for node, page in _pages(value):
        yield Facts(node=node, sanitize=_page(node, page))


def _page(node: str | None, page: Json) -> Sanitize:
    machine = _MACHINE.fullmatch(word(page, "sanitize_state_information", "sanitize_state") or "")
    said: dict[str, object] = {
        "node": node,
        "progress": count(page, "sprog"),
        "command": count(page, "cdw10_info") if "cdw10_info" in page else count(page, "scdw10"),
        "machine": int(machine[1]) if machine else None,
    }
    status = page["sstat"]
    if isinstance(status, dict):
        said |= _taken_apart(status)
    elif (bits := count(page, "sstat")) is not None and bits <= 0xFFFF:
        said = from_bits(bits, **said)
    return Sanitize(**said)  # type: ignore[arg-type]


def _taken_apart(status: Mapping[str, Json]) -> dict[str, object]:
    """From 1.8 on the status is an object; what is missing in it isn't known."""
    state = _STATUS.fullmatch(word(status, "status") or "")
    return {
        "state": int(state[1]) if state else None,
        "passes": count(status, "no_cmplted_passes"),
        "erased": _bit(status, "global_erased"),
        "cancelled": _bit(status, "media_verification_canceled"),
    }


def _bit(status: Mapping[str, Json], key: str) -> bool | None:
    return {0: False, 1: True}.get(-1 if (bit := count(status, key)) is None else bit)


def _words_disagree(node: str | None, page: Json) -> Iterator[Finding]:
    """The number in brackets and the sentence after it must say the same."""
    hit = _STATUS.fullmatch(word(page, "sstat", "status") or "")
    if hit and STATES.get(hit[2], int(hit[1])) != int(hit[1]):
        yield clash("sanitize_words", node=node)


# --- identity and counters ------------------------------------------------------------------------------------------------


def _controller(value: Json) -> Iterator[Facts]:
    yield Facts(
        serial=word(value, "sn"),
        model=word(value, "mn"),
        total=count(value, "tnvmcap"),
        names=(("fguid", word(value, "fguid")),),
        capable=count(value, "sanicap"),
        missing=() if word(value, "sn") else ("serial",),
    )


def _namespace(value: Json) -> Iterator[Facts]:
    flbas = count(value, "flbas")
    index = None if flbas is None else flbas & 0xF | (flbas >> 1 & 0x30)
    yield Facts(
        blocks=count(value, "nsze"),
        shift=None if index is None else count(value, "lbafs", index, "ds"),
        names=(("eui64", word(value, "eui64")), ("nguid", word(value, "nguid"))),
    )


def _smart(value: Json) -> Iterator[Facts]:
    counted = counters_of(count(value, "data_units_written"), count(value, "power_on_hours"), count(value, "power_cycles"))
    yield Facts(counters=counted)


def _listed(value: Json) -> Iterator[Facts]:
    for one in list(members(value, "Devices"))[:MOST_DEVICES]:
        yield Facts(
            node=word(one, "DevicePath"),
            serial=word(one, "SerialNumber"),
            model=word(one, "ModelNumber"),
            total=count(one, "PhysicalSize"),
        )


_READERS: Mapping[str, Callable[[Json], Iterator[Facts]]] = {
    "page": _sanitize,
    "pages": _sanitize,
    "controller": _controller,
    "namespace": _namespace,
    "smart": _smart,
    "list": _listed,
}

"""Reads reports in Blancco's shape, XML and JSON. The shape proves nothing: scripts exist that fill it with constants, and
Blancco's own signature isn't checked here. So each is a statement.

Source: programs by others that read such reports (paths and names of the entries), and values that one user published; no whole
report was at hand.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import Final
from xml.etree.ElementTree import Element

from core.i18n import N_
from privacy.evidence.identity import normalise_serial
from privacy.evidence.model import DeviceRow, Evidence, Finding, Lock, Unreadable
from privacy.evidence.readers.blancco_rows import Erasure, clashes_of, row_of
from privacy.evidence.readers.blancco_tree import Node, from_json, from_xml
from privacy.evidence.readers.doc import Doc, at, members
from privacy.evidence.readers.marks import clash, gap, identity_marks, is_whole
from privacy.evidence.readers.phones import imeis, yes_or_no
from privacy.evidence.readers.stamps import zone_of

FORMAT = "blancco-report"
PARSER = "blancco 1"
_MARK: Final = "blancco_erasure_report"
_LOCKS: Final = {
    "find_my_iphone": "find_my",
    "find_my_iphone_status": "find_my",
    "activation_lock": "activation",
    "mdm_status": "mdm",
    "frp_status": "frp",
}
_LISTS: Final = ("prolog_blacklisted", "prolog_graylisted")
_TYPED: Final = 100  # free fields at most
MOST_ERASURES: Final = 200  # of one report; a server has a few dozen disks


def recognises(decoded: Doc | Element) -> bool:
    """Is there an erasure report in it, by the name of the part?"""
    if isinstance(decoded, Element):
        return any(True for _ in decoded.iter(_MARK))
    value = decoded.value
    tops = [value, at(value, "report"), at(value, "root", "report"), *members(value, "reports")[:10]]
    return any(at(top, *path) is not None for top in tops for path in ((_MARK,), ("blancco_data", _MARK)))


def read(decoded: Doc | Element, sha256: str) -> Evidence:
    """The whole file; one row for each erasure of each report in it. Raises Unreadable for more of them than any house has."""
    root = from_xml(decoded) if isinstance(decoded, Element) else from_json(decoded.value)
    findings = [*(decoded.findings if isinstance(decoded, Doc) else ()), Finding(code="unsigned_report", value=True)]
    top = Node("", None, [root])
    erasures = list(islice((one for report in _reports(top) for one in _erasures(report)), MOST_ERASURES + 1))
    if len(erasures) > MOST_ERASURES:
        raise Unreadable(
            "too_many_devices",
            N_("The file names more than %(limit)s devices. Send the log of one run only."),
            {"limit": MOST_ERASURES},
        )
    rows = [row_of(one) for one in erasures]
    for number, one in enumerate(erasures):
        findings += [clash(f"{why}: /erasure/{number}") for why in dict.fromkeys(clashes_of(one))]
        findings += identity_marks(one.serial, one.target.word("model"))
        findings += _about(one, number)
    phone, odd = imeis(part.text for part in top.deep("imei", "imei2"))
    findings.append(zone_of([time for one in erasures for time in one.times if time]))
    findings += [*odd, *_copies(rows), *_remarks(top, erasures)]
    rows = [replace(row, identities=phone) for row in rows] if len(rows) == 1 else rows
    return Evidence(
        sha256=sha256,
        format=FORMAT,
        parser=PARSER,
        tool="blancco",
        tool_version=next((part.text for part in top.deep("product_version") if part.text), None),
        complete=is_whole(findings),
        devices=tuple(rows),
        findings=tuple(dict.fromkeys(findings)),
        kind="statement",
        locks=tuple(_locks(top)),
        texts=tuple(_typed(top)),
        real_seen=False,
    )


def _reports(top: Node) -> list[Node]:
    """Parts that hold an erasure report, whatever they are called around it; each keeps its hardware list beside it."""
    found = [part for part in chain([top], top.deep("report", "blancco_data")) if part.all(_MARK)]
    return found or [part for part in top.deep("reports") if part.parts]


def _erasures(report: Node) -> Iterator[Erasure]:
    hardware = chain.from_iterable(part.deep("disk") for part in report.all("blancco_hardware_report"))
    disks = frozenset(serial for disk in hardware if (serial := normalise_serial(disk.word("serial"))))
    for part in report.all(_MARK):
        for node in part.deep("erasure"):
            for target in node.all("target") or [Node("target")]:
                yield Erasure(node, target, disks)


def _about(one: Erasure, number: int) -> Iterator[Finding]:
    if one.node.word("state") is None:
        yield gap(f"state: /erasure/{number}")
    if one.serial is None:
        yield gap(f"serial: /erasure/{number}")
    if one.count("firmware_rounds"):
        yield Finding(code="firmware_erase", value=True, detail=f"/erasure/{number}")
    if one.status is None and one.node.word("state") is not None:
        yield Finding(code="unknown_state", value=True, detail=one.node.word("state"))


def _copies(rows: list[DeviceRow]) -> Iterator[Finding]:
    seen: dict[str, str | None] = {}
    for row in rows:
        if row.core and seen.setdefault(row.core, row.serial) != row.serial:
            yield clash("the same erase on two media")


def _remarks(top: Node, erasures: list[Erasure]) -> Iterator[Finding]:
    if not erasures:
        yield Finding(code="nothing_wiped", value=True)
    if any(True for _ in top.deep("signature", "verification_signature", "digital_signature")):
        yield Finding(code="signature_not_checked", value=True)
    for name in _LISTS:
        for part in top.deep(name):
            yield Finding(code="listed_as_stolen", value=yes_or_no(part.text), detail=name)


def _locks(top: Node) -> Iterator[Lock]:
    """A lock that the report names; on or off only for words that plainly say it."""
    said: dict[str, bool | None] = {}
    for name, kind in _LOCKS.items():
        for part in top.deep(name):
            on = yes_or_no(part.text)
            said[kind] = True if on or said.get(kind) else on
    return (Lock(kind=kind, on=on) for kind, on in said.items())


def _typed(top: Node) -> Iterator[str]:
    """Custom fields, which the operator fills."""
    for number, part in enumerate(part for data in top.deep("user_data") for part in data.deep(*_field_names(data))):
        if number >= _TYPED:
            return
        if part.text:
            yield part.text


def _field_names(data: Node) -> tuple[str, ...]:
    return tuple({part.name for field in data.deep("fields") for part in field.parts})

"""What a tool's file says of locks, and what its reader noticed, for the page of the file and the verifier's."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from core import clock
from core.files import Damaged, NotStored
from privacy.bench import bench
from privacy.clearance.words import Told, findings_told, locks_told
from privacy.evidence.model import Unreadable
from privacy.evidence.readers import read
from privacy.readback.stations import public_keys
from privacy.wipes.checklist_sending import FORMAT
from privacy.wipes.models import EvidenceFile

MOST = 60


@dataclass(frozen=True, slots=True)
class FactShown:
    """`good`: is it as it should be; None where that can't be said. `known`: does the file say anything at all."""

    label: str
    state: str
    good: bool | None
    known: bool
    detail: str
    lines: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class FileTold:
    """`fault`: why nothing can be said of it, else "". `wrong`: is anything of it as it shouldn't be."""

    name: str
    href: str
    locks: Sequence[FactShown]
    findings: Sequence[FactShown]
    fault: str

    @property
    def wrong(self) -> bool:
        return any(one.good is False for one in (*self.locks, *self.findings))


def told_of(file: EvidenceFile) -> FileTold | None:
    """None for a check-list, which has a page of its own."""
    if file.format == FORMAT:
        return None
    href, name = f"/evidence/{file.id}", f"{file.format} · {file.digest[:16]}"
    try:
        evidence = read(bench().store.get(file.digest), keys=public_keys(g.db, clock.now()))
    except (NotStored, Damaged):
        return FileTold(name, href, [], [], _("The stored file is missing or changed on the disk."))
    except Unreadable as no:
        return FileTold(name, href, [], [], _(no.sentence, **no.values))
    return FileTold(
        name,
        href,
        [_fact(one, href, known=one.good is not None) for one in locks_told(evidence.locks)],
        [_fact(one, href, known=True) for one in findings_told(evidence.findings)[:MOST]],
        "",
    )


def _fact(one: Told, href: str, *, known: bool) -> FactShown:
    lines = [(number, f"{href}?line={number}#L{number}") for number in one.lines[:5]]
    return FactShown(_(one.label), _(one.state), one.good, known, one.detail, lines)

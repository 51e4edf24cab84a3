"""What a tool's file says about who a medium is and how much it was used, kept beside the judgement it came with."""

from collections.abc import Iterable, Sequence

from core import ids, secrets
from core.goods.models import StorageMedium
from core.goods.rules import mask
from core.work import Work
from privacy.devices.models import IdentityClaim, UsageSnapshot
from privacy.evidence.identity import normalise_serial
from privacy.evidence.model import Counters, DeviceRow, Evidence
from privacy.wipes.models import EvidenceFile, Judgement, WipeJob

_KINDS = 12


def claim(
    w: Work, *, item_id: str, medium_id: str | None, kind: str, source: str, value: str, evidence_id: str | None = None
) -> IdentityClaim:
    """Keep what somebody or something says a device or medium is. `source`: a word of privacy.devices.rules.SOURCES."""
    row = IdentityClaim(
        id=ids.new_id(),
        item_id=item_id,
        medium_id=medium_id,
        kind=kind[:_KINDS],
        source=source,
        value=secrets.encrypt(value, "identifier"),
        digest=secrets.keyed_digest(normalise_serial(value) or value, "claim"),
        masked=mask(value)[:80],
        evidence_id=evidence_id,
        seen_by=w.actor.id,
        seen_at=w.now,
    )
    w.session.add(row)
    return row


def remember(w: Work, job: WipeJob, file: EvidenceFile, evidence: Evidence, judgements: Sequence[Judgement]) -> None:
    """Every name and counter that the file tells of a medium of this device, once for each judgement that named a row."""
    for judgement in judgements:
        row = _row_of(evidence, judgement)
        if row is None:
            continue
        medium = w.session.get_one(StorageMedium, judgement.medium_id)
        for kind, source, value in _names(row):
            claim(
                w,
                item_id=job.item_id,
                medium_id=medium.id,
                kind=kind,
                source=source,
                value=value,
                evidence_id=file.id,
            )
        if judgement.verdict == "pass" and row.counters is not None:
            snapshot(w, job.item_id, medium.id, job.epoch, "after_wipe", row.counters, file.digest)


def _row_of(evidence: Evidence, judgement: Judgement) -> DeviceRow | None:
    told = judgement.device or {}
    same = [row for row in evidence.devices if row.node == told.get("node") and row.run == told.get("run")]
    return same[0] if len(same) == 1 and told else None


def _names(row: DeviceRow) -> Iterable[tuple[str, str, str]]:
    """(kind, source, value). Without a word on where it comes from, a log's serial is what its system answered."""
    source = "bridge" if row.usb_bridge and row.bus == "USB" else (row.serial_source or "system")
    if row.serial and normalise_serial(row.serial):
        yield "serial", source, row.serial
    for kind, value in row.identities:
        if value:
            yield kind, source, value


def snapshot(
    w: Work, item_id: str, medium_id: str, epoch: int, moment: str, counters: Counters, digest: str
) -> UsageSnapshot:
    """Keep a reading of a medium's own counters. `digest`: of the file it was read from."""
    row = UsageSnapshot(
        id=ids.new_id(),
        item_id=item_id,
        medium_id=medium_id,
        epoch=epoch,
        moment=moment,
        power_on_hours=counters.power_on_hours,
        power_cycles=counters.power_cycles,
        bytes_written=counters.bytes_written,
        boot_count=counters.boot_count,
        data_erased=counters.data_erased,
        digest=digest,
        by=w.actor.id,
        at=w.now,
    )
    w.session.add(row)
    return row

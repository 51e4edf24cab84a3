"""What a tool's file says about who a medium is and how much it was used, kept beside the judgement it came with."""

from collections.abc import Iterable, Sequence

from core import ids, photos, secrets
from core.errors import Forbidden, Invalid
from core.goods.custody import find_holder, locked
from core.goods.intake import serial_of
from core.goods.models import Item, StorageMedium
from core.goods.rules import mask, normalise_identifier
from core.i18n import N_
from core.people.acting import demand_role
from core.work import Work
from privacy.bench import Bench
from privacy.devices.host_numbers import numbers_in
from privacy.devices.models import IdentityClaim
from privacy.devices.reading_models import UsageSnapshot
from privacy.evidence.identity import normalise_serial
from privacy.evidence.model import Counters, DeviceRow, Evidence
from privacy.wipes import people
from privacy.wipes.models import EvidenceFile, Judgement, WipeJob
from privacy.wipes.queries import present_media

_KINDS = 12
# what a person reads with own eyes; the others are answers of devices
READ_BY_PEOPLE = ("label", "dmi", "photo")


def claim(
    w: Work,
    *,
    item_id: str,
    medium_id: str | None,
    kind: str,
    source: str,
    value: str,
    evidence_id: str | None = None,
    photo: str | None = None,
) -> IdentityClaim:
    """Keep what somebody or something says a device or medium is. `source`: a word of privacy.devices.rules.SOURCES; `photo`:
    digest of the one it was read from."""
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
        photo=photo,
        seen_by=w.actor.id,
        seen_at=w.now,
    )
    w.session.add(row)
    return row


def remember_host(w: Work, item: Item, file: EvidenceFile, raw: bytes) -> None:
    """The number that the mainboard of the computer told, on which the tool ran, if it is this very device's. A bench's own says
    nothing about the device and isn't kept."""
    told = {normalise_identifier("serial", number) for number in numbers_in(file.format, raw)}
    for kind, number in _own_numbers(item):
        if normalise_identifier(kind, number) in told:
            claim(w, item_id=item.id, medium_id=None, kind=kind, source="dmi", value=number, evidence_id=file.id)


def seen_by_verifier(w: Work, item: Item) -> None:
    """The second person read the device's number anew and ticked that it is the registered one."""
    for kind, number in _own_numbers(item)[:1]:
        claim(w, item_id=item.id, medium_id=None, kind=kind, source="label", value=number)


def read_by_person(
    w: Work, bench: Bench | None, item_id: str, *, what: str, source: str, number: str, photo: bytes
) -> IdentityClaim:
    """Staff who keep a device say what a label, its firmware's screen or a photo shows. `what`: `device`, or a medium's id.

    Raises Forbidden for others; Invalid for a source nobody reads with own eyes, a photo that is missing, or a number that isn't
    the registered one: that is another device or a slip, and nothing is written down."""
    item = locked(w, item_id)
    line = find_holder(w.session, item_id)
    if line is None or line.holder_kind != "org":
        raise Forbidden()
    demand_role(w, line.holder_id, *people.STAFF)
    if source not in READ_BY_PEOPLE:
        raise Invalid("source_missing", N_("Please choose one of the answers offered."), field="source")
    medium = next((one for one in present_media(w.session, item_id) if one.id == what), None)
    known = [("serial", serial_of(medium))] if medium is not None else _own_numbers(item) if what == "device" else []
    typed = [(kind, one) for kind, one in known if normalise_identifier(kind, one) == normalise_identifier(kind, number)]
    if not typed or not normalise_identifier("serial", number):
        raise Invalid(
            "number_differs",
            N_("The register has another number. Read it again; if it stays, this isn't the registered device or medium."),
            field="number",
        )
    kept = None
    if source == "photo":
        if not photo or bench is None:
            raise Invalid("photo_missing", N_("Take the photo that is asked for."), field="photo")
        kept = bench.store.put(photos.clean(photo).sizes["large"].data, "photo")
    kind, value = typed[0]
    medium_id = medium.id if medium is not None else None
    row = claim(w, item_id=item_id, medium_id=medium_id, kind=kind, source=source, value=value, photo=kept)
    w.session.flush()
    w.record("privacy:claim:added", item_id, source=source, medium=medium_id or "")
    return row


def _own_numbers(item: Item) -> list[tuple[str, str]]:
    return [(one.kind, secrets.decrypt(one.value, "identifier")) for one in item.identifiers if one.live]


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
            snapshot(
                w, job.item_id, medium.id, job.epoch, "after_wipe", row.counters, file.digest,
                challenged=judgement.challenge, key_id=evidence.signed_by,
            )  # fmt: skip


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
    w: Work,
    item_id: str,
    medium_id: str,
    epoch: int,
    moment: str,
    counters: Counters,
    digest: str,
    *,
    challenged: bool | None = None,
    key_id: str | None = None,
) -> UsageSnapshot:
    """Keep a reading of a medium's own counters. `digest`: of the file it was read from; `challenged`: does that carry the code
    it was asked for with; `key_id`: the station that signed it."""
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
        challenged=challenged,
        key_id=key_id,
        by=w.actor.id,
        at=w.now,
    )
    w.session.add(row)
    w.session.flush()
    return row

"""Counters read again: growth beyond tolerance means that the device was used after its wipe, and ends the clearance."""

from collections.abc import Sequence

from core.errors import Invalid, Refused
from core.goods import custody
from core.goods.custody import locked
from core.goods.intake import serial_of
from core.goods.models import StorageMedium
from core.goods.rules import normalise_serial
from core.i18n import N_
from core.work import Work
from privacy.bench import Bench
from privacy.clearance.actions import end_clearance
from privacy.clearance.queries import find_valid
from privacy.devices import queries
from privacy.devices.claims import snapshot
from privacy.devices.models import UsageSnapshot
from privacy.devices.rules import Growth, Usage, growth
from privacy.evidence.model import DeviceRow, Evidence
from privacy.evidence.readers import read
from privacy.wipes import people
from privacy.wipes.queries import present_media


def read_again(w: Work, bench: Bench, item_id: str, raw: bytes, moment: str) -> list[tuple[StorageMedium, Growth]]:
    """A file that staff read from the device now, compared with the reading from which use is counted.

    `moment`: `check` or `hand_over`. Use beyond the tolerance ends the clearance as void by use, in this transaction. Raises
    Unreadable, Invalid (no counters of this device's media in the file), Refused (nothing to compare with)."""
    item = locked(w, item_id)
    line = custody.find_holder(w.session, item_id)
    people.demand_role(w, line.holder_id if line and line.holder_kind == "org" else None, *people.STAFF)
    found = rows_of(read(raw), present_media(w.session, item_id))
    digest = bench.store.put(raw, "evidence")
    answers = []
    for medium, row in found:
        baseline = queries.find_baseline(w.session, medium.id, item.epoch)
        if baseline is None:
            raise Refused("no_baseline", N_("No counters were read right after the wipe, so there is nothing to compare with."))
        assert row.counters is not None
        now = snapshot(w, item_id, medium.id, item.epoch, moment, row.counters, digest)
        answers.append((medium, growth(queries.usage_of(baseline), _usage(now))))
    used = any(one.used for _, one in answers)
    w.record("privacy:usage:read", item_id, moment=moment, used=used, media=len(answers), digest=digest)
    if used:
        clearance = find_valid(w.session, item_id, lock=True)
        if clearance is not None:
            end_clearance(w, clearance, "used")
    return answers


def _usage(row: UsageSnapshot) -> Usage:
    return queries.usage_of(row)


def rows_of(evidence: Evidence, media: Sequence[StorageMedium]) -> list[tuple[StorageMedium, DeviceRow]]:
    """Which row of the file tells the counters of which medium, by serial. Raises Invalid when it tells none."""
    found = []
    for medium in media:
        serial = normalise_serial(serial_of(medium))
        rows = [row for row in evidence.devices if row.counters and row.serial and normalise_serial(row.serial) == serial]
        if len(rows) == 1 and not (rows[0].usb_bridge and rows[0].bus == "USB"):
            found.append((medium, rows[0]))
    if not found:
        raise Invalid(
            "no_counters",
            N_("The file has no counters of this device's media. Use smartctl -x -j or the station tool on the device itself."),
            field="file",
        )
    return found

"""What stands in a certificate beside device and media: what left it, work after the wipe, account locks."""

from typing import Any

from core.db import stamp
from core.goods.models import StorageMedium
from core.work import Work
from privacy.devices.queries import find_destruction, find_witness, works_of
from privacy.wipes.locks import told
from privacy.wipes.models import WipeJob
from privacy.wipes.queries import all_media


def removed(w: Work, job: WipeJob) -> list[dict[str, Any]]:
    """Media that left the device: destroyed before a witness, or a card given back."""
    gone = [one for one in all_media(w.session, job.item_id) if one.state in ("destroyed", "returned")]
    return [_left(w, one) for one in gone]


def _left(w: Work, medium: StorageMedium) -> dict[str, Any]:
    destruction, witness = find_destruction(w.session, medium.id), find_witness(w.session, medium.id)
    return {
        "id": medium.id,
        "kind": medium.kind,
        "medium": medium.medium,
        "masked": medium.masked,
        "outcome": medium.state,
        "method": destruction.method if destruction else "",
        "millimetres": destruction.millimetres if destruction else None,
        "witnessed_at": stamp(witness.at) if witness else "",
        "grade": "E5" if witness else "",
    }


def after_work(w: Work, job: WipeJob) -> list[dict[str, Any]]:
    """What was done to the device after its wipe, and when another person saw its set-up screen."""
    return [
        {
            "purpose": one.purpose,
            "image": one.image_name,
            "image_sha256": one.image_digest,
            "begun_at": stamp(one.begun_at),
            "ended_at": stamp(end.at) if end else "",
        }
        for one, end in works_of(w.session, job.id)
    ]


def locks(w: Work, job: WipeJob) -> list[dict[str, str]]:
    """What each account lock said before the wipe and after it, where no check-list asks for them."""
    before, after = told(w.session, job.id, "before"), told(w.session, job.id, "after")
    return [{"lock": lock, "before": before.get(lock, "unknown"), "after": after[lock]} for lock in sorted(after)]

"""What the bench page says is still to be done with the device itself."""

from typing import Any

from flask import g
from flask_babel import gettext as _

from core import ids
from core.access import visitor
from privacy.devices import queries as device
from privacy.keys.signing_off import find_signature
from privacy.wipes import queries
from privacy.wipes.models import WipeJob
from privacy.wipes.show import when


def device_steps(job: WipeJob) -> dict[str, Any]:
    """Counted, destroyed, witnessed, worked on."""
    before = device.find_count(g.db, job.id, "before")
    waiting = {one.medium_id: f"/destructions/{one.id}/witness" for one in device.unwitnessed(g.db, job.id)}
    taken_out = [one for one in queries.all_media(g.db, job.item_id) if one.state == "removed"]
    mine = job.operator_id == visitor().account_id
    works, signature = device.works_of(g.db, job.id), find_signature(g.db, job)
    looks = bool({"wipe_verifier"} & (visitor().roles | visitor().asleep)) and not mine
    return {
        "counted": _("%(number)s counted, %(time)s", number=before.counted, time=when(before.at)) if before else None,
        "to_destroy": [
            (one.masked, f"/wipes/{job.id}/media/{one.id}/destroy") for one in taken_out if mine and one.id not in waiting
        ],
        "to_witness": [(one.masked, waiting[one.id] if looks else "") for one in taken_out if one.id in waiting],
        "after_works": [
            (ids.grouped(one.code), f"/after-works/{one.id}/end" if looks else "", when(end.at) if end else None)
            for one, end in works
        ],
        "to_sign": mine and job.state == "judged" and signature is None,
        "signed": when(signature.at) if signature else None,
        "can_add_work": job.state == "judged" and mine and all(end is not None for _one, end in works),
    }

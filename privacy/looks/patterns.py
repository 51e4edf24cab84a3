"""A keyed last pass: the house gives a key for one medium of one job, the operator writes its keystream, a verifier checks it."""

import secrets as dice

from core import ids, secrets
from core.errors import Invalid, Refused
from core.goods.models import StorageMedium
from core.i18n import N_
from core.work import Work
from privacy.looks.models import PatternKey
from privacy.looks.queries import find_pattern
from privacy.readback.keystream import Keystream
from privacy.wipes import actions
from privacy.wipes.models import WipeJob

LABEL = "pattern-key"


def give(w: Work, job: WipeJob, medium: StorageMedium) -> PatternKey:
    """A new key for the last pass over this medium; asked for twice it is the same. Raises Forbidden for anybody but the
    operator, Refused when it isn't being wiped."""
    actions.demand_bench(w, job)
    if job.state != "wiping":
        raise Refused("not_being_wiped", N_("A key is given while the medium is being wiped, not before or after."))
    if medium.item_id != job.item_id or medium.state != "present":
        raise Invalid("medium_unknown", N_("Choose a medium of this device."), field="medium")
    before = find_pattern(w.session, job.id, medium.id)
    if before is not None:
        return before
    key = dice.token_bytes(32)
    row = PatternKey(
        id=ids.new_id(), job_id=job.id, medium_id=medium.id, key_id=Keystream(key).id, sealed=secrets.encrypt(key.hex(), LABEL),
        asked_by=w.actor.id, at=w.now,
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    w.record("privacy:pattern:given", job.id, medium=medium.id, key=row.key_id)
    return row


def opened(w: Work, row: PatternKey) -> str:
    """The key in hex, for who writes or checks the pass; that it was read is on record."""
    w.record("privacy:pattern:read", row.job_id, medium=row.medium_id, key=row.key_id)
    return secrets.decrypt(row.sealed, LABEL)

"""What the demonstration's verifiers read and photograph themselves."""

from collections.abc import Sequence

from core import ids, secrets
from core.goods.models import Item
from core.work import Work
from market.demo.drawing import with_code
from privacy.clearance.looking import Look
from privacy.wipes import rules
from privacy.wipes.models import WipeJob


def tail_of(w: Work, item_id: str) -> str:
    """The last four of the device's number, as they stand on it."""
    number = next(one for one in w.session.get_one(Item, item_id).identifiers if one.live)
    return secrets.decrypt(number.value, "identifier")[-4:]


def own_look(w: Work, job: WipeJob, motif: str, n: int, ticked: Sequence[str] = ()) -> Look:
    """The number read anew, every lock off, a photo of the device with the job's code beside it; `ticked`: what a list asks. The
    demo's disks are emulated and count nothing."""
    category = w.session.get_one(Item, job.item_id).category
    photo = with_code(motif, n, ids.grouped(job.challenge))
    locks = dict.fromkeys(rules.locks_of(category), "off")
    return Look(ticked=ticked, tail=tail_of(w, job.item_id), photo=photo, locks=locks, no_counters=True)

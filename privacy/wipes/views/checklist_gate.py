"""Between the part before the wipe and the wipe itself: nothing that can only be read now is left open, and a device that can't
be listed afterwards is named before it is cleared."""

from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from core import clock
from core.clock import LOCAL_ZONE
from core.errors import Invalid
from core.forms import Form
from core.i18n import N_
from privacy.bench import bench
from privacy.clearance.checklist_reasons import REASONS
from privacy.clearance.profiles import get_profile
from privacy.wipes import checklist_filling, checklist_show, queries
from privacy.wipes.checklist_models import FilledList
from privacy.wipes.checklist_sending import is_business, weigh
from privacy.wipes.checklists import get_checklist
from privacy.wipes.models import WipeJob

MISSING = N_("Answer this before the wipe.")
PHOTO = N_("Take this photo before the wipe.")
WHY = N_("What belongs before the wipe can't be read any more afterwards. What you entered is saved.")
UNDECLARED = ("no_declaration", "declared_other_system", "system_unread")


def blame_missing(form: Form, job: WipeJob, found: FilledList) -> bool:
    """Say at its field what is still open of the part before the wipe; True when something is. It is saved as it is."""
    item, checklist = queries.get_item(g.db, job.item_id), get_checklist(found.platform)
    there = checklist_filling.photos_of(found)
    missing = [(f"r_{name}", MISSING) for name in checklist.reads if not found.readings.get(name)]
    for step in checklist.part("before", item.brand):
        if step.code not in found.answers:
            missing.append((f"s_{step.code}", MISSING))
        if step.photo != "none" and step.code not in there:
            missing.append((f"p_{step.code}", PHOTO))
    for field, sentence in missing:
        form.blame(Invalid("before_missing", sentence, field=field))
    if missing:
        form.blame(Invalid("before_whole", WHY))
    return bool(missing)


@dataclass(frozen=True, slots=True)
class Unlisted:
    """Why the device couldn't be listed although it was cleared, on what ground, and what its owner can do."""

    why: str
    ground: str
    ways: list[str]


def unlisted(job: WipeJob, found: FilledList) -> Unlisted | None:
    """The maker's word is missing for what was read off the device: said before the wipe, not after it."""
    item, today = queries.get_item(g.db, job.item_id), clock.now().astimezone(LOCAL_ZONE).date()
    verdict = weigh(g.db, bench(), job, item, found, today, business=is_business(g.db, job)).verdict
    code = next((code for code in UNDECLARED if code in verdict.reasons), None)
    if code is None:
        return None
    ground = checklist_show.ground_of(verdict.ground, get_profile(bench().profile))
    return Unlisted(_(REASONS[code]), ground, checklist_show.ways_on())

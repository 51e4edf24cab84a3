"""A job goes to its verifier once every storage medium is covered: wiped and judged, or destroyed before a witness."""

from core.i18n import N_
from core.people.notices import notify
from core.states import walk
from core.work import Work
from privacy.wipes import queries
from privacy.wipes.models import WipeJob
from privacy.wipes.states import JOB


def is_covered(w: Work, job: WipeJob) -> bool:
    """Is there nothing inside without a passed judgement, nothing taken out that isn't destroyed yet, and anything at all?"""
    media = [one for one in queries.all_media(w.session, job.item_id) if one.state in ("present", "removed", "destroyed")]
    passed = queries.passed_media(w.session, job.id)
    return bool(media) and all(one.state == "destroyed" or (one.state == "present" and one.id in passed) for one in media)


def settle(w: Work, job: WipeJob) -> bool:
    """Hand the job over to its verifier if it is ready; says whether it is."""
    w.session.flush()
    if job.state != "wiping" or not is_covered(w, job):
        return False
    walk(w, JOB, job, "judge")
    w.record("privacy:job:judged", job.id, item=job.item_id, media=len(queries.all_media(w.session, job.item_id)))
    notify(
        w,
        job.owner_id,
        N_("Your device is wiped; a second person verifies it now (%(number)s)."),
        f"/wipes/{job.id}",
        number=job.number,
    )
    return True

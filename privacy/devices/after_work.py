"""Work after the wipe: tests, or a system installed from an image named by digest. No account, no shop Wi-Fi left behind."""

import re
from collections.abc import Sequence
from datetime import datetime

from core import ids
from core.access import FRESH, SecondFactorNeeded
from core.errors import Forbidden, Invalid, Refused
from core.i18n import N_
from core.people.acting import demand_role
from core.work import Work
from privacy.bench import Bench
from privacy.devices import fresh_readings, queries
from privacy.devices.claims import snapshot
from privacy.devices.models import AfterWork, AfterWorkEnd
from privacy.devices.rules import COUNTING
from privacy.devices.taking_out import keep_photo
from privacy.evidence.readers import read
from privacy.readback.stations import public_keys
from privacy.wipes.models import WipeJob
from privacy.wipes.queries import present_media

PURPOSES = {
    "system": N_("A system is installed from an image"),
    "tests": N_("It is switched on for tests"),
}
CHECKS = {
    "no_account": N_("No account was signed in, and none is asked for."),
    "no_wifi": N_("The shop's Wi-Fi and every other network are removed."),
    "setup_screen": N_("The set-up screen is shown, with the code beside it on the photo."),
}
_SHA256 = re.compile(r"[0-9a-f]{64}")


def begin(w: Work, job: WipeJob, *, purpose: str, image_name: str = "", image_digest: str = "") -> AfterWork:
    """The job's operator works on the wiped device before its verification. Raises Invalid for a system without an image's name
    and SHA-256."""
    if job.operator_id != w.actor.id:
        raise Forbidden("not_the_operator", N_("Only the operator who took this job works on it."))
    demand_role(w, job.org_id, "wipe_operator")
    if job.state != "judged":
        raise Refused("wipe_first", N_("Work after the wipe begins once every medium has passed, and before the verification."))
    if queries.find_open_work(w.session, job.id):
        raise Refused("work_open", N_("Work on this device is going on already. End that first."))
    if purpose not in PURPOSES:
        raise Invalid("purpose_missing", N_("Please choose one of the answers offered."), field="purpose")
    name, digest = image_name.strip(), image_digest.strip().lower()
    if purpose == "system" and not name:
        raise Invalid("image_missing", N_("Name the image the system comes from."), field="image_name")
    if (purpose == "system" or digest) and not _SHA256.fullmatch(digest):
        raise Invalid("image_digest", N_("Enter the image's SHA-256: 64 digits and letters a to f."), field="image_digest")
    row = AfterWork(
        id=ids.new_id(),
        item_id=job.item_id,
        job_id=job.id,
        epoch=job.epoch,
        purpose=purpose,
        image_name=name[:120],
        image_digest=digest,
        code=ids.new_checked_code(),
        operator_id=w.actor.id,
        begun_at=w.now,
    )
    w.session.add(row)
    w.session.flush()
    w.record("privacy:after_work:begun", job.id, item=job.item_id, purpose=purpose, image=digest)
    return row


def end(
    w: Work,
    bench: Bench,
    work: AfterWork,
    *,
    checks: set[str],
    photo: bytes,
    readings: Sequence[bytes],
    signed_in_at: datetime | None,
) -> AfterWorkEnd:
    """The verifier looks at the set-up screen with the code. `readings`: fresh files with the counters of every medium that
    counts its use, from which use is counted from now on; only chips and cards have none to read.

    Raises Invalid at the field of what is missing: a tick, the photo, or `readings`."""
    demand_role(w, None, "wipe_verifier")
    if signed_in_at is None or not w.now - FRESH <= signed_in_at <= w.now:
        raise SecondFactorNeeded()
    job = w.session.get_one(WipeJob, work.job_id)
    if w.actor.id in (work.operator_id, job.operator_id, job.owner_id):
        raise Forbidden("verifier_wiped", N_("Who worked on the device or owns it doesn't end the work. Another person does."))
    if queries.find_open_work(w.session, job.id) is None:
        raise Refused("work_ended", N_("This work was ended already."))
    for code in CHECKS:
        if code not in checks:
            raise Invalid("check_missing", N_("Tick this once you have done it, or reject the wipe."), field=code)
    row = AfterWorkEnd(
        id=ids.new_id(),
        work_id=work.id,
        operator_id=work.operator_id,
        verifier_id=w.actor.id,
        photo=keep_photo(bench, photo),
        signed_in_at=signed_in_at,
        at=w.now,
    )
    w.session.add(row)
    w.session.flush()
    _fresh_counters(w, bench, job, work, readings)
    w.record("privacy:after_work:ended", job.id, item=job.item_id, work=work.id, photo=row.photo)
    return row


def _fresh_counters(w: Work, bench: Bench, job: WipeJob, work: AfterWork, readings: Sequence[bytes]) -> None:
    """Read after the work began, with its code where the tool has room for one, each medium that counts its use."""
    from privacy.devices.usage import rows_of

    media, read_now = present_media(w.session, job.item_id), set()
    for raw in readings:
        evidence = read(raw, keys=public_keys(w.session, w.now))
        fresh_readings.demand_new(w.session, evidence.sha256)
        fresh_readings.demand_whole(evidence)
        for medium, row in rows_of(evidence, media):
            fresh_readings.demand_since(evidence, row, work.begun_at, w.now)
            challenged = fresh_readings.demand_code(evidence, row, work.code)
            assert row.counters is not None
            snapshot(
                w, job.item_id, medium.id, job.epoch, "after_work", row.counters, evidence.sha256,
                challenged=challenged, key_id=evidence.signed_by,
            )  # fmt: skip
            read_now.add(medium.id)
        bench.store.put(raw, "evidence")
    for medium in media:
        if medium.kind in COUNTING and medium.id not in read_now:
            raise Invalid(
                "reading_missing",
                N_("Read the counters of %(medium)s after the work, with the code: use is counted from there."),
                field="file",
                values={"medium": medium.masked},
            )


def demand_ended(w: Work, job: WipeJob) -> None:
    """Raises Refused while work on the device goes on."""
    if queries.find_open_work(w.session, job.id):
        raise Refused("work_open_still", N_("Work after the wipe isn't ended yet. Look at the set-up screen and end it first."))

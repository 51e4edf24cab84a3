"""The operator signs what was done to a device: which media, by which files, under which rules. Only then it can be accepted."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import canonical, ids
from core.errors import Forbidden, Refused
from core.goods.models import StorageMedium
from core.i18n import N_
from core.people.acting import demand_role
from core.people.notices import notify
from core.work import Work
from privacy.bench import Bench
from privacy.clearance.log.models import EnrolledKey
from privacy.keys import actions
from privacy.keys.models import JobSignature, PersonKey
from privacy.wipes import people
from privacy.wipes.models import Judgement, WipeJob

KIND, VERSION = "wipe_operation", 2
UNSIGNED = N_("The operator hasn't signed this wipe yet. It can be accepted once that is done.")


def statement(session: Session, job: WipeJob) -> dict[str, Any]:
    """What the operator says: numbers, codes and the digest of the very file by which each medium passed (`evidence`, SHA-256 as
    in the log). It changes with every medium and every passed file, so that a signature never covers more than was there."""
    media = session.scalars(select(StorageMedium).where(StorageMedium.item_id == job.item_id).order_by(StorageMedium.id))
    passed = select(Judgement).where(Judgement.job_id == job.id, Judgement.verdict == "pass").order_by(Judgement.id)
    return {
        "kind": KIND,
        "version": VERSION,
        "job": job.number,
        "epoch": job.epoch,
        "media": [{"medium": one.id, "state": one.state} for one in media if one.state != "mistyped"],
        "judged": [
            {
                "medium": one.medium_id,
                "profile": one.profile,
                "version": one.profile_version,
                "parser": one.parser_version,
                "evidence": one.digest,
            }
            for one in session.scalars(passed)
        ],
    }


def find_signature(session: Session, job: WipeJob) -> JobSignature | None:
    """The operator's last signature, if it still covers everything and nobody has to doubt it since: its key wasn't revoked and
    its operator wasn't suspended."""
    query = select(JobSignature).where(JobSignature.job_id == job.id).order_by(JobSignature.id.desc()).limit(1)
    found = session.scalars(query).first()
    if found is None or session.get_one(PersonKey, found.key_id).ended_why == "suspended":
        return None
    enrolled = session.get(EnrolledKey, found.key_id)
    if enrolled is None or enrolled.revoked_at is not None:
        return None
    return found if json.loads(found.statement) == statement(session, job) else None


def sign_off(w: Work, bench: Bench, job: WipeJob, signed_in_at: datetime | None) -> JobSignature:
    """The job's operator signs it. Raises SecondFactorNeeded, Forbidden for anybody else, Refused before everything passed."""
    if job.operator_id != w.actor.id:
        raise Forbidden("not_the_operator", N_("Only the operator who took this job works on it."))
    demand_role(w, job.org_id, "wipe_operator")
    if job.state != "judged":
        raise Refused("not_all_passed", N_("Sign once every medium has passed or was destroyed."))
    before = find_signature(w.session, job)
    if before is not None:
        return before
    text = canonical.encode(statement(w.session, job))
    signature = actions.sign(w, bench, text, signed_in_at)
    assert signed_in_at is not None
    row = JobSignature(
        id=ids.new_id(),
        job_id=job.id,
        account_id=w.actor.id,
        key_id=signature.key_id,
        alg=signature.alg,
        value=signature.value_b64,
        statement=text.decode(),
        signed_in_at=signed_in_at,
        at=w.now,
    )
    w.session.add(row)
    w.session.flush()
    w.record("privacy:job:signed", job.id, key=signature.key_id)
    for verifier in people.others_as(w.session, job.org_id or "", "wipe_verifier", job.operator_id, job.owner_id):
        notify(w, verifier, N_("A wipe waits for a second person (%(number)s)."), f"/wipes/{job.id}/verify", number=job.number)
    return row


def demand_signed(session: Session, job: WipeJob) -> JobSignature:
    """Raises Refused unless the operator's signature covers everything as it is now."""
    found = find_signature(session, job)
    if found is None:
        raise Refused("not_signed", UNSIGNED)
    return found

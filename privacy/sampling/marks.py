"""In which browser the steps of a wipe were signed, and whether the second person used the first one's."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import ids
from core.work import Work
from privacy.sampling.people_models import CounterMark
from privacy.wipes.models import WipeJob


def mark(w: Work, job: WipeJob, act: str, device: str) -> None:
    """Keep the digest of the browser in which `act` (start, evidence, sign_off, verify) was done; nothing without one."""
    if device:
        row = CounterMark(id=ids.new_id(), job_id=job.id, act=act, account_id=w.actor.id, digest=device, at=w.now)
        w.session.add(row)
        w.session.flush()


def is_shared(session: Session, job_id: str) -> bool:
    """Did the verifier sign in a browser in which the operator had done something for this job?"""
    query = select(CounterMark.act, CounterMark.digest).where(CounterMark.job_id == job_id)
    rows = [(act, digest) for act, digest in session.execute(query)]
    second = {digest for act, digest in rows if act == "verify"}
    return any(act != "verify" and digest in second for act, digest in rows)

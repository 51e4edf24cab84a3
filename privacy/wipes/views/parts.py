"""What the pages of wipes share: a Work for the visitor, choices of points, a flash after a change."""


from flask import g
from sqlalchemy.orm import Session

from core.people.models import Organisation
from core.people.names import shown_org
from core.work import Work
from privacy.wipes.models import WipeJob
from privacy.wipes.queries import get_job, organisations


def again(w: Work, job: WipeJob | str) -> WipeJob:
    """The job read anew inside the Work, locked: decisions are made on this."""
    found = get_job(w.session, job if isinstance(job, str) else job.id)
    w.session.refresh(found, with_for_update=True)
    return found


def org_name(one: Organisation) -> str:
    return shown_org(one, g.language)


def points(session: Session, org_ids: set[str]) -> list[tuple[str, str]]:
    """(id, name) of these organisations, for a choice."""
    return sorted(((one.id, org_name(one)) for one in organisations(session, org_ids).values()), key=lambda o: o[1])

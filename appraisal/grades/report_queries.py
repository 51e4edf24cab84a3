"""Reports by their number, when and why they ended, and the file that is downloaded."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.grades import report_rules as rules
from appraisal.grades.models import Appraisal, Ending, Report
from core import canonical, ids, paper_ports
from core.db import stamp
from core.errors import NotFound

IN_FORCE_ONCE = ("signed", "frozen", "superseded", "expired", "revoked")
STANDING = ("signed", "frozen")


def get_signed(session: Session, number: str) -> Appraisal:
    """The signed appraisal with this number as people type it. Raises NotFound."""
    try:
        wanted = str(ids.parse_number(number))
    except ids.BadCode as no:
        raise NotFound() from no
    query = select(Appraisal).where(Appraisal.number == wanted, Appraisal.state.in_(IN_FORCE_ONCE))
    found = session.scalars(query).first()
    if found is None:
        raise NotFound()
    return found


def page_of(session: Session, number: str) -> str:
    """For the port: the public page of a report, "" when there is none. Raises ids.BadCode."""
    wanted = str(ids.parse_number(number))
    query = select(Appraisal.number).where(Appraisal.number == wanted, Appraisal.state.in_(IN_FORCE_ONCE))
    found = session.scalars(query).first()
    return f"/reports/{found}" if found else ""


def find_report(session: Session, appraisal_id: str) -> Report | None:
    """None for one that was signed before reports were signed by the house's key."""
    return session.get(Report, appraisal_id)


def find_ending(session: Session, appraisal_id: str) -> Ending | None:
    """The last word on it: a revocation after it had expired counts."""
    query = select(Ending).where(Ending.appraisal_id == appraisal_id).order_by(Ending.id.desc())
    return session.scalars(query.limit(1)).first()


def standing_of(session: Session, item_id: str) -> Sequence[Appraisal]:
    """What stands, or stood until it was frozen."""
    query = select(Appraisal).where(Appraisal.item_id == item_id, Appraisal.state.in_(STANDING)).with_for_update()
    return session.scalars(query).all()


def before(session: Session, made: Appraisal) -> str:
    """The number of the report that this one took the place of, "" when it is the first or has no signed file."""
    report = find_report(session, made.id)
    return canonical.read(report.body.encode())["supersedes"] or "" if report else ""


def body_of(report: Report | None) -> str:
    """How independent the body was that signed, as it is signed: A, B or C, "" where the text doesn't say."""
    return canonical.read(report.body.encode())["appraiser"]["body_type"] or "" if report else ""


def later(session: Session, made: Appraisal) -> str:
    """The number of the appraisal of the same thing that took this one's place, "" if there is none."""
    query = select(Appraisal.number).where(
        Appraisal.item_id == made.item_id, Appraisal.state.in_(IN_FORCE_ONCE), Appraisal.signed_at > made.signed_at
    )
    return session.scalars(query.order_by(Appraisal.signed_at).limit(1)).first() or ""


def overdue(session: Session, now: datetime) -> Sequence[Appraisal]:
    """Standing appraisals whose 30 days are over, whether they have a signed file or not."""
    query = select(Appraisal).where(Appraisal.state.in_(STANDING)).order_by(Appraisal.signed_at).limit(200)
    return [one for one in session.scalars(query) if rules.shown_state(one.state, one.signed_at, now) == "expired"]


def is_refused(session: Session, item_id: str, epoch: int) -> bool:
    """Was the thing found unfit for sale in this custody epoch? That doesn't pass with time: only a later appraisal or a
    revocation lifts it."""
    query = select(Appraisal.grade).where(
        Appraisal.item_id == item_id, Appraisal.epoch == epoch, Appraisal.state.in_((*STANDING, "expired"))
    )
    return session.scalars(query.order_by(Appraisal.signed_at.desc(), Appraisal.id.desc()).limit(1)).first() == "reject"


def download(session: Session, made: Appraisal, report: Report, now: datetime) -> dict[str, Any]:
    """What /reports/<number>.json gives. All but body, signatures and the log's proof is unsigned."""
    body, ending = canonical.read(report.body.encode()), find_ending(session, made.id)
    state = rules.shown_state(made.state, made.signed_at, now)
    until = ending.at if ending else report.expires_at if state == "expired" else None
    return {
        "kind": body["kind"],
        "version": body["version"],
        "body": body,
        "signatures": report.signatures,
        "digest": report.digest,
        "state": rules.file_state(state),
        "as_of": stamp(now),
        "ended_at": stamp(until) if until else None,
        "ended_why": ending.why if ending else "expired" if until else None,
        "reason": ending.reason or None if ending else None,
        "log": paper_ports.log_place(session, rules.ISSUED, made.number),
    }

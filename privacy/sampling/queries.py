"""What is drawn and from what, what waits for a try, and what belongs to one batch."""

from datetime import datetime, timedelta

from sqlalchemy import case, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from core.clock import LOCAL_ZONE
from core.db import get_row
from core.errors import Refused
from core.goods.custody import find_holder
from core.i18n import N_
from privacy.clearance.log import queries as log
from privacy.clearance.log.models import LogCheckpoint, LogLeaf
from privacy.clearance.models import Clearance
from privacy.devices.models import AfterWork, AfterWorkEnd
from privacy.looks.models import SecondLook
from privacy.sampling import marks, relations, rules
from privacy.sampling.models import RecoveryTry, SampleCheck, SampleDraw
from privacy.sampling.rules import Hands
from privacy.sampling.settings import Shares, shares
from privacy.wipes.duty_models import KindLook, Validation
from privacy.wipes.models import Judgement, Verification, WipeJob
from privacy.wipes.queries import attached_by

DECIDED = "privacy:verification:decided"
VALIDATED = "privacy:validation:decided"
UNDRAWN = N_("Whether it goes to a recovery try isn't decided yet; that takes some seconds. Try again in a minute.")
HELD = N_("It was drawn for a recovery try by a third person. It stays where it is until that is done.")
# a clearance that ended otherwise took its device out of the check's reach
WITHIN_REACH = ("valid", "delivered")


def get_check(session: Session, check_id: str) -> SampleCheck:
    return get_row(session, SampleCheck, check_id)


def get_draw(session: Session, draw_id: str) -> SampleDraw:
    return get_row(session, SampleDraw, draw_id)


def get_try(session: Session, try_id: str) -> RecoveryTry:
    return get_row(session, RecoveryTry, try_id)


def find_draw(session: Session, job_id: str) -> SampleDraw | None:
    return session.scalars(select(SampleDraw).where(SampleDraw.job_id == job_id)).first()


def checks_of(session: Session, job_id: str) -> list[SampleCheck]:
    return list(session.scalars(select(SampleCheck).where(SampleCheck.job_id == job_id).order_by(SampleCheck.id)))


def checks_on_clearance(session: Session, clearance_id: str) -> list[SampleCheck]:
    return list(session.scalars(select(SampleCheck).where(SampleCheck.clearance_id == clearance_id).order_by(SampleCheck.id)))


def tries_of(session: Session, check_id: str) -> list[RecoveryTry]:
    return list(session.scalars(select(RecoveryTry).where(RecoveryTry.check_id == check_id).order_by(RecoveryTry.id)))


def open_check(session: Session, clearance_id: str) -> SampleCheck | None:
    query = select(SampleCheck).where(SampleCheck.clearance_id == clearance_id, SampleCheck.state == "open")
    return session.scalars(query).first()


def check_on(session: Session, item_id: str) -> SampleCheck | None:
    """The check for which this thing waits: open, and its clearance valid."""
    query = select(SampleCheck).join(Clearance, Clearance.id == SampleCheck.clearance_id)
    held = (SampleCheck.item_id == item_id, SampleCheck.state == "open", Clearance.state == "valid")
    return session.scalars(query.where(*held)).first()


def is_bagged_at_home(session: Session, item_id: str) -> bool:
    """Does its owner hold it in a sealed bag, by the record?"""
    line = find_holder(session, item_id)
    return line is not None and line.place == "sealed_bag"


def is_to_bring(session: Session, item_id: str, clearance: Clearance) -> bool:
    """Is the thing with a person who would have to bring it for its try: in its sealed bag, or sold?"""
    line = find_holder(session, item_id)
    with_a_person = line is not None and line.holder_kind == "person"
    return with_a_person and (clearance.state == "delivered" or is_bagged_at_home(session, item_id))


def demand_unheld(session: Session, item_id: str) -> None:
    """Raises Refused while the thing waits for a recovery try, or for the draw that decides about one: where the public log
    stands still, nothing is sold."""
    if check_on(session, item_id) is not None:
        raise Refused("being_checked", HELD)
    if is_undrawn(session, item_id):
        raise Refused("not_drawn_yet", UNDRAWN)


def is_undrawn(session: Session, item_id: str) -> bool:
    """Is its wipe in the urn, and nothing decided about it?"""
    query = (
        select(Clearance.id)
        .outerjoin(SampleDraw, SampleDraw.verification_id == Clearance.verification_id)
        .where(Clearance.item_id == item_id, Clearance.state == "valid", SampleDraw.id.is_(None))
        .where(Clearance.issued_at >= shares().since)
    )
    return session.scalars(query.limit(1)).first() is not None


def to_draw(session: Session, shares: Shares, most: int = 200) -> list[tuple[Verification, LogLeaf]]:
    """Cleared wipes without a draw whose leaf has its number, oldest first: the leaf of the acceptance, or of the third person's
    confirmation where there was one, so that nobody knows the draw before that. Looks back from the last draw by a day: leaves
    are numbered within a second, so everything before that was drawn."""
    last = session.scalars(
        select(Clearance.issued_at)
        .join(SampleDraw, SampleDraw.verification_id == Clearance.verification_id)
        .order_by(SampleDraw.id.desc())
        .limit(1)
    ).first()
    since = shares.since if last is None else max(shares.since, last - timedelta(days=1))
    decided = case((Validation.id.is_not(None), VALIDATED), else_=DECIDED)
    query = (
        select(Verification, LogLeaf)
        .join(Clearance, Clearance.verification_id == Verification.id)
        .join(WipeJob, WipeJob.id == Verification.job_id)
        .outerjoin(Validation, Validation.verification_id == Verification.id)
        .join(LogLeaf, (LogLeaf.subject == WipeJob.number) & (LogLeaf.kind == decided))
        .outerjoin(SampleDraw, SampleDraw.verification_id == Verification.id)
        .where(Clearance.id >= _least_id(since), Verification.decision == "accepted", SampleDraw.id.is_(None))
        .where(LogLeaf.leaf_index.is_not(None), Clearance.issued_at >= shares.since)
        .order_by(Clearance.id)
        .limit(most)
    )
    return [(one, leaf) for one, leaf in session.execute(query).all()]


def _least_id(moment: datetime) -> str:
    """No id made at or after this moment sorts before it (ids begin with their milliseconds, 48 bits in base 32)."""
    number = int(moment.timestamp() * 1000) << 80
    return "".join("0123456789abcdefghjkmnpqrstvwxyz"[number >> shift & 31] for shift in range(125, -1, -5))


def checkpoint_of(session: Session, leaf: LogLeaf) -> LogCheckpoint | None:
    return None if leaf.leaf_index is None else log.covering(session, leaf.leaf_index)


def reasons(session: Session, verification: Verification, shares: Shares) -> tuple[str, ...]:
    """Why the share of this wipe is raised, as things stood at its acceptance; nothing later changes it."""
    operator, verifier, at = verification.operator_id, verification.verifier_id, verification.at
    found = {
        "family": relations.were_family(session, operator, verifier, at),
        "same_employer": bool(relations.employers(session, operator, at) & relations.employers(session, verifier, at)),
        "shared_device": marks.is_shared(session, verification.job_id),
        "failed_before": failed_between(session, operator, at - shares.failed, at),
    }
    return tuple(code for code in rules.REASONS if found[code])


def failed_between(session: Session, operator_id: str, since: datetime, until: datetime) -> bool:
    """Did a try find data after a wipe of this operator in that time?"""
    query = select(RecoveryTry.id).where(
        RecoveryTry.operator_id == operator_id, RecoveryTry.result == "found", RecoveryTry.at >= since, RecoveryTry.at < until
    )
    return session.scalars(query.limit(1)).first() is not None


def tools_of(session: Session, job_id: str) -> tuple[str, ...]:
    """Keys of the tools whose files prove this wipe."""
    query = select(Judgement.parser_version).where(Judgement.job_id == job_id, Judgement.verdict == "pass")
    return tuple(sorted({rules.tool_key(parser) for parser in session.scalars(query)}))


def clearance_of(session: Session, verification_id: str) -> Clearance | None:
    return session.scalars(select(Clearance).where(Clearance.verification_id == verification_id)).first()


def hands_of(session: Session, check: SampleCheck, now: datetime) -> Hands:
    """Who can't be the third person."""
    people = (check.operator_id, check.verifier_id, check.owner_id)
    return Hands(
        operator=check.operator_id,
        verifier=check.verifier_id,
        owner=check.owner_id,
        others=frozenset(attached_by(session, check.job_id)),
        lookers=_lookers(session, check.job_id),
        close_to=relations.family_of(session, people, now),
        colleagues=relations.colleagues(session, people[:2]) if check.elsewhere else frozenset(),
        elsewhere=check.elsewhere,
    )


def _lookers(session: Session, job_id: str) -> frozenset[str]:
    looks = select(SecondLook.verifier_id).where(SecondLook.job_id == job_id)
    ends = (
        select(AfterWorkEnd.verifier_id).join(AfterWork, AfterWork.id == AfterWorkEnd.work_id).where(AfterWork.job_id == job_id)
    )
    kinds = select(KindLook.verifier_id).where(KindLook.job_id == job_id)
    confirmed = select(Validation.validator_id).where(Validation.job_id == job_id)
    return frozenset(one for query in (looks, ends, kinds, confirmed) for one in session.scalars(query))


def is_within_reach(session: Session, check: SampleCheck) -> bool:
    return session.get_one(Clearance, check.clearance_id).state in WITHIN_REACH


def batch_of(session: Session, check: SampleCheck) -> list[Verification]:
    """Every other accepted wipe begun by the same operator on the same day (Shanghai) with one of the same tools."""
    job = session.get_one(WipeJob, check.job_id)
    query = select(Verification).join(WipeJob, WipeJob.id == Verification.job_id).where(Verification.decision == "accepted")
    rows = session.scalars(query.where(*_same_day(job), WipeJob.id != job.id).order_by(Verification.id))
    return [one for one in rows if set(check.tools) & set(tools_of(session, one.job_id))]


def found_in_batch(session: Session, job: WipeJob) -> RecoveryTry | None:
    """A try that found data after a wipe of this job's operator, day and tool; what is accepted later that day goes along."""
    query = (
        select(RecoveryTry, SampleCheck)
        .join(SampleCheck, SampleCheck.id == RecoveryTry.check_id)
        .join(WipeJob, WipeJob.id == SampleCheck.job_id)
        .where(RecoveryTry.result == "found", *_same_day(job))
    )
    tools = set(tools_of(session, job.id))
    return next((one for one, check in session.execute(query).all() if tools & set(check.tools)), None)


def _same_day(job: WipeJob) -> tuple[ColumnElement[bool], ...]:
    """Begun by the same operator between two midnights in Shanghai."""
    assert job.started_at is not None
    begin = job.started_at.astimezone(LOCAL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    end = begin + timedelta(days=1)
    return WipeJob.operator_id == job.operator_id, WipeJob.started_at >= begin, WipeJob.started_at < end


def was_clean(session: Session, verification_id: str) -> bool:
    query = select(SampleCheck.id).where(SampleCheck.verification_id == verification_id, SampleCheck.state == "clean")
    return session.scalars(query.limit(1)).first() is not None


def report_used(session: Session, digest: str) -> bool:
    return session.scalars(select(RecoveryTry.id).where(RecoveryTry.digest == digest)).first() is not None

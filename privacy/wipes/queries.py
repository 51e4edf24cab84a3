"""What the pages and other rooms ask about wipe jobs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core import ids
from core.db import get_row
from core.goods.digests import digests_of_number
from core.goods.models import Identifier, Item, StorageMedium
from core.people.models import Membership, Organisation
from privacy.sampling.people_models import OwnRun, OwnStatement
from privacy.wipes.duty_models import KindLook
from privacy.wipes.models import EvidenceFile, Judgement, ProvenRun, Verification, WipeJob
from privacy.wipes.states import OPEN

# reasons for which a file isn't surely about the medium it was judged for
UNBOUND = frozenset({"no_device", "several_devices", "no_serial", "anonymised", "serial_mismatch"})
# a room above may know other numbers that lead to an item (a listing's): find(session, text) -> item id or None
Finder = Callable[[Session, str], str | None]
FINDERS: list[Finder] = []


def finds_items(finder: Finder) -> Finder:
    """Let a room above add its way from a code to an item. Twice is once."""
    if finder not in FINDERS:
        FINDERS.append(finder)
    return finder


def get_job(session: Session, job_id: str) -> WipeJob:
    return get_row(session, WipeJob, job_id)


def get_item(session: Session, item_id: str) -> Item:
    return get_row(session, Item, item_id)


def find_open_job(session: Session, item_id: str) -> WipeJob | None:
    """The job of this item that isn't over yet."""
    query = select(WipeJob).where(WipeJob.item_id == item_id, WipeJob.state.in_(OPEN))
    return session.scalars(query.order_by(WipeJob.id.desc()).limit(1)).first()


def jobs_of_item(session: Session, item_id: str) -> list[WipeJob]:
    return list(session.scalars(select(WipeJob).where(WipeJob.item_id == item_id).order_by(WipeJob.id.desc())))


def find_stop(session: Session, item_id: str) -> WipeJob | None:
    """The job that refused this device for good (state secrets, public body), if there is one."""
    return session.scalars(select(WipeJob).where(WipeJob.item_id == item_id, WipeJob.stopped != "").limit(1)).first()


def find_by_code(session: Session, text: str) -> WipeJob | None:
    """An open job by its drop-off code, in any spelling people use."""
    try:
        code = ids.parse_code(text)
    except ids.BadCode:
        return None
    query = select(WipeJob).where(WipeJob.drop_code == code, WipeJob.state.in_(OPEN))
    return session.scalars(query.order_by(WipeJob.id.desc()).limit(1)).first()


def find_item(session: Session, text: str) -> Item | None:
    """An item by its own id (or the address of its page), by serial number or IMEI, or by a code of a room above."""
    word = text.strip().rstrip("/").rsplit("/", 1)[-1]
    if ids.is_id(word.lower()) and (item := session.get(Item, word.lower())):
        return item
    for finder in FINDERS:
        found = finder(session, word)
        if found:
            return session.get(Item, found)
    query = select(Identifier.item_id).where(Identifier.digest.in_(digests_of_number(word)), Identifier.live.is_(True))
    found_ids = set(session.scalars(query))
    return session.get(Item, found_ids.pop()) if len(found_ids) == 1 else None


def present_media(session: Session, item_id: str) -> list[StorageMedium]:
    query = select(StorageMedium).where(StorageMedium.item_id == item_id, StorageMedium.state == "present")
    return list(session.scalars(query.order_by(StorageMedium.id)))


def all_media(session: Session, item_id: str) -> list[StorageMedium]:
    query = select(StorageMedium).where(StorageMedium.item_id == item_id)
    return list(session.scalars(query.order_by(StorageMedium.id)))


def judgements_of(session: Session, job_id: str) -> list[Judgement]:
    """Oldest first."""
    return list(session.scalars(select(Judgement).where(Judgement.job_id == job_id).order_by(Judgement.id)))


def passed_media(session: Session, job_id: str) -> set[str]:
    query = select(Judgement.medium_id).where(Judgement.job_id == job_id, Judgement.verdict == "pass")
    return set(session.scalars(query))


def used_before(session: Session, digest: str, medium_id: str, core: str | None = None) -> bool:
    """Has this very file passed this medium already, in this or an earlier job, or has its run been told by another file?"""
    query = select(Judgement.id).where(Judgement.digest == digest, Judgement.medium_id == medium_id, Judgement.verdict == "pass")
    if session.scalars(query.limit(1)).first() is not None:
        return True
    run = session.get(ProvenRun, core) if core else None
    return run is not None and run.digest != digest


def stated_at_home(session: Session, digest: str, core: str | None = None) -> bool:
    """Has a seller stated this very file, or its run in another file, as a wipe of the own hand? Also when it was taken back."""
    query = select(OwnStatement.id).where(OwnStatement.digest == digest)
    if session.scalars(query.limit(1)).first() is not None:
        return True
    return core is not None and session.scalars(select(OwnRun.core).where(OwnRun.core == core).limit(1)).first() is not None


def told_kinds(session: Session, medium_id: str) -> set[str]:
    """What this medium is made of, by files that name it and by verifiers who looked at it; empty while nothing tells."""
    looks = select(KindLook.made_of).where(KindLook.medium_id == medium_id)
    files = select(Judgement.device, Judgement.reasons).where(Judgement.medium_id == medium_id)
    rows = [(device or {}, reasons) for device, reasons in session.execute(files).all()]
    told = {str(device["medium"]) for device, reasons in rows if device.get("medium") and not UNBOUND & set(reasons)}
    return {*session.scalars(looks), *told}


def passed_row(session: Session, job_id: str, medium_id: str) -> dict[str, Any] | None:
    """The row of the file by which a medium passed, as it was kept; None for a check-list."""
    query = select(Judgement.device).where(
        Judgement.job_id == job_id, Judgement.medium_id == medium_id, Judgement.verdict == "pass"
    )
    return session.scalars(query.order_by(Judgement.id.desc()).limit(1)).first()


def attached_by(session: Session, job_id: str) -> set[str]:
    return set(session.scalars(select(EvidenceFile.attached_by).where(EvidenceFile.job_id == job_id)))


def get_evidence(session: Session, evidence_id: str) -> EvidenceFile:
    return get_row(session, EvidenceFile, evidence_id)


def find_verification(session: Session, job_id: str) -> Verification | None:
    """The second person's last act on this job."""
    query = select(Verification).where(Verification.job_id == job_id)
    return session.scalars(query.order_by(Verification.id.desc()).limit(1)).first()


@dataclass(frozen=True, slots=True)
class QueueRow:
    job: WipeJob
    item: Item


def queue(session: Session, org_ids: Iterable[str], state: str | None = None, most: int = 50) -> list[QueueRow]:
    """Open jobs of these organisations, longest waiting first."""
    states = (state,) if state else OPEN
    query = (
        select(WipeJob, Item)
        .join(Item, Item.id == WipeJob.item_id)
        .where(WipeJob.org_id.in_(sorted(org_ids)), WipeJob.state.in_(states))
        .order_by(WipeJob.opened_at)
        .limit(most)
    )
    return [QueueRow(job, item) for job, item in session.execute(query).all()]


def to_verify_elsewhere(session: Session, org_ids: Iterable[str], most: int = 50) -> list[QueueRow]:
    """Jobs of other organisations that wait for a verifier or a third person: what a verification point can take on."""
    query = (
        select(WipeJob, Item)
        .join(Item, Item.id == WipeJob.item_id)
        .where(WipeJob.state.in_(("judged", "verified")), or_(WipeJob.org_id.is_(None), WipeJob.org_id.not_in(sorted(org_ids))))
        .order_by(WipeJob.opened_at)
        .limit(most)
    )
    return [QueueRow(job, item) for job, item in session.execute(query).all()]


def counts(session: Session, org_ids: Iterable[str]) -> dict[str, int]:
    """How many open jobs stand in each state."""
    query = (
        select(WipeJob.state, func.count())
        .where(WipeJob.org_id.in_(sorted(org_ids)), WipeJob.state.in_(OPEN))
        .group_by(WipeJob.state)
    )
    return dict.fromkeys(OPEN, 0) | {state: count for state, count in session.execute(query).all()}


def organisations(session: Session, org_ids: Iterable[str]) -> dict[str, Organisation]:
    query = select(Organisation).where(Organisation.id.in_(sorted(org_ids)))
    return {org.id: org for org in session.scalars(query)}


def wiping_points(session: Session) -> set[str]:
    """Approved organisations in which somebody operates a bench now."""
    query = (
        select(Organisation.id)
        .join(Membership, Membership.org_id == Organisation.id)
        .where(Organisation.state == "approved", Membership.role == "wipe_operator", Membership.ended_at.is_(None))
        .distinct()
    )
    return set(session.scalars(query))

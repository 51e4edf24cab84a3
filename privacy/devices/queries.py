"""What is on record about devices and their media."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import get_row
from core.goods.models import StorageMedium
from privacy.devices.models import (
    AfterWork,
    AfterWorkEnd,
    Departure,
    Destruction,
    DestructionWitness,
    IdentityClaim,
    Inventory,
    MediumOut,
)
from privacy.devices.reading_models import PowerTest, ReadingOrder, UsageSnapshot
from privacy.devices.rules import BASELINES, Usage
from privacy.wipes.models import Judgement


def get_medium(session: Session, medium_id: str) -> StorageMedium:
    return get_row(session, StorageMedium, medium_id)


def registered(session: Session, item_id: str) -> int:
    """How many media the register has for what was inside when it came: all but the mistyped."""
    query = select(StorageMedium.id).where(StorageMedium.item_id == item_id, StorageMedium.state != "mistyped")
    return len(session.scalars(query).all())


def find_count(session: Session, job_id: str, moment: str) -> Inventory | None:
    """The last count of that moment."""
    query = select(Inventory).where(Inventory.job_id == job_id, Inventory.moment == moment)
    return session.scalars(query.order_by(Inventory.id.desc()).limit(1)).first()


def claims_of(session: Session, item_id: str) -> list[IdentityClaim]:
    query = select(IdentityClaim).where(IdentityClaim.item_id == item_id)
    return list(session.scalars(query.order_by(IdentityClaim.id)))


def find_out(session: Session, medium_id: str) -> MediumOut | None:
    return session.scalars(select(MediumOut).where(MediumOut.medium_id == medium_id)).first()


def find_destruction(session: Session, medium_id: str) -> Destruction | None:
    """The last one recorded: an unwitnessed one may be recorded anew."""
    query = select(Destruction).where(Destruction.medium_id == medium_id)
    return session.scalars(query.order_by(Destruction.id.desc()).limit(1)).first()


def find_witness(session: Session, medium_id: str) -> DestructionWitness | None:
    return session.scalars(select(DestructionWitness).where(DestructionWitness.medium_id == medium_id)).first()


def unwitnessed(session: Session, job_id: str) -> list[Destruction]:
    """Destructions of a job that wait for a witness."""
    seen = select(DestructionWitness.medium_id)
    query = select(Destruction).where(Destruction.job_id == job_id, Destruction.medium_id.not_in(seen))
    return list(session.scalars(query.order_by(Destruction.id)))


def snapshots_of(session: Session, item_id: str) -> list[UsageSnapshot]:
    query = select(UsageSnapshot).where(UsageSnapshot.item_id == item_id)
    return list(session.scalars(query.order_by(UsageSnapshot.id)))


def find_baseline(session: Session, medium_id: str, epoch: int) -> UsageSnapshot | None:
    """The reading from which use is counted in this epoch: the latest right after wipe or work."""
    query = select(UsageSnapshot).where(
        UsageSnapshot.medium_id == medium_id, UsageSnapshot.epoch == epoch, UsageSnapshot.moment.in_(BASELINES)
    )
    return session.scalars(query.order_by(UsageSnapshot.id.desc()).limit(1)).first()


def find_last_reading(session: Session, medium_id: str, epoch: int) -> UsageSnapshot | None:
    """The latest reading of a medium in this epoch, whatever for."""
    query = select(UsageSnapshot).where(UsageSnapshot.medium_id == medium_id, UsageSnapshot.epoch == epoch)
    return session.scalars(query.order_by(UsageSnapshot.id.desc()).limit(1)).first()


def find_order(session: Session, item_id: str) -> ReadingOrder | None:
    """The last code that was given for reading this thing's counters."""
    query = select(ReadingOrder).where(ReadingOrder.item_id == item_id)
    return session.scalars(query.order_by(ReadingOrder.id.desc()).limit(1)).first()


def is_counting(session: Session, medium: StorageMedium) -> bool:
    """Is it on record that this very medium counts its use: by any reading, or by a file that was judged?"""
    read = select(UsageSnapshot.id).where(UsageSnapshot.medium_id == medium.id).limit(1)
    if session.scalars(read).first() is not None:
        return True
    told = session.scalars(select(Judgement.device).where(Judgement.medium_id == medium.id))
    return any(one and any(value is not None for value in (one.get("counters") or {}).values()) for one in told)


def usage_of(row: UsageSnapshot) -> Usage:
    return Usage(
        power_on_hours=row.power_on_hours,
        power_cycles=row.power_cycles,
        bytes_written=row.bytes_written,
        boot_count=row.boot_count,
        data_erased=row.data_erased,
    )


def works_of(session: Session, job_id: str) -> list[tuple[AfterWork, AfterWorkEnd | None]]:
    """Work after the wipe, oldest first, each with its end if it has one."""
    query = select(AfterWork, AfterWorkEnd).outerjoin(AfterWorkEnd, AfterWorkEnd.work_id == AfterWork.id)
    return [(one, end) for one, end in session.execute(query.where(AfterWork.job_id == job_id).order_by(AfterWork.id))]


def find_open_work(session: Session, job_id: str) -> AfterWork | None:
    return next((one for one, end in works_of(session, job_id) if end is None), None)


def departures_of(session: Session, item_id: str) -> dict[str, Departure]:
    """How a thing left its custody, by the custody line that says so."""
    return {one.line_id: one for one in session.scalars(select(Departure).where(Departure.item_id == item_id))}


def find_power_test(session: Session, job_id: str) -> PowerTest | None:
    """The powered tests before this wipe, done or left out."""
    return session.scalars(select(PowerTest).where(PowerTest.job_id == job_id)).first()

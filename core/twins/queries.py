"""Hashes to compare with, and what a pair is about."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from core.db import get_row
from core.goods.describe import thing_name
from core.goods.models import Item, ItemPhoto
from core.queue.kinds import Ask
from core.twins.models import PhotoMark, PhotoTwin
from core.twins.rules import Mark


def get_twin(session: Session, twin_id: str) -> PhotoTwin:
    """Raises NotFound."""
    return get_row(session, PhotoTwin, twin_id)


def unmarked(session: Session, most: int) -> Sequence[ItemPhoto]:
    query = select(ItemPhoto).outerjoin(PhotoMark, PhotoMark.photo_id == ItemPhoto.id)
    query = query.where(PhotoMark.photo_id.is_(None), ItemPhoto.removed_at.is_(None))
    return session.scalars(query.order_by(ItemPhoto.id.desc()).limit(most)).all()


def others(session: Session, item_id: str, kind: str) -> Iterator[Mark]:
    """The hashes of other things' photos; for a seller's photo only those that appraisers took."""
    query = select(PhotoMark.photo_id, PhotoMark.item_id, PhotoMark.whole, PhotoMark.rough)
    query = query.where(PhotoMark.item_id != item_id, PhotoMark.whole != "")
    if kind == "item":
        query = query.where(PhotoMark.kind == "appraisal")
    for photo_id, thing, whole, rough in session.execute(query).yield_per(500):
        parts = tuple(int(rough[at : at + 16], 16) for at in range(0, len(rough), 16))
        yield Mark(photo_id=photo_id, item_id=thing, whole=int(whole, 16), rough=parts)


def sides(session: Session, twin: PhotoTwin) -> tuple[PhotoMark, PhotoMark]:
    """Both photos, the older one first."""
    return session.get_one(PhotoMark, twin.one_id), session.get_one(PhotoMark, twin.other_id)


def between(session: Session, twin: PhotoTwin) -> Sequence[PhotoTwin]:
    """The other pairs of photos of the same two things, oldest first."""
    one, other = aliased(PhotoMark), aliased(PhotoMark)
    things = [side.item_id for side in sides(session, twin)]
    query = select(PhotoTwin).join(one, one.photo_id == PhotoTwin.one_id).join(other, other.photo_id == PhotoTwin.other_id)
    query = query.where(one.item_id.in_(things), other.item_id.in_(things), PhotoTwin.id != twin.id)
    return session.scalars(query.order_by(PhotoTwin.id)).all()


def barred(session: Session, twin: PhotoTwin) -> set[str]:
    """Who is part of the matter: owners of both things, and who took the photos."""
    both = sides(session, twin)
    return {session.get_one(Item, one.item_id).owner_id for one in both} | {one.taken_by for one in both}


def twin_ask(session: Session, twin: PhotoTwin) -> Ask:
    names = " / ".join(thing_name(session.get_one(Item, side.item_id), "zh") for side in sides(session, twin))
    part_of_it = tuple(barred(session, twin))
    return Ask(subject_id=twin.id, title=names, link=f"/photo-twins/{twin.id}", barred=part_of_it, since=twin.at)


def waiting(session: Session) -> Iterator[Ask]:
    """For the queue: pairs that nobody has decided on."""
    for twin in session.scalars(select(PhotoTwin).where(PhotoTwin.state == "open")):
        yield twin_ask(session, twin)


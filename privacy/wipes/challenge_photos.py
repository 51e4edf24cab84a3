"""A photo of the device with a code in the picture: cleaned, kept under its digest, and good for one look only."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import photos
from core.errors import Invalid
from core.i18n import N_
from core.work import Work
from privacy.bench import Bench
from privacy.wipes.checklist_models import ListPhoto
from privacy.wipes.duty_models import ChallengePhoto

KIND = "photo"
MISSING = N_("Take a photo of the device together with the challenge code.")
USED = N_("This photo stands somewhere else already. Take one of your own, now.")


def keep(w: Work, bench: Bench, raw: bytes, *, item_id: str, act: str, subject_id: str, field: str) -> str:
    """The digest of a new photo of this device. `act`: verify, confirm, kind or try; `subject_id`: of the row that rests on it.

    Raises Invalid at `field`: no photo, or one that was used before; BadPhoto for what is no photo."""
    if not raw:
        raise Invalid("photo_missing", MISSING, field=field)
    photo = photos.clean(raw)
    if is_taken(w.session, photo.digest):
        raise Invalid("photo_used", USED, field=field)
    digest = bench.store.put(photo.sizes["large"].data, KIND)
    w.session.add(ChallengePhoto(digest=digest, item_id=item_id, act=act, subject_id=subject_id, by=w.actor.id, at=w.now))
    w.session.flush()
    return digest


def is_taken(session: Session, digest: str) -> bool:
    """Does this very photo stand in a check-list, or was it taken for another look?"""
    listed = select(ListPhoto.id).where(ListPhoto.digest == digest).limit(1)
    return session.get(ChallengePhoto, digest) is not None or session.scalars(listed).first() is not None


def photo_of(session: Session, subject_id: str) -> str:
    """The digest of the photo that a look rests on, or nothing."""
    query = select(ChallengePhoto.digest).where(ChallengePhoto.subject_id == subject_id)
    return session.scalars(query.order_by(ChallengePhoto.digest).limit(1)).first() or ""

"""The photos of an appraisal."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.grades import photo_rules as rules
from appraisal.grades.guide_models import AppraisalPhoto
from appraisal.grades.guide_rules import OVERVIEW, needed_views
from appraisal.grades.models import Appraisal
from core import i18n
from core.data_files import text as words
from core.errors import NotFound
from core.goods.card import WITH_CODE, Card
from core.goods.models import Item


def photos_of(session: Session, appraisal_id: str) -> Sequence[AppraisalPhoto]:
    """Those that stand, in the order in which they were taken."""
    query = select(AppraisalPhoto).where(AppraisalPhoto.appraisal_id == appraisal_id, AppraisalPhoto.removed_at.is_(None))
    return session.scalars(query.order_by(AppraisalPhoto.id)).all()


def get_photo(session: Session, made: Appraisal, photo_id: str) -> AppraisalPhoto:
    """Raises NotFound for another appraisal's and for a removed one."""
    found = session.get(AppraisalPhoto, photo_id)
    if found is None or found.appraisal_id != made.id or found.removed_at is not None:
        raise NotFound()
    return found


def missing_of(session: Session, made: Appraisal, card: Card) -> rules.Missing:
    """What its photos lack for a signature."""
    item = session.get_one(Item, made.item_id)
    return rules.missing(needed_views(card), photos_of(session, made.id), item.data_bearing)


def is_overview(view: str) -> bool:
    return view == WITH_CODE


def view_name(card: Card, view: str, language: str) -> str:
    """What a photo of this view shows."""
    photo = None if is_overview(view) else card.find_photo(view)
    return words(photo.prompt, language) if photo else i18n.say(OVERVIEW, language)

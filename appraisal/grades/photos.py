"""Photos while an appraisal is made: taken in, looked over by its appraiser, taken out again."""

import io
from collections.abc import Collection

from PIL import Image

from appraisal.grades import guide
from appraisal.grades import photo_queries as queries
from appraisal.grades import photo_rules as rules
from appraisal.grades.guide_models import AppraisalPhoto
from appraisal.grades.guide_rules import views_of
from appraisal.grades.models import Appraisal
from appraisal.grades.states import MAKING
from appraisal.standards.queries import standard_of
from core import ids
from core.errors import NotFound, Refused
from core.goods.cards import get_card
from core.goods.models import Item
from core.goods.pictures import store_clean
from core.photos import BadPhoto, Photo, clean
from core.quality import hints
from core.twins.actions import mark_later
from core.work import Work


def read(raw: bytes) -> Photo:
    """A cleaned photo, before anything is written down: decoding takes time. Raises BadPhoto, or Invalid for a tiny one."""
    try:
        photo = clean(raw)
    except BadPhoto as no:
        no.field = "photo"
        raise
    rules.large_enough(photo.sizes["large"].width, photo.sizes["large"].height)
    return photo


def add(w: Work, made: Appraisal, view: str, photo: Photo) -> AppraisalPhoto:
    """Keep a photo for a view. Raises Refused when it is signed, NotFound for an unknown view, Invalid for one too many."""
    if made.state not in MAKING:
        raise Refused("signed_already", guide.SIGNED)
    item = w.session.get_one(Item, made.item_id)
    if view not in views_of(standard_of(w.session, made), get_card(item.category)):
        raise NotFound()
    rules.room_for(view, queries.photos_of(w.session, made.id))
    stored = store_clean(photo)
    row = AppraisalPhoto(
        id=ids.new_id(), appraisal_id=made.id, view=view, code=guide.photo_code(made.id) if queries.is_overview(view) else "",
        hints=hints(Image.open(io.BytesIO(photo.sizes["large"].data))), added_by=w.actor.id, added_at=w.now, removed_at=None,
        digest=stored["digest"], sizes=stored["sizes"],
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    w.record("appraisal:photo:added", made.id, photo=row.id, digest=row.digest)
    mark_later(w, made.item_id, "appraisal", row.id, str(row.sizes["medium"][0]), row.added_by)
    return row


def say(
    w: Work, made: Appraisal, *, among: Collection[str], code_read: Collection[str], clean_ones: Collection[str]
) -> None:
    """What the appraiser says of the photos that a page showed (`among`), by their ids: in these the code can be read, on those
    nothing personal can be seen."""
    if made.state not in MAKING:
        raise Refused("signed_already", guide.SIGNED)
    for one in queries.photos_of(w.session, made.id):
        if one.id not in among:
            continue
        one.code_read = queries.is_overview(one.view) and one.id in code_read
        one.clean = one.id in clean_ones
    w.session.flush()


def remove(w: Work, made: Appraisal, photo: AppraisalPhoto) -> None:
    """Take a photo out: it is neither shown nor signed."""
    if made.state not in MAKING:
        raise Refused("signed_already", guide.SIGNED)
    photo.removed_at = w.now
    w.session.flush()
    w.record("appraisal:photo:removed", made.id, photo=photo.id)


def demand(w: Work, made: Appraisal, *, graded: bool) -> None:
    """Raises Invalid at the field of what the photos still lack."""
    card = get_card(w.session.get_one(Item, made.item_id).category)
    rules.demand(queries.missing_of(w.session, made, card), guide.photo_code(made.id), graded=graded)

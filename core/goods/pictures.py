"""Photos of things: cleaned, kept in three sizes by digest, shown by an id that can't be guessed."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, g
from flask.wrappers import Response
from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from core import ids
from core.access import public
from core.errors import Invalid, NotFound
from core.files import FolderStore, Store
from core.goods.models import Item, ItemPhoto
from core.i18n import N_
from core.photos import Photo, clean
from core.web import config
from core.work import Work

MOST = 12
SIZES = ("large", "medium", "small")
blueprint = Blueprint("pictures", __name__)


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as a page shows it: address, width and height in pixels, and a smaller one for lists."""

    id: str
    src: str
    width: int
    height: int
    thumb: str
    view: str


def store() -> Store:
    return FolderStore(config().data / "files")


def add_photo(w: Work, item: Item, raw: bytes, view: str = "") -> ItemPhoto:
    """Clean and keep a photo. Raises BadPhoto or Invalid with nothing kept."""
    there = select(func.count()).where(ItemPhoto.item_id == item.id, ItemPhoto.removed_at.is_(None))
    position = w.session.scalar(there) or 0
    if position >= MOST:
        raise Invalid("photos_many", N_("Twelve photos are enough. Remove one first."), field="photos")
    return keep_photo(w, item, store_photo(raw), view, position)


def store_photo(raw: bytes) -> dict[str, Any]:
    """Clean a photo and put its sizes into the store: what a page between two screens keeps. Raises BadPhoto."""
    return store_clean(clean(raw))


def store_clean(photo: Photo) -> dict[str, Any]:
    """Put the sizes of a cleaned photo into the store."""
    sizes = {name: [store().put(one.data, "photo"), one.width, one.height] for name, one in photo.sizes.items()}
    return {"digest": photo.digest, "sizes": sizes, "dhash": photo.dhash}


def keep_photo(w: Work, item: Item, stored: dict[str, Any], view: str = "", position: int = 0) -> ItemPhoto:
    """Attach a stored photo to a thing."""
    row = ItemPhoto(
        id=ids.new_id(), item_id=item.id, view=view, position=position, added_by=w.actor.id, added_at=w.now, **stored
    )
    w.session.add(row)
    w.session.flush()
    w.record("core:photo:added", item.id, photo=row.id, digest=row.digest)
    return row


def remove_photo(w: Work, photo: ItemPhoto) -> None:
    """Hide a photo; its digest stays in the log and the bytes until retention ends."""
    photo.removed_at = w.now
    w.record("core:photo:removed", photo.item_id, photo=photo.id)


def pictures(item: Item) -> list[Picture]:
    """The photos of a thing that stand, in order."""
    return [picture(photo) for photo in item.photos if photo.removed_at is None]


def picture(photo: ItemPhoto | Row[Any]) -> Picture:
    _, width, height = photo.sizes["medium"]
    path = f"/photos/{photo.id}"
    return Picture(photo.id, f"{path}/medium.jpg", width, height, f"{path}/small.jpg", photo.view)


def first_pictures(session: Session, item_ids: list[str]) -> dict[str, Picture]:
    """The first photo of each thing, in one query: for lists."""
    query = (
        select(ItemPhoto.id, ItemPhoto.item_id, ItemPhoto.sizes, ItemPhoto.view)
        .where(ItemPhoto.item_id.in_(item_ids), ItemPhoto.removed_at.is_(None))
        .order_by(ItemPhoto.position.desc(), ItemPhoto.id.desc())
    )
    return {photo.item_id: picture(photo) for photo in session.execute(query)}


@blueprint.get("/photos/<photo_id>/<any(large, medium, small):size>.jpg")
@public
def show(photo_id: str, size: str) -> Response:
    photo = g.db.get(ItemPhoto, photo_id)
    if photo is None or photo.removed_at is not None:
        raise NotFound()
    answer = Response(store().get(photo.sizes[size][0]), mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer

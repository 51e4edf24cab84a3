"""Hash a photo once it is saved, look for its like on other things, and let a person decide."""

import io
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, ids
from core.errors import Forbidden
from core.files import Damaged, NotStored
from core.goods.pictures import store
from core.i18n import N_
from core.jobs import handles
from core.picture_hash import coarse, mirrored, search, whole, windows
from core.queue import actions as queue
from core.states import walk
from core.twins import queries, rules
from core.twins.models import PhotoMark, PhotoTwin
from core.twins.states import TWIN
from core.work import SYSTEM, Work, work

KIND: Final = "core:mark_photos"
MOST_AT_ONCE: Final = 20


@dataclass(frozen=True, slots=True)
class Found:
    """A photo that looks like ours."""

    other_id: str
    bits: int
    how: str


def mark_later(w: Work, item_id: str, kind: str, photo_id: str, file: str, by: str) -> None:
    """Hash this photo soon, after this transaction. `file`: digest of its medium size; `by`: who took or added it."""
    w.later(KIND, item=item_id, kind=kind, photo=photo_id, file=file, by=by)


def mark_old(w: Work) -> None:
    """Sweep: photos of things that have no hash yet, the newest first, a few at a time."""
    for photo in queries.unmarked(w.session, MOST_AT_ONCE):
        mark_later(w, photo.item_id, "item", photo.id, str(photo.sizes["medium"][0]), photo.added_by)


@handles(KIND)
def mark(session: Session, payloads: list[dict[str, Any]]) -> None:
    """Hash each photo, and look for its like. The reckoning is done before anything is written, so that nobody waits for it."""
    for one in payloads:
        photo_id = str(one["photo"])
        if session.get(PhotoMark, photo_id) is not None:
            continue
        picture = _picture(str(one["file"]))
        hashes = hashed(photo_id, str(one["item"]), picture) if picture else None
        found = like_it(session, picture, hashes, str(one["item"]), str(one["kind"])) if picture and hashes else []
        with work(session, SYSTEM, clock.now()) as w:
            _keep(w, one, hashes)
            for twin in found:
                _ask(w, photo_id, twin)


def hashed(photo_id: str, item_id: str, picture: Image.Image) -> rules.Mark:
    grey = picture.convert("L")
    rough = (*(coarse(grey, box) for box in windows()), coarse(grey))
    return rules.Mark(photo_id=photo_id, item_id=item_id, whole=whole(grey), rough=rough)


def like_it(session: Session, picture: Image.Image, mine: rules.Mark, item_id: str, kind: str) -> list[Found]:
    """The photos of other things that look the same, nearest first: one of a thing, and at most three, for one pair says enough.

    Pairs in which an appraiser took one of both: two sellers' photos are compared where they are put on sale."""
    found: list[Found] = []
    things: set[str] = set()
    for one in rules.candidates(mine, queries.others(session, item_id, kind)):
        if one.item_id in things:
            continue
        bits = one.bits if one.box is None else _searched(session, picture, mine, one)
        if bits <= rules.NEAR:
            found.append(Found(one.photo_id, bits, one.how))
            things.add(one.item_id)
        if len(found) == 3:
            break
    return found


def _searched(session: Session, picture: Image.Image, mine: rules.Mark, one: rules.Candidate) -> int:
    other = session.get_one(PhotoMark, one.photo_id)
    wanted = mine.whole if one.inside else int(other.whole, 16)
    where = _picture(other.file) if one.inside else picture
    if where is None or one.box is None:
        return 256
    return search(where, mirrored(wanted) if one.mirror else wanted, one.box, rules.NEAR)


def _picture(file: str) -> Image.Image | None:
    try:
        return Image.open(io.BytesIO(store().get(file)))
    except (Damaged, NotStored):
        return None


def _keep(w: Work, one: dict[str, Any], hashes: rules.Mark | None) -> None:
    rough = "".join(f"{bits:016x}" for bits in hashes.rough) if hashes else ""
    w.session.add(PhotoMark(
        photo_id=str(one["photo"]), kind=str(one["kind"]), item_id=str(one["item"]), file=str(one["file"]),
        whole=f"{hashes.whole:064x}" if hashes else "", rough=rough, taken_by=str(one["by"]), at=w.now,
    ))  # fmt: skip
    w.session.flush()


def _ask(w: Work, photo_id: str, twin: Found) -> None:
    one_id, other_id = sorted((photo_id, twin.other_id))
    pair = select(PhotoTwin.id).where(PhotoTwin.one_id == one_id, PhotoTwin.other_id == other_id)
    if w.session.scalars(pair).first() is not None:
        return
    row = PhotoTwin(
        id=ids.new_id(), one_id=one_id, other_id=other_id, bits=twin.bits, how=twin.how, at=w.now, decided_by=None,
        decided_at=None,
    )  # fmt: skip
    queue.ask(w, "photo_twin", queries.twin_ask(w.session, row))
    w.session.add(row)
    w.session.flush()
    w.record("core:photo:twin_found", row.id, one=one_id, other=other_id, bits=twin.bits)


def decide(w: Work, twin: PhotoTwin, copied: bool, reason: str) -> None:
    """A reviewer says whether one was copied from the other, with a reason; nothing else follows by itself.

    Raises Forbidden for whose things these are and who took the photos."""
    verb = "uphold" if copied else "dismiss"
    TWIN.next(twin.state, verb)
    if w.actor.id in queries.barred(w.session, twin):
        raise Forbidden("own_photo", N_("You are part of this: a colleague decides."))
    queue.settle(w, "photo_twin", twin.id, "copied" if copied else "different", reason)
    walk(w, TWIN, twin, verb, reason=reason.strip()[:2000], decided_by=w.actor.id, decided_at=w.now)
    w.record("core:photo:twin_decided", twin.id, copied=copied)


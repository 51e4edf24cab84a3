"""The same photo on another seller's thing: a report that the program makes itself, for the reviewers' eyes.

Photos are compared by their dhash (64 bits) first, then, where that is near, by 16 x 16 spots of colour: copies that were saved
anew, made smaller or brighter differ by half a step there, two pictures of like things by more. Plain ground says nothing."""

import io
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image
from sqlalchemy import String, and_, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from core import clock, ids
from core.files import Damaged, NotStored
from core.goods.models import ItemPhoto
from core.goods.pictures import store
from core.jobs import handles
from core.photos import distance
from core.queue import actions as queue
from core.work import SYSTEM, Work, work
from market.listings.models import Listing, Report
from market.listings.states import LIVE
from market.listings.waits import report_ask

KIND: Final = "market:compare_photos"
REASON: Final = "same_photo"
NEAR: Final = 4
# of 64 bits: fewer (or fewer left out) say too little
LEAST_BITS: Final = 6
# whoever differs in at most four bits is equal in one of five parts of the 16 hex digits
PARTS: Final = ((1, 3), (4, 3), (7, 3), (10, 3), (13, 4))
# mean difference of 768 spots of 256 steps each, brightness set aside: own copies have at most 0.6, drawings of one motif 0.7
ALIKE: Final = 0.65
SIDE: Final = 16


def look_later(w: Work, listing: Listing) -> None:
    """Compare its photos soon, after this transaction."""
    w.later(KIND, listing_id=listing.id)


@handles(KIND)
def compare(session: Session, payloads: list[dict[str, Any]]) -> None:
    with work(session, SYSTEM, clock.now()) as w:
        for listing_id in dict.fromkeys(str(one["listing_id"]) for one in payloads):
            listing = w.session.get(Listing, listing_id)
            if listing is not None and listing.state in LIVE:
                look(w, listing)


def look(w: Work, listing: Listing) -> None:
    """Report the nearest twin among other sellers' things; each pair of listings once."""
    twin = find_twin(w.session, listing)
    if twin is None or _is_told(w.session, listing.id, twin.listing_id):
        return
    facts: dict[str, str | int] = {"other": twin.listing_id, "photo": twin.photo_id, "bits": twin.bits}
    report = Report(
        id=ids.new_id(), listing_id=listing.id, reporter_id=None, reason=REASON, at=w.now, handled_by=None, handled_at=None,
        facts=facts,
    )  # fmt: skip
    queue.ask(w, "report", report_ask(report, listing))
    w.session.add(report)
    w.session.flush()
    w.record("market:listing:photo_twin", listing.id, report=report.id, **facts)


def _is_told(session: Session, one: str, other: str) -> bool:
    told = select(Report.listing_id, Report.facts).where(Report.listing_id.in_((one, other)), Report.reason == REASON)
    return any({at, str(facts.get("other"))} == {one, other} for at, facts in session.execute(told))


@dataclass(frozen=True, slots=True, order=True)
class Near:
    """A photo of another seller whose dhash differs in so many bits from one of ours."""

    bits: int
    listing_id: str
    photo_id: str
    small: str
    mine: str


def find_twin(session: Session, listing: Listing) -> Near | None:
    """The nearest photo that looks the same, on another seller's thing that is or was on sale."""
    return next((one for one in near_ones(session, listing) if alike(one.small, one.mine)), None)


def near_ones(session: Session, listing: Listing) -> list[Near]:
    """By dhash alone, nearest first."""
    query = select(ItemPhoto).where(ItemPhoto.item_id == listing.item_id, ItemPhoto.removed_at.is_(None))
    mine = {one.dhash: str(one.sizes["small"][0]) for one in session.scalars(query) if tells_enough(one.dhash)}
    if not mine:
        return []
    others = [Listing.seller_id != listing.seller_id, Listing.item_id != listing.item_id, Listing.published_at.is_not(None)]
    if listing.org_id:
        others.append(or_(Listing.org_id.is_(None), Listing.org_id != listing.org_id))
    alike_in_part = or_(*(_part(at, length) == one[at - 1 : at - 1 + length] for one in mine for at, length in PARTS))
    rows = session.execute(
        select(Listing.id, ItemPhoto.id, ItemPhoto.dhash, ItemPhoto.sizes)
        .join(ItemPhoto, ItemPhoto.item_id == Listing.item_id)
        .where(and_(*others), alike_in_part)
    )
    found = [
        Near(distance(dhash, one), other, photo, str(sizes["small"][0]), small)
        for other, photo, dhash, sizes in rows
        for one, small in mine.items()
    ]
    return sorted(one for one in found if one.bits <= NEAR)


def _part(at: int, length: int) -> Any:
    return type_coerce(func.substr(ItemPhoto.dhash, at, length), String)


def tells_enough(dhash: str) -> bool:
    """Is there more in the picture than plain ground?"""
    bits = int(dhash, 16).bit_count() if dhash else 0
    return LEAST_BITS <= bits <= 64 - LEAST_BITS


def alike(one: str, other: str) -> bool:
    """Do two stored pictures, by the digests of their small sizes, show the same? False where one of them is gone."""
    if one == other:
        return True
    try:
        spots = [_spots(store().get(digest)) for digest in (one, other)]
    except (Damaged, NotStored):
        return False
    return bool(sum(abs(a - b) for a, b in zip(*spots, strict=True)) / len(spots[0]) <= ALIKE)


def _spots(small: bytes) -> list[float]:
    """16 x 16 spots of red, green and blue, each colour's mean set to the middle."""
    data = Image.open(io.BytesIO(small)).convert("RGB").resize((SIDE, SIDE), Image.Resampling.BOX).tobytes()
    means = [max(sum(data[colour::3]) / (SIDE * SIDE), 1.0) for colour in range(3)]
    return [value / means[at % 3] * 128 for at, value in enumerate(data)]

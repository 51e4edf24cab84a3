"""The private proof of a restricted thing: seen by its seller and by reviewers only, each look written down.

Photos are kept encrypted and apart from the photos of things, so that no public address can ever lead to one."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from core import ids, secrets
from core.access import visitor
from core.db import stamp
from core.errors import Invalid, NotFound, Refused
from core.goods.models import Item
from core.goods.pictures import store
from core.i18n import N_
from core.jobs import handles
from core.people.rules import months_later
from core.photos import Photo
from core.ports import RetentionRow
from core.work import Work
from market.listings.actions import restricted_hits
from market.listings.models import Listing, ListingProof
from market.listings.restricted import find_goods
from market.listings.restricted_goods import Need

KIND: Final = "proof"
MOST: Final = 6
KEPT_MONTHS: Final = 6
SIZES: Final = ("large", "medium")
OPEN_REVIEWS: Final = ("", "asked")
FORGET: Final = "market:forget_proof"


@dataclass(frozen=True, slots=True)
class Proof:
    """One photo of the proof with its listing."""

    listing: Listing
    row: ListingProof
    size: str = "large"

    @property
    def seller_id(self) -> str:
        return self.listing.seller_id


def find_proofs(session: Session, listing_id: str) -> Sequence[ListingProof]:
    """All that stand, oldest first."""
    return session.scalars(select(ListingProof).where(ListingProof.listing_id == listing_id).order_by(ListingProof.id)).all()


def get_proof(session: Session, listing_id: str, proof_id: str) -> Proof:
    """One photo, for its seller and for reviewers. Raises NotFound for everybody else, whether there is one or not."""
    row, listing = session.get(ListingProof, proof_id), session.get(Listing, listing_id)
    if row is None or listing is None or row.listing_id != listing.id or not may_look(listing):
        raise NotFound()
    return Proof(listing, row)


def get_sized(session: Session, listing_id: str, proof_id: str, size: str) -> Proof:
    return replace(get_proof(session, listing_id, proof_id), size=size)


def may_look(listing: Listing) -> bool:
    """Its seller always; a reviewer once a look was asked for."""
    who = visitor()
    return who.signed_in and (who.acts_for(listing.seller_id) or ("reviewer" in who.roles and listing.review != ""))


def needed(listing: Listing) -> list[Need]:
    """What a reviewer wants to see for this listing; nothing when it is no restricted thing."""
    goods = [find_goods(hit.code) for hit in restricted_hits(listing.item, listing)]
    return list({one.needs.code: one.needs for one in goods if one and one.needs}.values())


def add(w: Work, listing: Listing, photos: Sequence[Photo]) -> None:
    """Keep cleaned photos of the proof. Raises Refused when none is asked for or it was decided, Invalid for too many."""
    _still_open(listing)
    if not restricted_hits(w.session.get_one(Item, listing.item_id), listing):
        raise Refused("no_proof_needed", N_("Nobody asks for a proof of this thing."), field="proofs")
    waiting = [row for row in find_proofs(w.session, listing.id) if row.decided_at is None]
    if len(waiting) + len(photos) > MOST:
        raise Invalid("proofs_many", N_("Six photos of the proof are enough. Remove one first."), field="proofs")
    for photo in photos:
        row = ListingProof(
            id=ids.new_id(), listing_id=listing.id, sizes=_sealed(photo), added_by=w.actor.id, added_at=w.now, decided_at=None
        )
        w.session.add(row)
        w.record("market:proof:added", listing.id, proof=row.id)
    w.session.flush()


def _still_open(listing: Listing) -> None:
    if listing.review not in OPEN_REVIEWS:
        raise Refused(
            "proof_decided", N_("The reviewer has decided on this. Change what is said if it has to be looked at again."),
            field="proofs",
        )  # fmt: skip


def _sealed(photo: Photo) -> dict[str, Any]:
    sizes = {}
    for name in SIZES:
        one = photo.sizes[name]
        token = secrets.encrypt(base64.b64encode(one.data).decode(), KIND)
        sizes[name] = [store().put(token.encode(), KIND), one.width, one.height]
    return sizes


def opened(row: ListingProof, size: str) -> bytes:
    """The JPEG bytes of one of SIZES."""
    return base64.b64decode(secrets.decrypt(store().get(row.sizes[size][0]).decode(), KIND))


def seen(w: Work, row: ListingProof) -> None:
    """A reviewer looks: who and when stands in the log."""
    w.record("market:proof:seen", row.listing_id, proof=row.id)


def remove(w: Work, proof: Proof) -> None:
    """Take one's own photo away for good; Refused once a reviewer has decided by it."""
    if proof.row.decided_at is not None:
        raise Refused("proof_decided", N_("A reviewer has decided by this photo: it stays until its time is over."))
    forget(w, [proof.row], "market:proof:removed")


def settle(w: Work, listing: Listing) -> None:
    """A reviewer has decided: from now on the time runs after which the photos go."""
    for row in find_proofs(w.session, listing.id):
        row.decided_at = row.decided_at or w.now


def forget(w: Work, rows: Iterable[ListingProof], word: str) -> None:
    """Delete rows now and their files by a job: the line in the log stays."""
    for row in rows:
        for digest, _width, _height in row.sizes.values():
            w.later(FORGET, digest=digest)
        w.record(word, row.listing_id, proof=row.id)
        w.session.delete(row)


@handles(FORGET)
def remove_files(session: Session, payloads: list[dict[str, Any]]) -> None:
    for payload in payloads:  # every file is encrypted with a number of its own, so no other row can have it
        store().remove(payload["digest"], KIND)


def sweep_old(w: Work) -> None:
    """Six months after the decision, or after the upload where nobody waits for one, the proof goes."""
    until = months_later(w.now, -KEPT_MONTHS)
    nobody_waits = and_(ListingProof.decided_at.is_(None), ListingProof.added_at < until, Listing.review != "asked")
    query = select(ListingProof).join(Listing, Listing.id == ListingProof.listing_id).limit(200)
    forget(w, w.session.scalars(query.where(or_(ListingProof.decided_at < until, nobody_waits))), "market:proof:erased")


def personal_data(session: Session, account_id: str) -> list[dict[str, Any]]:
    rows = session.scalars(select(ListingProof).where(ListingProof.added_by == account_id).order_by(ListingProof.id))
    return [
        {"listing": row.listing_id, "added": stamp(row.added_at), "decided": stamp(row.decided_at) if row.decided_at else None}
        for row in rows
    ]


RETENTION = RetentionRow(
    N_("Private proof of restricted things"), KEPT_MONTHS,
    N_("the reviewer's decision, or the upload if none was needed"),
    N_("Personal Information Protection Law, article 19: shortest time"),
    N_("deleted; who looked and what was decided stays in the log"),
)  # fmt: skip

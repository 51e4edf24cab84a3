"""A seller's collection code: the picture is decoded and drawn anew, kept encrypted, and seen by the two sides of a payment
only."""

import base64
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import ids, secrets
from core.db import stamp
from core.errors import Invalid
from core.goods.pictures import store
from core.i18n import N_
from core.jobs import handles
from core.photos import Photo
from core.ports import RetentionRow
from core.work import Work
from market.payments.models import PaymentIntent
from market.payments.offer import find_collect_code
from market.payments.side_models import KINDS, CollectCode
from market.payments.states import OPEN

KIND = "collect_code"
FORGET = "payments:forget_code"
SIZES = ("large", "medium")
RETENTION = RetentionRow(
    N_("Collection codes"), 0, N_("it was taken away, and no open payment shows it"),
    N_("Personal Information Protection Law, article 19: shortest time"), N_("delete"), closing=True,
)  # fmt: skip


def put(w: Work, owner_id: str, kind: str, photo: Photo, *, merchant: bool) -> CollectCode:
    """Keep a new code; the one before is taken away. Payments that were begun keep the one they showed."""
    if kind not in KINDS:
        raise Invalid("kind_missing", N_("Say which app the code belongs to."), field="kind")
    remove(w, owner_id)
    row = CollectCode(
        id=ids.new_id(), owner_id=owner_id, kind=kind, merchant=merchant, sizes=_sealed(photo), added_at=w.now, removed_at=None,
        erased_at=None,
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    w.record("market:collect_code:put", owner_id, code=row.id, merchant=merchant)
    return row


def remove(w: Work, owner_id: str) -> None:
    row = find_collect_code(w.session, owner_id)
    if row is not None:
        row.removed_at = w.now
        w.session.flush()
        w.record("market:collect_code:removed", owner_id, code=row.id)


def _sealed(photo: Photo) -> dict[str, Any]:
    sizes = {}
    for name in SIZES:
        one = photo.sizes[name]
        token = secrets.encrypt(base64.b64encode(one.data).decode(), KIND)
        sizes[name] = [store().put(token.encode(), KIND), one.width, one.height]
    return sizes


def opened(row: CollectCode, size: str = "large") -> bytes:
    """The JPEG bytes of one of SIZES."""
    return base64.b64decode(secrets.decrypt(store().get(row.sizes[size][0]).decode(), KIND))


def size_of(row: CollectCode | None, size: str = "large") -> tuple[int, int]:
    """Width and height in pixels of one of SIZES; nothing where there is no picture."""
    _, width, height = row.sizes[size] if row is not None and row.sizes else ("", 0, 0)
    return width, height


def erase_old(w: Work) -> None:
    """A code that was taken away goes for good once no open payment shows it."""
    shown = select(PaymentIntent.collect_code_id).where(PaymentIntent.state.in_(OPEN), PaymentIntent.collect_code_id.is_not(None))
    query = select(CollectCode).where(
        CollectCode.removed_at.is_not(None), CollectCode.erased_at.is_(None), CollectCode.id.not_in(shown)
    )
    _erase(w, w.session.scalars(query.limit(200)))


def leave(w: Work, owner_id: str) -> None:
    """The person closes the account: nothing of it stays."""
    remove(w, owner_id)
    _erase(w, w.session.scalars(select(CollectCode).where(CollectCode.owner_id == owner_id, CollectCode.erased_at.is_(None))))


def _erase(w: Work, rows: Iterable[CollectCode]) -> None:
    for row in rows:
        for digest, _width, _height in row.sizes.values():
            w.later(FORGET, digest=digest)
        row.sizes, row.erased_at = {}, w.now
        w.record("market:collect_code:erased", row.owner_id, code=row.id)


@handles(FORGET)
def remove_files(session: Session, payloads: list[dict[str, Any]]) -> None:
    for payload in payloads:  # every picture is encrypted with a number of its own, so no other row can have it
        store().remove(payload["digest"], KIND)


def personal_data(session: Session, account_id: str) -> list[dict[str, Any]]:
    rows = session.scalars(select(CollectCode).where(CollectCode.owner_id == account_id).order_by(CollectCode.id))
    return [
        {"app": row.kind, "merchant": row.merchant, "added": stamp(row.added_at),
         "removed": stamp(row.removed_at) if row.removed_at else None}
        for row in rows
    ]  # fmt: skip

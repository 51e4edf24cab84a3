"""The half-filled screen of a clerk: kept while a phone adds photos, and when something on it is still missing."""

import hashlib
import json
import secrets as randomness
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import ids, secrets
from core.errors import Invalid, NotFound
from core.goods.pictures import MOST
from core.i18n import N_
from core.work import Work
from market.channels.consignment.goods import queries
from market.channels.consignment.goods.models import Intake, IntakeDraft

PAIRED: Final = timedelta(minutes=30)
"""So long a phone can add photos by the code on the clerk's screen."""
KEPT: Final = timedelta(days=7)
EVERY: Final = timedelta(hours=6)
LABEL: Final = "intake_draft"
MANY = N_("Twelve photos are enough. Remove one first.")


def keep(w: Work, intake: Intake, category: str, answers: Mapping[str, Any], photos: list[dict[str, Any]]) -> IntakeDraft:
    """Keep what is typed and add photos to those that are there. Raises Invalid for more than there is room for."""
    row = queries.find_draft(w.session, intake.id, w.actor.id)
    if row is None:
        row = IntakeDraft(
            id=ids.new_id(), intake_id=intake.id, clerk_id=w.actor.id, category=category, photos=[], answers="", pair_digest=None,
            pair_until=None, changed_at=w.now,
        )  # fmt: skip
        w.put(row)
    if len(row.photos) + len(photos) > MOST:
        raise Invalid("photos_many", MANY, field="photos")
    row.category, row.changed_at, row.photos = category, w.now, [*row.photos, *photos]
    row.answers = secrets.encrypt(json.dumps(dict(answers)), LABEL)
    return row


def answers_of(row: IntakeDraft) -> dict[str, Any]:
    return dict(json.loads(secrets.decrypt(row.answers, LABEL))) if row.answers else {}


def throw_away(w: Work, intake: Intake) -> None:
    """The thing was taken in, or the clerk begins anew."""
    w.session.execute(delete(IntakeDraft).where(IntakeDraft.intake_id == intake.id, IntakeDraft.clerk_id == w.actor.id))


def pair(w: Work, row: IntakeDraft) -> str:
    """A token for a phone; one before ends. Only its digest is kept."""
    token = randomness.token_urlsafe(18)
    row.pair_digest, row.pair_until = digest_of(token), w.now + PAIRED
    w.record("market:intake:paired", row.intake_id)
    return token


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def get_paired(session: Session, token: str, now: datetime, *, lock: bool = False) -> IntakeDraft:
    """The draft to which a phone adds photos. Raises NotFound once the code has run out."""
    query = select(IntakeDraft).where(IntakeDraft.pair_digest == digest_of(token))
    row = session.scalars(query.with_for_update() if lock else query).first()
    if row is None or row.pair_until is None or row.pair_until <= now:
        raise NotFound("pair_over", N_("This code has run out. Let the counter show a new one."))
    return row


def add_photos(w: Work, row: IntakeDraft, photos: list[dict[str, Any]]) -> None:
    """From the phone. Raises Invalid for more than there is room for."""
    if len(row.photos) + len(photos) > MOST:
        raise Invalid("photos_many", MANY, field="photos")
    row.photos, row.changed_at = [*row.photos, *photos], w.now


def remove_photo(w: Work, row: IntakeDraft, nth: int) -> None:
    row.photos, row.changed_at = [one for at, one in enumerate(row.photos) if at != nth], w.now


def sweep(w: Work) -> None:
    """Nobody went on with it for a week: numbers and answers go."""
    w.session.execute(delete(IntakeDraft).where(IntakeDraft.changed_at < w.now - KEPT))

"""The door at which Stripe reports. The signature is checked over the very bytes; the object is fetched; the event's id is
kept in the transaction of its effect. Answers: 400 for a bad signature (nothing kept), 503 to have it sent again, 200 for all
else."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, g, request
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import clock, ids
from core.access import public
from core.errors import Busy
from core.web import csrf, limiter
from core.work import Actor, work
from market.payments import news
from market.payments.contract import Unreachable
from market.payments.providers.stripe_line import Declined
from market.payments.settings import StripeSettings, stripe_settings
from market.payments.side_models import ProviderEvent

log = logging.getLogger("xunshi.payments")
blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")
REPORTER = Actor("system:stripe")
MOST_BYTES = 512 * 1024
TOLERANCE = 300  # seconds; a copy that is sent again later is no news
LONGEST = 80


@blueprint.post("/stripe")
@limiter.limit("1200 per minute")
@public
def stripe() -> tuple[str, int]:
    settings = stripe_settings()
    if settings is None:
        abort(404)
    if request.content_length is None or request.content_length > MOST_BYTES:
        abort(413)
    event = _believed(request.get_data(cache=False), request.headers.get("Stripe-Signature", ""), settings)
    if event is None:
        return "signature", 400
    try:
        return take_in(g.db, **event), 200
    except (Unreachable, Busy):
        return "later", 503


csrf.exempt(stripe)


def _believed(raw: bytes, header: str, settings: StripeSettings) -> dict[str, Any] | None:
    """The event's id, kind, object and time when one of our secrets signed exactly these bytes within five minutes."""
    from stripe import SignatureVerificationError, WebhookSignature

    for secret in settings.webhook_secrets:
        try:
            WebhookSignature.verify_header(raw.decode(), header, secret, TOLERANCE)
            break
        except (SignatureVerificationError, UnicodeDecodeError):
            continue
    else:
        log.warning("stripe: an event with a bad signature from %s", request.remote_addr)
        return None
    return _read(raw)


def _read(raw: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(raw)
        found = {"event_id": event["id"], "kind": event["type"], "ref": event["data"]["object"].get("id") or ""}
        made_at = datetime.fromtimestamp(int(event["created"]), UTC)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError):
        return None
    if not all(isinstance(one, str) and "\x00" not in one and len(one) <= LONGEST for one in found.values()):
        return None
    return {**found, "made_at": made_at}


def take_in(session: Session, *, event_id: str, kind: str, ref: str, made_at: datetime) -> str:
    """Take over one event; says its outcome, or `again` for one that is known. Raises Unreachable or Busy: send it again."""
    if _known(session, event_id):
        return "again"
    session.rollback()
    try:
        apply = news.fetch(kind, ref)
    except Declined:  # Stripe doesn't know the object (any more): kept as it is
        apply = _nothing
    try:
        with work(session, REPORTER, clock.now()) as w:
            row = ProviderEvent(
                id=ids.new_id(), provider="stripe", event_id=event_id, kind=kind, object_ref=ref, made_at=made_at,
                received_at=w.now, outcome=apply(w),
            )  # fmt: skip
            w.session.add(row)
            w.session.flush()
            return row.outcome
    except IntegrityError as clash:
        if _known(session, event_id):  # its twin was quicker
            return "again"
        raise Busy() from clash


def _nothing(_w: object) -> str:
    return "not_ours"


def _known(session: Session, event_id: str) -> bool:
    query = select(ProviderEvent.id).where(ProviderEvent.provider == "stripe", ProviderEvent.event_id == event_id)
    return session.scalars(query).first() is not None

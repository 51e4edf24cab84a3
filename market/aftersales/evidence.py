"""The bundle of a case, collected by itself: what was on offer, said, checked, and what moved; each file with its digest."""

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import AuditLine
from core.db import stamp
from core.goods import custody
from core.goods.models import ItemPhoto
from core.goods.pictures import store
from market.aftersales.models import Case
from market.ledger.queries import entries_of
from market.listings.models import Message
from market.orders.both_halves import other_order
from market.orders.models import InPersonCheck, Order
from market.orders.parcel import find_parcel
from market.orders.replacement_models import Replacement
from market.orders.replacing import replacements

MOST_PHOTOS = 40
"""Of what was offered, and of what was stated: so many each, so that neither crowds out the other."""


def bundle(session: Session, case: Case) -> bytes:
    """One zip: JSON files, photos by digest, and `digests.json` with the SHA-256 of every file in it."""
    files = {**_papers(session, case), **_photos(session, case)}
    digests = {name: hashlib.sha256(body).hexdigest() for name, body in files.items()}
    files["digests.json"] = _json(digests)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=case.opened_at.timetuple()[:6])
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _papers(session: Session, case: Case) -> dict[str, bytes]:
    order = session.get_one(Order, case.order_id)
    given = replacements(session, order.id)
    return {
        "case.json": _json(_case(case)), "order.json": _json(_order(order)), "offer.json": _json(order.snapshot or {}),
        "check_in_person.json": _json(_checks(session, order)), "messages.json": _json(_messages(session, order)),
        "parcel.json": _json(_parcel(session, order)), "register.json": _json(_register(session, order)),
        "books.json": _json(_books(session, order)),
        "log.json": _json(_log(session, _subjects(case, order, given))),
        "other_half.json": _json(_other_half(session, order)),
        "given_instead.json": _json([{**one.snapshot, "given": stamp(one.at)} for one in given]),
    }  # fmt: skip


def _role(case_or_order: Any, person: str | None) -> str:
    """Names stay out of the bundle: the two are buyer and seller, everybody else staff."""
    return {case_or_order.buyer_id: "buyer", case_or_order.seller_id: "seller"}.get(person, "staff" if person else "the program")


def _case(case: Case) -> dict[str, Any]:
    return {
        "number": case.number, "kind": case.kind, "ground": case.ground, "asked_minor": case.amount_minor,
        "granted_minor": case.granted_minor, "outcome": case.outcome, "asked_by": _role(case, case.asked_by),
        "currency": case.currency, "state": case.state, "opened": stamp(case.opened_at),
        "lines": [
            {"by": _role(case, one.by_id), "what": one.what, "words": one.words, "photos": one.photos, "at": stamp(one.at)}
            for one in case.lines
        ],
    }  # fmt: skip


def _order(order: Order) -> dict[str, Any]:
    moments = ("created_at", "contract_at", "checked_at", "paid_at", "shipped_at", "received_at", "completed_at",
               "after_sales_until", "warranty_until")  # fmt: skip
    told = {name: stamp(moment) for name in moments if (moment := getattr(order, name)) is not None}
    return {
        "number": order.number, "price_minor": order.price_minor, "refunded_minor": order.refunded_minor,
        "currency": order.currency, "payment": order.payment, "fulfilment": order.fulfilment,
        "holder": order.holder, "state": order.state, "snapshot_digest": order.snapshot_digest,
        "acknowledged": order.acknowledged,
        "returns": order.return_policy, **told,
    }  # fmt: skip


def _other_half(session: Session, order: Order) -> dict[str, Any]:
    """Of a swap: what was to come for this half, how far that got, and in whose hands that thing was. Its buyer is this half's
    seller."""
    other = other_order(session, order)
    return {**_order(other), "ended_why": other.ended_why, "register": _register(session, other)} if other else {}


def _parcel(session: Session, order: Order) -> dict[str, Any]:
    """How and when it was sent; of the tracking number what staff see."""
    row = find_parcel(session, order.id)
    if row is None or row.sent_at is None:
        return {}
    return {"carrier": row.carrier, "tracking": row.tracking_masked, "sent": stamp(row.sent_at)}


def _things(session: Session, order: Order) -> list[str]:
    """What this order was ever about: what was sold, and what was given instead since. Each only once, for it may come again."""
    return list(dict.fromkeys([order.item_id, *(one.item_id for one in replacements(session, order.id))]))


def _register(session: Session, order: Order) -> list[dict[str, Any]]:
    """In whose hands each of its things was, there and back: places and reasons, no names. `item` as in offers and log."""
    return [
        {"item": item_id, "at": stamp(line.since), "place": line.place, "why": line.why, "epoch": line.epoch,
         "by": _role(order, line.moved_by)}
        for item_id in _things(session, order)
        for line in custody.history(session, item_id)
    ]  # fmt: skip


def _subjects(case: Case, order: Order, given: Sequence[Replacement]) -> list[str]:
    """Whose lines of the log belong to it: this case, the exchanges before, the order, its listings and things."""
    instead = [subject for one in given for subject in (one.case_id, one.listing_id, one.item_id)]
    return [case.id, order.id, order.listing_id, order.item_id, *instead]


def _checks(session: Session, order: Order) -> list[dict[str, Any]]:
    found = session.scalars(select(InPersonCheck).where(InPersonCheck.order_id == order.id).order_by(InPersonCheck.id))
    return [{"at": stamp(one.at), "passed": one.passed, "answers": one.answers} for one in found]


def _messages(session: Session, order: Order) -> list[dict[str, str]]:
    mine = select(Message).where(Message.listing_id == order.listing_id, Message.buyer_id == order.buyer_id)
    return [
        {"by": _role(order, one.author_id), "at": stamp(one.at), "text": one.body}
        for one in session.scalars(mine.order_by(Message.id))
    ]


def _books(session: Session, order: Order) -> list[dict[str, Any]]:
    return [
        {"kind": entry.kind, "at": stamp(entry.at),
         "postings": [[one.account.kind, one.amount_minor, one.unit] for one in entry.postings]}
        for entry in entries_of(session, order.id)
    ]  # fmt: skip


def _log(session: Session, subjects: list[str]) -> list[dict[str, Any]]:
    lines = session.scalars(select(AuditLine).where(AuditLine.subject.in_(subjects)).order_by(AuditLine.line_no))
    return [{"at": stamp(one.at), "word": one.word, "subject": one.subject, "facts": one.facts} for one in lines]


def _photos(session: Session, case: Case) -> dict[str, bytes]:
    """Photos of the offers and of the statements, as they are kept: named by digest."""
    order = session.get_one(Order, case.order_id)
    offers = [order.snapshot or {}, *(one.snapshot for one in replacements(session, order.id))]
    wanted = {digest for offer in offers for digest in offer.get("photos", [])}
    rows = session.scalars(select(ItemPhoto).where(ItemPhoto.item_id.in_(_things(session, order))).order_by(ItemPhoto.id))
    offered = [one.sizes["large"][0] for one in rows if one.digest in wanted]
    stated = [digest for line in case.lines for digest in line.photos]
    return {f"photos/{digest}.jpg": store().get(digest) for digest in (*offered[:MOST_PHOTOS], *stated[:MOST_PHOTOS])}

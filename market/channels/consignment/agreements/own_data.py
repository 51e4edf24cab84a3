"""What agreements hold about people: for their export, and how long names and signatures are kept."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from core.db import get_locked, stamp
from core.each import each
from core.i18n import N_
from core.people.rules import months_later
from core.ports import PersonClosing, RetentionRow
from core.work import Work
from market.channels.consignment.agreements import actions, queries
from market.channels.consignment.agreements.models import Agreement
from market.channels.consignment.models import Consignor

KEPT_MONTHS: Final = 36
EVERY: Final = timedelta(hours=6)
AT_ONCE: Final = 200


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    return {"consignment_agreements": [_told(one) for one in queries.agreements_of_account(session, account_id)]}


def _told(one: Agreement) -> dict[str, Any]:
    parties = queries.parties_of(one)
    return {
        "number": one.number, "shop": one.org.name, "file": one.consignor.number, "state": one.state, "terms": one.data,
        "name": parties.consignor if parties else "", "signed": stamp(one.signed_at) if one.signed_at else None,
        "signed_how": one.signed_how, "signature": queries.signature_of(one), "digest": one.digest,
    }  # fmt: skip


def leave(w: Work, event: PersonClosing) -> None:
    """What a shop wrote for who leaves, or offered to them, is taken back; what both signed keeps them here (see standing)."""
    _take_back(w, or_(Consignor.account_id == event.account_id, Consignor.state != "open"))


def _take_back(w: Work, whose: ColumnElement[bool]) -> None:
    query = select(Agreement.id).join(Consignor, Consignor.id == Agreement.consignor_id)
    query = query.where(whose, Agreement.state.in_(("drafted", "offered"))).order_by(Agreement.id).limit(AT_ONCE)
    for row_id in w.session.scalars(query).all():
        actions.take_back(w, get_locked(w.session, Agreement, row_id))


def _run_out(w: Work) -> None:
    over = (Agreement.state == "terminated", Agreement.runs_out_at <= w.now)
    rows = w.session.scalars(select(Agreement.id).where(*over).order_by(Agreement.runs_out_at).limit(AT_ONCE)).all()
    each(w, rows, lambda row_id: actions.run_out(w, get_locked(w.session, Agreement, row_id)))


def sweep(w: Work) -> None:
    """What was given notice of ends on its day, drafts and offers of closed files are taken back, and names and signatures of
    what ended long ago are erased; terms, text and digests stay."""
    _run_out(w)
    _take_back(w, Consignor.state != "open")
    old = (Agreement.ended_at <= months_later(w.now, -KEPT_MONTHS), or_(Agreement.parties != "", Agreement.signature != ""))
    rows = w.session.scalars(select(Agreement.id).where(*old).order_by(Agreement.ended_at).limit(AT_ONCE)).all()
    each(w, rows, lambda row_id: _erase(w, row_id))


def _erase(w: Work, row_id: str) -> None:
    row = get_locked(w.session, Agreement, row_id)
    row.parties = row.signature = ""
    w.record("market:consignment_agreement:erased", row.id)


RETENTION = RetentionRow(
    N_("Names and signatures of consignment agreements"), KEPT_MONTHS, N_("the agreement ended or was withdrawn"),
    N_("E-commerce Law, article 31: at least three years"), N_("erased"),
)  # fmt: skip

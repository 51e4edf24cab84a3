"""How a shop's terms and agreements stand, for other rooms: a way on the shop's page, a row in a consignor's file."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import clock
from market.channels.consignment.agreements import queries
from market.channels.consignment.agreements.models import Agreement
from market.channels.consignment.agreements.states import AGREEMENT, HOLDS
from market.channels.consignment.attached import Attached


def on_shop_page(session: Session, org_id: str) -> tuple[str, str] | None:
    """(words, address) of the terms of this shop; None while it has none in use."""
    there = queries.templates_of(session, org_id, "active")
    return (str(_("Consignment terms of this shop")), f"/shops/{org_id}/consignment-terms") if there else None


def binds(row: Agreement, now: datetime) -> bool:
    """Does it keep the consignor's file open? Signed, or with a notice that hasn't run out."""
    return row.state in HOLDS and (row.runs_out_at is None or row.runs_out_at > now)


def of_consignor(session: Session, consignor_id: str) -> list[Attached]:
    """The agreements of a consignor's file, the newest first."""
    return [
        Attached(
            title=_("Agreement %(number)s", number=one.number),
            state=(_(AGREEMENT[one.state].label), AGREEMENT[one.state].tone),
            link=f"/consignment/{one.org_id}/agreements/{one.id}",
            own=f"/consignment-agreements/{one.id}" if one.digest else "", open=binds(one, clock.now()),
        )
        for one in queries.agreements_of_file(session, consignor_id)
    ]  # fmt: skip

"""How a shop's terms and agreements stand, for other rooms: a way on the shop's page, a row in a consignor's file."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from market.channels.consignment.agreements import queries
from market.channels.consignment.agreements.states import AGREEMENT, OPEN
from market.channels.consignment.attached import Attached


def on_shop_page(session: Session, org_id: str) -> tuple[str, str] | None:
    """(words, address) of the terms of this shop; None while it has none in use."""
    there = queries.templates_of(session, org_id, "active")
    return (str(_("Consignment terms of this shop")), f"/shops/{org_id}/consignment-terms") if there else None


def of_consignor(session: Session, consignor_id: str) -> list[Attached]:
    """The agreements of a consignor's file, the newest first."""
    return [
        Attached(
            title=_("Agreement %(number)s", number=one.number),
            state=(_(AGREEMENT[one.state].label), AGREEMENT[one.state].tone),
            link=f"/consignment/{one.org_id}/agreements/{one.id}",
            own=f"/consignment-agreements/{one.id}" if one.digest else "", open=one.state in OPEN,
        )
        for one in queries.agreements_of_file(session, consignor_id)
    ]  # fmt: skip

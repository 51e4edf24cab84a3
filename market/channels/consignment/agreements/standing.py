"""How a shop's terms and agreements stand, for other rooms: a way on the shop's page, a row in a consignor's file."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from market.channels.consignment.agreements import queries


def on_shop_page(session: Session, org_id: str) -> tuple[str, str] | None:
    """(words, address) of the terms of this shop; None while it has none in use."""
    there = queries.templates_of(session, org_id, "active")
    return (str(_("Consignment terms of this shop")), f"/shops/{org_id}/consignment-terms") if there else None

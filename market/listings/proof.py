"""What the market asks the privacy room: may this be listed, which paper does it have, is it in a sealed bag."""

from sqlalchemy.orm import Session

from privacy.clearance.permit import Permit
from privacy.clearance.queries import certificate_of_clearance, find_clearance, find_valid
from privacy.sampling.queries import check_on


def permit_for(session: Session, item_id: str) -> Permit | None:
    """The permit to list this item now, or None when it must be wiped first."""
    return find_clearance(session, item_id)


def certificate_number_of(session: Session, clearance_id: str) -> str:
    certificate = certificate_of_clearance(session, clearance_id)
    return certificate.number if certificate else ""


def is_drawn(session: Session, item_id: str) -> bool:
    """Does it wait for a third person's recovery try? It may be listed then, but neither reserved nor sold."""
    return check_on(session, item_id) is not None


def is_off_sale(session: Session, item_id: str) -> bool:
    """... and not even listed, because data was found after another wipe of the same batch?"""
    check = check_on(session, item_id)
    return check is not None and check.mandatory


def bag_number(session: Session, item_id: str) -> str | None:
    """The number of the tamper-evident bag it is kept in, or None when it is kept at a point or needs no clearance."""
    clearance = find_valid(session, item_id)
    return clearance.seal_number if clearance and clearance.kept == "sealed_bag" else None


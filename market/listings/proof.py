"""What the market asks the privacy room: may this be listed, which paper does it have, is it in a sealed bag."""

from flask import g
from sqlalchemy.orm import Session

from core.goods.models import Item
from core.wipe_ports import WipeStanding
from privacy.bench import bench
from privacy.clearance.permit import Cleared, Permit
from privacy.clearance.queries import certificate_of_clearance, find_clearance, find_valid
from privacy.sampling.queries import check_on
from privacy.wipes.outlook import Outlook, outlook_of
from privacy.wipes.queries import find_open_job

__all__ = ["Outlook"]


def permit_for(session: Session, item_id: str) -> Permit | None:
    """The permit to list this item now, or None when it must be wiped first."""
    return find_clearance(session, item_id)


def wipe_standing(session: Session, item_id: str) -> WipeStanding:
    """For the port: clear by a certificate that stands now; unknown where a clearance is there whose paper doesn't, or a third
    person still looks whether data can be found again; missing else."""
    permit = find_clearance(session, item_id)
    if isinstance(permit, Cleared):
        return WipeStanding("unknown" if is_off_sale(session, item_id) else "clear", permit.certificate_number)
    if permit is not None:
        return WipeStanding("clear")
    return WipeStanding("unknown" if find_valid(session, item_id) is not None else "missing")


def certificate_number_of(session: Session, clearance_id: str) -> str:
    certificate = certificate_of_clearance(session, clearance_id)
    return certificate.number if certificate else ""


def wipe_of(session: Session, item_id: str) -> tuple[str, str]:
    """How far the wiping of a device is that isn't on sale, for its mark, and the id of the open job ("" if there is none):
    cleared, pending (at the bench or being verified) or waiting (nobody has touched it yet)."""
    if find_clearance(session, item_id) is not None:
        return "cleared", ""
    job = find_open_job(session, item_id)
    return "pending" if job is not None and job.started_at else "waiting", job.id if job else ""


def outlook_for(item: Item) -> Outlook | None:
    """What can be said before the wipe: may a thing of this model be listed afterwards?"""
    return outlook_of(g.db, bench(), item)


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


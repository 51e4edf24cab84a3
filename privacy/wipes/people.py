"""Who acts in a wipe and whether the role is really held: asked again inside the action, whatever the page believed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.goods import custody
from core.people.models import Membership
from core.people.visitors import held_roles

COUNTER = ("wipe_operator", "shop_clerk", "shop_manager")
STAFF = (*COUNTER, "wipe_verifier", "appraiser")


def orgs_as(session: Session, account_id: str, *roles: str) -> set[str]:
    """The approved organisations in which this person holds one of the roles now."""
    return {org for role, org in held_roles(session, account_id) if role in roles}


def others_as(session: Session, org_id: str, role: str, *but: str | None) -> list[str]:
    """Who else holds this role in the organisation: account ids, without those named."""
    query = select(Membership.account_id).where(
        Membership.org_id == org_id, Membership.role == role, Membership.ended_at.is_(None)
    )
    return [one for one in session.scalars(query.order_by(Membership.id)) if one not in but]


def is_here(session: Session, item_id: str, orgs: set[str]) -> bool:
    """Is the thing, by the record, in a place of one of these organisations?"""
    line = custody.find_holder(session, item_id)
    return line is not None and custody.is_with_staff(session, item_id) and line.holder_id in orgs

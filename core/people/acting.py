"""Whether who acts really holds a role, and for which account they act: asked again inside the action, whatever the page
believed."""

from sqlalchemy.orm import Session

from core.access import COUNTER
from core.errors import Forbidden
from core.i18n import N_
from core.people.visitors import held_roles
from core.work import Work


def demand_role(w: Work, org_id: str | None, *roles: str) -> None:
    """Raises Forbidden unless who acts holds one of the roles now, in `org_id` if one is named."""
    if not any(role in roles and org_id in (None, org) for role, org in held_roles(w.session, w.actor.id)):
        raise Forbidden("role_missing", N_("Your roles in this organisation don't allow this."))


def acts_for(session: Session, actor_id: str, account_id: str) -> bool:
    """Is it this person, or the house of an organisation at whose counter they work (core/people/houses.py)?"""
    return actor_id == account_id or any((role, account_id) in held_roles(session, actor_id) for role in COUNTER)


def acting_as(w: Work, *accounts: str | None) -> str:
    """As which of these accounts who acts takes part: themselves before a house. Who has no part in it stays themselves."""
    if w.actor.id in accounts:
        return w.actor.id
    houses = {org for role, org in held_roles(w.session, w.actor.id) if role in COUNTER}
    return next((one for one in accounts if one in houses), w.actor.id)


def works_at(session: Session, actor_id: str, account_id: str) -> bool:
    """Does this person hold any role in the organisation whose house this account is?"""
    return any(org == account_id for _, org in held_roles(session, actor_id))

"""Whether who acts really holds a role: asked again inside the action, whatever the page believed."""

from core.errors import Forbidden
from core.i18n import N_
from core.people.visitors import held_roles
from core.work import Work


def demand_role(w: Work, org_id: str | None, *roles: str) -> None:
    """Raises Forbidden unless who acts holds one of the roles now, in `org_id` if one is named."""
    if not any(role in roles and org_id in (None, org) for role, org in held_roles(w.session, w.actor.id)):
        raise Forbidden("role_missing", N_("Your roles in this organisation don't allow this."))

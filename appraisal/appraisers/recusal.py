"""Whose things an appraiser leaves to others, and how independent the body is that signs: looked up, decided by the rules."""

from collections.abc import Mapping, Set

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.appraisers import queries, rules
from appraisal.appraisers.settings import settings
from core import ports
from core.errors import Forbidden
from core.goods.models import Item
from core.i18n import N_
from core.people.models import Membership, Organisation
from core.work import Work

Ties = Mapping[str, Set[str]]
REFUSALS = {
    "own_thing": N_("You can't appraise your own thing."),
    "employers_thing": N_(
        "The owner works for the same organisation as you. Only a shop may grade its own stock, and the report says so."
    ),
    "familys_thing": N_("The owner is declared as your family, so somebody else appraises it."),
    "counterpartys_thing": N_("You had a deal with the owner in the last %(days)s days, so somebody else appraises it."),
}


def demand(w: Work, item: Item, org_id: str) -> None:
    """Raises Forbidden, with the reason in words, when the acting person must leave this thing to somebody else."""
    why = why_recused(w, item, w.actor.id, org_id)
    if why:
        raise Forbidden(why, REFUSALS[why], values={"days": settings().counterparty.days})


def why_recused(w: Work, item: Item, account_id: str, org_id: str) -> str | None:
    """A code of REFUSALS, or None. `org_id`: in whose name it would be signed."""
    return why_tied(w, item.owner_id, account_id, ties_of(w, account_id), org_id)


def ties_of(w: Work, account_id: str) -> Ties:
    """To whom declared family and deals of late tie an appraiser, and by what."""
    return ports.relations(w.session, account_id, w.now - settings().counterparty, w.now)


def why_tied(w: Work, owner_id: str, account_id: str, ties: Ties, org_id: str = "") -> str | None:
    """What ties an appraiser to a person with an interest in the grade: a code of REFUSALS, or None. `ties`: the appraiser's, of
    `ties_of`. Without `org_id` a shop's own stock is no exception: working for the same organisation ties."""
    if owner_id == account_id:
        return "own_thing"
    known = ties.get(owner_id, set())
    if "family" in known:
        return "familys_thing"
    shared = _orgs(w.session, account_id) & _orgs(w.session, owner_id)
    if shared and not (shared == {org_id} and w.session.get_one(Organisation, org_id).kind == "shop"):
        return "employers_thing"
    # a shop's own people deal with one another: that is what "own stock" on the report says
    return "counterpartys_thing" if "counterparty" in known and not shared else None


def body_type(session: Session, org_id: str, owner_id: str) -> str | None:
    """A, B, C or None, as `rules.body_type` says, of this organisation towards this owner today."""
    org, agency = session.get_one(Organisation, org_id), queries.find_agency(session, org_id)
    admitted = agency is not None and agency.state == "active"
    return rules.body_type(org.kind, admitted, own=org_id in _orgs(session, owner_id))


def _orgs(session: Session, account_id: str) -> set[str]:
    """Where a person holds any role now."""
    query = select(Membership.org_id).where(Membership.account_id == account_id, Membership.ended_at.is_(None))
    return set(session.scalars(query))

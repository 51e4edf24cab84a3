"""Who writes a shop's terms, who makes agreements at its counter, and who reads and signs them at home."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.access import Predicate, has_role, in_org, signed_in
from core.errors import NotFound
from core.people.models import Organisation
from market.channels.consignment.agreements.models import Agreement, TermsTemplate
from market.channels.consignment.agreements.queries import get_agreement, get_template

DESK = ("shop_manager", "shop_clerk")


def load_shop(session: Session, org_id: str) -> Organisation:
    """An approved shop. Raises NotFound."""
    org = session.get(Organisation, org_id)
    if org is None or org.kind != "shop" or org.state != "approved":
        raise NotFound()
    return org


def load_template(session: Session, org_id: str, template_id: str) -> TermsTemplate:
    """Of that shop. Raises NotFound."""
    return get_template(session, load_shop(session, org_id).id, template_id)


def load_agreement(session: Session, org_id: str, agreement_id: str) -> Agreement:
    """Of that shop. Raises NotFound."""
    row = get_agreement(session, agreement_id)
    if row.org_id != org_id:
        raise NotFound()
    return row


@dataclass(frozen=True, slots=True)
class Mine:
    """An agreement as its consignor reads it at home; `account_id`: the account linked to the file, None for none."""

    row: Agreement
    account_id: str | None


def load_mine(session: Session, agreement_id: str) -> Mine:
    """One that the shop has signed. Raises NotFound."""
    row = get_agreement(session, agreement_id)
    if row.digest == "":
        raise NotFound()
    return Mine(row, row.consignor.account_id)


_linked = Predicate("the account linked to the consignor's file", lambda v, s: s.account_id == v.account_id)


def _shop(one: Organisation | TermsTemplate | Agreement) -> str:
    return one.id if isinstance(one, Organisation) else one.org_id


_there = tuple((in_org(role, _shop, "the shop"),) for role in DESK)

PERMISSIONS = {
    "market:consignment_terms:read": _there,
    "market:consignment_terms:write": ((in_org("shop_manager", _shop, "the shop"),),),
    "market:consignment_agreement:make": _there,
    "market:consignment_agreement:read_own": ((_linked,),),
    "market:consignment_agreement:sign_own": ((_linked,),),
    "market:consignment_agreement:list_own": ((signed_in,),),
    "market:agreement_shops:list": tuple((has_role(role),) for role in DESK),
}

"""Organisations: proposed by a person, approved by an administrator; who works there ends, too."""

from dataclasses import dataclass

from sqlalchemy import select

from core import ids
from core.errors import Forbidden, Invalid, Refused
from core.i18n import N_
from core.people.actions.sellers import record_check
from core.people.models import Account, Membership, Organisation
from core.people.notices import notify
from core.people.queries import get_organisation, memberships
from core.people.rules import MAY_LACK_LICENCE, ORG_SELLER_KINDS, PROPOSABLE, check_role, read_licence
from core.people.states import ORGANISATION
from core.people.waits import organisation_ask
from core.ports import RoleEnded, happened
from core.queue import actions as queue
from core.states import walk
from core.work import Work

MANAGER = "shop_manager"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    kind: str
    name: str
    name_en: str = ""
    district: str = ""
    address: str = ""
    licence_no: str
    unlicensed: bool = False


def is_administrator(w: Work) -> bool:
    return any(one.role == "administrator" for one in memberships(w.session, w.actor.id))


def propose(w: Work, asked: Proposal) -> Organisation:
    """Put an organisation down for approval. Regulators are proposed by administrators only.

    Without a licence only where the law may ask for none (E-commerce Law 10): it states its ground once it is approved."""
    allowed = (*PROPOSABLE, "regulator") if is_administrator(w) else PROPOSABLE
    if asked.kind not in allowed:
        raise Invalid("org_kind", N_("Please choose a kind of organisation."), field="kind")
    exempt = asked.unlicensed and not asked.licence_no.strip() and asked.kind in MAY_LACK_LICENCE
    licence_no = "" if exempt else read_licence(asked.licence_no)
    known = select(Organisation.id).where(
        Organisation.licence_no == licence_no,
        Organisation.licence_no != "",
        Organisation.state != "refused",
        Organisation.kind == asked.kind,
    )
    if w.session.scalars(known).first() is not None:
        raise Invalid(
            "org_known", N_("An organisation with this code is registered already."), field="licence_no"
        )
    org = Organisation(
        id=ids.new_id(),
        kind=asked.kind,
        name=asked.name.strip(),
        name_en=asked.name_en.strip(),
        district=asked.district,
        address=asked.address.strip(),
        licence_no=licence_no,
        state="proposed",
        proposed_by=w.actor.id,
        created_at=w.now,
    )
    queue.ask(w, "organisation", organisation_ask(org))
    w.session.add(org)
    w.record("core:organisation:proposed", org.id, kind=org.kind)
    return org


def approve(w: Work, org_id: str, seller_kind: str = "", *, reason: str) -> None:
    """Approve a proposal: its proposer becomes the manager. `seller_kind`: under which word a shop with a licence
    sells, '' for others. Raises Invalid without a reason."""
    org = get_organisation(w.session, org_id)
    if org.proposed_by == w.actor.id and org.kind != "regulator":
        raise Forbidden("own_proposal", N_("Another administrator must decide on your own proposal."))
    ORGANISATION.next(org.state, "approve")
    queue.settle(w, "organisation", org_id, "approved", reason)
    walk(w, ORGANISATION, org, "approve")
    w.record("core:organisation:approved", org_id)
    if seller_kind and org.licence_no:
        record_check(
            w,
            account_id=None,
            org_id=org_id,
            kind=seller_kind,
            allowed=ORG_SELLER_KINDS,
            licence_no=org.licence_no,
        )
    if org.proposed_by and org.proposed_by != w.actor.id:
        grant(w, org, org.proposed_by, MANAGER)
        notify(
            w,
            org.proposed_by,
            N_("%(organisation)s was approved. You are its manager."),
            f"/organisations/{org_id}",
            organisation=org.name,
        )


def refuse(w: Work, org_id: str, *, reason: str) -> None:
    """Raises Invalid without a reason."""
    ORGANISATION.next(get_organisation(w.session, org_id).state, "refuse")
    queue.settle(w, "organisation", org_id, "refused", reason)
    _decide(w, org_id, "refuse", "core:organisation:refused", N_("%(organisation)s was not approved."))


def suspend_organisation(w: Work, org_id: str) -> None:
    """Its members' roles stop counting at once (held_roles looks at the state)."""
    if get_organisation(w.session, org_id).kind == "platform":
        raise Refused("platform", N_("The platform itself can't be suspended."))
    _decide(w, org_id, "suspend", "core:organisation:suspended", N_("%(organisation)s was suspended."))
    w.session.flush()
    query = select(Membership).where(Membership.org_id == org_id, Membership.ended_at.is_(None)).order_by(Membership.id)
    for row in w.session.scalars(query).all():
        happened(w, RoleEnded(row.account_id, row.role, org_id))


def restore_organisation(w: Work, org_id: str) -> None:
    _decide(w, org_id, "restore", "core:organisation:restored", N_("%(organisation)s works again."))


def _decide(w: Work, org_id: str, verb: str, word: str, sentence: str) -> None:
    org = get_organisation(w.session, org_id)
    walk(w, ORGANISATION, org, verb)
    w.record(word, org_id)
    told = {org.proposed_by} | {row.account_id for row in _managers(w, org_id)}
    for account_id in sorted(one for one in told if one):
        notify(w, account_id, sentence, f"/organisations/{org_id}", organisation=org.name)


def grant(w: Work, org: Organisation, account_id: str, role: str) -> None:
    """Give a role that is allowed in this kind of organisation; giving it twice is once."""
    check_role(role, org.kind)
    held = select(Membership.id).where(
        Membership.account_id == account_id,
        Membership.org_id == org.id,
        Membership.role == role,
        Membership.ended_at.is_(None),
    )
    if w.session.scalars(held).first() is not None:
        return
    w.session.add(
        Membership(
            id=ids.new_id(),
            account_id=account_id,
            org_id=org.id,
            role=role,
            granted_by=w.actor.id,
            granted_at=w.now,
            ended_at=None,
        )
    )
    w.record("core:role:granted", account_id, role=role, organisation=org.id)


def end_membership(w: Work, membership_id: str) -> None:
    """End a role. Raises Refused for the last manager (or administrator) of an organisation: nobody
    could let one in."""
    row = w.session.get_one(Membership, membership_id, with_for_update=True)
    if row.ended_at is not None:
        return
    org = get_organisation(w.session, row.org_id)
    head = "administrator" if org.kind == "platform" else MANAGER
    if (
        row.role == head
        and len(_holders(w, org.id, head)) < 2
        and (org.kind == "platform" or not is_administrator(w))
    ):
        raise Refused("last_manager", N_("Please invite another manager first: this one is the last."))
    row.ended_at = w.now
    w.record("core:role:ended", row.account_id, role=row.role, organisation=org.id)
    w.session.flush()
    happened(w, RoleEnded(row.account_id, row.role, org.id))
    if row.account_id != w.actor.id:
        notify(
            w, row.account_id, N_("Your role in %(organisation)s has ended."), "/me", organisation=org.name
        )


def _managers(w: Work, org_id: str) -> list[Membership]:
    return _holders(w, org_id, MANAGER)


def _holders(w: Work, org_id: str, role: str) -> list[Membership]:
    query = (
        select(Membership)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.org_id == org_id,
            Membership.role == role,
            Membership.ended_at.is_(None),
            Account.state == "active",
        )
    )
    return list(w.session.scalars(query))

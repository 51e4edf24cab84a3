"""The first administrator of an empty house: who works at the server's console names somebody who has signed up."""

from sqlalchemy import select

from core import ids
from core.errors import Refused
from core.i18n import N_
from core.people.actions.organisations import grant
from core.people.models import Account, Membership, Organisation
from core.people.queries import digest_of, find_account
from core.people.rules import Address, read_licence
from core.work import Work

ROLE = "administrator"


def make_administrator(w: Work, address: Address, name: str, name_en: str, licence_no: str = "") -> Account:
    """Give the role to the account of this verified contact; the platform's organisation is made if there is none.

    Raises Refused where an administrator is at work already, who can invite others, or nobody has this contact."""
    if _at_work(w):
        raise Refused("has_administrator", N_("There is an administrator already, who can invite others."))
    account = find_account(w.session, digest_of(address))
    if account is None or account.state != "active" or account.demo:
        raise Refused("nobody", N_("Nobody has signed up with this contact. Open the account on the site first."))
    platform = w.session.scalars(select(Organisation).where(Organisation.kind == "platform").with_for_update()).first()
    if platform is None:
        licence_no = read_licence(licence_no) if licence_no else ""
        platform = Organisation(
            id=ids.new_id(), kind="platform", name=name, name_en=name_en, licence_no=licence_no, state="approved",
            created_at=w.now,
        )  # fmt: skip
        w.session.add(platform)
        w.session.flush()
        w.record("core:platform:founded", platform.id)
    grant(w, platform, account.id, ROLE)
    return account


def _at_work(w: Work) -> bool:
    query = (
        select(Membership.id)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.role == ROLE, Membership.ended_at.is_(None), Account.state == "active")
    )
    return w.session.scalars(query.limit(1)).first() is not None

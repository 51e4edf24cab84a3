"""Closing one's own account (E-commerce Law 24, PIPL 47): what holds a person here, and what goes when nothing does."""

from collections.abc import Iterable

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core import ids, mail, ports, secrets
from core.errors import Refused
from core.i18n import N_, say
from core.people.actions import messages
from core.people.actions.accounts import end_sign_ins, prove_own_password
from core.people.actions.factors import show_factor
from core.people.actions.organisations import MANAGER
from core.people.models import Account, ClosedContact, Code, Contact, FailedTry, Membership, Notice, RecoveryCode
from core.people.names import CLOSED
from core.people.queries import get_account, memberships, opened
from core.people.rules import Address, months_later
from core.people.sellers import find_seller_file
from core.people.states import ACCOUNT
from core.ports import Hold, PersonClosing, happened
from core.states import walk
from core.work import Work

SEALED = "closed_contact"
SELLERS_MONTHS = 36  # R-NTM 31: a seller's identity for three years after leaving
SUBJECT = N_("Your account was closed")
TEXT = N_(
    "Your Xunshi account was closed at your wish, and this address no longer belongs to it. If it wasn't you, please write to us."
)


def own_holds(session: Session, account_id: str) -> Iterable[Hold]:
    """Somebody has to be able to let others in: the last manager or administrator can't just go."""
    for row in memberships(session, account_id):
        org = row.organisation
        head = "administrator" if org.kind == "platform" else MANAGER
        if row.role == head and _active_holders(session, org.id, head) < 2:
            yield Hold(
                code="last_manager", sentence=N_("You are the last one who manages %(organisation)s."),
                values={"organisation": org.name}, link=f"/organisations/{org.id}", way=N_("Invite another one"),
            )  # fmt: skip


def _active_holders(session: Session, org_id: str, role: str) -> int:
    query = (
        select(func.count(Membership.id))
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.org_id == org_id, Membership.role == role, Membership.ended_at.is_(None), Account.state == "active")
    )
    return session.scalar(query) or 0


def is_seller(session: Session, account_id: str) -> bool:
    """Checked as a seller, or has sold something: their identity is kept, locked away, as long as the law says."""
    return find_seller_file(session, account_id, None) is not None or ports.standing(session, account_id).sales > 0


def close(w: Work, account_id: str, password: str, code: str | None) -> Refused | None:
    """Close the account of the person of this Work for good. `code`: of the second factor, None where there is none.

    A wrong password or code comes back as a refusal (its try must be saved). Raises Refused while something holds them."""
    account = get_account(w.session, account_id)
    held = ports.holds(w.session, account_id)
    if held:
        codes = tuple(one.code for one in held)
        raise Refused("account_held", N_("The account can't be closed yet. See what is still open."), reasons=codes)
    no = prove_own_password(w, account_id, password)
    if no is None and account.totp_secret is not None:
        no = show_factor(w, account_id, code or "")
    if no is None:
        _leave(w, account)
    return no


def _leave(w: Work, account: Account) -> None:
    contacts, seller = [opened(one) for one in account.contacts], is_seller(w.session, account.id)
    happened(w, PersonClosing(account.id))
    for role in memberships(w.session, account.id):
        role.ended_at = w.now
        w.record("core:role:ended", account.id, role=role.role, organisation=role.org_id)
    for contact in contacts:
        mail.forget(w, contact.value)
        mail.send(
            w, contact.channel, contact.value, contact.masked, say(SUBJECT, account.language), say(TEXT, account.language)
        )
        if seller:
            _lock_away(w, account.id, contact)
    messages.forget(w, account)
    _erase(w, account)
    walk(w, ACCOUNT, account, "close")
    w.record("core:account:closed", account.id, seller=seller)


def _lock_away(w: Work, account_id: str, contact: Address) -> None:
    w.session.add(
        ClosedContact(
            id=ids.new_id(), account_id=account_id, kind=contact.kind, value=secrets.encrypt(contact.value, SEALED),
            closed_at=w.now, erase_at=months_later(w.now, SELLERS_MONTHS),
        )
    )  # fmt: skip


def _erase(w: Work, account: Account) -> None:
    """What the account needs to be used goes now; its row stays without a person, because orders and the log name its id."""
    digests = [one.digest for one in account.contacts]
    w.session.execute(delete(Code).where(Code.contact_digest.in_(digests)))
    w.session.execute(delete(FailedTry).where(FailedTry.digest.in_([*digests, account.id])))
    for table in (RecoveryCode, Notice, Contact):
        w.session.execute(delete(table).where(table.account_id == account.id))  # type: ignore[attr-defined]
    w.session.expire(account, ["contacts"])
    account.name, account.password_hash, account.totp_secret = CLOSED, "-", None
    end_sign_ins(account)

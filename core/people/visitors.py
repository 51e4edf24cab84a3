"""Who asks for this page: flask-login's signed-in account becomes a Visitor with the roles that count right now."""

from datetime import UTC, datetime

from flask import Flask, g, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core import clock, ids
from core.access import Visitor
from core.people.models import Account, Membership
from core.people.notices import unread
from core.people.queries import consent_withdrawn
from core.people.roles import BENCH_MANAGER, MANAGER, ROLES, has_bench

login = LoginManager()


class SignedIn(UserMixin):  # type: ignore[misc]
    """What flask-login keeps: the id carries the sign-in epoch, so that raising it ends every open sign-in."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def get_id(self) -> str:
        return f"{self.account.id}.{self.account.sign_in_epoch}"


@login.user_loader  # type: ignore[untyped-decorator]
def load(value: str) -> SignedIn | None:
    account_id, _, epoch = value.partition(".")
    account = g.db.get(Account, account_id)
    if account is None or account.state != "active" or str(account.sign_in_epoch) != epoch:
        return None
    return SignedIn(account)


def register(app: Flask) -> None:
    login.init_app(app)


def sign_in(account: Account, *, factor: bool) -> None:
    """Open a sign-in for this browser. `factor`: the second factor was shown, now."""
    speak = chosen_language() or account.language
    session.clear()
    login_user(SignedIn(account))
    session["sign_in_id"] = ids.new_id()
    session["language"] = speak
    if factor:
        session["factor_at"] = clock.now().isoformat()


def chosen_language() -> str | None:
    """What somebody chose in this browser before signing in: it wins over what the account spoke last time."""
    return session.get("language") if session.get("language_chosen") else None


def factor_shown() -> None:
    """The person showed password and second factor just now, within an open sign-in."""
    session["factor_at"] = clock.now().isoformat()


def sign_out() -> None:
    language = session.get("language")
    logout_user()
    session.clear()
    if language:
        session["language"] = language


def held_roles(db: Session, account_id: str) -> frozenset[tuple[str, str]]:
    """(role, organisation id) of every membership that stands in an approved organisation."""
    return frozenset((m.role, m.org_id) for m in _standing(db, account_id))


def _standing(db: Session, account_id: str) -> list[Membership]:
    query = (
        select(Membership)
        .options(joinedload(Membership.organisation))
        .where(Membership.account_id == account_id, Membership.ended_at.is_(None))
    )
    return [m for m in db.scalars(query) if m.organisation.state == "approved"]


def visitor_of_request(db: Session, language: str) -> Visitor:
    if not current_user.is_authenticated:
        return Visitor(language=language)
    account: Account = current_user.account
    standing = _standing(db, account.id)
    held = frozenset((m.role, m.org_id) for m in standing)
    factor_at = _factor_at()
    awake = frozenset(grant for grant in held if factor_at or not ROLES[grant[0]].second_factor)
    benches = frozenset((BENCH_MANAGER, m.org_id) for m in standing if m.role == MANAGER and has_bench(m.organisation.kind))
    return Visitor(
        account_id=account.id, name=account.name, language=language, grants=awake | benches,
        asleep=frozenset(role for role, _ in held - awake),
        # who took a required consent back may look and settle, but neither list nor write
        verified_contact=any(contact.verified_at for contact in account.contacts)
        and not consent_withdrawn(db, account.id),
        fresh_at=factor_at, unread=unread(db, account.id), demo=account.demo,
        sign_in_id=session.get("sign_in_id", ""),
    )  # fmt: skip


def _factor_at() -> datetime | None:
    raw = session.get("factor_at")
    return datetime.fromisoformat(raw).astimezone(UTC) if raw else None

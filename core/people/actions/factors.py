"""The second factor: set up, shown (each code once), lost and replaced by a recovery code."""

from sqlalchemy import delete, update

from core import ids, secrets, totp
from core.errors import Invalid, Refused
from core.i18n import N_
from core.people.actions.guesses import count_wrong, forget_wrong, refuse_guessing
from core.people.models import Account, RecoveryCode
from core.people.notices import notify
from core.people.queries import get_account, memberships, recovery_codes
from core.people.roles import ROLES
from core.work import Work

LABEL = "totp"


def secret_of(account: Account) -> str | None:
    return secrets.decrypt(account.totp_secret, LABEL) if account.totp_secret else None


def set_up_factor(w: Work, account_id: str, secret: str, code: str) -> list[str] | Refused:
    """Keep the secret once the app has shown a right code for it. Returns ten recovery codes, to be
    shown once."""
    refuse_guessing(w, "factor", account_id)
    step = totp.accepted_step(secret, code, w.now, None)
    if step is None:
        count_wrong(w, "factor", account_id)
        return Invalid("wrong_code", N_("This is not the code that the app shows now."), field="code")
    account = get_account(w.session, account_id)
    account.totp_secret, account.totp_step = secrets.encrypt(secret, LABEL), step
    forget_wrong(w, "factor", account_id)
    w.record("core:factor:set_up", account_id)
    notify(w, account_id, N_("Your second factor was set up."), "/me/settings")
    return renew_recovery_codes(w, account_id)


def renew_recovery_codes(w: Work, account_id: str) -> list[str]:
    """Make ten new codes; the old ones end."""
    w.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    fresh = totp.new_recovery_codes()
    for code in fresh:
        w.session.add(
            RecoveryCode(
                id=ids.new_id(), account_id=account_id, hash=totp.recovery_digest(code), used_at=None
            )
        )
    w.record("core:recovery:renewed", account_id, codes=len(fresh))
    return fresh


def show_factor(w: Work, account_id: str, typed: str) -> Refused | None:
    """Check a code of the app or a recovery code; each counts once. The refusal is raised after the
    Work (counted)."""
    refuse_guessing(w, "factor", account_id)
    account = get_account(w.session, account_id)
    if _app_code(w, account, typed) or _recovery_code(w, account, typed):
        forget_wrong(w, "factor", account_id)
        return None
    count_wrong(w, "factor", account_id)
    w.record("core:factor:refused", account_id)
    return Invalid(
        "wrong_code", N_("This code is wrong or was used before. Wait for the next one."), field="code"
    )


def _app_code(w: Work, account: Account, typed: str) -> bool:
    secret = secret_of(account)
    step = totp.accepted_step(secret, typed, w.now, account.totp_step) if secret else None
    if step is None:
        return False
    # guarded: two requests with the same code at once, one wins (RFC 6238, 5.2)
    once = update(Account).where(Account.id == account.id, Account.totp_step < step).values(totp_step=step)
    changed = w.session.execute(once, execution_options={"synchronize_session": False})
    w.session.refresh(account, ["totp_step"])
    return bool(changed.rowcount == 1)  # type: ignore[attr-defined]


def _recovery_code(w: Work, account: Account, typed: str) -> bool:
    waiting = recovery_codes(w.session, account.id) if account.totp_secret else []
    found = totp.find_recovery(typed, [one.hash for one in waiting])
    if found is None:
        return False
    guarded = (
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account.id, RecoveryCode.hash == found, RecoveryCode.used_at.is_(None)
        )
        .values(used_at=w.now)
    )
    changed = w.session.execute(guarded, execution_options={"synchronize_session": False})
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        return False
    left = len(waiting) - 1
    w.record("core:recovery:used", account.id, left=left)
    notify(w, account.id, N_("A recovery code was used. %(left)s are left."), "/me/settings", left=left)
    return True


def remove_factor(w: Work, account_id: str) -> None:
    """Raises Refused while the person holds a role that needs the second factor."""
    if any(ROLES[one.role].second_factor for one in memberships(w.session, account_id)):
        raise Refused("factor_needed", N_("One of your roles needs the second factor."))
    account = get_account(w.session, account_id)
    account.totp_secret = None
    w.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    w.record("core:factor:removed", account_id)
    notify(w, account_id, N_("Your second factor was removed."), "/me/settings")

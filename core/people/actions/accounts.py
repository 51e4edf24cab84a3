"""Opening an account, proving who one is, changing and resetting the password, stopping an account."""

from dataclasses import dataclass

from core import ids, mail, passwords
from core.errors import Forbidden, Invalid, Refused
from core.i18n import N_, say
from core.people import texts
from core.people.actions.codes import send_code, send_no_code, spend_code
from core.people.actions.consents import give_consent
from core.people.actions.contacts import add_contact
from core.people.actions.guesses import count_wrong, forget_wrong, refuse_guessing
from core.people.models import Account
from core.people.notices import notify
from core.people.queries import digest_of, find_account, find_contact, get_account, opened
from core.people.rules import SUSPENSION_REASONS, Address, read_name
from core.people.states import ACCOUNT
from core.ports import PersonSuspended, happened
from core.states import walk
from core.work import Work

KNOWN_SUBJECT = N_("You already have an account")
KNOWN_TEXT = N_(
    "Somebody asked to open an account at Xunshi with this contact, which already belongs to one. "
    "If it was you, please sign in or reset your password."
)
WRONG = N_("The contact and the password don't fit together.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What a new person typed. `agreed`: codes of the texts whose boxes were ticked."""

    address: Address
    code: str
    name: str
    password: str
    language: str
    of_age: bool
    agreed: frozenset[str]


def ask_to_open(w: Work, address: Address, language: str) -> None:
    """Send the code for a new account; an address that has one gets a hint instead, and the page says
    the same."""
    if find_contact(w.session, digest_of(address)) is None:
        send_code(w, "sign_up", address, language)
        return
    send_no_code(w, "sign_up", address)
    mail.send(
        w,
        address.channel,
        address.value,
        address.masked,
        say(KNOWN_SUBJECT, language),
        say(KNOWN_TEXT, language),
    )


def open_account(w: Work, asked: Application) -> Account | Refused:
    """Open the account. A wrong code comes back as a refusal (its try must be saved); the rest raises
    Invalid first."""
    name = read_name(asked.name)
    check_password(asked.password, (asked.address.value, name), field="password")
    if not asked.of_age:
        raise Invalid("of_age", N_("You must be at least 18 years old."), field="of_age")
    if not asked.agreed >= set(texts.REQUIRED):
        raise Invalid("not_agreed", N_("Without your agreement we can't open an account."))
    no = spend_code(w, "sign_up", asked.address, asked.code)
    if no is not None:
        return no
    account = Account(
        id=ids.new_id(),
        name=name,
        password_hash=passwords.hash_password(asked.password),
        language=asked.language,
        of_age_at=w.now,
        created_at=w.now,
    )
    w.session.add(account)
    w.session.flush()
    add_contact(w, account.id, asked.address)
    for code in texts.REQUIRED:
        give_consent(w, account.id, code, texts.newest_version(code), asked.language)
    w.record("core:account:opened", account.id)
    notify(w, account.id, N_("Welcome to Xunshi. Your account is ready."), "/me")
    return account


def check_password(password: str, hints: tuple[str, ...], field: str) -> None:
    """Raises Invalid for a password that is tried first."""
    weak = passwords.too_weak(password, hints)
    if weak:
        raise Invalid(weak, passwords.REASONS[weak], field=field)


def prove_password(w: Work, address: Address, password: str) -> Account | Refused:
    """The account, or a refusal that doesn't tell whether there is one; to be raised after the Work
    (it is counted)."""
    digest = digest_of(address)
    refuse_guessing(w, "password", digest)
    account = find_account(w.session, digest)
    if not passwords.verify_password(account.password_hash if account else None, password) or account is None:
        count_wrong(w, "password", digest)
        if account is not None:
            w.record("core:sign_in:refused", account.id)
        return Invalid("wrong_password", WRONG)
    if account.state != "active":
        return Forbidden(
            "suspended",
            N_(
                "This account has been stopped by the platform. Please write to us if you think this is "
                "wrong."
            ),
        )
    forget_wrong(w, "password", digest)
    if passwords.needs_rehash(account.password_hash):
        account.password_hash = passwords.hash_password(password)
    return account


def prove_own_password(w: Work, account_id: str, password: str, field: str = "password") -> Refused | None:
    """For somebody who is signed in already."""
    refuse_guessing(w, "password", account_id)
    if passwords.verify_password(get_account(w.session, account_id).password_hash, password):
        forget_wrong(w, "password", account_id)
        return None
    count_wrong(w, "password", account_id)
    return Invalid("wrong_password", N_("This is not your password."), field=field)


def change_password(w: Work, account_id: str, old: str, new: str) -> Refused | None:
    """Set a new password; every other open sign-in ends."""
    account = get_account(w.session, account_id)
    check_password(new, (account.name, *(opened(one).value for one in account.contacts)), field="new")
    no = prove_own_password(w, account_id, old, field="old")
    if no is None:
        set_password(w, account, new)
        w.record("core:password:changed", account_id)
    return no


def ask_to_reset(w: Work, address: Address, language: str) -> None:
    """Send a code for a new password, if there is such an account; the page says the same either way."""
    account = find_account(w.session, digest_of(address))
    if account is not None and account.state == "active":
        send_code(w, "reset", address, account.language)
    else:
        send_no_code(w, "reset", address)


def reset_password(w: Work, address: Address, code: str, new: str) -> Refused | None:
    """Set a new password by code; all open sign-ins end. The second factor stays as it is."""
    check_password(new, (address.value,), field="new")
    no = spend_code(w, "reset", address, code)
    if no is not None:
        return no
    account = find_account(w.session, digest_of(address))
    if account is None:
        return Invalid(
            "code_over", N_("This code is no longer valid. Please ask for a new one."), field="code"
        )
    set_password(w, account, new)
    for contact in account.contacts:
        forget_wrong(w, "password", contact.digest)
    w.record("core:password:reset", account.id)
    return None


def set_password(w: Work, account: Account, new: str) -> None:
    account.password_hash = passwords.hash_password(new)
    end_sign_ins(account)
    forget_wrong(w, "password", account.id)
    notify(w, account.id, N_("Your password was changed. If it wasn't you, reset it at once."), "/forgotten")


def end_sign_ins(account: Account) -> None:
    account.sign_in_epoch += 1


def end_all_sign_ins(w: Work, account_id: str) -> None:
    end_sign_ins(get_account(w.session, account_id))
    w.record("core:sign_ins:ended", account_id)


def suspend(w: Work, account_id: str, why: str) -> None:
    """Stop an account: sign-ins end, and other rooms take down what is on sale (event PersonSuspended)."""
    if why not in SUSPENSION_REASONS:
        raise Invalid("why", N_("Please choose a reason."), field="why")
    if account_id == w.actor.id:
        raise Refused("own_account", N_("You can't stop your own account."))
    account = get_account(w.session, account_id)
    walk(w, ACCOUNT, account, "suspend")
    end_sign_ins(account)
    w.record("core:account:suspended", account_id, why=why)
    notify(w, account_id, N_("Your account was stopped by the platform."), "/me")
    happened(w, PersonSuspended(account_id, why))


def restore(w: Work, account_id: str) -> None:
    """Let the person sign in again; what was taken down stays down until they put it up themselves."""
    walk(w, ACCOUNT, get_account(w.session, account_id), "restore")
    w.record("core:account:restored", account_id)
    notify(w, account_id, N_("Your account is open again."), "/me")

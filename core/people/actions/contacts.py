"""A person's mobile numbers and e-mail addresses: added by code, found by digest, shown masked."""


from core import ids, mail, secrets
from core.errors import NotFound, Refused
from core.i18n import N_, say
from core.people.actions.codes import send_code, send_no_code, spend_code
from core.people.models import Contact
from core.people.notices import notify
from core.people.queries import digest_of, find_contact, get_account, opened
from core.people.rules import Address
from core.work import Work

ADDED_SUBJECT = N_("A contact was added to your account")
ADDED_TEXT = N_(
    "%(masked)s was added to your Xunshi account. If it wasn't you, change your password at once."
)


def add_contact(w: Work, account_id: str, address: Address) -> None:
    """Keep a contact whose code was just shown. Raises Busy when somebody else was quicker with the
    same one."""
    w.put(
        Contact(
            id=ids.new_id(),
            account_id=account_id,
            kind=address.kind,
            masked=address.masked,
            value=secrets.encrypt(address.value, "contact"),
            digest=digest_of(address),
            verified_at=w.now,
        )
    )


def ask_to_add(w: Work, address: Address, language: str) -> None:
    """Send the code for a further contact; one that belongs to an account gets none, and the page says
    the same."""
    if find_contact(w.session, digest_of(address)) is None:
        send_code(w, "contact", address, language)
    else:
        send_no_code(w, "contact", address)


def confirm_contact(w: Work, account_id: str, address: Address, code: str) -> Refused | None:
    """Add the contact by its code and tell the others. A wrong code comes back as a refusal."""
    no = spend_code(w, "contact", address, code)
    if no is not None:
        return no
    account = get_account(w.session, account_id)
    before = [opened(one) for one in account.contacts]
    add_contact(w, account_id, address)
    for one in before:
        mail.send(
            w,
            one.channel,
            one.value,
            one.masked,
            say(ADDED_SUBJECT, account.language),
            say(ADDED_TEXT, account.language, masked=address.masked),
        )
    notify(
        w, account_id, N_("%(contact)s was added to your account."), "/me/settings", contact=address.masked
    )
    w.record("core:contact:added", account_id, kind=address.kind)
    return None


def remove_contact(w: Work, account_id: str, contact_id: str) -> None:
    """Raises Refused for the last one: without it the account could never be opened again."""
    account = get_account(w.session, account_id)
    found = next((one for one in account.contacts if one.id == contact_id), None)
    if found is None:
        raise NotFound()
    if len([one for one in account.contacts if one.verified_at]) < 2:
        raise Refused("last_contact", N_("Please add another contact before you remove this one."))
    kind, masked = found.kind, found.masked
    w.session.delete(found)
    w.record("core:contact:removed", account_id, kind=kind)
    notify(w, account_id, N_("%(contact)s was removed from your account."), "/me/settings", contact=masked)

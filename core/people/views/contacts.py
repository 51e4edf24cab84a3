"""Adding and removing one's contacts; adding asks for the password, since a contact can open the account."""

from flask import g, redirect
from flask_babel import gettext as _

from core import clock
from core.access import needs, visitor
from core.doing import done
from core.errors import Refused
from core.people.actions import accounts, contacts
from core.people.forms import AddContactForm, CodeForm
from core.people.rules import Address, read_address
from core.people.views import blueprint
from core.people.views.parts import FormPage, Way, code_lead, find_waiting, forget_waiting, let_wait, slowly
from core.work import work


@blueprint.route("/me/settings/contacts/new", methods=["GET", "POST"])
@needs("core:account:guard")
@slowly("5 per minute")
def contact_new() -> object:
    form = AddContactForm()
    page = FormPage(
        title=_("Add a mobile number or e-mail"),
        form=form,
        submit=_("Send me a code"),
        cancel="/me/settings",
        lead=_("You can sign in with each of your contacts."),
    )
    if not form.validate_on_submit():
        return page.answer(422 if form.is_submitted() else 200)
    try:
        let_wait("contact", _ask(form))
    except Refused as no:
        form.blame(no)
        return page.answer(no.status)
    return redirect("/me/settings/contacts/code", 303)


def _ask(form: AddContactForm) -> Address:
    address = read_address(form.contact.data)
    with work(g.db, visitor().actor, clock.now()) as w:
        no = accounts.prove_own_password(w, visitor().actor.id, form.password.data)
        if no is None:
            contacts.ask_to_add(w, address, g.language)
    if no is not None:
        raise no
    return address


@blueprint.route("/me/settings/contacts/code", methods=["GET", "POST"])
@needs("core:account:guard")
@slowly("10 per minute")
def contact_code() -> object:
    address = find_waiting("contact")
    if address is None:
        return redirect("/me/settings/contacts/new", 303)
    form = CodeForm()
    page = FormPage(
        title=_("Confirm the contact"),
        form=form,
        submit=_("Confirm"),
        lead=code_lead(address),
        cancel="/me/settings",
        ways=(Way(_("Ask for another code"), "/me/settings/contacts/new"),),
    )
    if not form.validate_on_submit():
        return page.answer(422 if form.is_submitted() else 200)
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            no = contacts.confirm_contact(w, visitor().actor.id, address, form.code.data)
        if no is not None:
            raise no
    except Refused as refusal:
        form.blame(refusal)
        return page.answer(refusal.status)
    forget_waiting("contact")
    return done(_("The contact was added."), "/me/settings")


@blueprint.post("/me/settings/contacts/<contact_id>/remove")
@needs("core:account:guard")
def contact_remove(contact_id: str) -> object:
    with work(g.db, visitor().actor, clock.now()) as w:
        contacts.remove_contact(w, visitor().actor.id, contact_id)
    return done(_("The contact was removed."), "/me/settings")

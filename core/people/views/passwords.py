"""Changing the password, and a new one for who forgot it."""

from flask import g, redirect, session
from flask_babel import gettext as _

from core import clock
from core.access import needs, public, visitor
from core.doing import done
from core.errors import Refused
from core.people import visitors
from core.people.actions import accounts
from core.people.forms import ContactForm, PasswordForm, ResetForm
from core.people.queries import get_account
from core.people.rules import read_address
from core.people.views import blueprint
from core.people.views.parts import FormPage, Way, code_lead, find_waiting, forget_waiting, let_wait, password_shown, slowly
from core.work import Actor, work

DOOR = Actor("system:reset")


@blueprint.route("/password", methods=["GET", "POST"])
@needs("core:account:guard")
@slowly("10 per minute")
def password() -> object:
    form = PasswordForm()
    page = FormPage(
        title=_("Change the password"),
        form=form,
        submit=_("Change the password"),
        cancel="/me/settings",
        lead=_("All other devices will be signed out."),
    )
    if not form.validate_on_submit():
        return page.answer(422 if form.is_submitted() else 200)
    try:
        _change(form)
    except Refused as no:
        form.blame(no)
        return page.answer(no.status)
    return done(_("Your password was changed."), "/me/settings")


def _change(form: PasswordForm) -> None:
    account_id, factor_at = visitor().actor.id, session.get("factor_at")
    with work(g.db, visitor().actor, clock.now()) as w:
        no = accounts.change_password(w, account_id, form.old.data, form.new.data)
    if no is not None:
        raise no
    visitors.sign_in(get_account(g.db, account_id), factor=False)
    password_shown()
    if factor_at:
        session["factor_at"] = factor_at


@blueprint.route("/forgotten", methods=["GET", "POST"])
@public
@slowly("5 per minute; 30 per hour")
def forgotten() -> object:
    form = ContactForm()
    page = FormPage(
        title=_("Forgotten password"),
        form=form,
        submit=_("Send me a code"),
        lead=_("We send a code to the contact of your account. With it you choose a new password."),
        ways=(Way(_("Back to sign in"), "/sign-in"),),
    )
    if not form.validate_on_submit():
        return page.answer(422 if form.is_submitted() else 200)
    try:
        address = read_address(form.contact.data)
        with work(g.db, DOOR, clock.now()) as w:
            accounts.ask_to_reset(w, address, g.language)
    except Refused as no:
        form.blame(no)
        return page.answer(no.status)
    let_wait("reset", address)
    return redirect("/forgotten/code", 303)


@blueprint.route("/forgotten/code", methods=["GET", "POST"])
@public
@slowly("10 per minute")
def forgotten_code() -> object:
    address = find_waiting("reset")
    if address is None:
        return redirect("/forgotten", 303)
    form = ResetForm()
    page = FormPage(
        title=_("Choose a new password"),
        form=form,
        submit=_("Set the new password"),
        lead=code_lead(address),
        note=_("All devices will be signed out. Your second factor stays as it is."),
        ways=(Way(_("Ask for another code"), "/forgotten"),),
    )
    if not form.validate_on_submit():
        return page.answer(422 if form.is_submitted() else 200)
    try:
        with work(g.db, DOOR, clock.now()) as w:
            no = accounts.reset_password(w, address, form.code.data, form.new.data)
        if no is not None:
            raise no
    except Refused as refusal:
        form.blame(refusal)
        return page.answer(refusal.status)
    forget_waiting("reset")
    visitors.sign_out()
    return done(_("Your new password is set. Please sign in with it."), "/sign-in")

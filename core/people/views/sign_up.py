"""Opening an account: a contact, then its code with name, password and the boxes."""

from dataclasses import dataclass

from flask import g, redirect
from flask_babel import gettext as _

from core import clock
from core.access import public, visitor
from core.errors import Refused
from core.page import Page
from core.people import texts, visitors
from core.people.actions import accounts
from core.people.forms import ContactForm, OpenAccountForm
from core.people.rules import Address, read_address
from core.people.views import blueprint
from core.people.views.parts import (
    FormPage,
    Way,
    code_lead,
    find_waiting,
    let_wait,
    next_path,
    password_shown,
    slowly,
    with_next,
)
from core.work import Actor, work

DOOR = Actor("system:sign_up")


@dataclass(frozen=True, kw_only=True)
class OpenAccountPage(Page):
    template = "core/people_sign_up.html"
    form: OpenAccountForm
    lead: str


@blueprint.route("/sign-up", methods=["GET", "POST"])
@public
@slowly("10 per minute; 60 per hour")
def sign_up() -> object:
    if visitor().signed_in:
        return redirect(next_path(), 303)
    form = ContactForm()
    page = FormPage(
        title=_("Open an account"),
        form=form,
        submit=_("Send me a code"),
        lead=_("We send a code to your phone or mailbox. Looking around needs no account."),
        ways=(Way(_("I have an account already"), with_next("/sign-in")),),
        before=_("The contact is used to send the code and, if you open the account, to sign you in. All that we do with it:"),
        reads=tuple(Way(_(texts.TITLES[code]), f"/texts/{code}") for code in ("privacy_notice", "service_agreement")),
    )
    if not form.validate_on_submit():
        return page.answer(422 if form.is_submitted() else 200)
    try:
        address = read_address(form.contact.data)
        with work(g.db, DOOR, clock.now()) as w:
            accounts.ask_to_open(w, address, g.language)
    except Refused as no:
        form.blame(no)
        return page.answer(no.status)
    let_wait("sign_up", address)
    return redirect(with_next("/sign-up/code"), 303)


@blueprint.route("/sign-up/code", methods=["GET", "POST"])
@public
@slowly("20 per minute")
def sign_up_code() -> object:
    address = find_waiting("sign_up")
    if address is None:
        return redirect(with_next("/sign-up"), 303)
    form = OpenAccountForm()
    page = OpenAccountPage(form=form, lead=code_lead(address))
    if not form.validate_on_submit():
        return page.answer(422 if form.is_submitted() else 200)
    try:
        _open(form, address)
    except Refused as no:
        form.blame(no)
        return page.answer(no.status)
    return redirect(next_path(), 303)


def _open(form: OpenAccountForm, address: Address) -> None:
    agreed = {"service_agreement", "trading_rules"} if form.agreement.data else set()
    agreed |= {"privacy_notice"} if form.privacy.data else set()
    asked = accounts.Application(
        address=address,
        code=form.code.data,
        name=form.name.data,
        password=form.password.data,
        language=g.language,
        of_age=form.of_age.data,
        agreed=frozenset(agreed),
    )
    with work(g.db, DOOR, clock.now()) as w:
        account = accounts.open_account(w, asked)
    if isinstance(account, Refused):
        raise account
    visitors.sign_in(account, factor=False)
    password_shown()

"""Signing in, out, and in again. Whoever has a second factor is not in before it was shown."""

from datetime import datetime, timedelta

from flask import g, redirect, session
from flask_babel import gettext as _

from core import clock
from core.access import needs, public, visitor
from core.errors import Refused
from core.forms import Form
from core.people import visitors
from core.people.actions import accounts, factors
from core.people.forms import AgainForm, AgainWithFactorForm, SignInForm
from core.people.models import Account
from core.people.queries import get_account
from core.people.rules import read_address
from core.people.views import blueprint
from core.people.views.parts import FormPage, Way, next_path, password_shown, slowly, with_next
from core.work import Actor, work

DOOR = Actor("system:sign_in")
HALF_WAY = timedelta(minutes=5)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@slowly("10 per minute; 100 per hour")
def sign_in() -> object:
    if visitor().signed_in:
        return redirect(next_path(), 303)
    form = SignInForm()
    page = FormPage(
        title=_("Sign in"),
        form=form,
        submit=_("Sign in"),
        ways=(Way(_("Open an account"), with_next("/sign-up")), Way(_("I forgot my password"), "/forgotten")),
    )
    if not form.validate_on_submit():
        return page.answer(422 if form.is_submitted() else 200)
    try:
        account = _prove(form.contact.data, form.password.data)
    except Refused as no:
        form.blame(no)
        return page.answer(no.status)
    if account.totp_secret:
        _half_way(account)
        return redirect(with_next("/second-factor"), 303)
    come_in(account, factor=False)
    if visitors.held_roles(g.db, account.id) and _needs_factor(account):
        return redirect(with_next("/second-factor/set-up"), 303)
    return redirect(next_path(), 303)


def _prove(contact: str, password: str) -> Account:
    address = read_address(contact)
    with work(g.db, DOOR, clock.now()) as w:
        found = accounts.prove_password(w, address, password)
    if isinstance(found, Refused):
        raise found
    return found


def _needs_factor(account: Account) -> bool:
    from core.people.roles import ROLES

    return any(ROLES[role].second_factor for role, _org in visitors.held_roles(g.db, account.id))


def _half_way(account: Account) -> None:
    """The password was right; the second factor is asked on the next page. Nobody is signed in yet."""
    chosen = visitors.chosen_language()
    session.clear()
    session["language"], session["language_chosen"] = chosen or account.language, bool(chosen)
    session["half_way"] = [account.id, account.sign_in_epoch, clock.now().isoformat()]


def find_half_way() -> Account | None:
    account_id, epoch, at = session.get("half_way") or ("", 0, "")
    if not account_id or clock.now() - datetime.fromisoformat(at) > HALF_WAY:
        return None
    account = g.db.get(Account, account_id)
    good = account is not None and account.state == "active" and account.sign_in_epoch == epoch
    return account if good else None


def come_in(account: Account, *, factor: bool) -> None:
    """Open the sign-in and write it down."""
    account_id = account.id
    with work(g.db, Actor(account_id), clock.now()) as w:
        w.record("core:sign_in:made", account_id, factor=factor)
    visitors.sign_in(get_account(g.db, account_id), factor=factor)
    password_shown()


@blueprint.post("/sign-out")
@public
def sign_out() -> object:
    visitors.sign_out()
    answer = redirect("/", 303)
    answer.headers["Clear-Site-Data"] = '"cache"'  # forms that were shown again with what was typed
    return answer


@blueprint.route("/sign-in/again", methods=["GET", "POST"])
@needs("core:account:guard")
@slowly("10 per minute")
def sign_in_again() -> object:
    """Password and second factor once more, before something that must be you and now."""
    has_factor = get_account(g.db, visitor().actor.id).totp_secret is not None
    form: Form = AgainWithFactorForm() if has_factor else AgainForm()
    page = FormPage(
        title=_("Sign in afresh"),
        form=form,
        submit=_("Go on"),
        cancel="/me",
        lead=_("The next step needs to be you, now. It stays open for 10 minutes."),
    )
    if not form.validate_on_submit():
        return page.answer(422 if form.is_submitted() else 200)
    try:
        _again(form, has_factor)
    except Refused as no:
        form.blame(no)
        return page.answer(no.status)
    return redirect(next_path(), 303)


def _again(form: Form, has_factor: bool) -> None:
    account_id = visitor().actor.id
    with work(g.db, visitor().actor, clock.now()) as w:
        no = accounts.prove_own_password(w, account_id, form["password"].data)
        if no is None and has_factor:
            no = factors.show_factor(w, account_id, form["code"].data)
        if no is None:
            w.record("core:sign_in:afresh", account_id, factor=has_factor)
    if no is not None:
        raise no
    password_shown()
    if has_factor:
        visitors.factor_shown()

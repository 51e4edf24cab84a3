"""The second factor's pages: show it, set it up, renew the recovery codes."""

from dataclasses import dataclass

from flask import g, redirect, request, session
from flask_babel import gettext as _
from markupsafe import Markup

from core import clock, ids, secrets, totp
from core.access import SignInNeeded, fresh, needs, public, visitor
from core.doing import done
from core.errors import Refused
from core.forms import Form
from core.labels import qr_svg
from core.page import Page
from core.people import visitors
from core.people.actions import accounts, factors
from core.people.forms import FactorForm, RecoveryForm
from core.people.models import Account
from core.people.queries import get_account, opened
from core.people.views import blueprint
from core.people.views.parts import FormPage, Way, next_path, password_is_fresh, slowly, with_next
from core.people.views.sign_in import come_in, find_half_way
from core.work import Actor, work


@blueprint.route("/second-factor", methods=["GET", "POST"])
@public
@slowly("10 per minute")
def second_factor() -> object:
    """Asked after the password, or when a role sleeps. Once it was shown, more needs a whole fresh
    sign-in."""
    account = find_half_way()
    if account is None:
        account = _signed_in()
        if account.totp_secret is None:
            return redirect(with_next("/second-factor/set-up"), 303)
        if visitor().fresh_at is not None or not password_is_fresh():
            return redirect(with_next("/sign-in/again"), 303)
    form = RecoveryForm() if request.args.get("way") == "recovery" else FactorForm()
    page = _ask(form)
    if not form.validate_on_submit():
        return page.answer(422 if form.is_submitted() else 200)
    try:
        _show(account.id, form.code.data)
    except Refused as no:
        form.blame(no)
        return page.answer(no.status)
    come_in(get_account(g.db, account.id), factor=True)
    return redirect(next_path(), 303)


def _signed_in() -> Account:
    account_id = visitor().account_id
    if account_id is None:
        raise SignInNeeded()
    return get_account(g.db, account_id)


def _ask(form: Form) -> FormPage:
    recovery = isinstance(form, RecoveryForm)
    here = with_next("/second-factor")
    other = f"{here}{'&' if '?' in here else '?'}way=recovery"
    return FormPage(
        title=_("Second factor"),
        form=form,
        submit=_("Go on"),
        lead=_("Type one of the recovery codes that you kept. Each works once.")
        if recovery
        else _("Open your authenticator app and type the code that it shows for Xunshi."),
        ways=(
            Way(_("Use the app instead"), here)
            if recovery
            else Way(_("I can't use my app: recovery code"), other),
        ),
    )


def _show(account_id: str, typed: str) -> None:
    with work(g.db, Actor(account_id), clock.now()) as w:
        no = factors.show_factor(w, account_id, typed)
    if no is not None:
        raise no


@dataclass(frozen=True, kw_only=True)
class SetUpPage(Page):
    template = "core/people_factor_set_up.html"
    form: FactorForm
    secret: str
    qr: Markup
    app_link: str
    replaces: bool


@dataclass(frozen=True, kw_only=True)
class RecoveryCodesPage(Page):
    """Shown once, in the answer to the POST that made them."""

    template = "core/people_recovery_codes.html"
    codes: list[str]
    way_on: str


@blueprint.route("/second-factor/set-up", methods=["GET", "POST"])
@needs("core:account:guard")
@slowly("10 per minute")
def factor_set_up() -> object:
    account = get_account(g.db, visitor().actor.id)
    replaces = account.totp_secret is not None
    if not (fresh(visitor()) if replaces else password_is_fresh()):
        return redirect("/sign-in/again?next=/second-factor/set-up", 303)
    form, secret = FactorForm(), _secret_on_offer()
    link = _app_link(account, secret)
    page = SetUpPage(
        form=form,
        secret=ids.grouped(secret).replace("-", " "),
        qr=_qr(link),
        app_link=link,
        replaces=replaces,
    )
    if not form.validate_on_submit():
        return page.answer(422 if form.is_submitted() else 200)
    try:
        codes = _set_up(account.id, secret, form.code.data)
    except Refused as no:
        form.blame(no)
        return page.answer(no.status)
    session.pop("factor_offer", None)
    visitors.factor_shown()
    return RecoveryCodesPage(codes=codes, way_on=next_path()).answer()


def _secret_on_offer() -> str:
    """The same secret until it is confirmed, so that a reload doesn't spoil what was scanned."""
    kept = session.get("factor_offer")
    secret = secrets.decrypt(kept, "factor_offer") if kept else totp.new_secret()
    if not kept:
        session["factor_offer"] = secrets.encrypt(secret, "factor_offer")
    return secret


def _app_link(account: Account, secret: str) -> str:
    label = next((opened(one).masked for one in account.contacts), account.name)
    return totp.provisioning_uri(secret, label, "Xunshi")


def _qr(link: str) -> Markup:
    """The secret stands in the link: its picture says what it is for, never the link itself."""
    return Markup(qr_svg(link, str(_("QR code for the app"))))  # noqa: S704 - our own picture, its name escaped


def _set_up(account_id: str, secret: str, code: str) -> list[str]:
    with work(g.db, visitor().actor, clock.now()) as w:
        codes = factors.set_up_factor(w, account_id, secret, code)
    if isinstance(codes, Refused):
        raise codes
    return codes


@blueprint.post("/me/settings/recovery-codes")
@needs("core:account:guard")
def renew_recovery_codes() -> object:
    if not fresh(visitor()):
        return redirect("/sign-in/again?next=/me/settings", 303)
    with work(g.db, visitor().actor, clock.now()) as w:
        codes = factors.renew_recovery_codes(w, visitor().actor.id)
    return RecoveryCodesPage(codes=codes, way_on="/me/settings").answer()


@blueprint.post("/me/settings/second-factor/remove")
@needs("core:account:guard")
def remove_factor() -> object:
    if not fresh(visitor()):
        return redirect("/sign-in/again?next=/me/settings", 303)
    with work(g.db, visitor().actor, clock.now()) as w:
        factors.remove_factor(w, visitor().actor.id)
    return done(_("The second factor is off."), "/me/settings")


@blueprint.post("/me/settings/sign-ins/end")
@needs("core:account:guard")
def end_sign_ins() -> object:
    """Everywhere, here too."""
    with work(g.db, visitor().actor, clock.now()) as w:
        accounts.end_all_sign_ins(w, visitor().actor.id)
    visitors.sign_out()
    return done(_("You are signed out everywhere."), "/sign-in")

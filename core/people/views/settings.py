"""Settings: name, language, contacts, second factor, what was agreed to."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, redirect, request, session
from flask_babel import gettext as _

from core import clock
from core.access import needs, visitor
from core.doing import done
from core.errors import Refused
from core.page import Page
from core.people import texts
from core.people.actions import consents as consenting
from core.people.actions import preferences
from core.people.forms import LanguageForm, NameForm
from core.people.models import Account
from core.people.queries import consents, get_account, memberships, recovery_codes
from core.people.roles import ROLES
from core.people.views import blueprint
from core.work import work


@dataclass(frozen=True, slots=True)
class ContactLine:
    id: str
    kind: str
    masked: str
    verified_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """title: English for gettext. state: given | outdated | withdrawn | never"""

    code: str
    title: str
    newest: str
    version: str
    at: datetime | None
    state: str


@dataclass(frozen=True, kw_only=True)
class SettingsPage(Page):
    template = "core/people_settings.html"
    name_form: NameForm
    language_form: LanguageForm
    contacts: list[ContactLine]
    removable: bool
    has_factor: bool
    factor_needed: bool
    recovery_left: int
    consents: list[ConsentLine]


@blueprint.get("/me/settings")
@needs("core:account:keep")
def settings() -> object:
    return _page(NameForm(formdata=None)).answer()


def _page(name_form: NameForm) -> SettingsPage:
    account: Account = get_account(g.db, visitor().actor.id)
    if name_form.name.data is None:
        name_form.name.data = account.name
    contacts = [ContactLine(one.id, one.kind, one.masked, one.verified_at) for one in account.contacts]
    return SettingsPage(
        name_form=name_form,
        language_form=LanguageForm(formdata=None, data={"language": account.language}),
        contacts=contacts,
        removable=len([one for one in contacts if one.verified_at]) > 1,
        has_factor=account.totp_secret is not None,
        factor_needed=any(ROLES[one.role].second_factor for one in memberships(g.db, account.id)),
        recovery_left=len(recovery_codes(g.db, account.id)),
        consents=_consents(account.id),
    )


def _consents(account_id: str) -> list[ConsentLine]:
    lines = []
    for one in consents(g.db, account_id):
        state = "never" if not one.version else ("withdrawn" if not one.given else "given")
        state = "outdated" if one.outdated else state
        lines.append(
            ConsentLine(one.text_code, texts.TITLES[one.text_code], one.newest, one.version, one.at, state)
        )
    return lines


@blueprint.post("/me/settings/name")
@needs("core:account:keep")
def settings_name() -> object:
    form = NameForm()
    try:
        if not form.validate_on_submit():
            return _page(form).answer(422)
        with work(g.db, visitor().actor, clock.now()) as w:
            preferences.rename(w, visitor().actor.id, form.name.data)
    except Refused as no:
        form.blame(no)
        return _page(form).answer(no.status)
    return done(_("Your name was changed."), "/me/settings")


@blueprint.post("/me/settings/language")
@needs("core:account:keep")
def settings_language() -> object:
    form = LanguageForm()
    if form.validate_on_submit():
        with work(g.db, visitor().actor, clock.now()) as w:
            preferences.choose_language(w, visitor().actor.id, form.language.data)
        session["language"] = form.language.data
    return redirect("/me/settings", 303)


@blueprint.post("/me/settings/consents/<code>")
@needs("core:account:keep")
def settings_consent(code: str) -> object:
    """Agree to the version that was shown, or take the consent back."""
    given = request.form.get("given") == "yes"
    with work(g.db, visitor().actor, clock.now()) as w:
        if given:
            version = request.form.get("version", "")
            consenting.give_consent(w, visitor().actor.id, code, version, g.language)
        else:
            consenting.withdraw_consent(w, visitor().actor.id, code, g.language)
    return done(
        _("Your agreement is written down.") if given else _("Your consent is withdrawn."),
        "/me/settings#consents",
    )

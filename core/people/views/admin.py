"""The platform's desk for people: look one up (each look-up is written down), stop an account, record
a check."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, redirect
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import clock
from core.access import needs, visitor
from core.doing import done
from core.errors import Refused
from core.i18n import N_
from core.page import Page
from core.people import queries
from core.people import sellers as files
from core.people.actions import accounts, sellers
from core.people.forms import PersonCheckForm, SearchPersonForm, SuspendForm
from core.people.models import Account, SellerFile
from core.people.names import shown_name
from core.people.rules import PERSON_SELLER_KINDS, SELLER_KINDS, read_address
from core.people.states import ACCOUNT
from core.people.views import blueprint
from core.people.views.me import Workplace, workplaces
from core.people.views.parts import slowly
from core.states import State
from core.work import work


@dataclass(frozen=True, slots=True)
class CheckDue:
    name: str
    href: str
    kind: str
    due: datetime


@dataclass(frozen=True, kw_only=True)
class PeoplePage(Page):
    template = "core/people_admin_people.html"
    form: SearchPersonForm
    nobody: bool
    due: list[CheckDue]


@dataclass(frozen=True, kw_only=True)
class PersonPage(Page):
    template = "core/people_admin_person.html"
    id: str
    name: str
    state: State
    active: bool
    suspended: bool
    is_me: bool
    created_at: datetime
    contacts: list[str]
    has_factor: bool
    workplaces: list[Workplace]
    seller: str
    file: SellerFile | None
    suspend_form: SuspendForm
    check_form: PersonCheckForm


@blueprint.route("/admin/people", methods=["GET", "POST"])
@needs("core:person:look_up")
@slowly("30 per minute")
def admin_people() -> object:
    form = SearchPersonForm()
    if not form.validate_on_submit():
        return _people(form).answer(422 if form.is_submitted() else 200)
    try:
        digest = queries.digest_of(read_address(form.contact.data))
    except Refused as no:
        form.blame(no)
        return _people(form).answer(no.status)
    found = queries.find_account(g.db, digest)
    if found is None:
        _look_up("nobody")
        return _people(form, nobody=True).answer()
    return redirect(f"/admin/people/{found.id}", 303)


def _look_up(subject: str) -> None:
    with work(g.db, visitor().actor, clock.now()) as w:
        w.record("core:lookup:made", subject, what="person")


def _people(form: SearchPersonForm, *, nobody: bool = False) -> PeoplePage:
    return PeoplePage(
        form=form, nobody=nobody, due=[_due(row) for row in files.seller_checks_due(g.db, clock.now())]
    )


def _due(row: SellerFile) -> CheckDue:
    if row.org_id:
        name, href = queries.get_organisation(g.db, row.org_id).name, f"/admin/organisations/{row.org_id}"
    else:
        name, href = queries.get_account(g.db, str(row.account_id)).name, f"/admin/people/{row.account_id}"
    return CheckDue(name, href, SELLER_KINDS[row.kind], row.next_check_at)


def person_named(session: Session, account_id: str) -> Account:
    return queries.get_account(session, account_id)


@blueprint.get("/admin/people/<account_id>")
@needs("core:person:look_up", on=person_named)
def admin_person(account: Account) -> object:
    _look_up(account.id)
    return _person(account, SuspendForm(formdata=None), PersonCheckForm(formdata=None)).answer()


def _person(account: Account, suspend_form: SuspendForm, check_form: PersonCheckForm) -> PersonPage:
    return PersonPage(
        id=account.id,
        name=shown_name(account),
        state=ACCOUNT[account.state],
        active=account.state == "active",
        suspended=account.state == "suspended",
        is_me=account.id == visitor().account_id,
        created_at=account.created_at,
        contacts=[one.masked for one in account.contacts],
        has_factor=account.totp_secret is not None,
        workplaces=workplaces(account.id),
        seller=SELLER_KINDS[files.seller_kind(g.db, account.id)],
        file=files.find_seller_file(g.db, account.id, None),
        suspend_form=suspend_form,
        check_form=check_form,
    )


@blueprint.post("/admin/people/<account_id>/suspend")
@needs("core:person:suspend", on=person_named)
def person_suspend(account: Account) -> object:
    if account.house:
        raise Refused("house", N_("This is the name in which an organisation acts. Stop the organisation instead."))
    form, account_id = SuspendForm(), account.id
    with work(g.db, visitor().actor, clock.now()) as w:
        accounts.suspend(w, account_id, form.why.data or "")
    return done(_("The account is stopped. All its sign-ins have ended."), f"/admin/people/{account_id}")


@blueprint.post("/admin/people/<account_id>/restore")
@needs("core:person:suspend", on=person_named)
def person_restore(account: Account) -> object:
    account_id = account.id
    with work(g.db, visitor().actor, clock.now()) as w:
        accounts.restore(w, account_id)
    return done(_("The account is open again."), f"/admin/people/{account_id}")


@blueprint.post("/admin/people/<account_id>/check")
@needs("core:seller:check", on=person_named)
def person_check(account: Account) -> object:
    form, account_id = PersonCheckForm(), account.id
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            sellers.record_check(
                w,
                account_id=account_id,
                org_id=None,
                kind=form.kind.data or "",
                allowed=PERSON_SELLER_KINDS,
                licence_no=form.licence_no.data or "",
            )
    except Refused as no:
        form.blame(no)
        again = queries.get_account(g.db, account_id)
        return _person(again, SuspendForm(formdata=None), form).answer(no.status)
    return done(
        _("The check is written down. The next one is due in six months."), f"/admin/people/{account_id}"
    )

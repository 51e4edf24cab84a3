"""Administrators: a draft as rows, tried on past sales before it is saved, announced with notice, or given up."""

from dataclasses import dataclass
from datetime import date, datetime, time

from flask import flash, g, redirect, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import clock
from core.access import needs, visitor
from core.errors import Invalid, NotFound, Refused
from core.i18n import N_
from core.page import Page
from core.work import work
from market.ledger.fees import actions
from market.ledger.fees.forms import AnnounceForm, PolicyForm
from market.ledger.fees.models import FeePolicyVersion
from market.ledger.fees.policy import Policy
from market.ledger.fees.queries import find_version, frozen, policy_ids
from market.ledger.fees.typed import Typed, add_blanks, fill
from market.ledger.fees.views import blueprint
from market.ledger.fees.views.public import version_page
from market.ledger.fees.views.simulator import SimulationShown, simulated


@dataclass(frozen=True, kw_only=True)
class EditPage(Page):
    template = "market/fees_edit.html"
    policy_id: str
    version: int
    title: str
    form: PolicyForm
    tried: SimulationShown | None


def get_policy_id(session: Session, policy_id: str) -> str:
    if policy_id not in policy_ids(session):
        raise NotFound()
    return policy_id


def get_version(session: Session, policy_id: str, version: int) -> FeePolicyVersion:
    """A version kept in the database. Raises NotFound."""
    row = find_version(session, policy_id, version)
    if row is None:
        raise NotFound()
    return row


def get_draft(session: Session, policy_id: str, version: int) -> FeePolicyVersion:
    row = get_version(session, policy_id, version)
    if row.state != "draft":
        raise NotFound()
    return row


@blueprint.post("/<policy_id>/draft")
@needs("market:fees:edit", on=get_policy_id)
def begin(policy_id: str) -> object:
    with work(g.db, visitor().actor, clock.now()) as w:
        version = actions.draft(w, policy_id).version
    return redirect(f"/fees/{policy_id}/{version}/edit", 303)


@blueprint.get("/<policy_id>/<int:version>/edit")
@needs("market:fees:edit", on=get_draft)
def edit(row: FeePolicyVersion) -> object:
    form = PolicyForm(formdata=None)
    fill(form, frozen(row).policy)
    return _page(row, form)


@blueprint.post("/<policy_id>/<int:version>/edit")
@needs("market:fees:edit", on=get_version)
def save(row: FeePolicyVersion) -> object:
    """Save the draft, try it on past sales without saving, or show one more empty rule."""
    actions.still_draft(row)
    form, what = PolicyForm(), request.form.get("what", "save")
    if what == "add":
        form.rules.append_entry({"kind": "percent", "base": "gross"})
        return _page(row, form)
    if not form.validate_on_submit():  # first: it begins with empty lists of errors
        return _page(row, form, status=422)
    typed = Typed(form, row.data.get("title"))
    if typed.wrong:
        return _page(row, form, status=422)
    try:
        policy = _read(row, typed)
        if what != "try":
            _save(row, typed)
            flash(_("The draft is saved. It counts once it is announced and its day has come."), "good")
            return redirect(f"/fees/{policy.id}/{policy.version}", 303)
    except Invalid as no:
        typed.blame(no)
        return _page(row, form, status=422)
    return _page(row, form, tried=simulated(policy))


def _read(row: FeePolicyVersion, typed: Typed) -> Policy:
    return actions.checked({**typed.data, "id": row.policy_id, "version": row.version, "channel": row.channel})


def _save(row: FeePolicyVersion, typed: Typed) -> None:
    row_id = row.id
    with work(g.db, visitor().actor, clock.now()) as w:
        actions.write(w, w.session.get_one(FeePolicyVersion, row_id, with_for_update=True), typed.data)


def _page(row: FeePolicyVersion, form: PolicyForm, *, tried: SimulationShown | None = None, status: int = 200) -> object:
    form.offer(g.language)
    add_blanks(form)
    title = row.data.get("title") or {}
    return EditPage(
        policy_id=row.policy_id, version=row.version, title=title.get(g.language, row.policy_id), form=form, tried=tried
    ).answer(status)


@blueprint.post("/<policy_id>/<int:version>/announce")
@needs("market:fees:announce", on=get_version)
def announce(row: FeePolicyVersion) -> object:
    row_id, policy_id, version, form = row.id, row.policy_id, row.version, AnnounceForm()
    try:
        begins = _midnight(form.begins.data or "")
        with work(g.db, visitor().actor, clock.now()) as w:
            actions.announce(w, w.session.get_one(FeePolicyVersion, row_id, with_for_update=True), begins)
    except Refused as no:
        form.blame(no)
        return version_page(policy_id, version, form, no.status)
    flash(_("It is announced: everybody can read it from now on, and its text stands."), "good")
    return redirect(f"/fees/{policy_id}/{version}", 303)


def _midnight(typed: str) -> datetime:
    """The beginning of that day in the market's zone. Raises Invalid."""
    try:
        return clock.utc(datetime.combine(date.fromisoformat(typed), time(), clock.LOCAL_ZONE))
    except (ValueError, OverflowError):
        raise Invalid("no_day", N_("Please choose a day."), field="begins") from None


@blueprint.post("/<policy_id>/<int:version>/withdraw")
@needs("market:fees:edit", on=get_version)
def withdraw(row: FeePolicyVersion) -> object:
    row_id = row.id
    with work(g.db, visitor().actor, clock.now()) as w:
        actions.withdraw(w, w.session.get_one(FeePolicyVersion, row_id, with_for_update=True))
    flash(_("That version was given up."), "info")
    return redirect("/fees", 303)

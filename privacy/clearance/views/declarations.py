"""Makers' declarations: what is on record, a new one by one person, and the other person's word on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.access import Predicate, fresh, has_role, needs, visitor
from core.data_files import text
from core.doing import doing, done
from core.errors import Forbidden, Refused
from core.forms import Form
from core.i18n import N_
from core.page import Page
from core.people.models import Account, Organisation
from core.people.names import shown_name
from core.people.roles import ROLES
from privacy.bench import bench
from privacy.clearance.declarations import all_declarations, entering, entries
from privacy.clearance.declarations.entries import Row
from privacy.clearance.declarations.forms import DecideForm, DeclarationForm
from privacy.clearance.views import blueprint
from privacy.wipes.checklist_show import DeclarationShown, declaration_of
from privacy.wipes.checklists import all_checklists
from privacy.wipes.show import when
from privacy.wipes.views.parts import org_name

_staff = tuple(has_role(role) for role in entering.ROLES)
_readers = tuple(has_role(role) for role in ("regulator", "wipe_operator", "wipe_verifier", "bench_manager"))
_another = Predicate("didn't propose it", lambda v, row: v.account_id != row.entry.proposed_by)

PERMISSIONS = {
    "privacy:declaration:see": tuple((one,) for one in (*_staff, *_readers)),
    "privacy:declaration:propose": tuple((one, fresh) for one in _staff),
    "privacy:declaration:decide": tuple((one, _another, fresh) for one in _staff),
    "privacy:declaration:withdraw": tuple((one, fresh) for one in _staff),
}
WORDS = {
    "privacy:declaration:proposed": N_("A maker's declaration was entered and waits for another person"),
    "privacy:declaration:decided": N_("A second person decided on a maker's declaration"),
    "privacy:declaration:withdrawn": N_("A maker's declaration was withdrawn"),
}
STATES = {
    "waiting": (N_("Waits for another person"), "warn"),
    "approved": (N_("Counts"), "good"),
    "refused": (N_("Not accepted"), "bad"),
    "withdrawn": (N_("Withdrawn for good"), "neutral"),
}


def load_row(session: Session, entry_id: str) -> Row:
    return entries.row_of(session, entry_id)


@dataclass(frozen=True, slots=True)
class EntryShown:
    """`acts`: who did what, when: (what, person, role and organisation, time)."""

    id: str
    state: tuple[str, str]
    said: DeclarationShown
    platform: str
    acts: Sequence[tuple[str, str]]
    href: str


@dataclass(frozen=True, kw_only=True)
class DeclarationsPage(Page):
    template = "privacy/declarations.html"
    entered: Sequence[EntryShown]
    files: Sequence[DeclarationShown]
    may_enter: bool


@dataclass(frozen=True, kw_only=True)
class EnterPage(Page):
    template = "privacy/declaration_enter.html"
    form: DeclarationForm


@dataclass(frozen=True, kw_only=True)
class EntryPage(Page):
    template = "privacy/declaration.html"
    one: EntryShown
    own: bool
    may_decide: bool
    may_withdraw: bool
    form: Form


def shown(row: Row) -> EntryShown:
    entry, value = row.entry, entries.value_of(g.db, row)
    word, tone = STATES[row.state]
    said = declaration_of(value)
    assert said is not None
    acts = [(_("Entered"), _act(entry.proposed_by, entry.role, entry.org_id, when(entry.at)))]
    if row.decision is not None:
        label = _("Approved by another person") if row.decision.decision == "approved" else _("Not accepted")
        one = row.decision
        acts.append((label, _act(one.decided_by, one.role, one.org_id, when(one.at))))
    if row.withdrawal is not None:
        acts.append((_("Withdrawn for good"), f"{_name(row.withdrawal.by)} · {row.withdrawal.day}"))
    names = [text(one.names, g.language) for one in all_checklists() if one.code == entry.platform]
    return EntryShown(entry.id, (_(word), tone), said, names[0] if names else entry.platform, acts, f"/declarations/{entry.id}")


def _act(account_id: str, role: str, org_id: str, at: str | None) -> str:
    org = g.db.get_one(Organisation, org_id)
    return f"{_name(account_id)} · {_(ROLES[role].label)} · {org_name(org)} · {at}"


def _name(account_id: str) -> str:
    person = g.db.get(Account, account_id)
    return shown_name(person) if person else ""


@blueprint.get("/declarations")
@needs("privacy:declaration:see")
def show_declarations() -> object:
    files = [declaration_of(one) for one in all_declarations(demo=bench().made_up)]
    return DeclarationsPage(
        entered=[shown(row) for row in entries.rows(g.db)],
        files=[one for one in files if one is not None],
        may_enter=bool(set(entering.ROLES) & visitor().roles),
    ).answer()


def _platforms(form: DeclarationForm) -> DeclarationForm:
    known = [one for one in all_checklists() if one.relies_on_maker]
    form.platform.choices = [(one.code, text(one.names, g.language)) for one in known]
    return form


@blueprint.get("/declarations/new")
@needs("privacy:declaration:propose")
def show_enter() -> object:
    return EnterPage(form=_platforms(DeclarationForm(formdata=None))).answer()


@blueprint.post("/declarations/new")
@needs("privacy:declaration:propose")
def enter() -> object:
    form = _platforms(DeclarationForm())
    if not form.validate_on_submit():
        return EnterPage(form=form).answer(422)
    try:
        with doing() as w:
            entry_id = entering.propose(w, form.given, visitor().fresh_at).id
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return EnterPage(form=form).answer(no.status)
    said = _("Entered. It counts once another person has read the maker's page and approved it.")
    return done(said, f"/declarations/{entry_id}")


def _entry_page(row: Row, form: Form | None = None) -> EntryPage:
    staff = bool(set(entering.ROLES) & visitor().roles)
    own = row.entry.proposed_by == visitor().account_id
    return EntryPage(
        one=shown(row),
        own=own,
        may_decide=staff and not own and row.state == "waiting",
        may_withdraw=staff and row.state == "approved",
        form=form or DecideForm(formdata=None),
    )


@blueprint.get("/declarations/<entry_id>")
@needs("privacy:declaration:see", on=load_row)
def show_entry(row: Row) -> object:
    return _entry_page(row).answer()


@blueprint.post("/declarations/<entry_id>/decide")
@needs("privacy:declaration:decide", on=load_row)
def decide(row: Row) -> object:
    form, entry_id = DecideForm(), row.entry.id
    if not form.validate_on_submit():
        return _entry_page(row, form).answer(422)
    try:
        with doing() as w:
            entry, said = entries.get_entry(w.session, entry_id), form.reason.data or ""
            entering.decide(w, entry, form.decision.data, visitor().fresh_at, reason=said)
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return _entry_page(load_row(g.db, entry_id), form).answer(no.status)
    return done(_("On record, with both names."), f"/declarations/{entry_id}")


@blueprint.post("/declarations/<entry_id>/withdraw")
@needs("privacy:declaration:withdraw", on=load_row)
def withdraw(row: Row) -> object:
    entry_id = row.entry.id
    with doing() as w:
        entering.withdraw(w, entries.get_entry(w.session, entry_id), visitor().fresh_at)
    return done(_("Withdrawn. It counts no more from today on."), f"/declarations/{entry_id}")



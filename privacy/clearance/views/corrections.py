"""Clerical corrections of a certificate: a first person says what reads wrongly, a second one compares and decides."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.access import Predicate, fresh, has_role, may, needs, visitor
from core.doing import doing, done
from core.errors import Forbidden, NotFound, Refused
from core.i18n import N_
from core.page import Page
from core.people.models import Account
from core.people.names import shown_name
from privacy.bench import bench
from privacy.clearance import queries as papers
from privacy.clearance.corrections import actions, queries, rules
from privacy.clearance.corrections.forms import CorrectForm, DecideForm
from privacy.clearance.corrections.models import Correction
from privacy.clearance.corrections.show import said
from privacy.clearance.models import Certificate
from privacy.clearance.views import blueprint
from privacy.wipes.queries import get_item
from privacy.wipes.show import when


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate and, where it is about one, the correction. `points`: organisations that the paper names."""

    certificate: Certificate
    points: frozenset[str]
    owner_id: str
    one: Correction | None = None


def load_paper(session: Session, number: str) -> Paper:
    certificate = papers.get_certificate(session, number)
    return Paper(certificate, frozenset(actions.points_of(certificate)), get_item(session, certificate.item_id).owner_id)


def load_correction(session: Session, correction_id: str) -> Paper:
    one = queries.get_correction(session, correction_id)
    certificate = session.get_one(Certificate, one.certificate_id)
    owner = get_item(session, certificate.item_id).owner_id
    return Paper(certificate, frozenset(actions.points_of(certificate)), owner, one)


def _of_paper(role: str) -> Predicate:
    return Predicate(
        f"{role} of a point on the paper", lambda v, s: bool({(role, org) for org in s.points} & v.grants), role=role
    )


_not_owner = Predicate("isn't the device's owner", lambda v, s: v.account_id != s.owner_id)
_another = Predicate("didn't propose it", lambda v, s: s.one is None or s.one.proposed_by != v.account_id)
_staff = (*(_of_paper(role) for role in actions.ROLES), has_role("administrator"))

PERMISSIONS = {
    "privacy:correction:propose": tuple((one, _not_owner, fresh) for one in _staff),
    "privacy:correction:see": (*((one, _not_owner) for one in _staff), (has_role("regulator"),)),
    "privacy:correction:decide": tuple((one, _not_owner, _another, fresh) for one in _staff),
}
WORDS = {
    "privacy:correction:proposed": N_("A clerical correction of a wipe certificate was proposed"),
    "privacy:correction:decided": N_("A second person decided on a clerical correction"),
}


@dataclass(frozen=True, kw_only=True)
class CorrectPage(Page):
    template = "privacy/certificate_correct.html"
    number: str
    stands: Sequence[tuple[str, str]]
    form: CorrectForm


@dataclass(frozen=True, kw_only=True)
class CorrectionPage(Page):
    template = "privacy/correction.html"
    id: str
    number: str
    rows: Sequence[tuple[str, str]]
    decided: str
    own: bool
    may_decide: bool
    form: DecideForm


def open_ones(certificate: Certificate) -> list[tuple[str, str]]:
    """(what, address) of the corrections that wait for their second person, for who may see them."""
    paper = Paper(
        certificate, frozenset(actions.points_of(certificate)), get_item(g.db, certificate.item_id).owner_id
    )
    if not may(visitor(), "privacy:correction:see", paper):
        return []
    found = queries.of_certificate(g.db, certificate.id)
    return [(_(rules.FIELDS[one.one.field]), f"/corrections/{one.one.id}") for one in found if one.decision is None]


def may_correct(certificate: Certificate) -> bool:
    """Could who looks propose one, once signed in afresh?"""
    points = actions.points_of(certificate)
    mine = any((role, org) in visitor().grants for role in actions.ROLES for org in points) or "administrator" in visitor().roles
    owner = get_item(g.db, certificate.item_id).owner_id
    return certificate.state in actions.STANDS and mine and visitor().account_id != owner


def _stands(certificate: Certificate) -> list[tuple[str, str]]:
    body = json.loads(certificate.body)
    found = {field: rules.standing(body, field) for field in rules.PLACES}
    for one in queries.amendments(g.db, certificate.id):
        told = json.loads(one.body)
        if told["field"] in found:
            found[told["field"]] = told["after"]
    return [(_(rules.FIELDS[field]), value) for field, value in found.items() if value]


@blueprint.get("/certificates/<number>/correct")
@needs("privacy:correction:propose", on=load_paper)
def show_correct(paper: Paper) -> object:
    one = paper.certificate
    return CorrectPage(number=one.number, stands=_stands(one), form=CorrectForm(formdata=None)).answer()


@blueprint.post("/certificates/<number>/correct")
@needs("privacy:correction:propose", on=load_paper)
def correct(paper: Paper) -> object:
    form, number, stands = CorrectForm(), paper.certificate.number, _stands(paper.certificate)
    page = CorrectPage(number=number, stands=stands, form=form)
    if not form.validate_on_submit():
        return page.answer(422)
    try:
        with doing() as w:
            correction_id = actions.propose(
                w,
                bench(),
                papers.get_certificate(w.session, number),
                field=form.field.data,
                before=form.before.data or "",
                after=form.after.data or "",
                reason=form.reason.data,
                signed_in_at=visitor().fresh_at,
            ).id
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return page.answer(no.status)
    return done(_("Proposed and signed by you. Another person of a point on the paper decides."), f"/corrections/{correction_id}")


def _page(paper: Paper, form: DecideForm | None = None) -> CorrectionPage:
    one = paper.one
    if one is None:
        raise NotFound()
    decision, told = queries.find_decision(g.db, one.id), json.loads(one.proposal)
    own = one.proposed_by == visitor().account_id
    words: dict[str | None, Any] = {
        None: _("Waits for another person"),
        "approved": _("Corrected: it stands on the certificate"),
        "refused": _("Not accepted: nothing was changed"),
    }
    rows = [
        (_("What reads wrongly"), _(rules.FIELDS[one.field])),
        (_("As it stands"), said(told, "before", g.language)),
        (_("As it should read"), said(told, "after", g.language)),
        (_("How it came about"), _(rules.REASONS[one.reason])),
        (_("Who proposed it"), f"{_name(one.proposed_by)} · {when(one.at)}"),
    ]
    if decision is not None:
        rows.append((_("Who decided"), f"{_name(decision.decided_by)} · {when(decision.at)}"))
    return CorrectionPage(
        id=one.id,
        number=paper.certificate.number,
        rows=rows,
        decided=words[decision.decision if decision else None],
        own=own,
        may_decide=decision is None and not own and paper.certificate.state in actions.STANDS and may_correct(paper.certificate),
        form=form or DecideForm(formdata=None),
    )


def _name(account_id: str) -> str:
    person = g.db.get(Account, account_id)
    return shown_name(person) if person else ""


@blueprint.get("/corrections/<correction_id>")
@needs("privacy:correction:see", on=load_correction)
def show_correction(paper: Paper) -> object:
    return _page(paper).answer()


@blueprint.post("/corrections/<correction_id>/decide")
@needs("privacy:correction:decide", on=load_correction)
def decide_correction(paper: Paper) -> object:
    form, number = DecideForm(), paper.certificate.number
    correction_id = paper.one.id if paper.one else ""
    if not form.validate_on_submit():
        return _page(paper, form).answer(422)
    try:
        with doing() as w:
            one = queries.get_correction(w.session, correction_id)
            actions.decide(w, bench(), one, form.decision.data, visitor().fresh_at, reason=form.reason.data or "")
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return _page(load_correction(g.db, correction_id), form).answer(no.status)
    return done(_("On record, with both names."), f"/certificates/{number}")

"""Family at work: staff say which colleague is family, so that such a pair is checked more often and by others."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from core.access import needs, visitor
from core.doing import doing, done
from core.errors import Refused
from core.page import Page
from core.people.names import shown_name
from core.web import limiter
from privacy.sampling import relations
from privacy.sampling.access import load_relation
from privacy.sampling.forms import RelationForm
from privacy.sampling.people_models import PersonRelation
from privacy.sampling.settings import shares
from privacy.sampling.views import blueprint
from privacy.wipes.show import when


@dataclass(frozen=True, slots=True)
class RelationShown:
    id: str
    name: str
    said: str
    ended: str
    can_end: bool


@dataclass(frozen=True, kw_only=True)
class RelationsPage(Page):
    template = "privacy/relations.html"
    rows: Sequence[RelationShown]
    raised: int
    days: int
    form: RelationForm


def _page(form: RelationForm) -> RelationsPage:
    me = visitor().account_id or ""
    rows = relations.of_person(g.db, me)
    people = relations.names(g.db, [relations.other_of(row, me) for row in rows])
    return RelationsPage(
        rows=[_row(row, me, shown_name(people[relations.other_of(row, me)])) for row in rows],
        form=form,
        raised=shares().raised,
        days=shares().family.days,
    )


def _row(row: PersonRelation, me: str, name: str) -> RelationShown:
    mine = row.declared_by == me
    said = (
        _("declared by you, %(time)s", time=when(row.declared_at))
        if mine
        else _("declared by them, %(time)s", time=when(row.declared_at))
    )
    told = _("ended %(time)s, counts until %(until)s", time=when(row.ended_at), until=when(row.counts_until))
    ended = told if row.ended_at else ""
    return RelationShown(row.id, name, said, ended, mine and row.ended_at is None)


@blueprint.get("/me/relations")
@needs("privacy:relation:declare")
def show_relations() -> object:
    return _page(RelationForm(formdata=None)).answer()


@blueprint.post("/me/relations")
@needs("privacy:relation:declare")
@limiter.limit("10 per hour")
def declare() -> object:
    form = RelationForm()
    if not form.validate_on_submit():
        return _page(form).answer(422)
    try:
        with doing() as w:
            relations.declare(w, form.contact.data)
    except Refused as no:
        form.blame(no)
        return _page(form).answer(no.status)
    return done(_("Declared. The other one was told."), "/me/relations")


@blueprint.post("/me/relations/<relation_id>/end")
@needs("privacy:relation:end", on=load_relation)
def end(relation: PersonRelation) -> object:
    found = relation.id
    with doing() as w:
        relations.end(w, load_relation(w.session, found))
    return done(_("Ended. It goes on counting for %(days)s days.", days=shares().family.days), "/me/relations")

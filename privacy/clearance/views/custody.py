"""A device's custody: who held it, where, since when; staff move it, and say when a seal is broken."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g
from flask.wrappers import Response
from flask_babel import gettext as _

from core.access import may, needs, visitor
from core.doing import doing, done
from core.errors import Forbidden, NotFound, Refused
from core.goods import custody
from core.goods.models import CustodyLine
from core.page import Page
from core.people.models import Account, Organisation
from core.people.names import shown_name
from privacy.access import Held, Leaving, load_held, load_leaving
from privacy.bench import bench
from privacy.clearance import actions, moving, queries, verifying
from privacy.clearance.forms import LetGoForm, MoveForm, SealForm
from privacy.clearance.states import CLEARANCE
from privacy.clearance.verifying import Keeping
from privacy.clearance.views import blueprint
from privacy.clearance.views.verify import photo_bytes
from privacy.devices import letting_go
from privacy.devices.departures import ENDS, OWNERS, REASONS, WAYS
from privacy.devices.models import Departure
from privacy.devices.queries import departures_of
from privacy.sampling.queries import check_on
from privacy.wipes.people import COUNTER
from privacy.wipes.show import title_of, when
from privacy.wipes.views.parts import org_name, points


@dataclass(frozen=True, slots=True)
class LineShown:
    text: str
    time: str
    who: str
    code: str
    tone: str


@dataclass(frozen=True, kw_only=True)
class CustodyPage(Page):
    template = "privacy/custody.html"
    item_id: str
    title: str
    epoch: int
    now: str
    holder: str
    lines: Sequence[LineShown]
    clearance: tuple[str, str] | None
    clearance_help: str
    certificate: str
    seal_number: str
    seal_photo: str
    cleared: bool
    at_point: bool
    can_move: bool
    can_report: bool
    can_scrap: bool
    drawn: bool
    form: MoveForm
    seal_form: SealForm
    let_go: Sequence[tuple[str, LetGoForm]]
    ends: str


def _page(
    held: Held, form: MoveForm | None = None, seal: SealForm | None = None, going: LetGoForm | None = None
) -> CustodyPage:
    last, line, gone = queries.find_last(g.db, held.item.id), held.line, departures_of(g.db, held.item.id)
    state = CLEARANCE[last.state] if last else None
    certificate = queries.certificate_of(g.db, held.item.id)
    valid = last is not None and last.state == "valid"
    kept = line is not None and (line.holder_kind == "org" or line.place == "sealed_bag")
    return CustodyPage(
        item_id=held.item.id,
        title=title_of(held.item),
        epoch=held.item.epoch,
        now=_(custody.where(line)) if line else _("Not recorded"),
        holder=_holder(line) if line else "",
        lines=[_line(one, gone.get(one.id)) for one in reversed(custody.history(g.db, held.item.id))],
        clearance=(_(state.label), state.tone) if state else None,
        clearance_help=_(state.help) if state else "",
        certificate=certificate.number if certificate else "",
        seal_number=last.seal_number if last else "",
        seal_photo=f"/clearances/{last.id}/seal.jpg" if last and last.seal_photo else "",
        cleared=valid,
        at_point=valid and last is not None and last.kept == "at_point" and held.org_id is not None,
        can_move=kept and may(visitor(), "privacy:custody:move", held),
        can_report=valid and may(visitor(), "privacy:seal:report", held),
        drawn=check_on(g.db, held.item.id) is not None,
        can_scrap=held.item.state == "active" and may(visitor(), "privacy:item:scrap", held),
        form=form or _move_form(held, sent=False),
        seal_form=seal or SealForm(formdata=None),
        let_go=[
            (_(WAYS[what]), going if going is not None and going.what == what else _let_go_form(held, what))
            for what in _ways_out(held)
        ],
        ends=_(ENDS),
    )


def _ways_out(held: Held) -> tuple[str, ...]:
    """What may be said of it by who looks: by its keepers everything, by its owner what happens at home, and by a counter that it
    came back from its buyer."""
    line = held.line
    if line is None or held.item.state == "scrapped" or not may(visitor(), "privacy:custody:let_go", held):
        return ()
    if line.place == "buyer":
        return ("returned",) if visitor().orgs_as(*COUNTER) else ()
    if line.holder_kind == "org":
        mine = may(visitor(), "privacy:custody:move", held)
        return (("returned",) if line.why in custody.AWAY else tuple(WAYS)) if mine else ()
    return OWNERS if held.item.owner_id == visitor().account_id and line.why not in custody.AWAY else ()


def _let_go_form(held: Held, what: str, *, sent: bool = False) -> LetGoForm:
    counters = visitor().orgs_as(*COUNTER) if what == "returned" and held.org_id is None else set()
    return LetGoForm(what, points(g.db, counters), sent=sent)


def _move_form(held: Held, *, sent: bool) -> MoveForm:
    form = MoveForm() if sent else MoveForm(formdata=None)
    form.org.choices = [(one.id, org_name(one)) for one in moving.approved_organisations(g.db)]
    if not sent and held.org_id:
        form.org.data = held.org_id
    return form


def _line(line: CustodyLine, gone: Departure | None) -> LineShown:
    raising = line.why in custody.RAISING
    why = custody.RAISING.get(line.why) or custody.MOVES.get(line.why, line.why)
    words = [_(custody.where(line)), _(why), _(REASONS[gone.what][gone.reason]) if gone else "", line.seal_number]
    return LineShown(
        " · ".join(word for word in words if word),
        when(line.since) or "",
        _holder(line),
        _("epoch %(number)s", number=line.epoch),
        "warn" if raising else "neutral",
    )


def _holder(line: CustodyLine) -> str:
    if line.holder_kind == "org":
        org = g.db.get(Organisation, line.holder_id)
        return org_name(org) if org else ""
    person = g.db.get(Account, line.holder_id)
    return shown_name(person) if person else ""


@blueprint.get("/items/<item_id>/custody")
@needs("privacy:custody:see", on=load_held)
def show_custody(held: Held) -> object:
    return _page(held).answer()


@blueprint.post("/items/<item_id>/custody")
@needs("privacy:custody:move", on=load_held)
def move(held: Held) -> object:
    form, item_id = _move_form(held, sent=True), held.item.id
    if not form.validate_on_submit():
        return _page(held, form=form).answer(422)
    try:
        with doing() as w:
            moving.hand_on(w, item_id, place=form.place.data, org_id=form.org.data)
    except Refused as no:
        form.blame(no)
        return _page(load_held(g.db, item_id), form=form).answer(no.status)
    return done(_("Moved. The line is on record."), f"/items/{item_id}/custody")


@blueprint.post("/items/<item_id>/custody/seal")
@needs("privacy:custody:move", on=load_held)
def seal(held: Held) -> object:
    form, item_id = SealForm(), held.item.id
    if not form.validate_on_submit():
        return _page(held, seal=form).answer(422)
    keeping = Keeping(kept="sealed_bag", seal_number=form.seal_number.data or "", photo=photo_bytes(form.photo.data))
    try:
        with doing() as w:
            clearance = queries.find_valid(w.session, item_id, lock=True)
            if clearance is None:
                raise NotFound()
            verifying.seal(w, bench(), clearance, keeping)
    except Refused as no:
        form.blame(no)
        return _page(load_held(g.db, item_id), seal=form).answer(no.status)
    return done(_("Sealed and handed over. The clearance goes on."), f"/items/{item_id}/custody")


@blueprint.post("/items/<item_id>/custody/let-go/<what>")
@needs("privacy:custody:let_go", on=load_leaving)
def let_go(held: Leaving) -> object:
    what = held.what
    if what not in REASONS:
        raise NotFound()
    form, item_id = _let_go_form(held, what, sent=True), held.item.id
    if not form.validate_on_submit():
        return _page(held, going=form).answer(422)
    try:
        with doing() as w:
            org = form.org.data if "org" in form else ""
            letting_go.let_go(w, item_id, what=what, reason=form.reason.data, org_id=org or "")
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return _page(load_held(g.db, item_id), going=form).answer(no.status)
    path = f"/items/{item_id}/custody" if may(visitor(), "privacy:custody:see", load_held(g.db, item_id)) else "/wipes"
    return done(_("On record. A clearance has ended, and it is wiped again before it is sold."), path)


@blueprint.post("/items/<item_id>/seal-broken")
@needs("privacy:seal:report", on=load_held)
def broken(held: Held) -> object:
    item_id = held.item.id
    with doing() as w:
        actions.report_broken_seal(w, item_id)
    return done(_("On record. The clearance has ended; it is wiped again before it is sold."), f"/items/{item_id}/custody")


@blueprint.get("/clearances/<clearance_id>/seal.jpg")
@needs("privacy:custody:see", on=lambda session, clearance_id: _held_by(session, clearance_id))
def seal_photo(held: Held) -> Response:
    last = queries.find_last(g.db, held.item.id)
    if last is None or not last.seal_photo:
        raise NotFound()
    return Response(bench().store.get(last.seal_photo), mimetype="image/jpeg")


def _held_by(session: object, clearance_id: str) -> Held:
    return load_held(g.db, queries.get_clearance(g.db, clearance_id).item_id)

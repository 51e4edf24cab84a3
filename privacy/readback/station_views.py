"""The pages of a point's stations: list, enrol, revoke."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, g, redirect, session
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import clock, ids
from core.access import needs, visitor
from core.doing import doing, done
from core.errors import Refused
from core.i18n import N_
from core.page import Page
from core.people.models import Organisation
from core.people.queries import get_organisation
from core.web import limiter
from privacy.readback import stations
from privacy.readback.models import Station
from privacy.readback.station_forms import EnrolForm, RevokeForm
from privacy.readback.station_rules import CODE_LIVES, DOUBTFUL, REASONS
from privacy.wipes.views.parts import org_name, points

blueprint = Blueprint("stations", __name__)
_CODE = "station_code"


@dataclass(frozen=True, slots=True)
class Point:
    """An organisation and its name in the visitor's language."""

    org_id: str
    name: str
    open: bool


@dataclass(frozen=True, slots=True)
class Seat:
    """One station of a point."""

    org_id: str
    station_id: str
    name: str
    revoked: bool


def load_point(session_: Session, org_id: str) -> Point:
    org: Organisation = get_organisation(session_, org_id)
    return Point(org.id, org_name(org), org.state == "approved")


def load_station(session_: Session, org_id: str, station_id: str) -> Seat:
    row = stations.get_station(session_, org_id, station_id)
    return Seat(row.org_id, row.id, row.name, row.revoked_at is not None)


@dataclass(frozen=True, slots=True)
class StationRow:
    name: str
    key_id: str
    state: tuple[str, str]
    enrolled_at: datetime
    ended: str
    href: str


@dataclass(frozen=True, kw_only=True)
class ChoosePage(Page):
    template = "privacy/stations_points.html"
    points: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class StationsPage(Page):
    template = "privacy/stations.html"
    point: Point
    rows: Sequence[StationRow]
    can_enrol: bool


@dataclass(frozen=True, kw_only=True)
class EnrolPage(Page):
    template = "privacy/stations_enrol.html"
    point: Point
    form: EnrolForm
    code: str
    make: str
    prove: str


@dataclass(frozen=True, kw_only=True)
class RevokePage(Page):
    template = "privacy/stations_revoke.html"
    seat: Seat
    form: RevokeForm


@blueprint.get("/stations")
@needs("privacy:station:choose")
def choose() -> object:
    """The stations of my point, or a choice of points."""
    mine = points(g.db, visitor().orgs_as("shop_manager"))
    if len(mine) == 1:
        return redirect(f"/points/{mine[0][0]}/stations", 303)
    return ChoosePage(points=[(name, f"/points/{org_id}/stations") for org_id, name in mine]).answer()


@blueprint.get("/points/<org_id>/stations")
@needs("privacy:station:see", on=load_point)
def overview(point: Point) -> object:
    manages = ("shop_manager", point.org_id) in visitor().grants
    # the second factor may be asked for on the way; who could pass it sees the button
    revokes = manages or "administrator" in visitor().roles
    rows = [_row(one, revokes) for one in stations.stations_of(g.db, point.org_id)]
    return StationsPage(point=point, rows=rows, can_enrol=manages and point.open).answer()


def _row(one: Station, revokes: bool) -> StationRow:
    href = f"/points/{one.org_id}/stations/{one.id}/revoke" if revokes and one.revoked_at is None else ""
    state = (_("Enrolled"), "good") if one.revoked_at is None else (_("Revoked"), "bad" if one.reason in DOUBTFUL else "neutral")
    return StationRow(one.name, one.key_id, state, one.enrolled_at, _(REASONS[one.reason]) if one.reason else "", href)


def _code_for(org_id: str) -> str:
    """The code that this browser was shown for this point, at most a quarter of an hour ago; else a new one."""
    kept = session.get(_CODE)
    if isinstance(kept, dict) and kept.get("org") == org_id and clock.now() - datetime.fromisoformat(kept["at"]) <= CODE_LIVES:
        return str(kept["code"])
    code = ids.grouped(ids.new_code(20))
    session[_CODE] = {"code": code, "org": org_id, "at": clock.now().isoformat()}
    return code


@blueprint.route("/points/<org_id>/stations/enrol", methods=["GET", "POST"])
@needs("privacy:station:enrol", on=load_point)
@limiter.limit("20 per minute", methods=["POST"])
def enrol(point: Point) -> object:
    """Only who holds the key can sign the code that is shown here."""
    form = EnrolForm()
    code = _code_for(point.org_id)
    page = EnrolPage(
        point=point,
        form=form,
        code=code,
        make="python -m privacy.readback keygen --name bench-1",
        prove=f"python -m privacy.readback prove --key FILE {code}",
    )
    if not form.validate_on_submit():
        return page.answer(422 if form.is_submitted() else 200)
    given = {"name": form.name.data, "public_text": form.public.data, "signature": form.signature.data}
    try:
        with doing() as w:
            stations.enrol(w, point.org_id, code=code, **given)
    except Refused as no:
        form.blame(no)
        return page.answer(no.status)
    session.pop(_CODE, None)
    return done(_("The station is enrolled: from now on its signed results count."), f"/points/{point.org_id}/stations")


@blueprint.route("/points/<org_id>/stations/<station_id>/revoke", methods=["GET", "POST"])
@needs("privacy:station:revoke", on=load_station)
@limiter.limit("20 per minute", methods=["POST"])
def revoke(seat: Seat) -> object:
    if seat.revoked:
        raise Refused("revoked_already", N_("This station was revoked already."))
    form = RevokeForm()
    page = RevokePage(seat=seat, form=form)
    if not form.validate_on_submit():
        return page.answer(422 if form.is_submitted() else 200)
    try:
        with doing() as w:
            stations.revoke(w, seat.org_id, seat.station_id, form.reason.data)
    except Refused as no:
        form.blame(no)
        return page.answer(no.status)
    return done(_("The station is revoked."), f"/points/{seat.org_id}/stations")

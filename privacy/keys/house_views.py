"""The administrator's desk for keys: those of the house and its log, those of people, and the witnesses of the log."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, g
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms import RadioField
from wtforms.validators import InputRequired

from core.access import fresh, has_role, needs, visitor
from core.db import get_row
from core.doing import doing, done
from core.errors import NotFound, Refused
from core.forms import Form, text
from core.i18n import N_
from core.page import Page
from core.people.models import Account
from core.people.names import shown_name
from core.web import config
from privacy.bench import bench
from privacy.clearance.log import queries, witnesses
from privacy.clearance.log.keys import REVOKED
from privacy.clearance.log.models import EnrolledKey, LogWitness
from privacy.keys import house
from privacy.keys.house import KeyLine
from privacy.wipes.show import when

blueprint = Blueprint("house_keys", __name__)

administrator, regulator = has_role("administrator"), has_role("regulator")
PERMISSIONS = {
    "privacy:house_key:see": ((administrator,), (regulator,)),
    "privacy:house_key:rotate": ((administrator, fresh),),
    "privacy:house_key:revoke": ((administrator, fresh),),
    "privacy:witness:end": ((administrator, fresh),),
}
ROLES = {
    "certificate": N_("the house, for certificates"),
    "log": N_("the public log, for checkpoints"),
    "person": N_("a person"),
    "station": N_("a station"),
}
STATES = {
    "current": (N_("Signs now"), "good"),
    "live": (N_("In force"), "good"),
    "ended": (N_("Ended"), "neutral"),
    "revoked": (N_("Revoked"), "bad"),
}


class RevokeKeyForm(Form):
    reason = RadioField(
        text(N_("Why it isn't trusted any more")),
        [InputRequired(text(N_("Please choose one of the answers offered.")))],
        choices=[(code, text(name)) for code, name in REVOKED.items()],
    )


@dataclass(frozen=True, slots=True)
class KeyShown:
    """`who`: name and page of its person; `href`: where it is revoked, "" when it can't be."""

    key_id: str
    role: str
    state: tuple[str, str]
    since: str
    ended: str
    reason: str
    who: tuple[str, str]
    href: str


@dataclass(frozen=True, slots=True)
class WitnessShown:
    id: str
    name: str
    since: str
    ended: str
    seen: str


@dataclass(frozen=True, kw_only=True)
class HouseKeysPage(Page):
    template = "privacy/my_keys_house.html"
    own: Sequence[KeyShown]
    people: Sequence[KeyShown]
    witnesses: Sequence[WitnessShown]
    may_change: bool


@dataclass(frozen=True, kw_only=True)
class RevokeKeyPage(Page):
    template = "privacy/my_keys_revoke.html"
    one: KeyShown
    form: RevokeKeyForm
    what_follows: str


FOLLOWS = {
    "certificate": N_(
        "A new key signs from now on. Every certificate that this one signed is “unknown” to who checks it offline, because it "
        "might be by whoever has the key now. Do this only when the key may be in other hands; otherwise make a new key."
    ),
    "log": N_(
        "A new key signs the log from now on, and proofs are given under its checkpoints: certificates downloaded anew hold, "
        "those downloaded before are “unknown” offline. "
        "Do this only when the key may be in other hands; otherwise make a new key."
    ),
    "person": N_(
        "Its person is told and gets a new key at the next signature. Wipes that wait with its signature have to be signed anew, "
        "and certificates that it signed are “unknown” to who checks them offline."
    ),
}


def load_key(session: Session, key_id: str) -> EnrolledKey:
    return get_row(session, EnrolledKey, key_id)


def load_witness(session: Session, witness_id: str) -> LogWitness:
    return get_row(session, LogWitness, witness_id)


@blueprint.get("/admin/keys")
@needs("privacy:house_key:see")
def desk() -> object:
    found = [_shown(one) for one in house.listed(g.db, bench())]
    return HouseKeysPage(
        own=[one for one in found if not one.who[0]],
        people=[one for one in found if one.who[0]],
        witnesses=[_witness(one) for one in witnesses.everyone(g.db)],
        may_change="administrator" in visitor().roles,
    ).answer()


def _shown(one: KeyLine) -> KeyShown:
    label, tone = STATES[one.state]
    account = g.db.get(Account, one.account_id) if one.account_id else None
    revocable = one.state != "revoked" and one.role in FOLLOWS and "administrator" in visitor().roles
    return KeyShown(
        key_id=one.key_id,
        role=_(ROLES.get(one.role, one.role)),
        state=(_(label), tone),
        since=when(one.since) or "",
        ended=when(one.revoked_at or one.until) or "",
        reason=_(REVOKED[one.reason]) if one.reason in REVOKED else "",
        who=(shown_name(account), f"/admin/people/{account.id}") if account else ("", ""),
        href=f"/admin/keys/{one.key_id}/revoke" if revocable else "",
    )


def _witness(one: LogWitness) -> WitnessShown:
    size = queries.last_cosigned(g.db, one.id)
    seen = _("Checkpoint %(size)s", size=f"{size:,}") if size else _("nothing yet")
    return WitnessShown(one.id, one.name, when(one.added_at) or "", when(one.ended_at) or "", seen)


@blueprint.post("/admin/keys/<which>/rotate")
@needs("privacy:house_key:rotate")
def rotate(which: str) -> object:
    if which not in house.ROLES:
        raise NotFound()
    with doing() as w:
        house.rotate(w, config(), which)
    return done(_("A new key signs from now on. What the one before signed stays good."), "/admin/keys")


@blueprint.route("/admin/keys/<key_id>/revoke", methods=["GET", "POST"])
@needs("privacy:house_key:revoke", on=load_key)
def revoke(key: EnrolledKey) -> object:
    form, key_id = RevokeKeyForm(), key.key_id
    one = next(_shown(line) for line in house.listed(g.db, bench()) if line.key_id == key_id)
    page = RevokeKeyPage(one=one, form=form, what_follows=_(FOLLOWS[key.role]) if key.role in FOLLOWS else "")
    if not form.validate_on_submit():
        return page.answer(422 if form.is_submitted() else 200)
    try:
        with doing() as w:
            house.revoke(w, config(), key_id, form.reason.data)
    except Refused as no:
        form.blame(no)
        return page.answer(no.status)
    return done(_("Revoked, in the public log and in the list of keys."), "/admin/keys")


@blueprint.post("/admin/witnesses/<witness_id>/end")
@needs("privacy:witness:end", on=load_witness)
def end_witness(witness: LogWitness) -> object:
    name = witness.name
    with doing() as w:
        witnesses.end(w, name)
    return done(_("It is a witness no more. What it signed stays."), "/admin/keys")

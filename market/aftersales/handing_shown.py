"""How what is given in exchange gets to its buyer, as the page of its case shows it to both sides."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, request
from flask_babel import gettext as _
from wtforms import StringField
from wtforms.validators import Length

from core import ids, labels
from core.access import visitor
from core.forms import Form, text
from core.i18n import N_
from core.web import config
from market.aftersales.exchanging import CHOOSING, instead
from market.aftersales.models import Case
from market.orders import parcel, replacement_ways, rules
from market.orders.getting_rules import CARRIERS
from market.orders.replacement_models import ReplacementWay


class HandOverForm(Form):
    code = StringField(text("Receipt code"), validators=[Length(max=30)])


@dataclass(frozen=True, slots=True)
class WayShown:
    """How what was chosen gets to its buyer, for both sides. `code` and its `qr`: only for the buyer, after the check.

    `may`: address | send | check | hand_over | got, what the reader can do now."""

    facts: list[tuple[str, str]]
    agreed_at: datetime
    moments: list[tuple[str, datetime]]
    code: str
    qr: str
    may: frozenset[str]
    waits: str
    switches_on: bool
    stopped: bool = False


def way_shown(case: Case) -> WayShown | None:
    """What the page of a case shows of it."""
    row, me = replacement_ways.last_way(g.db, case.id), visitor().as_one_of(case.buyer_id, case.seller_id)
    chosen = instead(g.db, case)
    if row is not None and chosen is None and "no" in row.answers.values() and case.state in CHOOSING:
        return _stopped(row)
    if row is None or chosen is None or row.listing_id != chosen.id:
        return None
    mine, checked = me == case.buyer_id, row.checked_at is not None and row.ended_at is None
    code = replacement_ways.code_of(row) if mine and checked else ""
    address = f"{config().base_url}/cases/{case.id}?code={code}#hand-over"
    return WayShown(
        facts=_facts(row, me in (case.buyer_id, case.seller_id)), agreed_at=row.agreed_at, moments=_moments(row),
        code=ids.grouped(code) if code else "", qr=labels.qr_svg(address) if code else "", may=_may(case, row),
        waits=_(_waits(case, row)) if row.ended_at is None else "", switches_on=chosen.data_bearing,
    )  # fmt: skip


def _stopped(row: ReplacementWay) -> WayShown:
    """What the buyer answered no to, so that both see why something else is chosen."""
    asked = [one for one in rules.questions(data_bearing=True, sealed=True) if row.answers.get(one.code) == "no"]
    return WayShown(
        facts=[(_(one.ask), _("No")) for one in asked], agreed_at=row.agreed_at, moments=[], code="", qr="", may=frozenset(),
        waits="", switches_on=False, stopped=True,
    )  # fmt: skip


def _facts(row: ReplacementWay, one_of_two: bool) -> list[tuple[str, str]]:
    found = [(_("How it is got"), _("In person") if row.way == "meet" else _("By parcel"))]
    if row.way == "parcel" and row.masked:
        found.append((_("To"), row.masked))
    if row.sent_at is not None:
        tracking = parcel.tracking_of(row) if one_of_two else row.tracking_masked
        found += [(_("Carrier"), _(CARRIERS[row.carrier])), (_("Tracking number"), tracking)]
    return found


def _moments(row: ReplacementWay) -> list[tuple[str, datetime]]:
    known = [
        (_("Taken on what is told of it"), row.agreed_at), (_("Given to the carrier"), row.sent_at),
        (_("Checked in person"), row.checked_at),
    ]  # fmt: skip
    return [(label, at) for label, at in known if at is not None]


def _may(case: Case, row: ReplacementWay) -> frozenset[str]:
    me, back = visitor().as_one_of(case.buyer_id, case.seller_id), case.state == "back"
    if row.ended_at is not None:
        return frozenset()
    found: set[str] = set()
    if me == case.buyer_id and row.way == "parcel":
        found |= {"address"} if row.sent_at is None and case.state in CHOOSING else set()
        found |= {"got"} if row.sent_at is not None and case.state in ("back", "mediation") else set()
    if me == case.buyer_id and row.way == "meet" and back and row.checked_at is None:
        found |= {"check"}
    if me == case.seller_id and back:
        found |= {"send"} if row.way == "parcel" and row.to and row.sent_at is None else set()
        found |= {"hand_over"} if row.way == "meet" and row.checked_at is not None else set()
    return frozenset(found)


WAITS = {
    "old_first": N_("First the seller says here that the old one is back."),
    "address": N_("The buyer still has to say where it goes."),
    "send": N_("The seller packs it and gives it to the carrier."),
    "meet": N_("Meet, and let the buyer check it. The receipt code comes after the check."),
}


def _waits(case: Case, row: ReplacementWay) -> str:
    """What comes next; "" where nothing is waited for that its page doesn't say."""
    if row.sent_at is not None or row.checked_at is not None or case.state not in CHOOSING:
        return ""
    if row.way == "parcel" and not row.to:
        return WAITS["address"]
    if case.state == "accepted":
        return WAITS["old_first"]
    return WAITS["send" if row.way == "parcel" else "meet"]


def hand_over_form() -> HandOverForm:
    """With the code filled in where the seller came by the buyer's QR."""
    return HandOverForm(formdata=None, data={"code": request.args.get("code", "")[:30]})

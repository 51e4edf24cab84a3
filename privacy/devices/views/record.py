"""A device's own record: who says who it is, what was counted, which media left it, how much it was used; and a new reading."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, g
from flask_babel import format_decimal
from flask_babel import gettext as _

from core import clock, ids
from core.access import may, needs, visitor
from core.doing import doing, done
from core.errors import Forbidden, Refused
from core.goods.models import Item, StorageMedium
from core.goods.words import IDENTIFIER_KINDS, MEDIA_KINDS
from core.i18n import listed
from core.page import Page
from privacy.access import Held, load_held
from privacy.bench import bench
from privacy.clearance.queries import certificate_of_clearance, find_valid
from privacy.devices import claims, queries, rules, scrapping, usage
from privacy.devices.forms import ClaimForm, ReadingForm, ScrapForm
from privacy.devices.models import IdentityClaim
from privacy.devices.reading_models import UsageSnapshot
from privacy.devices.views import StepPage, blueprint, commands, file_of, photo_of
from privacy.wipes.queries import all_media, find_open_job, jobs_of_item, passed_media, present_media
from privacy.wipes.show import title_of, when
from privacy.wipes.states import MEDIUM

CONFIDENCE = ("—", "★", "★★", "★★★")


@dataclass(frozen=True, slots=True)
class MediumRecord:
    name: str
    state: tuple[str, str]
    help: str
    sure: str
    claims: Sequence[tuple[str, str]]
    readings: Sequence[tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class DevicePage(Page):
    template = "privacy/device.html"
    item_id: str
    title: str
    numbers: Sequence[tuple[str, str]]
    sure: str
    media: Sequence[MediumRecord]
    counts: Sequence[tuple[str, ...]]
    tolerance: Sequence[tuple[str, str]]
    may_read: bool
    code: str
    commands: Sequence[tuple[str, str]]
    due: str
    form: ReadingForm
    may_claim: bool
    claim_form: ClaimForm


def _page(held: Held, form: ReadingForm | None = None, claim: ClaimForm | None = None) -> DevicePage:
    item = held.item
    told, readings = queries.claims_of(g.db, item.id), queries.snapshots_of(g.db, item.id)
    code, due = _code(item), usage.reading_due(g.db, item.id)
    return DevicePage(
        item_id=item.id,
        title=title_of(item),
        numbers=_numbers(item, told),
        sure=CONFIDENCE[rules.confidence(["typed", *(one.source for one in told if one.medium_id is None)])],
        media=[
            _medium(
                one,
                [claim for claim in told if claim.medium_id == one.id],
                [row for row in readings if row.medium_id == one.id],
                _inside(one, item),
            )
            for one in all_media(g.db, item.id)
            if one.state != "mistyped"
        ],
        counts=_counts(item),
        tolerance=[(_(rules.COUNTERS[name]), f"+{format_decimal(getattr(rules.TOLERANCE, name))}") for name in _COMPARED],
        may_read=may(visitor(), "privacy:usage:read", held),
        code=code,
        commands=commands(code) if code else [],
        due=_(usage.DUE_WORDS[due.why]) if due else "",
        form=form or ReadingForm(formdata=None),
        may_claim=held.org_id is not None and may(visitor(), "privacy:claim:add", held),
        claim_form=claim or _claim_form(item, sent=False),
    )


def _numbers(item: Item, claims: Sequence[IdentityClaim]) -> list[tuple[str, str]]:
    """Each number of the device itself, masked, with everybody who says so."""
    rows = []
    for one in item.identifiers:
        if one.live:
            sources = {"typed", *(claim.source for claim in claims if claim.medium_id is None and claim.kind == one.kind)}
            told = sorted(sources, key=lambda source: -rules.SOURCES[source])
            said = listed((_(rules.SOURCE_WORDS[source]) for source in told), g.language)
            rows.append((f"{_kind(one.kind)} {one.masked}", said))
    return rows


def _inside(medium: StorageMedium, item: Item) -> str:
    """What covers a medium that is inside now; what the table of states says where nothing does yet."""
    if medium.state != "present":
        return str(_(MEDIUM[medium.state].help))
    clearance = find_valid(g.db, item.id)
    certificate = certificate_of_clearance(g.db, clearance.id) if clearance else None
    if certificate is not None:
        return str(_("It is in the device. Its wipe was verified: certificate %(number)s covers it.", number=certificate.number))
    job = find_open_job(g.db, item.id)
    if job is not None and medium.id in passed_media(g.db, job.id):
        return str(_("It is in the device. Its wipe passed the rules and waits for the second person."))
    return str(_(MEDIUM[medium.state].help))


def _claim_form(item: Item, *, sent: bool) -> ClaimForm:
    form = ClaimForm() if sent else ClaimForm(formdata=None)
    inside = [(one.id, f"{_(MEDIA_KINDS[one.kind])} {one.masked}") for one in present_media(g.db, item.id)]
    form.what.choices = [("device", _("The device itself")), *inside]
    return form


def _code(item: Item) -> str:
    """The code that a reading has to carry now, grouped; nothing where none was given today."""
    order = queries.find_order(g.db, item.id)
    stands = order is not None and order.epoch == item.epoch and clock.now() - order.at <= usage.WITHIN
    return ids.grouped(order.code) if order is not None and stands else ""


_COMPARED = ("power_on_hours", "power_cycles", "bytes_written")


def _medium(
    medium: StorageMedium, claims: Sequence[IdentityClaim], readings: Sequence[UsageSnapshot], inside: str
) -> MediumRecord:
    state = MEDIUM[medium.state]
    told = {(one.kind, one.source, one.masked) for one in claims} | {("serial", "typed", medium.masked)}
    return MediumRecord(
        name=f"{_(MEDIA_KINDS[medium.kind])} {medium.masked}",
        state=(_(state.label), state.tone),
        help=inside,
        sure=CONFIDENCE[rules.confidence(source for _kind, source, _masked in told)],
        claims=[
            (f"{_kind(kind)} {masked}", _(rules.SOURCE_WORDS[source]))
            for kind, source, masked in sorted(told, key=lambda one: (-rules.SOURCES[one[1]], one))
        ],
        readings=[_reading(one) for one in readings],
    )


def _kind(kind: str) -> str:
    name = IDENTIFIER_KINDS.get(kind, "")
    return _(name) if name else kind.upper()


def _reading(row: UsageSnapshot) -> tuple[str, ...]:
    yes_no = {None: "—", True: _("yes"), False: _("no")}
    numbers = (getattr(row, name) for name in _COMPARED)
    told = tuple("—" if value is None else str(format_decimal(value)) for value in numbers)
    return (f"{when(row.at)} · {_(rules.MOMENTS[row.moment])}", *told, yes_no[row.data_erased], " · ".join(_proof(row)))


def _proof(row: UsageSnapshot) -> list[str]:
    """What ties a reading to its moment and to a bench: without either, whoever carried the file could have edited it."""
    code = {None: _("no room for a code"), True: _("carries the code"), False: _("without the code")}[row.challenged]
    return [code, _("signed by station %(key)s", key=row.key_id) if row.key_id else _("unsigned")]


def _counts(item: Item) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for job in jobs_of_item(g.db, item.id):
        for moment, label in (("before", _("before the wipe")), ("after", _("after the wipe"))):
            row = queries.find_count(g.db, job.id, moment)
            if row is not None:
                found.append((job.number, label, str(row.counted), str(row.registered), when(row.at) or ""))
    return found


@blueprint.get("/items/<item_id>/device")
@needs("privacy:device:see", on=load_held)
def show_device(held: Held) -> object:
    return _page(held).answer()


@blueprint.post("/items/<item_id>/device/read")
@needs("privacy:claim:add", on=load_held)
def add_claim(held: Held) -> object:
    form, item_id = _claim_form(held.item, sent=True), held.item.id
    if not form.validate_on_submit():
        return _page(held, claim=form).answer(422)
    given = {"what": form.what.data, "source": form.source.data, "number": form.number.data or "", "photo": photo_of(form.photo)}
    try:
        with doing() as w:
            claims.read_by_person(w, bench(), item_id, **given)
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return _page(load_held(g.db, item_id), claim=form).answer(no.status)
    return done(_("On record beside the number."), f"/items/{item_id}/device")


@blueprint.post("/items/<item_id>/device/code")
@needs("privacy:usage:read", on=load_held)
def give_code(held: Held) -> object:
    item_id = held.item.id
    with doing() as w:
        usage.ask(w, item_id)
    return done(_("Here is the code. Read the device with it now, and bring the file."), f"/items/{item_id}/device#read")


@blueprint.post("/items/<item_id>/device")
@needs("privacy:usage:read", on=load_held)
def read_counters(held: Held) -> object:
    form, item_id = ReadingForm(), held.item.id
    if not form.validate_on_submit():
        return _page(held, form).answer(422)
    try:
        with doing() as w:
            answers = usage.read_again(w, bench(), item_id, file_of(form.file), form.moment.data)
            told = [(medium.masked, growth) for medium, growth in answers]
    except Refused as no:
        form.blame(no)
        return _page(load_held(g.db, item_id), form).answer(no.status)
    for masked, growth in told:
        names = listed((_(rules.COUNTERS[name]) for name in (*growth.grown, *growth.backwards)), g.language)
        if growth.used:
            said = _("%(medium)s was used after its wipe (%(counters)s). The clearance ended.", medium=masked, counters=names)
            flash(said, "bad")
        elif growth.used is None:
            flash(_("%(medium)s: nothing could be compared, so this reading proves nothing.", medium=masked), "warn")
        else:
            flash(_("%(medium)s: not used since its wipe, as far as its counters tell.", medium=masked), "good")
    return done(_("The reading is on record."), f"/items/{item_id}/device")


def _scrap_page(held: Held, form: ScrapForm) -> StepPage:
    return StepPage(
        title=_("Scrap it"),
        lead=_("It goes to a recycler and is never sold again. What can hold data needs proof first."),
        kicker=title_of(held.item),
        facts=[(_kind(one.kind), one.masked) for one in held.item.identifiers if one.live],
        photos=[],
        form=form,
        submit=_("Scrapped for good"),
        back=f"/items/{held.item.id}/custody",
        tone="danger",
    )


@blueprint.get("/items/<item_id>/scrap")
@needs("privacy:item:scrap", on=load_held)
def show_scrap(held: Held) -> object:
    return _scrap_page(held, ScrapForm(formdata=None)).answer()


@blueprint.post("/items/<item_id>/scrap")
@needs("privacy:item:scrap", on=load_held)
def scrap(held: Held) -> object:
    form, item_id = ScrapForm(), held.item.id
    if not form.validate_on_submit():
        return _scrap_page(held, form).answer(422)
    try:
        with doing() as w:
            scrapping.scrap(
                w, item_id, reason=form.reason.data, receiver=form.receiver.data, receipt=form.receipt.data or ""
            )
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return _scrap_page(load_held(g.db, item_id), form).answer(no.status)
    return done(_("Scrapped, with its proof on record."), f"/items/{item_id}/custody")

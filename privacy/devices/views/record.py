"""A device's own record: who says who it is, what was counted, which media left it, how much it was used; and a new reading."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, g
from flask_babel import format_decimal
from flask_babel import gettext as _

from core.access import may, needs, visitor
from core.errors import Forbidden, Refused
from core.goods.models import Item, StorageMedium
from core.goods.words import IDENTIFIER_KINDS, MEDIA_KINDS
from core.page import Page
from privacy.access import Held, load_held
from privacy.bench import bench
from privacy.devices import queries, rules, scrapping, usage
from privacy.devices.forms import ReadingForm, ScrapForm
from privacy.devices.models import IdentityClaim, UsageSnapshot
from privacy.devices.views import StepPage, blueprint, file_of
from privacy.wipes.queries import all_media, jobs_of_item
from privacy.wipes.show import title_of, when
from privacy.wipes.states import MEDIUM
from privacy.wipes.views.parts import doing, done

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
    media: Sequence[MediumRecord]
    counts: Sequence[tuple[str, ...]]
    tolerance: Sequence[tuple[str, str]]
    may_read: bool
    form: ReadingForm


def _page(held: Held, form: ReadingForm | None = None) -> DevicePage:
    item = held.item
    claims, readings = queries.claims_of(g.db, item.id), queries.snapshots_of(g.db, item.id)
    return DevicePage(
        item_id=item.id,
        title=title_of(item),
        numbers=[(_kind(one.kind), one.masked) for one in item.identifiers if one.live],
        media=[
            _medium(
                one,
                [claim for claim in claims if claim.medium_id == one.id],
                [row for row in readings if row.medium_id == one.id],
            )
            for one in all_media(g.db, item.id)
            if one.state != "mistyped"
        ],
        counts=_counts(item),
        tolerance=[(_(rules.COUNTERS[name]), f"+{format_decimal(getattr(rules.TOLERANCE, name))}") for name in _COMPARED],
        may_read=may(visitor(), "privacy:usage:read", held),
        form=form or ReadingForm(formdata=None),
    )


_COMPARED = ("power_on_hours", "power_cycles", "bytes_written")


def _medium(medium: StorageMedium, claims: Sequence[IdentityClaim], readings: Sequence[UsageSnapshot]) -> MediumRecord:
    state = MEDIUM[medium.state]
    told = {(one.kind, one.source, one.masked) for one in claims} | {("serial", "typed", medium.masked)}
    return MediumRecord(
        name=f"{_(MEDIA_KINDS[medium.kind])} {medium.masked}",
        state=(_(state.label), state.tone),
        help=_(state.help),
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
    return (f"{when(row.at)} · {_(rules.MOMENTS[row.moment])}", *told, yes_no[row.data_erased])


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
        names = ", ".join(_(rules.COUNTERS[name]) for name in (*growth.grown, *growth.backwards))
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

"""The desk of a point: the queue, and the counter where a device is found or its wipe opened."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, redirect, request
from flask_babel import gettext as _
from markupsafe import Markup

from core.access import needs, visitor
from core.doing import doing
from core.errors import Invalid, Refused
from core.i18n import N_
from core.labels import qr_svg
from core.page import Page
from core.web import config, limiter
from core.when import slot_words
from privacy.booking.states import BOOKING
from privacy.sampling.queries import check_on
from privacy.waiting import coming_today
from privacy.wipes import actions, queries
from privacy.wipes.forms import CounterForm
from privacy.wipes.people import COUNTER
from privacy.wipes.queries import QueueRow
from privacy.wipes.show import title_of, when
from privacy.wipes.states import JOB, OPEN
from privacy.wipes.views import blueprint
from privacy.wipes.views.parts import points

DRAWN = N_("It was drawn for a recovery try. A verifier takes it in under “Recovery tries”, not by a new wipe.")
DESK = (*COUNTER, "wipe_verifier")
# where a verifier goes on with a job
VERIFIERS_PAGE = {"judged": "verify", "verified": "confirm"}


@dataclass(frozen=True, slots=True)
class DeskRow:
    title: str
    number: str
    href: str
    state: tuple[str, str]
    since: str


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    template = "privacy/wipe_desk.html"
    tabs: Sequence[tuple[str, str, bool, int | None]]
    rows: Sequence[DeskRow]
    elsewhere: Sequence[DeskRow]
    counts: Sequence[tuple[str, int, str]]
    can_open: bool
    days: Sequence[tuple[str, str]]
    coming: Sequence[DeskRow]


@blueprint.get("/wipes")
@needs("privacy:desk:see")
def desk() -> object:
    """What waits at my points, longest first; a verifier also sees what waits elsewhere for another person."""
    state = request.args.get("state", "")
    state = state if state in OPEN else ""
    orgs = visitor().orgs_as(*DESK)
    counts = queries.counts(g.db, orgs)
    verifier = "wipe_verifier" in visitor().roles
    elsewhere = queries.to_verify_elsewhere(g.db, orgs) if verifier and state in ("", *VERIFIERS_PAGE) else []
    tabs = [(_("All"), "/wipes", not state, sum(counts.values()))]
    tabs += [(_(JOB[one].label), f"/wipes?state={one}", one == state, counts[one]) for one in OPEN]
    return DeskPage(
        tabs=tabs,
        rows=[_row(row) for row in queries.queue(g.db, orgs, state or None)],
        elsewhere=[_row(row) for row in elsewhere],
        counts=[
            (_("To be started"), counts["consented"], "/wipes?state=consented"),
            (_("On the bench"), counts["wiping"], "/wipes?state=wiping"),
            (_("To be verified"), counts["judged"], "/wipes?state=judged"),
            (_("To be confirmed"), counts["verified"], "/wipes?state=verified"),
        ],
        can_open=bool(visitor().orgs_as(*COUNTER)),
        days=[(name, f"/points/{org}/day") for org, name in points(g.db, visitor().orgs_as(*COUNTER))],
        coming=_coming() if not state else [],
    ).answer()


def _coming() -> list[DeskRow]:
    """Who has booked for today and hasn't come yet: not in the queue before, as no point has the device."""
    return [
        DeskRow(
            title_of(queries.get_item(g.db, job.item_id)),
            job.number,
            f"/wipes/{job.id}/bench",
            (_(BOOKING[booking.state].label), BOOKING[booking.state].tone),
            slot_words(booking.slot),
        )
        for booking, job in coming_today(g.db, visitor().orgs_as(*COUNTER))
    ]


def _row(row: QueueRow) -> DeskRow:
    state = JOB[row.job.state]
    page = VERIFIERS_PAGE.get(row.job.state, "bench") if "wipe_verifier" in visitor().roles else "bench"
    return DeskRow(
        title_of(row.item),
        row.job.number,
        f"/wipes/{row.job.id}/{page}",
        (_(state.label), state.tone),
        when(row.job.started_at or row.job.opened_at) or "",
    )


@dataclass(frozen=True, kw_only=True)
class CounterPage(Page):
    template = "privacy/wipe_counter.html"
    form: CounterForm


@blueprint.route("/wipes/open", methods=["GET", "POST"])
@needs("privacy:job:open")
@limiter.limit("30 per minute", methods=["POST"])
def counter() -> object:
    """Find the device before us: by the owner's drop-off code, else by its number; open its wipe if none is open."""
    form = CounterForm(request.form if request.method == "POST" else None, code=request.args.get("item", ""))
    form.org.choices = points(g.db, visitor().orgs_as(*COUNTER))
    page = CounterPage(form=form)
    if not form.validate_on_submit():
        return page.answer(422 if form.is_submitted() else 200)
    try:
        return redirect(f"/wipes/{_find_or_open(form.code.data, form.org.data)}/bench", 303)
    except Refused as no:
        form.blame(no)
        return page.answer(no.status)


def _find_or_open(code: str, org_id: str) -> str:
    job = queries.find_by_code(g.db, code)
    item = None if job else queries.find_item(g.db, code)
    if job is None and item is not None:
        job = queries.find_open_job(g.db, item.id)
    if job is not None:
        if job.org_id not in (None, *visitor().orgs_as(*COUNTER)):
            raise Refused("other_point", N_("This job belongs to another point."), field="code")
        return job.id
    if item is None:
        raise Invalid(
            "nothing_found",
            N_("Nothing is registered under this. The owner registers the device first: “Sell”, then “Have it wiped”."),
            field="code",
        )
    if check_on(g.db, item.id) is not None:
        raise Refused("being_checked", DRAWN, field="code")
    with doing() as w:
        w.record("core:lookup:made", item.id, what="item", by="counter")
        return actions.open_job(w, item.id, org_id=org_id).id


def consent_code(job_id: str) -> tuple[str, Markup]:
    """Where the owner agrees on the own phone: address and QR code."""
    address = f"{config().base_url}/wipes/{job_id}/consent"
    return address, Markup(qr_svg(address, _("Code for the owner's phone")))  # noqa: S704  (our own SVG)

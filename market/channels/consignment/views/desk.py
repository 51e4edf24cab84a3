"""The shop's files: the list, looking somebody up, and opening a file at the counter."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, redirect, request
from flask_babel import gettext as _

from core import clock
from core.access import needs
from core.doing import doing, done
from core.errors import Refused
from core.page import Page, page_number
from core.people.choosing import Words, choose_place
from core.people.models import Organisation
from core.people.names import shown_org
from core.web import limiter
from market.channels.consignment import actions, own_data, queries, rules
from market.channels.consignment.access import load_shop
from market.channels.consignment.forms import FindForm, OpenForm
from market.channels.consignment.views import blueprint
from market.channels.consignment.views.parts import FileShown, shown_line
from market.shops import standing


@blueprint.get("/consignment")
@needs("market:consignment_shops:list")
def show_shops() -> object:
    return choose_place(actions.STAFF, ("shop",), "/consignment/{}/consignors".format, Words(
        title=_("Consignors"), lead=_("Choose the shop at whose counter you work now."),
        none=_("No shop of yours takes consignments"), text=_("Only second-hand and consignment shops keep files of consignors."),
    ))  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class FilesPage(Page):
    """`found`: is this what a look-up found, and not the list? `closed`: are these the closed ones?"""

    template = "market/consignors.html"
    org_id: str
    name: str
    files: Sequence[FileShown]
    find: FindForm
    found: bool
    closed: bool
    page: int
    pages: int
    total: int


def _list(org: Organisation, find: FindForm) -> FilesPage:
    closed, page = request.args.get("state") == "closed", page_number()
    rows, total = queries.page_of(g.db, org.id, open_=not closed, page=page)
    return FilesPage(
        org_id=org.id, name=shown_org(org, g.language), files=[shown_line(one) for one in rows], find=find, found=False,
        closed=closed, page=page, pages=max(1, -(-total // queries.A_PAGE)), total=total,
    )  # fmt: skip


@blueprint.get("/consignment/<org_id>/consignors")
@needs("market:consignors:list", on=load_shop)
def show_files(org: Organisation) -> object:
    return _list(org, FindForm(formdata=None)).answer()


@blueprint.post("/consignment/<org_id>/consignors/find")
@limiter.limit("30 per minute")
@needs("market:consignors:find", on=load_shop)
def find_file(org: Organisation) -> object:
    form, org_id = FindForm(), org.id
    if not form.validate_on_submit():
        return _list(org, form).answer(422)
    try:
        sought = rules.read_sought(str(form.sought.data or ""))
        with doing() as w:
            found = actions.look_up(w, org_id, sought)
    except Refused as no:
        form.blame(no)
        return _list(load_shop(g.db, org_id), form).answer(no.status)
    if len(found) == 1:
        return redirect(f"/consignors/{found[0]}", 303)
    files = [shown_line(queries.get_consignor(g.db, one)) for one in found]
    name = shown_org(load_shop(g.db, org_id), g.language)
    return FilesPage(
        org_id=org_id, name=name, files=files, find=form, found=True, closed=False, page=1, pages=1, total=len(files)
    ).answer()


@dataclass(frozen=True, kw_only=True)
class OpenPage(Page):
    """`no`: why the shop takes nothing now, "" when it does; `months`: how long a closed file is kept."""

    template = "market/consignor_open.html"
    org_id: str
    name: str
    form: OpenForm
    no: str
    months: int


def _open_page(org: Organisation, form: OpenForm) -> OpenPage:
    code = standing.why_not(g.db, org.id, clock.now())
    no = str(_(standing.REASONS[code])) if code else ""
    return OpenPage(org_id=org.id, name=shown_org(org, g.language), form=form, no=no, months=own_data.months())


@blueprint.get("/consignment/<org_id>/consignors/new")
@needs("market:consignor:open", on=load_shop)
def show_open(org: Organisation) -> object:
    return _open_page(org, OpenForm(formdata=None)).answer()


@blueprint.post("/consignment/<org_id>/consignors/new")
@limiter.limit("60 per minute")
@needs("market:consignor:open", on=load_shop)
def open_file(org: Organisation) -> object:
    form, org_id = OpenForm(), org.id
    if not form.validate_on_submit():
        return _open_page(org, form).answer(422)
    try:
        shown = form.shown()
        with doing() as w:
            row, new = actions.open_file(w, org_id, shown)
            path, number = f"/consignors/{row.id}", row.number
    except Refused as no:
        form.blame(no)
        return _open_page(load_shop(g.db, org_id), form).answer(no.status)
    if new:
        return done(_("File %(number)s is open.", number=number), path)
    there = _("This paper has a file here already: %(number)s. Nothing of what you typed was taken over; compare it.")
    return done(there % {"number": number}, path, "warn")

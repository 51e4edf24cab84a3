"""The item passport: what a label opens. For everybody, and so without any name, number or place of a person."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, redirect, request
from flask_babel import format_date
from flask_babel import gettext as _

from core import ids
from core.access import may, public, visitor
from core.errors import Invalid
from core.goods import life
from core.goods.models import Item
from core.goods.pictures import first_pictures
from core.i18n import N_
from core.money import Money, format_money
from core.page import Page
from core.ports import dossier
from core.web import limiter
from market.passport import rules
from market.passport.access import load_thing
from market.passport.forms import FindForm
from market.passport.queries import told_of
from market.passport.views import blueprint

WIPES = {
    "cleared": N_("The information on it was wiped, and a second person verified that."),
    "delivered": N_("It was wiped and verified before it was sold. What was done with it since, nobody here can say."),
    "waiting": N_("It can hold data, and its wiping hasn't been verified yet."),
    "unknown": N_("A wipe is on record, and whether it holds is being checked."),
    "not_needed": N_("It can't hold any data."),
}
UNKNOWN = N_("We never gave this code. Please compare it with the label.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    time: str
    text: str


@dataclass(frozen=True, kw_only=True)
class PassportPage(Page):
    template = "market/passport.html"
    title: str
    category: str
    code: str
    used: str
    state: tuple[str, str]
    price: str
    before: str
    grade: str
    report: str
    wipe: str
    wipe_told: str
    certificate: str
    photo: str
    shop: str
    listing: str
    steps: list[Step]
    label: str


@dataclass(frozen=True, kw_only=True)
class FindPage(Page):
    template = "market/passport_find.html"
    form: FindForm


@blueprint.get("/i")
@public
@limiter.limit("30 per minute")
def find() -> object:
    if "code" not in request.args:
        return FindPage(form=FindForm(formdata=None)).answer()
    form = FindForm(formdata=request.args)
    if not form.validate():
        return FindPage(form=form).answer(422)
    return _open(form, form.code.data, 422)


@blueprint.get("/i/<life_code>")
@public
@limiter.limit("60 per minute")
def show(life_code: str) -> object:
    form = FindForm(formdata=None)
    form.code.data = life_code
    return _open(form, life_code, 404)


def _open(form: FindForm, typed: str, mistyped: int) -> object:
    """The passport; its proper address for a code that was spelled otherwise; or the form, with what is wrong at its field."""
    try:
        item = life.find_item(g.db, typed)
    except ids.BadCode as slip:
        slip.field = "code"
        form.blame(slip)
        return FindPage(form=form).answer(mistyped)
    if item is None:
        form.blame(Invalid("code_unknown", UNKNOWN, field="code"))
        return FindPage(form=form).answer(404)
    proper = f"/i/{life.read_code(typed)}"
    return _page(item, proper).answer() if request.path == proper else redirect(proper)


def _page(item: Item, path: str) -> PassportPage:
    told = told_of(g.db, item, g.language)
    photo = first_pictures(g.db, [item.id]).get(item.id) if told.listing_id else None
    mine = may(visitor(), "market:label:print", load_thing(g.db, item.id))
    return PassportPage(
        title=told.title, category=told.category, code=ids.grouped(path.removeprefix(life.PATH)), used=_(rules.MARKS[told.used]),
        state=(_(told.state[0]), told.state[1]), price=_money(told.price), before=_money(told.before), grade=told.grade,
        report=f"/reports/{told.report}" if told.report else "", wipe=told.wipe.word, wipe_told=_(WIPES[told.wipe.word]),
        certificate=told.wipe.certificate, photo=photo.src if photo else "",
        shop=told.standing.org_name if told.standing else "", listing=f"/listings/{told.listing_id}" if told.listing_id else "",
        steps=history(item.id), label=f"/labels/{item.id}" if mine else "",
    )  # fmt: skip


def _money(amount: Money | None) -> str:
    return format_money(amount, g.language) if amount else ""


def history(item_id: str) -> list[Step]:
    """The public lines of its life, newest first, by day; a line said twice on one day is one."""
    steps: dict[Step, None] = {}
    for line in dossier(g.db, item_id):
        told = rules.public_line(line.sentence, line.values)
        if told is not None:
            values = {name: _(value) if value else "" for name, value in told[1].items()}
            steps[Step(time=_day(line.at), text=_(told[0], **values) if values else _(told[0]))] = None
    return list(reversed(steps))


def _day(moment: datetime) -> str:
    return str(format_date(moment, "medium"))

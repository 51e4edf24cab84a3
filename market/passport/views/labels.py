"""Printing labels: of things that stand in one's shop, and of a thing of one's own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from flask import g, request
from flask.wrappers import Response
from flask_babel import gettext as _
from markupsafe import Markup

from core import clock, ids
from core.access import Beside, may, needs, public, visitor
from core.doing import doing
from core.errors import Invalid, NotFound, Refused
from core.goods import life
from core.goods.models import Item
from core.i18n import N_
from core.label_calibration import calibration_pdf
from core.label_faces import Face
from core.label_formats import FORMATS
from core.label_sheets import label_pictures, labels_pdf
from core.page import Page
from core.paper import TooLong
from core.web import config, limiter
from market.passport import access, queries, rules
from market.passport.actions import Wish, label
from market.passport.faces import tag_problem
from market.passport.forms import USUAL, LabelForm
from market.passport.views import blueprint

COOKIE = "label_paper"
KEPT = 365 * 86400  # seconds
SHOWN = 4  # labels to look at before they are printed
TOO_LONG = N_("The address of this site is too long for so small a label. Choose a larger one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A thing to tick. `problem`: why it gets no price tag now, "" where it gets one."""

    id: str
    title: str
    code: str
    state: tuple[str, str]
    wipe: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class LabelsPage(Page):
    template = "market/labels.html"
    form: LabelForm
    rows: list[Row]
    ticked: set[str]
    own: str
    page: int
    pages: int
    total: int
    papers: list[tuple[str, str]]
    pictures: list[Markup] = field(default_factory=list)
    many: int = 0


@blueprint.get("/labels")
@needs("market:labels:list")
def labels() -> object:
    return _desk(_form(), _asked()).answer()


@blueprint.post("/labels")
@limiter.limit("60 per minute")
@needs("market:labels:list")
def print_labels() -> object:
    form = LabelForm()
    return _print(form, list(dict.fromkeys(form.items.data or [])), lambda: _desk(form, form.items.data or []))


@blueprint.get("/labels/<item_id>")
@needs("market:label:print", on=access.load_thing)
def label_of(one: Beside[Item, str]) -> object:
    return _single(_form(), one.of).answer()


@blueprint.post("/labels/<item_id>")
@limiter.limit("60 per minute")
@needs("market:label:print", on=access.load_thing)
def print_label(one: Beside[Item, str]) -> object:
    form, item_id = LabelForm(), one.of.id
    return _print(form, [item_id], lambda: _single(form, g.db.get_one(Item, item_id)))


@blueprint.get("/labels/calibration/<paper>.pdf")
@public
@limiter.limit("20 per minute")
def calibration(paper: str) -> Response:
    if paper not in FORMATS:
        raise NotFound()
    return _pdf(calibration_pdf(FORMATS[paper], clock.now(), g.language), f"calibration-{paper}")


def _form() -> LabelForm:
    """As the address asks, else as this browser printed last."""
    form = LabelForm(formdata=None)
    kind, paper = request.args.get("kind", "life"), request.args.get("paper") or request.cookies.get(COOKIE, "")
    form.kind.data = kind if kind in rules.KINDS else "life"
    form.paper.data = paper if paper in FORMATS else USUAL
    form.language.data = g.language
    return form


def _asked() -> list[str]:
    """`?items=<id>,<id>`: what another page wants printed."""
    return list(dict.fromkeys(filter(ids.is_id, request.args.get("items", "").split(","))))[: rules.MOST]


def _print(form: LabelForm, item_ids: list[str], page: Callable[[], LabelsPage]) -> object:
    """The PDF or a look at it; or the page again with what is wrong."""
    if not form.validate_on_submit():
        return page().answer(422)
    wish, look = form.wish(g.language), request.form.get("do") == "look"
    try:
        with doing() as w:
            items = [_may_print(item_id) for item_id in item_ids[: rules.MOST + 1]]
            faces = label(w, items, wish, config().base_url, printed=not look)
            made = _pictures(faces, wish) if look else []
            paper = b"" if look else labels_pdf(faces, wish.form, clock.now(), first=wish.first, language=wish.language)
    except NotFound:
        raise
    except TooLong:
        form.blame(Invalid("address_long", TOO_LONG, field="paper"))
        return page().answer(422)
    except Refused as no:
        form.blame(no)
        return page().answer(no.status)
    answer = _shown(page(), made, len(faces)) if look else _pdf(paper, "labels")
    answer.set_cookie(COOKIE, wish.form.code, max_age=KEPT, httponly=True, samesite="Lax", secure=config().https)
    return answer


def _may_print(item_id: str) -> Item:
    """Raises NotFound, also for a thing that is neither theirs nor kept where they work."""
    if not ids.is_id(item_id):
        raise NotFound()
    one = access.load_thing(g.db, item_id)
    if not may(visitor(), "market:label:print", one):
        raise NotFound()
    return one.of


def _pictures(faces: Sequence[Face], wish: Wish) -> list[Markup]:
    some = list(dict.fromkeys(faces))[:SHOWN]
    made = label_pictures(some, wish.form, clock.now(), first=wish.first, language=wish.language)
    said = [_("Label %(code)s", code=face.title) for face in some]
    return [
        Markup(svg.replace("<svg ", f'<svg role="img" aria-label="{words}" ', 1))  # noqa: S704  (our own SVG, texts escaped)
        for svg, words in zip(made, said, strict=True)
    ]


def _shown(page: LabelsPage, made: list[Markup], many: int) -> Response:
    values = page.values() | {"pictures": made, "many": many}
    return LabelsPage(**values).answer()


def _pdf(data: bytes, name: str) -> Response:
    answer = Response(data, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


def _desk(form: LabelForm, ticked: Sequence[str]) -> LabelsPage:
    number = max(1, min(request.args.get("page", 1, type=int), 10_000))
    kept, total = queries.kept_in(g.db, visitor().orgs_as(*access.STAFF), number)
    asked = [one for one in ticked if one not in {item.id for item in kept}]
    more = [item for one in asked if (item := _find_own(one)) is not None]
    pages = max(1, -(-total // queries.A_PAGE))
    return _page(form, [*more, *kept], set(ticked), page=number, pages=pages, total=total)


def _find_own(item_id: str) -> Item | None:
    try:
        return _may_print(item_id)
    except NotFound:
        return None


def _single(form: LabelForm, item: Item) -> LabelsPage:
    return _page(form, [item], {item.id}, own=item.id)


def _page(
    form: LabelForm, items: Sequence[Item], ticked: set[str], *, own: str = "", page: int = 1, pages: int = 1, total: int = 1
) -> LabelsPage:
    codes = life.codes_of(g.db, [item.id for item in items])
    return LabelsPage(
        form=form, rows=[_row(item, codes.get(item.id, "")) for item in items], ticked=ticked, own=own, page=page, pages=pages,
        total=total, papers=[(_(one.name), f"/labels/calibration/{one.code}.pdf") for one in FORMATS.values()],
    )  # fmt: skip


def _row(item: Item, code: str) -> Row:
    told = queries.told_of(g.db, item, g.language)
    problem = tag_problem(told)
    return Row(
        id=item.id, title=told.title, code=ids.grouped(code), state=(_(told.state[0]), told.state[1]), wipe=told.wipe.word,
        problem=_(problem[1]) if problem else "",
    )  # fmt: skip

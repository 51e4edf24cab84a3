"""The pages of the guided check-list: one check a screen, the overview, and the finish with the grade that would come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _
from markupsafe import Markup

from appraisal.blind.forms import ReturnForm
from appraisal.grades import actions, guide, number_answers, photo_rules, wipe_rules
from appraisal.grades import guide_rules as way
from appraisal.grades.checklist_show import checklist_form, numbers_of
from appraisal.grades.drawings import drawing
from appraisal.grades.guide_models import AppraisalPhoto, CheckAnswer
from appraisal.grades.guide_queries import last_answers
from appraisal.grades.models import Appraisal
from appraisal.grades.number_show import LookShown, NumbersShown, look_shown, numbers_form, numbers_shown, with_look
from appraisal.grades.photo_queries import is_overview, photos_of, view_name
from appraisal.grades.report_paper import said
from appraisal.standards.effect_words import METHODS
from appraisal.standards.queries import standard_of
from appraisal.standards.standard import Check, Standard
from core import clock
from core.data_files import text as words
from core.forms import Form
from core.goods.card import Card
from core.goods.cards import get_card
from core.goods.describe import thing_name
from core.goods.models import Item
from core.page import Page
from core.when import slot_words


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotShown:
    """A photo on the page. `asks`: which ticks it needs: code, clean or both; `hints`: sentences."""

    id: str
    view: str
    name: str
    src: str
    large: str
    width: int
    height: int
    asks: tuple[str, ...]
    code_read: bool
    clean: bool
    hints: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """The photo that belongs on a screen. `needed`: without it nothing is signed; `code`: to be written beside it, or empty.
    `warnings`: what is said of a bad photo, by its code; `most`: as many of one view."""

    view: str
    name: str
    needed: bool
    code: str
    shots: list[ShotShown]
    warnings: dict[str, str]
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another device's answer to the same check: what it says and when; `mine`: what was chosen here."""

    said: str
    at: str
    mine: str
    mine_value: str


@dataclass(frozen=True, kw_only=True)
class ScreenPage(Page):
    """One screen. `seen`: id of the newest answer; `shown`: when it was shown, sealed; `state`: answered, skipped or open."""

    template = "appraisal/check.html"
    made_id: str
    thing: str
    key: str
    title: str
    area: str
    number: int
    total: int
    done: int
    before: str
    check: Check | None
    method: str
    needed: bool
    form: Form
    drawing: Markup
    slot: Slot | None
    seen: str
    shown: str
    state: str
    other: Other | None
    problem: str
    numbers: NumbersShown | None
    look: LookShown | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A screen in the overview. `state`: done, skipped, open; `said`: the answer in words."""

    href: str
    name: str
    state: str
    said: str
    needed: bool
    photo: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaLines:
    code: str
    name: str
    lines: list[Line]
    left: int
    open: bool


@dataclass(frozen=True, kw_only=True)
class OverviewPage(Page):
    template = "appraisal/overview.html"
    made_id: str
    number: str
    thing: str
    numbers: list[str]
    standard: str
    standard_path: str
    code: str
    areas: list[AreaLines]
    done: int
    total: int
    next_href: str
    begun: bool
    wipe: tuple[str, str] | None
    blind: bool
    handing_back: ReturnForm | None


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the pages of one draft read: loaded once."""

    made: Appraisal
    item: Item
    card: Card
    standard: Standard
    steps: tuple[way.Screen, ...]
    told: Mapping[str, CheckAnswer]
    photos: Sequence[AppraisalPhoto]

    @property
    def done(self) -> set[str]:
        answered = {code for code, value in self.made.answers.items() if value is not None}
        return way.done_keys(self.steps, answered | set(self.told), {one.view for one in self.photos})


def board_of(made: Appraisal) -> Board:
    standard, item = standard_of(g.db, made), g.db.get_one(Item, made.item_id)
    card = get_card(item.category)
    return Board(made, item, card, standard, way.screens(standard, card), last_answers(g.db, made.id), photos_of(g.db, made.id))


def href_of(made: Appraisal, step: way.Screen | None) -> str:
    """Where a screen stands; the finish when none is left."""
    return f"/appraisals/{made.id}/checks/{step.key}" if step else f"/appraisals/{made.id}/finish"


def one_form(check: Check, value: object = None) -> Form:
    """A form with the field of one check; "Not tested" is a button of its own there."""
    form = checklist_form((check,), {check.code: value})
    if check.kind != "measure":
        form[check.code].choices = form[check.code].choices[:-1]
    return form


def screen_form(board: Board, check: Check, value: object = None) -> Form:
    """As `one_form`; for a check that numbers answer the form that asks for them, and for a black list where one looked it up."""
    fed = number_answers.fed_of(board.standard, board.item)
    if fed is not None and fed.check == check.code:
        return numbers_form(fed, check, data={check.code: value if value in fed.by_hand else ""})
    form = one_form(check, value)
    return with_look(form, check) if number_answers.list_check(board.standard, check.code) else form


def screen_page(
    board: Board, at: int, form: Form | None = None, other: Other | None = None, problem: str = ""
) -> ScreenPage:
    """`problem`: what was wrong with a photo, shown at its field."""
    step, made = board.steps[at], board.made
    check, area = step.check, next((words(a.name, g.language) for a in board.standard.areas if a.code == step.area), "")
    last = board.told.get(step.key)
    form = form or (screen_form(board, check, made.answers.get(check.code)) if check else Form(formdata=None))
    return ScreenPage(
        made_id=made.id, thing=thing_name(board.item, g.language), key=step.key, number=at + 1, total=len(board.steps),
        title=words(check.name, g.language) if check else view_name(board.card, step.view, g.language), area=area or _("Photos"),
        done=len(board.done), before=href_of(made, board.steps[at - 1]) if at else f"/appraisals/{made.id}",
        check=check, method=_(METHODS[check.method]) if check else _("Photo"),
        needed=check.required if check else step.view in way.needed_views(board.card),
        form=form, numbers=_numbers(board, check, form), look=_look(board, check),
        drawing=drawing(board.card.code, check, step.view, g.language),
        slot=_slot(board, step) if step.view else None,
        seen=last.id if last else "", shown=guide.shown_token(made.id, step.key, clock.now()),
        state="open" if last is None and step.key not in board.done else "skipped" if _skipped(board, step) else "answered",
        other=other, problem=problem,
    )  # fmt: skip


def _numbers(board: Board, check: Check | None, form: Form) -> NumbersShown | None:
    fed = number_answers.fed_of(board.standard, board.item)
    if fed is None or check is None or fed.check != check.code:
        return None
    return numbers_shown(board.made, board.item, board.standard, fed, form)


def _look(board: Board, check: Check | None) -> LookShown | None:
    one = number_answers.list_check(board.standard, check.code) if check else None
    return look_shown(board.made, board.item, one, clock.now()) if one else None


def _skipped(board: Board, step: way.Screen) -> bool:
    return step.check is not None and step.key in board.told and board.made.answers.get(step.key) is None


def _slot(board: Board, step: way.Screen) -> Slot:
    return Slot(
        view=step.view, name=view_name(board.card, step.view, g.language), needed=step.view in way.needed_views(board.card),
        code=guide.photo_code(board.made.id) if is_overview(step.view) else "",
        shots=[shot_shown(board, one) for one in board.photos if one.view == step.view],
        warnings={code: _(words) for code, words in photo_rules.HINTS.items()}, most=photo_rules.MOST_OF_A_VIEW,
    )  # fmt: skip


def shot_shown(board: Board, one: AppraisalPhoto) -> ShotShown:
    _digest, width, height = one.sizes["medium"]
    path = f"/appraisals/{board.made.id}/photos/{one.id}"
    asks = [name for name, wanted in (
        ("code", is_overview(one.view)), ("clean", photo_rules.shows_screen(one.view, board.item.data_bearing)),
    ) if wanted]  # fmt: skip
    return ShotShown(
        id=one.id, view=one.view, name=view_name(board.card, one.view, g.language),
        src=f"{path}/medium.jpg", large=f"{path}/large.jpg",
        width=width, height=height, asks=tuple(asks), code_read=one.code_read, clean=one.clean,
        hints=[_(photo_rules.HINTS[code]) for code in one.hints],
    )  # fmt: skip


def overview_page(board: Board, handing_back: ReturnForm | None = None) -> OverviewPage:
    """`handing_back`: how who grades it in an appeal gave it back, sent and shown again."""
    made, done = board.made, board.done
    step = way.next_open(board.steps, done)
    named = [("", _("Photos")), *((area.code, words(area.name, g.language)) for area in board.standard.areas)]
    areas = [_area(board, code, name, done) for code, name in named]
    here = next((one.code for one in areas if one.left), "-")
    state, tone = wipe_rules.LABELS[actions.wipe_of(g.db, board.item).state]
    return OverviewPage(
        made_id=made.id, number=made.number, thing=thing_name(board.item, g.language), numbers=numbers_of(board.item),
        standard=f"{words(board.standard.names, g.language)} · v{board.standard.version}",
        standard_path=f"/standards/{board.standard.id}/{board.standard.version}", code=guide.photo_code(made.id),
        areas=[AreaLines(code=one.code, name=one.name, lines=one.lines, left=one.left, open=one.code == here)
               for one in areas if one.lines],
        done=len(done), total=len(board.steps), next_href=href_of(made, step), begun=bool(done),
        wipe=(_(state), tone) if board.item.data_bearing else None, blind=made.state == "blind",
        handing_back=(handing_back or ReturnForm(formdata=None, hearing=True)) if made.state == "blind" else None,
    )  # fmt: skip


def _area(board: Board, code: str, name: str, done: set[str]) -> AreaLines:
    lines = [_line(board, step, done) for step in board.steps if step.area == code]
    left = sum(1 for one in lines if one.state == "open")
    return AreaLines(code=code or "photos", name=name, lines=lines, left=left, open=False)


def _line(board: Board, step: way.Screen, done: set[str]) -> Line:
    state = "open" if step.key not in done else "skipped" if _skipped(board, step) else "done"
    answered = said(step.check, board.made.answers.get(step.key), g.language) if step.check and state != "open" else ""
    there = any(one.view == step.view for one in board.photos) if step.view else None
    return Line(
        href=href_of(board.made, step), state=state, said=answered, photo=there,
        name=words(step.check.name, g.language) if step.check else view_name(board.card, step.view, g.language),
        needed=step.check.required if step.check else step.view in way.needed_views(board.card),
    )  # fmt: skip


def conflict(board: Board, check: Check, no: guide.AnsweredElsewhere, typed: object) -> Other:
    """Both answers in words."""
    return Other(
        said=said(check, no.other, g.language), at=slot_words(no.at), mine=said(check, typed or None, g.language),
        mine_value=str(typed or ""),
    )  # fmt: skip

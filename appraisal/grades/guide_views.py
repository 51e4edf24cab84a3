"""The guided check-list's addresses: each check and photo, and the finish. Plain forms; JavaScript only saves taps and drafts."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, g, redirect, request
from flask.wrappers import Response
from sqlalchemy.orm import Session

from appraisal.grades import actions, guide, number_answers, number_taking, photos, rules
from appraisal.grades import finish_show as ending
from appraisal.grades import guide_rules as way
from appraisal.grades import guide_show as show
from appraisal.grades.checklist_show import read_inputs
from appraisal.grades.guide_queries import last_answers
from appraisal.grades.models import Appraisal
from appraisal.grades.number_show import typed_places
from appraisal.grades.photo_rules import MOST_OF_A_VIEW, TOO_MANY_OF_A_VIEW
from appraisal.grades.queries import get_appraisal
from appraisal.grades.signed_show import signed
from appraisal.grades.states import MAKING
from appraisal.identity import actions as identity
from appraisal.identity.queries import compared, readings_of
from appraisal.standards.queries import standard_of
from core import canonical, clock
from core.access import Beside, needs, visitor
from core.errors import Busy, Invalid, NotFound, Refused
from core.forms import Form
from core.goods.models import Item
from core.i18n import N_
from core.photos import Photo
from core.web import sentence
from core.work import work

blueprint = Blueprint("guide", __name__, url_prefix="/appraisals/<appraisal_id>")
Draft = Beside[Appraisal, str]
CHOOSE = N_("Choose an answer, or press “Not tested”.")
NUMBER = N_("Enter the number, or press “Not tested”.")
READ = N_("Read the number in two places, or press “Not tested”.")
READ_TWO = N_("Read it in a second place, or say of each other place why there is none.")
SAY_WHERE = N_("The lists here can't say it: choose where you looked the number up, or answer “no answer”.")
CHANGED = N_("Answers or photos changed since this page was shown. Look at the grade once more, then sign.")


def get_step(session: Session, appraisal_id: str, key: str = "") -> Draft:
    """A draft and the screen that is asked for. Raises NotFound for a screen that its list doesn't have."""
    made = get_appraisal(session, appraisal_id)
    if key and made.state in MAKING and way.place(show.board_of(made).steps, key) is None:
        raise NotFound()
    return Beside(made, key)


@blueprint.get("/checks/<key>")
@needs("appraisal:appraisal:sign", on=get_step)
def screen(one: Draft) -> object:
    """`mine`: what a phone kept while another device answered; then both are shown."""
    if one.of.state not in MAKING:
        return redirect(f"/appraisals/{one.of.id}", 303)
    board = show.board_of(one.of)
    at = _place(board, one.part)
    check, mine, last = board.steps[at].check, request.args.get("mine"), board.told.get(one.part)
    if check is None or mine is None or last is None or last.answer == (mine or None):
        return show.screen_page(board, at).answer()
    no = guide.AnsweredElsewhere(one.part, last.answer, last.at)
    other = show.conflict(board, check, no, mine)
    return show.screen_page(board, at, show.screen_form(board, check, mine), other).answer()


def _place(board: show.Board, key: str) -> int:
    at = way.place(board.steps, key)
    if at is None:
        raise NotFound()
    return at


@blueprint.post("/checks/<key>")
@needs("appraisal:appraisal:sign", on=get_step)
def answer(one: Draft) -> object:
    """Save what was answered and photographed on one screen, and go on."""
    made_id, key = one.of.id, one.part
    if one.of.state not in MAKING:
        raise Refused("signed_already", guide.SIGNED)
    board = show.board_of(one.of)
    at = _place(board, key)
    check = board.steps[at].check
    form, stay = show.screen_form(board, check) if check else Form(), False
    try:
        taken = _read_photos()
        given = _given(board, board.steps[at], form)
        with work(g.db, visitor().actor, clock.now()) as w:
            made = w.session.get_one(Appraisal, made_id, with_for_update=True)
            for photo in taken:
                photos.add(w, made, board.steps[at].view, photo)
            _ticks(w, made)
            given, stay = _by_numbers(w, made, key, form, given)
            if check is not None and given is not SKIPPED:
                guide.answer(w, made, key, given, seen=_seen(w, made, board, key), shown=request.form.get("shown", ""))
    except Refused as no:
        return _refused(made_id, at, form, no)
    return _went_on(made_id, at, bool(taken), stay)


def _seen(w: Any, made: Appraisal, board: show.Board, key: str) -> str:
    """The answer that the page showed; what numbers come to rests on all that was read, so there the newest one is meant."""
    fed = number_answers.fed_check(board.standard)
    if fed is None or fed.check != key:
        return request.form.get("seen", "")
    last = last_answers(w.session, made.id).get(key)
    return last.id if last else ""


SKIPPED: Any = object()


def _given(board: show.Board, step: way.Screen, form: Form) -> rules.Given | None:
    """What was answered; None for "not tested", SKIPPED where nothing is to be written down. Raises Invalid at the field."""
    what, check, fed = request.form.get("what", "next"), step.check, number_answers.fed_check(board.standard)
    if check is None:
        return SKIPPED  # type: ignore[no-any-return]
    if what == "skip":
        return None
    if fed is not None and fed.check == check.code:
        by_hand = form[check.code].data
        return by_hand if by_hand in fed.by_hand else SKIPPED  # type: ignore[no-any-return]
    given = read_inputs((check,), form)[check.code]
    if given is None and what != "photo":
        raise Invalid("answer_missing", NUMBER if check.kind == "measure" else CHOOSE, field=check.code)
    return SKIPPED if given is None else given


def _by_numbers(w: Any, made: Appraisal, key: str, form: Form, given: Any) -> tuple[Any, bool]:
    """(answer, stay on the screen): what numbers and lists make of it. Raises Invalid at the field that is missing or wrong."""
    standard, item = standard_of(w.session, made), w.session.get_one(Item, made.item_id)
    fed, one = number_answers.fed_check(standard), number_answers.list_check(standard, key)
    if given is None or fed is None:
        return given, False
    if fed.check == key:
        return _numbers(w, made, item, form, given)
    known = number_answers.known_of(w.session, made, item, w.now)
    if one is not None and form["how"].data:
        identity.look_up_oneself(w, made.id, str(form["how"].data), str(form["looked_on"].data or ""))
    elif one is not None and given == one.clear and number_answers.needs_look(item, one, known):
        raise Invalid("look_unnamed", SAY_WHERE, field="how")
    return number_answers.forced(item, standard, known).get(key, given), False


def _numbers(w: Any, made: Appraisal, item: Item, form: Form, given: Any) -> tuple[Any, bool]:
    """Keep what was read; the answer is what it comes to. It stays while places are left to be told, and once if they differ."""
    standard = standard_of(w.session, made)
    fed = number_answers.fed_of(standard, item)
    assert fed is not None  # noqa: S101  (asked by the caller)
    kept = number_taking.read(w, made, item, fed, typed_places(fed, form))
    read = readings_of(w.session, made.id)
    found = compared(read, item, fed)
    if given is not SKIPPED and not found.read:
        return given, False
    answer = number_answers.derived(read, item, standard, fed)
    if answer is None and not kept and request.form.get("what") != "photo":
        raise Invalid("numbers_unread", READ_TWO if found.read else READ, field=f"{fed.places[0].code}_1")
    return (SKIPPED, True) if answer is None else (answer, found.state == "differ" and bool(kept))


def _read_photos() -> list[Photo]:
    files = [one for one in request.files.getlist("photo") if one.filename]
    if len(files) > MOST_OF_A_VIEW:
        raise Invalid("photos_many", TOO_MANY_OF_A_VIEW, field="photo")
    return [photos.read(one.stream.read()) for one in files]


def _ticks(w: Any, made: Appraisal) -> None:
    told = request.form.getlist
    photos.say(w, made, among=told("photo_shown"), code_read=told("photo_code"), clean_ones=told("photo_clean"))


def wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def told(status: int, **values: object) -> Response:
    return Response(canonical.encode(dict(values)), status, mimetype="application/json")  # type: ignore[arg-type]


def _went_on(made_id: str, at: int, taken: bool, stay: bool = False) -> object:
    """To the next screen with something left; back to this one when there is a new photo to look at."""
    board = show.board_of(get_appraisal(g.db, made_id))
    here = show.href_of(board.made, board.steps[at])
    step = way.next_open(board.steps, board.done, at)
    photo = taken or request.form.get("what") == "photo"
    onwards = f"{here}#photo" if photo else here if stay else show.href_of(board.made, step)
    if wants_json():
        last = board.told.get(board.steps[at].key)
        return told(200, saved=True, seen=last.id if last else "", href=onwards)
    return redirect(onwards, 303)


def _refused(made_id: str, at: int, form: Form, no: Refused) -> object:
    """The same screen with everything that was chosen; another device's answer beside it."""
    board = show.board_of(get_appraisal(g.db, made_id))
    check = board.steps[at].check
    typed = str(form[check.code].data or "") if check else ""
    if request.form.get("what") == "skip":
        typed = ""
    here = show.href_of(board.made, board.steps[at])
    if wants_json():
        clash = isinstance(no, guide.AnsweredElsewhere)
        there = f"{here}?mine={quote(typed)}" if clash else here
        return told(no.status, saved=False, conflict=clash, problem=sentence(no), href=there)
    if isinstance(no, guide.AnsweredElsewhere) and check is not None:
        return show.screen_page(board, at, form, show.conflict(board, check, no, typed)).answer(no.status)
    form.blame(no)
    return show.screen_page(board, at, form, problem=sentence(no) if no.field == "photo" else "").answer(no.status)


@blueprint.get("/finish")
@needs("appraisal:appraisal:sign", on=get_step)
def finish(one: Draft) -> object:
    if one.of.state not in MAKING:
        return redirect(f"/appraisals/{one.of.id}", 303)
    return ending.finish_page(show.board_of(one.of)).answer()


@blueprint.post("/finish")
@needs("appraisal:appraisal:sign", on=get_step)
def sign(one: Draft) -> object:
    """Sign what the finish showed, and nothing else. What was said of the photos is kept even where the signature is refused."""
    made_id, form, blind = one.of.id, ending.FinishForm(), one.of.state == "blind"
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            _ticks(w, w.session.get_one(Appraisal, made_id, with_for_update=True))
        inputs = ending.inputs_of(show.board_of(get_appraisal(g.db, made_id)))
        with work(g.db, visitor().actor, clock.now()) as w:
            made = w.session.get_one(Appraisal, made_id, with_for_update=True)
            if ending.rests_on(show.board_of(made)) != form.answers.data:
                raise Busy("answers_changed", CHANGED)
            actions.sign(w, made, inputs)
    except Refused as no:
        made = get_appraisal(g.db, made_id)
        if made.state not in MAKING:
            raise
        board = show.board_of(made)
        form.blame(no)
        return ending.finish_page(board, form).answer(no.status)
    return signed(made_id, blind=blind)

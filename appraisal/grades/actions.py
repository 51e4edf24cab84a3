"""Making an appraisal: begin, answer, sign. The grade is worked out by the standard, never typed in."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.appraisers import actions as appraisers
from appraisal.appraisers import entitlement, recusal
from appraisal.grades import (
    asking,
    giving,
    guide,
    number_answers,
    photos,
    report_queries,
    reports,
    rules,
    wipe_rules,
)
from appraisal.grades.models import Appraisal
from appraisal.grades.shape import inputs_data
from appraisal.grades.states import APPRAISAL, MAKING
from appraisal.grades.told import told_of
from appraisal.standards.queries import find_in_force, standard_of
from core import ids
from core.errors import Refused
from core.goods.cards import get_card
from core.goods.models import Item
from core.i18n import N_
from core.numbers import next_number
from core.people.notices import notify
from core.ports import CustodyRaised, happened
from core.states import walk
from core.wipe_ports import WipeStanding, wipe_standing
from core.work import Work


@dataclass(frozen=True, slots=True)
class Graded:
    """Told in the transaction that signs an appraisal. `grade` is a code of the scale, U or reject."""

    item_id: str
    appraisal_id: str
    grade: str


def begin(w: Work, item_id: str, org_id: str) -> Appraisal:
    """Begin an appraisal of a thing for an organisation; one's own open one comes back.

    Raises Forbidden for a thing that is somebody else's to appraise (recusal, the lot) and without a credential that carries it,
    Refused for a category without a standard, or a colleague's open appraisal."""
    item = w.session.get_one(Item, item_id, with_for_update=True)
    recusal.demand(w, item, org_id)
    asking.demand_drawn(w, item_id)
    standard = find_in_force(w.session, get_card(item.category).grading_standard or "-", w.now)
    if standard is None:
        raise Refused("no_standard", N_("There is no grading standard for this category yet."))
    open_one = w.session.scalars(
        select(Appraisal).where(Appraisal.item_id == item_id, Appraisal.state == "draft")
    ).first()
    if open_one is not None:
        if open_one.appraiser_id == w.actor.id:
            return open_one
        raise Refused("appraised_elsewhere", N_("A colleague is appraising it right now."))
    entitlement.demand(w, item.category)
    made = Appraisal(
        id=ids.new_id(), number=next_number(w, "JD"), item_id=item.id, epoch=item.epoch, standard=standard.id,
        version=standard.version, standard_digest=standard.digest, appraiser_id=w.actor.id, org_id=org_id, answers={},
        result=None, started_at=w.now, signed_at=None,
    )  # fmt: skip
    w.session.add(made)
    w.session.flush()
    w.record("appraisal:appraisal:begun", made.id, item=item.id, standard=f"{standard.id}-{standard.version}")
    return made


def save(w: Work, made: Appraisal, answers: rules.Inputs, seen: str | None = None) -> None:
    """Keep the answers so far. `seen`: the newest answer's id when the list was shown, where that is known.

    Raises UnknownCheck, UnknownValue, AnsweredElsewhere, or Refused when it is signed."""
    if made.state not in MAKING:
        raise Refused("signed_already", guide.SIGNED)
    rules.read_answers(standard_of(w.session, made), answers)
    kept = inputs_data(answers)
    guide.note_all(w, made, kept, seen)
    made.answers = kept


def sign(w: Work, made: Appraisal, answers: rules.Inputs, seen: str | None = None) -> str:
    """Work out the grade and sign it. An earlier one is superseded; the market is told. Returns the grade. What is made blind
    in an appeal is given, not signed: see giving.

    Raises Forbidden when the credential, the ties to the owner or the lot no longer allow it: the draft waits; Invalid at the
    field of what its photos and numbers lack, and Refused while its wipe isn't certain: see wipe_rules and number_answers."""
    item = w.session.get_one(Item, made.item_id)
    standard = standard_of(w.session, made)
    if made.state == "blind":
        save(w, made, answers, seen)
        answers, identity = number_answers.settle(w, made, item, standard, answers)
        return giving.give(w, made, answers, wipe_of(w.session, item), identity)
    entitlement.demand(w, item.category)
    recusal.demand(w, item, made.org_id)
    asking.demand_drawn(w, item.id)
    save(w, made, answers, seen)
    answers, identity = number_answers.settle(w, made, item, standard, answers)
    result = rules.grade(standard, answers)
    standing = wipe_of(w.session, item)
    wipe_rules.demand(standing.state, graded=standard.is_final(result.grade))
    photos.demand(w, made, graded=result.grade != standard.undetermined.code)
    before = report_queries.standing_of(w.session, made.item_id)
    for earlier in before:
        reports.end(w, earlier, "superseded")
    made.result, made.grade, made.signed_at = told_of(w, item, standard, result, standing, identity), result.grade, w.now
    walk(w, APPRAISAL, made, "sign")
    w.record("appraisal:appraisal:signed", made.id, item=made.item_id, grade=result.grade)
    reports.issue(w, made, before[0].number if before else None)
    appraisers.count_down(w, made.appraiser_id)
    asking.answered(w, item.id, undetermined=result.grade == standard.undetermined.code)
    make_known(w, made)
    return result.grade


def make_known(w: Work, made: Appraisal) -> None:
    """A report was issued just now, of what was signed or of what was given blind: its owner hears of it, and open listings show
    it."""
    owner = w.session.get_one(Item, made.item_id).owner_id
    notify(w, owner, N_("Your thing was appraised: grade %(grade)s."), f"/appraisals/{made.id}", grade=made.grade)
    happened(w, Graded(made.item_id, made.id, made.grade))


def wipe_of(session: Session, item: Item) -> WipeStanding:
    """How it stands with its wipe; `not_needed` for what holds no data."""
    return wipe_standing(session, item.id) if item.data_bearing else WipeStanding("not_needed")


def unfreeze(w: Work, made: Appraisal) -> None:
    """It was decided that the grade stands: open listings show it again."""
    walk(w, APPRAISAL, made, "unfreeze")
    w.record("appraisal:report:unfrozen", made.id, number=made.number)
    happened(w, Graded(made.item_id, made.id, made.grade))
    owner = w.session.get_one(Item, made.item_id).owner_id
    for account_id in dict.fromkeys((owner, made.appraiser_id)):
        sentence = N_("The appraisal %(number)s stands: both grades were looked at.")
        notify(w, account_id, sentence, f"/reports/{made.number}", number=made.number)


def drop(w: Work, made: Appraisal) -> None:
    """Give up what isn't signed. Raises Refused for a blind one: who can't look gives it back, with a reason."""
    if made.state == "blind":
        raise Refused("give_back", N_("It is graded in an appeal: give it back with a reason, so that the lot falls on another."))
    walk(w, APPRAISAL, made, "drop")
    w.record("appraisal:appraisal:dropped", made.id)


def end_drafts(w: Work, event: CustodyRaised) -> None:
    """The thing was in other hands: an open appraisal of the old epoch is given up."""
    _drop_but(w, event.item_id, None)


def leave_to(w: Work, item_id: str, drawn: str | None) -> None:
    """A lot decided who looks at a thing, None for nobody: what anybody else has begun is given up. Raises as `asking.ask`."""
    asking.assign(w, item_id, drawn)
    _drop_but(w, item_id, drawn)


def _drop_but(w: Work, item_id: str, account_id: str | None) -> None:
    query = select(Appraisal).where(Appraisal.item_id == item_id, Appraisal.state == "draft")
    for made in w.session.scalars(query).all():
        if made.appraiser_id != account_id:
            drop(w, made)

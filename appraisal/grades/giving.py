"""A grade that is given blind in an appeal, and the report that is made of it when the outcome rests on it."""

from dataclasses import dataclass
from typing import Any

from appraisal.appraisers import entitlement, recusal
from appraisal.appraisers.rules import REVIEW
from appraisal.grades import photos, reports, rules, wipe_rules
from appraisal.grades.models import Appraisal
from appraisal.grades.states import APPRAISAL
from appraisal.grades.told import told_of, wipe_told
from appraisal.standards.queries import standard_of
from core import ids
from core.errors import Invalid
from core.goods.models import Item
from core.i18n import N_
from core.numbers import next_number
from core.ports import happened
from core.states import walk
from core.wipe_ports import WipeStanding
from core.work import Work

NO_GRADE = N_("A needed check isn't answered, so there is no grade. Answer it, or give it back.")


@dataclass(frozen=True, slots=True)
class BlindGiven:
    """Told in the transaction in which an appraiser gives a grade in an appeal."""

    appraisal_id: str


def begin(w: Work, first: Appraisal, account_id: str, org_id: str) -> Appraisal:
    """A blind check-list over the same thing by the same version of the standard as the first appraisal's."""
    item = w.session.get_one(Item, first.item_id)
    made = Appraisal(
        id=ids.new_id(), number=next_number(w, "JD"), item_id=item.id, epoch=item.epoch, standard=first.standard,
        version=first.version, standard_digest=first.standard_digest, appraiser_id=account_id, org_id=org_id, state="blind",
        answers={}, result=None, started_at=w.now, signed_at=None,
    )  # fmt: skip
    w.session.add(made)
    w.session.flush()
    return made


def give(w: Work, made: Appraisal, answers: rules.Inputs, standing: WipeStanding, identity: dict[str, Any]) -> str:
    """Give the grade; what was answered is kept before. `identity`: what numbers and lists say. Returns it.

    Raises Forbidden when the credential or the ties to the owner no longer allow it, Invalid without a grade (unknown is no
    grade) and at the field of what its photos lack. The wipe is written down, and decides only where a report is made of it."""
    item = w.session.get_one(Item, made.item_id)
    entitlement.demand(w, item.category, REVIEW)
    recusal.demand(w, item, made.org_id)
    standard = standard_of(w.session, made)
    result = rules.grade(standard, answers)
    if result.grade == standard.undetermined.code:
        raise Invalid("no_grade", NO_GRADE)
    photos.demand(w, made, graded=True)
    made.result, made.grade = told_of(w, item, standard, result, standing, identity), result.grade
    walk(w, APPRAISAL, made, "give")
    w.record("appraisal:appraisal:given", made.id, item=made.item_id, grade=result.grade)
    happened(w, BlindGiven(made.id))
    return result.grade


def can_issue(w: Work, made: Appraisal, standing: WipeStanding) -> bool:
    """Can a report be made of it: is the thing in the same custody, and as certainly wiped as when it was graded?"""
    item, told = w.session.get_one(Item, made.item_id), (made.result or {})["wipe"]
    same = item.epoch == made.epoch and told == wipe_told(standing)
    graded = standard_of(w.session, made).is_final(made.grade)
    return same and wipe_rules.certain(standing.state, graded=graded)


def issue(w: Work, made: Appraisal, earlier: Appraisal) -> None:
    """Sign what was given: it takes the place of an earlier report that stood until now."""
    reports.end(w, earlier, "superseded")
    walk(w, APPRAISAL, made, "sign", signed_at=w.now)
    w.record("appraisal:appraisal:signed", made.id, item=made.item_id, grade=made.grade)
    reports.issue(w, made, earlier.number)

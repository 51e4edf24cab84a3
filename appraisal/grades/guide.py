"""Answering a check on its own screen: the answer, its time, and what another device said in between."""

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from appraisal.grades import rules
from appraisal.grades.guide_models import CheckAnswer
from appraisal.grades.guide_queries import last_answers
from appraisal.grades.guide_rules import capped
from appraisal.grades.models import Appraisal
from appraisal.grades.shape import inputs_data
from appraisal.grades.states import MAKING
from appraisal.standards.queries import standard_of
from core import ids, secrets
from core.errors import Refused
from core.i18n import N_
from core.work import Work

LABEL = "appraisal_code"
CODE_LENGTH = 5
ELSEWHERE = N_("It was answered on another device meanwhile. Choose which answer counts.")
SIGNED = N_("This appraisal is signed. Begin a new one to change it.")


class AnsweredElsewhere(Refused):
    """Another device answered this check since the page was shown: both answers are shown, and a person chooses."""

    def __init__(self, check: str, other: object, at: datetime) -> None:
        super().__init__("answered_elsewhere", ELSEWHERE, field=check)
        self.other, self.at = other, at


def photo_code(appraisal_id: str) -> str:
    """The short code of an appraisal, to be written on a slip: drawn by the house's secret, the same each time, and nobody knows
    it before the appraisal begins. Without 0 O 1 I L (core/ids.py)."""
    number = int(secrets.keyed_digest(appraisal_id, LABEL), 16)
    drawn = ""
    for _ in range(CODE_LENGTH):
        number, at = divmod(number, len(ids.READABLE))
        drawn += ids.READABLE[at]
    return drawn


def shown_token(appraisal_id: str, check: str, now: datetime) -> str:
    """When a check's page was shown, in seconds, sealed with the house's secret so that nobody can say otherwise."""
    stamp = str(int(now.timestamp()))
    return f"{stamp}.{_seal(appraisal_id, check, stamp)}"


def seconds_since(token: str, appraisal_id: str, check: str, now: datetime) -> int | None:
    """How long ago that page was shown, capped; None for a token that isn't ours."""
    stamp, _, seal = token.partition(".")
    if not stamp.isascii() or not stamp.isdigit() or not seal.isascii():
        return None
    if not hmac.compare_digest(seal, _seal(appraisal_id, check, stamp)):
        return None
    return capped(now.timestamp() - int(stamp[:12]))


def _seal(appraisal_id: str, check: str, stamp: str) -> str:
    return secrets.keyed_digest(f"{appraisal_id}\n{check}\n{stamp}", "appraisal_shown")[:24]


def answer(w: Work, made: Appraisal, check: str, given: rules.Given | None, *, seen: str, shown: str = "") -> None:
    """Keep one answer. `seen`: the id of the answer that the page showed, "" for none; `shown`: when it did.

    Raises UnknownCheck, UnknownValue, AnsweredElsewhere, or Refused when it is signed."""
    if made.state not in MAKING:
        raise Refused("signed_already", SIGNED)
    rules.read_answers(standard_of(w.session, made), {check: given})
    last, value = last_answers(w.session, made.id).get(check), inputs_data({check: given})[check]
    if last is not None and last.id != seen and last.answer != value:
        raise AnsweredElsewhere(check, last.answer, last.at)
    if last is None or last.id == seen or last.answer != value:
        note(w, made, check, value, seconds_since(shown, made.id, check, w.now))
    made.answers = {**made.answers, check: value}


def note(w: Work, made: Appraisal, check: str, value: object, seconds: int | None = None, by: str = "") -> None:
    """Put an answer on record, with how long it took where that is known. `by`: who says it, where it isn't the appraiser."""
    row = CheckAnswer(
        id=ids.new_id(), appraisal_id=made.id, check_code=check, answer=value, seconds=seconds, said_by=by or w.actor.id, at=w.now
    )
    w.session.add(row)
    w.session.flush()


def force(w: Work, made: Appraisal, answers: Mapping[str, str], by: str) -> None:
    """Answers that somebody else gives, whatever was ticked: on record under their name."""
    for code, value in answers.items():
        if made.answers.get(code) != value:
            note(w, made, code, value, by=by)
    if answers:
        made.answers = {**made.answers, **answers}


def note_all(w: Work, made: Appraisal, answers: Mapping[str, Any], seen: str | None) -> None:
    """Answers that came in one list: those that changed go on record. `seen`: the newest answer's id when the list was shown;
    None where the sender doesn't say. Raises AnsweredElsewhere for the first that another device changed since."""
    last = last_answers(w.session, made.id)
    for code, value in answers.items():
        before = last.get(code)
        if seen is not None and before is not None and before.id > seen and before.answer != value:
            raise AnsweredElsewhere(code, before.answer, before.at)
        if value != (before.answer if before else None):
            note(w, made, code, value)

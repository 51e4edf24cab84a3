"""Appraisers that stories begin with: admitted, with a credential that the platform has looked at.

    admitted(session, li.id)                                  # everything, both levels, without an end
    admitted(session, li.id, scope={"phone": 1}, until=moment)
"""

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from appraisal.appraisers.models import Appraiser, Credential
from appraisal.exam import actions as exams
from appraisal.grades import rules as grading
from appraisal.standards.loader import all_standards
from appraisal.standards.standard import Standard
from core import clock, ids, secrets
from core.work import Actor, work


def admitted(
    session: Session, account_id: str, *, scope: dict[str, Any] | None = None, state: str = "active", until: datetime | None = None,
    credential: str = "valid", show_by: datetime | None = None, left: int = 0, org: bool = False,
) -> str:  # fmt: skip
    """A file straight in the database; `credential`: its state, "" for none. Returns the file's id."""
    with work(session, Actor("system:test"), clock.now()) as w:
        file = Appraiser(
            id=ids.new_id(), account_id=None if org else account_id, org_id=account_id if org else None, state=state, words="",
            applied_at=w.now, show_by=show_by, probation_left=left,
        )  # fmt: skip
        w.session.add(file)
        w.session.flush()
        if credential:
            number = f"TEST{file.id.upper()}"
            w.session.add(
                Credential(
                    id=ids.new_id(), appraiser_id=file.id, kind="skill_level", number=secrets.encrypt(number, "credential"),
                    digest=secrets.keyed_digest(number, "credential"), masked=f"****{number[-4:]}", issuer="浙江省人社厅",
                    scope=scope or {"any": 2}, expires_at=until, state=credential, added_at=w.now,
                )
            )  # fmt: skip
        return file.id


def by_grade(standard_id: str = "xunshi-laptop") -> dict[str, dict[str, Any]]:
    """For each grade that one single finding on a faultless thing leads to, by the file in force today: such answers."""
    return _by_grade(in_force(standard_id))


def in_force(standard_id: str = "xunshi-laptop") -> Standard:
    """The file by which an appraisal is begun today: a version whose day comes tomorrow must not turn a story red."""
    today = clock.local(clock.now()).date().isoformat()
    return max((one for one in all_standards() if one.id == standard_id and one.effective_from <= today), key=_number)


def _number(standard: Standard) -> int:
    return standard.version


@lru_cache
def _by_grade(standard: Standard) -> dict[str, dict[str, Any]]:
    found = dict[str, dict[str, Any]]()
    best = {one.code: Decimal(99) if one.kind == "measure" else one.values[0].code for one in standard.checks}
    for check in standard.checks:
        for value in check.values:
            said = {**best, check.code: value.code}
            grade = grading.grade(standard, said).grade
            if grade in standard.order()[:-2]:
                found.setdefault(grade, said)
    return {code: found[code] for code in standard.order() if code in found}


def references(doing: Any, admin: Any, standard_id: str = "xunshi-laptop", many: int = 8) -> list[str]:
    """Reference items of as many grades as there are, in turn. Returns their ids."""
    answers, made = list(by_grade(standard_id).values()), []
    for n in range(many):
        with doing(admin) as w:
            words = exams.Reference(standard=standard_id, name=f"样品 {n + 1}", told="柜台第二格，编号牌朝外。", agreed="三人，2026-11-20")
            made.append(exams.enter(w, words, answers[n % len(answers)]).id)
    return made

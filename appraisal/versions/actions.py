"""Drafting a version of a standard, handing it in, deciding on it. An approved text stands for good."""

import hashlib
import tomllib
from dataclasses import replace
from datetime import timedelta

from appraisal.standards import loader
from appraisal.standards.models import StandardVersion
from appraisal.standards.queries import approved_rows, find_in_force, read_stored, today_of
from appraisal.standards.reader import read_body
from appraisal.standards.standard import Standard
from appraisal.versions import queries
from appraisal.versions.compare_rules import compare
from appraisal.versions.fit_rules import clean_text, must_fit
from appraisal.versions.states import STANDARD_VERSION
from appraisal.versions.toml_text import write as write_toml
from core import ids
from core.errors import Forbidden, Invalid, Refused
from core.i18n import N_
from core.people.acting import demand_role
from core.people.notices import notify
from core.queue import actions as queue
from core.states import walk
from core.work import Work

ROLES = ("standards_editor", "administrator")
MOST_WORDS = 2000
A_DAY = timedelta(days=1)


def begin(w: Work, standard_id: str) -> StandardVersion:
    """The open draft of a standard of our own; else a new one, a copy of the latest version, from tomorrow on.

    Raises NotFound for what isn't drafted here."""
    demand_role(w, None, *ROLES)
    queries.get_own(w.session, standard_id)
    row = queries.find_open(w.session, standard_id)
    if row is not None:
        return row
    base, version = latest(w, standard_id), next_version(w, standard_id)
    data = tomllib.loads(queries.body_of(w.session, standard_id, base.version).decode())
    day = (today_of(w.now) + A_DAY).isoformat()
    body = write_toml(data | {"version": version, "effective_from": day})
    return _add(w, standard_id, version, base, body)


def latest(w: Work, standard_id: str) -> Standard:
    """What was approved last, or came with the house."""
    approved = approved_rows(w.session, standard_id)
    numbers = loader.versions_of(standard_id)
    if approved and approved[-1].version >= max(numbers):
        return read_stored(approved[-1])
    return loader.get_standard(standard_id, max(numbers))


def next_version(w: Work, standard_id: str) -> int:
    """No number is given twice, not even one that was given up."""
    return max([*loader.versions_of(standard_id), *(row.version for row in queries.rows_of(w.session, standard_id))]) + 1


def _add(w: Work, standard_id: str, version: int, base: Standard, body: str) -> StandardVersion:
    draft = checked(body, base, version)
    row = StandardVersion(
        id=ids.new_id(), standard=standard_id, version=version, based_on=base.version, body=body, digest=_digest(body),
        effective_from=draft.effective_from, drafted_by=w.actor.id, created_at=w.now, changed_at=w.now, handed_in_at=None,
        decided_by=None, decided_at=None,
    )  # fmt: skip
    w.put(row)
    w.record("appraisal:standard:drafted", row.id, standard=standard_id, version=version, digest=row.digest)
    return row


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def checked(body: str, base: Standard, version: int) -> Standard:
    """The standard that a text says. Raises BadDataFile with the place, also for what the house couldn't go by."""
    draft = read_body(clean_text(body).encode(), f"{base.id}-{version}")
    must_fit(draft, base, version, queries.views_of(base.id))
    return draft


def write(w: Work, row: StandardVersion, body: str) -> Standard:
    """Give a draft another text; only who drafted it does. Raises BadDataFile, Refused for a text that stands, Forbidden."""
    demand_role(w, None, *ROLES)
    _demand_drafter(w, row)
    still_draft(row)
    draft = checked(body, queries.base_of(w.session, row), row.version)
    row.body = clean_text(body)
    row.digest, row.effective_from, row.changed_at = _digest(row.body), draft.effective_from, w.now
    w.session.flush()
    w.record("appraisal:standard:edited", row.id, standard=row.standard, version=row.version, digest=row.digest)
    return draft


def still_draft(row: StandardVersion) -> None:
    if row.state != "draft":
        raise Refused("text_stands", N_("Its text stands: it was handed in. Take it back first, or draft another version."))


def hand_in(w: Work, row: StandardVersion, why: str) -> None:
    """From now on its text stands and another person decides. Raises Invalid at the field, Refused while it breaks a law."""
    demand_role(w, None, *ROLES)
    _demand_drafter(w, row)
    STANDARD_VERSION.next(row.state, "hand_in")
    row.why = _said(why, "why", N_("Say what changes and why: whoever decides reads it."))
    must_stand(w, row)
    row.handed_in_at = w.now
    w.session.flush()
    queue.ask(w, "standard", queries.ask_of(row))
    walk(w, STANDARD_VERSION, row, "hand_in")
    w.record("appraisal:standard:handed_in", row.id, standard=row.standard, version=row.version, digest=row.digest)


def must_stand(w: Work, row: StandardVersion) -> None:
    """What has to hold when it is handed in and when it is approved: a day that isn't over, a change, and the laws."""
    draft, present = read_stored(row), find_in_force(w.session, row.standard, w.now)
    approved = approved_rows(w.session, row.standard)
    if row.effective_from < today_of(w.now).isoformat():
        sentence = N_("Its day, %(day)s, is over: choose today or a later one.")
        raise Invalid("day_past", sentence, field="effective_from", values={"day": row.effective_from})
    if approved and row.effective_from < approved[-1].effective_from:
        raise Invalid(
            "day_early", N_("Version %(version)s counts from %(day)s: this one can't begin before."), field="effective_from",
            values={"version": approved[-1].version, "day": approved[-1].effective_from},
        )  # fmt: skip
    if present is not None and not compare(present, replace(draft, effective_from=present.effective_from)):
        raise Refused("no_change", N_("Nothing but its day differs from the version in force: there is nothing to approve."))
    if not queries.verdict_of(row).holds:
        raise Refused("law_broken", N_("It breaks a law of grading, named on its page. Mend that first."))


def take_back(w: Work, row: StandardVersion) -> None:
    """Its drafter changes their mind before anybody has decided."""
    _demand_drafter(w, row)
    STANDARD_VERSION.next(row.state, "take_back")
    queue.lapse(w, "standard", row.id)
    walk(w, STANDARD_VERSION, row, "take_back")
    w.record("appraisal:standard:taken_back", row.id, standard=row.standard, version=row.version)


def approve(w: Work, row: StandardVersion, reason: str) -> None:
    """The second person's word: the text stands for good and counts from its day on. Raises Forbidden for who drafted it."""
    _demand_second(w, row)
    STANDARD_VERSION.next(row.state, "approve")
    must_stand(w, row)
    said = _said(reason, "reason", N_("Give a reason: it stands beside the decision."))
    queue.settle(w, "standard", row.id, "approved", said)
    walk(w, STANDARD_VERSION, row, "approve", decided_by=w.actor.id, decided_at=w.now, reason=said)
    w.record(
        "appraisal:standard:approved", row.id, standard=row.standard, version=row.version, digest=row.digest,
        begins=row.effective_from, drafted_by=row.drafted_by,
    )  # fmt: skip
    sentence = N_("Version %(version)s of a grading standard that you drafted was approved. It counts from %(day)s.")
    _tell(w, row, sentence, day=row.effective_from)


def send_back(w: Work, row: StandardVersion, reason: str) -> None:
    """Not like this: it is a draft again, with the reason beside it."""
    _demand_second(w, row)
    STANDARD_VERSION.next(row.state, "send_back")
    said = _said(reason, "reason", N_("Give a reason: it stands beside the decision."))
    queue.settle(w, "standard", row.id, "sent_back", said)
    walk(w, STANDARD_VERSION, row, "send_back", reason=said)
    w.record("appraisal:standard:sent_back", row.id, standard=row.standard, version=row.version)
    _tell(w, row, N_("Version %(version)s of a grading standard that you drafted was sent back with a reason."))


def give_up(w: Work, row: StandardVersion) -> None:
    """By who drafted it, or an administrator. Its number isn't given again."""
    demand_role(w, None, *ROLES)
    walk(w, STANDARD_VERSION, row, "give_up")
    w.record("appraisal:standard:given_up", row.id, standard=row.standard, version=row.version)


def _tell(w: Work, row: StandardVersion, sentence: str, day: str = "") -> None:
    notify(w, row.drafted_by, sentence, f"/standards/{row.standard}/{row.version}/draft", version=row.version, day=day)


def _said(words: str, field: str, sentence: str) -> str:
    said = words.replace("\x00", "").strip()
    if not said:
        raise Invalid(f"{field}_missing", sentence, field=field)
    return said[:MOST_WORDS]


def _demand_drafter(w: Work, row: StandardVersion) -> None:
    if row.drafted_by != w.actor.id:
        raise Forbidden("not_drafter", N_("Only who drafted it changes its text, so that another person can decide on it."))


def _demand_second(w: Work, row: StandardVersion) -> None:
    demand_role(w, None, *ROLES)
    if row.drafted_by == w.actor.id:
        raise Forbidden("own_draft", N_("You drafted it yourself: another person decides on it."))

"""Applying, showing credentials, and what the platform decides about them: each decision with its reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from appraisal.appraisers import queries, rules
from appraisal.appraisers.models import Appraiser, Credential
from appraisal.appraisers.settings import settings
from appraisal.appraisers.states import APPRAISER, CREDENTIAL
from core import ids, secrets
from core.errors import Forbidden, Invalid, Refused
from core.i18n import N_
from core.people.models import Organisation
from core.people.notices import notify
from core.ports import PersonClosing
from core.queue import actions as queue
from core.states import walk
from core.work import Work

# what is said about a file by the platform: verb -> (verdict of the queue, audit word, sentence for its people)
DECIDED = {
    "examine": ("to_exam", "appraisal:appraiser:to_exam", N_("Your application as an appraiser goes on: pass the exam now.")),
    "admit": ("admitted", "appraisal:appraiser:admitted", N_("You were admitted as an appraiser, on probation at first.")),
    "accept": ("admitted", "appraisal:appraiser:admitted", N_("Your organisation was admitted as an appraisal body.")),
    "refuse": ("refused", "appraisal:appraiser:refused", N_("The application as an appraiser was not accepted. %(reason)s")),
}
LATER = {
    "suspend": ("appraisal:appraiser:suspended", N_("Appraising was suspended for you. %(reason)s")),
    "restore": ("appraisal:appraiser:restored", N_("You may appraise again. %(reason)s")),
    "reinstate": ("appraisal:appraiser:restored", N_("You may appraise again. %(reason)s")),
    "end": ("appraisal:appraiser:ended", N_("Your admission as an appraiser ended. %(reason)s")),
}
ABOUT_CREDENTIAL = {
    "accept": ("accepted", "appraisal:credential:accepted", N_("Your credential was accepted. %(reason)s")),
    "refuse": ("refused", "appraisal:credential:refused", N_("Your credential was not accepted. %(reason)s")),
    "suspend": ("", "appraisal:credential:suspended", N_("Your credential was suspended. %(reason)s")),
    "restore": ("", "appraisal:credential:restored", N_("Your credential counts again. %(reason)s")),
}
PATH = "/me/appraiser"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A credential as it was typed. `until`: its last day's end, None for one without an end."""

    kind: str
    number: str
    issuer: str
    categories: Iterable[str]
    level: int
    until: datetime | None


def apply(w: Work, given: Given, words: str, org: Organisation | None = None) -> Appraiser:
    """A person, or a manager for the organisation, applies with a first credential.

    Raises Invalid at the field, Refused when there is a file that isn't ended."""
    file = queries.find_agency(w.session, org.id) if org else queries.find_file(w.session, w.actor.id)
    if org is not None and org.kind not in ("agency", "shop"):
        raise Refused("no_body", N_("Only agencies and shops can be appraisal bodies."))
    if file is None:
        file = Appraiser(
            id=ids.new_id(), account_id=None if org else w.actor.id, org_id=org.id if org else None, state="applied",
            words=words.strip(), applied_at=w.now, show_by=None,
        )  # fmt: skip
        queue.ask(w, "appraiser", queries.application_ask(w.session, file))
        w.session.add(file)
        w.session.flush()
    else:
        APPRAISER.next(file.state, "apply")
        file.words, file.applied_at = words.strip(), w.now
        queue.ask(w, "appraiser", queries.application_ask(w.session, file))
        walk(w, APPRAISER, file, "apply")
    _keep(w, file, given)
    w.record("appraisal:appraiser:applied", file.id)
    return file


def show(w: Work, file: Appraiser, given: Given) -> Credential:
    """One more credential, or a renewed one; it counts once the platform has looked at it."""
    if file.state in ("applied", "ended"):
        raise Refused("not_now", N_("Wait until the application is decided, or apply anew."))
    one = _keep(w, file, given)
    queue.ask(w, "credential", queries.credential_ask(w.session, file, one))
    walk(w, CREDENTIAL, one, "offer")
    return one


def _keep(w: Work, file: Appraiser, given: Given) -> Credential:
    number, scope = rules.read_number(given.number), rules.read_scope(given.categories, given.level, queries.graded_categories())
    if given.kind not in rules.KINDS:
        raise Invalid("kind_unknown", N_("Choose one of the answers offered."), field="kind")
    if len(given.issuer.strip()) < 2:
        raise Invalid("issuer_missing", N_("Say who issued it."), field="issuer")
    if given.until is not None and given.until <= w.now:
        raise Invalid("expired_already", N_("This credential has expired. Show one that is valid."), field="until")
    one = Credential(
        id=ids.new_id(), appraiser_id=file.id, kind=given.kind, number=secrets.encrypt(number, "credential"),
        digest=secrets.keyed_digest(number, "credential"), masked=rules.mask_number(number), issuer=given.issuer.strip(),
        scope=scope, expires_at=given.until, state="enclosed", added_at=w.now,
    )  # fmt: skip
    w.session.add(one)
    try:
        w.session.flush()
    except IntegrityError as twice:
        known = N_("A credential with this number is on record already.")
        raise Invalid("number_known", known, field="number") from twice
    w.record("appraisal:credential:shown", one.id, appraiser=file.id, kind=one.kind)
    return one


def decide(w: Work, file: Appraiser, verb: str, reason: str) -> None:
    """On an application: examine, admit (a person whose exam is waived, with the reason), accept (an organisation), refuse.

    Raises Forbidden for one's own, Invalid without a reason."""
    _not_own(w, file)
    if verb not in verbs_for(file):
        raise Invalid("verdict_missing", N_("Choose what came of it."), field="verb")
    verdict, word, sentence = DECIDED[verb]
    queue.settle(w, "appraiser", file.id, verdict, reason)
    walk(w, APPRAISER, file, verb)
    for one in file.credentials:
        if one.state == "enclosed":
            walk(w, CREDENTIAL, one, "refuse" if verb == "refuse" else "accept")
    if verb == "admit":
        file.probation_left = settings().probation
    w.record(word, file.id)
    _tell(w, file, sentence, reason)


def verbs_for(file: Appraiser) -> tuple[str, ...]:
    """What can be decided about a file now, in the order in which it is offered."""
    first = {"applied": ("accept", "refuse") if file.org_id else ("examine", "admit", "refuse")}
    back = "reinstate" if file.org_id else "restore"
    later = {"exam": ("end",), "probation": ("suspend", "end"), "active": ("suspend", "end"), "suspended": (back, "end")}
    return first.get(file.state, later.get(file.state, ()))


def change(w: Work, file: Appraiser, verb: str, reason: str) -> None:
    """Suspend, restore (a person: on probation again) or end an admission, with a reason that its holder reads."""
    _not_own(w, file)
    if verb not in LATER or verb not in verbs_for(file):
        raise Invalid("verdict_missing", N_("Choose what came of it."), field="verb")
    _demand_reason(reason)
    walk(w, APPRAISER, file, verb)
    if verb == "restore":
        file.probation_left = settings().probation
    word, sentence = LATER[verb]
    w.record(word, file.id)
    _tell(w, file, sentence, reason)


def decide_credential(w: Work, file: Appraiser, one: Credential, verb: str, reason: str) -> None:
    """Accept or refuse one that was shown later; suspend or restore one that counts."""
    _not_own(w, file)
    if verb not in ABOUT_CREDENTIAL or not CREDENTIAL.can(one.state, verb) or one.state == "enclosed":
        raise Invalid("verdict_missing", N_("Choose what came of it."), field="verb")
    verdict, word, sentence = ABOUT_CREDENTIAL[verb]
    if verdict:
        queue.settle(w, "credential", one.id, verdict, reason)
    else:
        _demand_reason(reason)
    walk(w, CREDENTIAL, one, verb)
    w.record(word, one.id, appraiser=file.id)
    _tell(w, file, sentence, reason)


def count_down(w: Work, account_id: str) -> None:
    """One appraisal more was signed: probation ends with the last of the first ones."""
    file = queries.find_file(w.session, account_id)
    if file is None or file.state != "probation":
        return
    file.probation_left = max(0, file.probation_left - 1)
    if file.probation_left == 0:
        walk(w, APPRAISER, file, "confirm")
        w.record("appraisal:appraiser:confirmed", file.id)
        notify(w, account_id, N_("Your probation as an appraiser is over."), PATH)


def leave(w: Work, event: PersonClosing) -> None:
    """Who closes the account is no appraiser any more; the file stays, its report numbers rest on it."""
    file = queries.find_file(w.session, event.account_id)
    if file is None or file.state == "ended":
        return
    queue.lapse(w, "appraiser", file.id)
    walk(w, APPRAISER, file, "end")
    for one in file.credentials:
        if one.state != "refused" and one.state != "withdrawn":
            queue.lapse(w, "credential", one.id)
            walk(w, CREDENTIAL, one, "withdraw")
    w.record("appraisal:appraiser:ended", file.id)


def _not_own(w: Work, file: Appraiser) -> None:
    if w.actor.id in queries.parties(w.session, file):
        raise Forbidden("own_file", N_("Nobody decides on their own admission."))


def _demand_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid("reason_missing", N_("Give a reason: it stands beside the decision."), field="reason")


def _tell(w: Work, file: Appraiser, sentence: str, reason: str) -> None:
    for account_id in queries.parties(w.session, file):
        path = f"/organisations/{file.org_id}/appraiser" if file.org_id else PATH
        notify(w, account_id, sentence, path, kind="roles", reason=reason.strip()[:500])

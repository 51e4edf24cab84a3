"""Files and credentials as the pages show them."""

from dataclasses import dataclass
from datetime import datetime

from flask import g
from flask_babel import gettext as _

from appraisal.appraisers import actions, queries, rules
from appraisal.appraisers.entitlement import last_day
from appraisal.appraisers.models import Appraiser, Credential
from appraisal.appraisers.states import APPRAISER, CREDENTIAL
from core import clock
from core.goods.describe import category_name
from core.people.models import Organisation
from core.people.names import shown_org
from core.people.queries import memberships


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialShown:
    """`state`: (word, tone); `verbs`: (verb, label) of what the platform can do with it now."""

    id: str
    kind: str
    number: str
    issuer: str
    scope: str
    until: str
    state: tuple[str, str]
    verbs: list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileShown:
    """`state`: (word, tone, sentence); `show_by`: the day by which a credential is to be shown, "" when none is."""

    id: str
    name: str
    person: bool
    places: list[str]
    state: tuple[str, str, str]
    show_by: str
    left: int
    takes_exam: bool
    words: str
    applied_at: datetime
    credentials: list[CredentialShown]


def shown_file(file: Appraiser) -> FileShown:
    state = APPRAISER[file.state]
    lacking = file.show_by is not None and not any(one.state == "valid" for one in file.credentials)
    return FileShown(
        id=file.id, name=queries.name_of(g.db, file), person=file.account_id is not None, places=places_of(file),
        state=(_(state.label), state.tone, _(state.help)), show_by=last_day(file.show_by) if lacking and file.show_by else "",
        left=file.probation_left if file.state == "probation" else 0,
        takes_exam=_takes_exam(file), words=file.words, applied_at=file.applied_at,
        credentials=[shown_credential(one) for one in file.credentials],
    )  # fmt: skip


def _takes_exam(file: Appraiser) -> bool:
    return file.account_id is not None and file.state in ("exam", "probation", "active")


def shown_credential(one: Credential) -> CredentialShown:
    expired = one.expires_at is not None and clock.now() >= one.expires_at
    state = CREDENTIAL[one.state]
    word, tone = (_("Expired"), "warn") if expired and one.state == "valid" else (_(state.label), state.tone)
    labels = {"accept": _("Accept"), "refuse": _("Do not accept"), "suspend": _("Suspend"), "restore": _("Restore")}
    verbs = [] if one.state == "enclosed" else [(v, labels[v]) for v in actions.ABOUT_CREDENTIAL if CREDENTIAL.can(one.state, v)]
    return CredentialShown(
        id=one.id, kind=_(rules.KINDS[one.kind]), number=one.masked, issuer=one.issuer, scope=scope_words(one.scope),
        until=last_day(one.expires_at) if one.expires_at else _("without an end"), state=(word, tone), verbs=verbs,
    )  # fmt: skip


def scope_words(scope: dict[str, int]) -> str:
    everything = _("Everything that has a grading standard")
    names = [everything if code == rules.ANY else category_name(code, g.language) for code in scope]
    return f"{', '.join(names)} · {_(rules.LEVELS[max(scope.values())])}"


def places_of(file: Appraiser) -> list[str]:
    """Where an appraiser appraises now."""
    if file.account_id is None:
        return [shown_org(g.db.get_one(Organisation, file.org_id), g.language)]
    rows = memberships(g.db, file.account_id)
    return [shown_org(row.organisation, g.language) for row in rows if row.role == "appraiser"]

"""The page of a signed appraisal: grade, reasons, answers, how it stands now, and its signed file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g
from flask_babel import gettext as _
from markupsafe import Markup

from appraisal.appeals import queries as appeals
from appraisal.appeals.models import Appeal
from appraisal.appeals.standing import may_appeal
from appraisal.appraisers.queries import appraiser_number
from appraisal.appraisers.rules import BODIES
from appraisal.grades import report_queries, report_rules, wipe_rules
from appraisal.grades.crossreference_rules import cross_reference
from appraisal.grades.guide import photo_code
from appraisal.grades.models import Appraisal
from appraisal.grades.number_show import IdentityShown, identity_shown
from appraisal.grades.photo_queries import photos_of, view_name
from appraisal.grades.report_paper import reason_words, said, step_words
from appraisal.grades.report_price import SAYS, VALUED, price_rows
from appraisal.grades.states import APPRAISAL
from appraisal.standards.crossreference import find_crossreference
from appraisal.standards.queries import standard_of
from appraisal.standards.standard import Standard
from core import clock, paper_ports
from core.access import may, visitor
from core.data_files import text as words
from core.goods.card import Card
from core.goods.cards import get_card
from core.goods.describe import masked_numbers, thing_name
from core.goods.models import Item
from core.i18n import N_, listed
from core.labels import qr_svg
from core.page import Page
from core.people.models import Organisation
from core.people.names import shown_org
from core.web import config


@dataclass(frozen=True, kw_only=True)
class ReportPage(Page):
    template = "appraisal/report.html"
    number: str
    thing: str
    grade: str
    grade_name: str
    grade_meaning: str
    state: tuple[str, str, str]
    axes: list[tuple[str, str, str]]
    reasons: list[tuple[str, str, str]]
    untested: list[str]
    elsewhere: list[tuple[str, str, str]]
    answers: list[tuple[str, list[tuple[str, str, str]]]]
    standard: str
    standard_path: str
    organisation: str
    body: tuple[str, str]
    signed_at: datetime | None
    expires_at: datetime | None
    appraiser: str
    numbers: list[tuple[str, str]]
    ended: tuple[str, datetime] | None
    supersedes: str
    later: str
    says: str
    wipe: tuple[str, str, str] | None
    identity: IdentityShown | None
    price: list[tuple[str, str]]
    price_says: str
    photos: list[tuple[str, str, int, int, str, str]]
    photo_code: str
    file: "SignedFile | None"
    may_revoke: bool
    appealed_at: datetime | None
    appeal: str
    may_appeal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedFile:
    """What can be checked without us. `genuine`: do its signatures hold, by the keys on record."""

    qr: Markup
    address: str
    genuine: bool | None
    checked: str
    digest: str
    key_ids: str
    index: int | None


def report_address(made: Appraisal) -> str:
    return f"{config().base_url}/reports/{made.number}"


CHECKED = {
    True: N_("The house's signature over this report holds."),
    False: N_("The signature does not hold. Don't rely on this report."),
    None: N_("The key of this signature isn't known here or was revoked later, so nobody can tell by it alone."),
}


def report_page(made: Appraisal) -> ReportPage:
    """The page of a signed appraisal, with how it stands now and, where there is one, its signed file."""
    standard, item, result = standard_of(g.db, made), g.db.get_one(Item, made.item_id), made.result or {}
    code = report_rules.shown_state(made.state, made.signed_at, clock.now())
    grade, state, under = standard.find_grade(made.grade), APPRAISAL[code], appeals.open_appeal(g.db, made.id)
    named = {axis.code: words(axis.name, g.language) for axis in standard.axes}
    checks = {check.code: words(check.name, g.language) for check in standard.checks}
    return ReportPage(
        number=made.number, thing=thing_name(item, g.language), grade=made.grade,
        grade_name=words(grade.name, g.language) if grade else made.grade,
        grade_meaning=words(grade.meaning, g.language) if grade else "",
        state=(_(state.label), state.tone, _(state.help)),
        axes=[(named[code], value, step_words(standard, value, g.language)) for code, value in result.get("axes", {}).items()],
        reasons=[(reason_words(standard, made.answers, r, g.language), named[r["axis"]], r["limit"] if r["kind"] == "cap" else "")
                 for r in report_rules.shown_reasons(result)],
        untested=[checks[code] for code in result.get("untested", [])],
        elsewhere=_elsewhere(standard, made),
        answers=_answers(standard, made.answers), standard=f"{words(standard.names, g.language)} · v{standard.version}",
        standard_path=f"/standards/{standard.id}/{standard.version}",
        organisation=shown_org(g.db.get_one(Organisation, made.org_id), g.language), body=_body(made), signed_at=made.signed_at,
        expires_at=report_rules.expires_at(made.signed_at) if made.signed_at else None,
        appraiser=appraiser_number(made.appraiser_id),
        numbers=masked_numbers(item, g.language),
        wipe=wipe_shown(result), identity=identity_shown(result.get("identity")),
        price=price_rows(result.get("price"), g.language), price_says=_price_says(result),
        photos=_photos(made, get_card(item.category)), photo_code=photo_code(made.id),
        ended=_ended(made), says=_(report_rules.SAYS), file=_file(made),
        supersedes=report_queries.before(g.db, made), later=report_queries.later(g.db, made) if code == "superseded" else "",
        may_revoke=APPRAISAL.can(made.state, "revoke") and may(visitor(), "appraisal:report:revoke", made),
        appealed_at=under.opened_at if under else None, appeal=_appeal_path(under),
        may_appeal=may_appeal(g.db, made, visitor().account_id, clock.now()),
    )  # fmt: skip


def _appeal_path(under: Appeal | None) -> str:
    """The page of the appeal that it is under, for those who may open it."""
    if under is None or not may(visitor(), "appraisal:appeal:see", appeals.get_appeal(g.db, under.id)):
        return ""
    return f"/appeals/{under.id}"


def _price_says(result: Mapping[str, Any]) -> str:
    """What the three amounts mean, "" where there are none."""
    told = result.get("price")
    return _(SAYS[VALUED]) if told and told["verdict"] == VALUED else ""


def _body(made: Appraisal) -> tuple[str, str]:
    """(letter, what it means) of the body that signed."""
    code = report_queries.body_of(report_queries.find_report(g.db, made.id))
    return code, _(BODIES[code]) if code in BODIES else ""


def _elsewhere(standard: Standard, made: Appraisal) -> list[tuple[str, str, str]]:
    """(scheme, its label or "", names of the checks that hold it down) of other schemes, by today's table; not signed."""
    axes = (made.result or {}).get("axes", {})
    labels = cross_reference(find_crossreference(standard), made.grade, axes, made.answers)
    checks = {check.code: words(check.name, g.language) for check in standard.checks}
    return [
        (words(one.name, g.language), words(one.text, g.language) if one.text else "",
         listed((checks[code] for code in one.why if code in checks), g.language))
        for one in labels
    ] if any(one.text for one in labels) else []  # fmt: skip


def wipe_shown(result: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """How it stood with its wipe when it was signed: words, tone, number of the certificate; None where that wasn't told."""
    told = result.get("wipe")
    if not told or told["state"] == "not_needed":
        return None
    label, tone = wipe_rules.LABELS[told["state"]]
    return _(label), tone, told["certificate"] or ""


def _photos(made: Appraisal, card: Card) -> list[tuple[str, str, int, int, str, str]]:
    """(address, address of the large one, width, height, what it shows, SHA-256 of the large one)"""
    path = f"/appraisals/{made.id}/photos"
    return [
        (f"{path}/{one.id}/medium.jpg", f"{path}/{one.id}/large.jpg", one.sizes["medium"][1], one.sizes["medium"][2],
         view_name(card, one.view, g.language), one.digest)
        for one in photos_of(g.db, made.id)
    ]  # fmt: skip


def _ended(made: Appraisal) -> tuple[str, datetime] | None:
    ending = report_queries.find_ending(g.db, made.id)
    return (_(report_rules.why_ended(ending.why, ending.reason)), ending.at) if ending else None


def _file(made: Appraisal) -> SignedFile | None:
    report = report_queries.find_report(g.db, made.id)
    if report is None:
        return None
    address, genuine = report_address(made), paper_ports.paper_check(g.db, report.body.encode(), report.signatures)
    return SignedFile(
        qr=Markup(qr_svg(address, _("Code of this report"))),  # noqa: S704  (our own SVG)
        address=address, genuine=genuine, checked=_(CHECKED[genuine]), digest=report.digest,
        key_ids=", ".join(one["key_id"] for one in report.signatures),
        index=paper_ports.log_place(g.db, report_rules.ISSUED, made.number).get("index"),
    )  # fmt: skip


def _answers(standard: Standard, answers: dict[str, Any]) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """By area: (check, the question it answers, the answer). An answer such as "none" says nothing without its question."""
    areas = []
    for area in standard.areas:
        rows = [
            (words(one.name, g.language), words(one.question, g.language), said(one, answers.get(one.code), g.language))
            for one in standard.checks_of(area.code)
        ]
        areas.append((words(area.name, g.language), rows))
    return areas

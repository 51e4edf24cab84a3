"""A report on paper: the words of its page, set for the printer, with a QR code to the page that says how it stands today."""

from collections.abc import Mapping, Sequence
from typing import Any

from appraisal.appraisers.queries import appraiser_number
from appraisal.appraisers.rules import BODIES
from appraisal.grades import report_queries, wipe_rules
from appraisal.grades import report_rules as rules
from appraisal.grades.models import Appraisal, Report
from appraisal.grades.number_paper import identity_blocks
from appraisal.grades.photo_queries import view_name
from appraisal.grades.report_price import SAYS, VALUED, price_rows
from appraisal.grades.states import APPRAISAL
from appraisal.grades.unmade_rules import unmade
from appraisal.standards.standard import Check, Standard
from core import canonical, i18n, pdf
from core.data_files import text as words
from core.goods.cards import get_card
from core.goods.describe import kind_and_model, masked_numbers
from core.goods.models import Item
from core.i18n import N_
from core.when import exact

UNDER_APPEAL = N_("Under appeal: somebody appealed against this grade, and it isn't decided yet.")

UNSEEN = N_("Not tested, and so not counted as good: %(checks)s.")
UNSEEN_LIMIT = N_("Not tested, and so not counted as good: %(checks)s; at best grade %(grade)s")
UNSEEN_TOO = N_("%(finding)s. Of these not tested, and counted with them: %(checks)s")


def document(
    made: Appraisal, standard: Standard, report: Report, item: Item, org: str, state: str, address: str, language: str,
    *, appealed: bool = False,
) -> pdf.Document:
    """The PDF. `state`: as it is shown on the day of printing; `org`: the body's name in this language; `appealed`: it was under
    appeal on that day."""

    def _(sentence: str, **values: object) -> str:
        return i18n.say(sentence, language, **values)

    result = made.result or {}
    reasons = [f"· {reason_words(standard, made.answers, one, language)}" for one in rules.shown_reasons(result)]
    shown = [pdf.Paragraph(one) for one in reasons or [_(N_("Nothing was found that speaks against it."))]]
    names = {check.code: words(check.name, language) for check in standard.checks}
    untested = i18n.listed((names.get(code, code) for code in result.get("untested", [])), language)
    left_out: list[pdf.Block] = [pdf.Heading(_(N_("Not tested"))), pdf.Paragraph(untested)] if untested else []
    blocks: list[pdf.Block] = [
        pdf.Facts([(_(N_("State")), _(APPRAISAL[state].label)), *_facts(made, report, item, org, standard, language)]),
        pdf.Paragraph(_(APPRAISAL[state].help)),
        *([pdf.Paragraph(_(UNDER_APPEAL))] if appealed else []),
        pdf.Heading(_(N_("Why not better"))), *shown,
        *left_out,
        *_price(report, language),
        *_evidence(report, item, language),
        *_areas(standard, made.answers, language),
        pdf.Paragraph(_(rules.SAYS)),
        pdf.Qr(address, _(N_("Scan the code for the state of this report today: %(address)s"), address=address)),
        pdf.SmallPrint(
            _(
                N_("SHA-256 of the signed text: %(digest)s. Signing key: %(keys)s."), digest=report.digest,
                keys=", ".join(one["key_id"] for one in report.signatures),
            )
        ),
    ]  # fmt: skip
    return pdf.Document(
        title=_(N_("Appraisal report")), number=made.number, created=report.issued_at, language=language, blocks=blocks
    )


def reason_words(standard: Standard, answers: Mapping[str, Any], one: Mapping[str, Any], language: str) -> str:
    """A reason of a result as a reader is told it: where nobody looked, that nobody did, and not what would have been found."""
    text, left = str(one["text"][language]), unmade(standard, answers, str(one["code"]))
    if left is None:
        return text
    names = [words(check.name, language) for check in standard.checks if check.code in left.checks]
    said = UNSEEN_TOO if not left.alone else UNSEEN_LIMIT if one["kind"] == "cap" else UNSEEN
    return i18n.say(said, language, finding=text, checks=i18n.listed(names, language), grade=one["limit"])


def _facts(
    made: Appraisal, report: Report, item: Item, org: str, standard: Standard, language: str
) -> Sequence[tuple[str, str]]:
    def _(sentence: str) -> str:
        return i18n.say(sentence, language)

    grade, result = standard.find_grade(made.grade), made.result or {}
    axes = [
        (words(axis.name, language), f"{code} {step_words(standard, code, language)}")
        for axis in standard.axes if (code := result["axes"].get(axis.code))
    ]  # fmt: skip
    return [
        (_(N_("Device")), kind_and_model(item, language)),
        *masked_numbers(item, language),
        (_(N_("Grade")), " ".join(p for p in (made.grade, words(grade.name, language) if grade else "") if p)),
        *axes,
        (_(N_("Standard")), f"{words(standard.names, language)} · v{standard.version}"),
        (_(N_("Appraised by")), org),
        *_independence(report, language),
        (_(N_("Number of the appraiser")), appraiser_number(made.appraiser_id)),
        (_(N_("Signed")), _day(report.issued_at)),
        (_(N_("Holds until")), _day(report.expires_at)),
    ]


def _price(report: Report, language: str) -> list[pdf.Block]:
    """The price range as it was signed, with the line that it is no statutory valuation; nothing where there is none."""
    told = canonical.read(report.body.encode()).get("price")
    rows = price_rows(told, language)
    if not rows:
        return []
    means = [pdf.Paragraph(i18n.say(SAYS[VALUED], language))] if told["verdict"] == VALUED else []
    head = pdf.Heading(i18n.say(N_("Price range on the day of grading"), language))
    return [head, pdf.Facts(rows), *means, pdf.Paragraph(i18n.say(rules.SAYS, language))]


def _evidence(report: Report, item: Item, language: str) -> list[pdf.Block]:
    """How it stood with the wipe and its numbers, and the photos by the first digits of their SHA-256; nothing for version 1."""

    def _(sentence: str, **values: object) -> str:
        return i18n.say(sentence, language, **values)

    body = canonical.read(report.body.encode())
    blocks: list[pdf.Block] = []
    if body["version"] > 1 and body["wipe"]["state"] != "not_needed":
        rows = [(_(N_("State")), _(wipe_rules.LABELS[body["wipe"]["state"]][0]))]
        rows += [(_(N_("Certificate")), body["wipe"]["certificate"])] if body["wipe"]["certificate"] else []
        blocks += [pdf.Heading(_(N_("Information wiping"))), pdf.Facts(rows)]
    if body["version"] > 1:
        blocks += identity_blocks(body["identity"], language)
    if body["version"] > 1 and body["photos"]["list"]:
        card = get_card(item.category)
        rows = [(view_name(card, one["view"], language), f"SHA-256 {one['sha256'][:16]}…") for one in body["photos"]["list"]]
        blocks += [pdf.Heading(_(N_("Photos taken by the appraiser"))), pdf.Facts(rows)]
    return blocks


def _independence(report: Report, language: str) -> list[tuple[str, str]]:
    code = report_queries.body_of(report)
    return [(i18n.say(N_("Independence"), language), f"{code} · {i18n.say(BODIES[code], language)}")] if code else []


def _day(moment: Any) -> str:
    return exact(moment)


def _areas(standard: Standard, answers: dict[str, Any], language: str) -> list[pdf.Block]:
    blocks: list[pdf.Block] = []
    for area in standard.areas:
        checks = standard.checks_of(area.code)
        rows = [(words(check.name, language), said(check, answers.get(check.code), language)) for check in checks]
        blocks += [pdf.Heading(words(area.name, language)), pdf.Facts(rows)]
    return blocks


def step_words(standard: Standard, code: str, language: str) -> str:
    """What a letter says of one axis. The top of the scale speaks of new goods; of an axis it says that nothing was found."""
    grade = standard.find_grade(code)
    if code == standard.scale[0].code:
        return i18n.say(N_("nothing found against it"), language)
    return words(grade.name, language) if grade else ""


def said(check: Check, answer: object, language: str) -> str:
    """An answer in words; nothing answered is "not tested"."""
    if answer is None:
        return i18n.say(N_("Not tested"), language)
    value = check.find_value(str(answer))
    return words(value.name, language) if value else f"{answer} {check.unit}".strip()

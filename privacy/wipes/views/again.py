"""Judging again: what the present reader and the present profile say of the files on record, old beside new. It changes nothing,
and nobody can overrule a verdict from here."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from core.access import needs
from core.doing import doing
from core.files import Damaged, NotStored
from core.goods.models import StorageMedium
from core.page import Page
from privacy.access import load_job
from privacy.bench import bench
from privacy.clearance.profiles import get_profile
from privacy.evidence.model import Evidence, Unreadable
from privacy.evidence.readers import read
from privacy.wipes import explain, queries
from privacy.wipes.checklist_sending import FORMAT as LIST
from privacy.wipes.judging import Decision, decide
from privacy.wipes.models import Judgement, WipeJob
from privacy.wipes.show import title_of, when
from privacy.wipes.trials import TONES, verdict_word
from privacy.wipes.views import blueprint


@dataclass(frozen=True, slots=True)
class Side:
    """One verdict: word, tone, what it was made by, its reasons in sentences."""

    word: str
    tone: str
    by: str
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class Row:
    medium: str
    at: str
    file_href: str
    old: Side
    new: Side
    differs: bool


@dataclass(frozen=True, kw_only=True)
class AgainPage(Page):
    template = "privacy/wipe_again.html"
    job_id: str
    number: str
    title: str
    profile: str
    rows: Sequence[Row]
    changed: int


@blueprint.get("/wipes/<job_id>/again")
@needs("privacy:job:judge_again", on=load_job)
def judge_again(job: WipeJob) -> object:
    """Every judgement of this job, and what would be said of the same bytes today."""
    item, profile = queries.get_item(g.db, job.item_id), get_profile(bench().profile)
    rows = [_row(one, item.category) for one in queries.judgements_of(g.db, job.id)]
    changed = sum(row.differs for row in rows)
    page = AgainPage(
        job_id=job.id,
        number=job.number,
        title=title_of(item),
        profile=f"{profile.id} {profile.version}",
        rows=rows,
        changed=changed,
    )
    with doing() as w:
        w.record("privacy:job:judged_again", page.job_id, judgements=len(rows), changed=changed)
    return page.answer()


def _row(one: Judgement, category: str) -> Row:
    medium = g.db.get_one(StorageMedium, one.medium_id)
    old = Side(
        verdict_word(one.verdict),
        TONES[one.verdict],
        f"{one.profile} {one.profile_version} · {one.parser_version}",
        [_(explain.sentence(code)) for code in one.reasons],
    )
    if queries.get_evidence(g.db, one.evidence_id).format == LIST:
        kept = Side(old.word, old.tone, old.by, [_("A check-list is judged once, when it is sent; its answers are on record.")])
        return Row(medium.masked, when(one.at) or "", f"/evidence/{one.evidence_id}", old, kept, False)
    new, verdict, codes = _today(one, category, medium)
    same = verdict == one.verdict and (codes is None or codes == list(one.reasons))
    return Row(medium.masked, when(one.at) or "", f"/evidence/{one.evidence_id}", old, new, not same)


def _today(one: Judgement, category: str, medium: StorageMedium) -> tuple[Side, str, list[str] | None]:
    profile = get_profile(bench().profile)
    try:
        evidence = read(bench().store.get(one.digest))
        decision = decide(profile, category, medium, evidence, queries.told_kinds(g.db, medium.id))
    except (NotStored, Damaged):
        return _cannot(_("The stored file is missing or changed on the disk.")), "unknown", None
    except Unreadable as no:
        return _cannot(_(no.sentence, **no.values)), "unknown", None
    return _judged(one, decision, evidence)


def _judged(one: Judgement, decision: Decision, evidence: Evidence) -> tuple[Side, str, list[str]]:
    verdict, codes = str(decision.verdict.verdict), list(decision.verdict.reasons)
    stays = [code for code in one.reasons if code in explain.OWN_REASONS]
    if verdict == "pass" and stays:
        # a copy stays a copy and a home wipe one, whatever the rules say of the contents
        verdict, codes = "fail", stays
    by = f"{decision.verdict.profile} {decision.verdict.profile_version} · {evidence.parser}"
    return Side(verdict_word(verdict), TONES[verdict], by, [_(explain.sentence(code)) for code in codes]), verdict, codes


def _cannot(why: str) -> Side:
    return Side(verdict_word("unknown"), TONES["unknown"], "—", [why])

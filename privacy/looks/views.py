"""The verifier's page about one medium: a seed to read it back with, and the own file."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, g
from flask_babel import gettext as _
from flask_wtf.file import FileField

from core import ids
from core.access import Predicate, fresh, has_role, needs
from core.doing import doing, done
from core.errors import Forbidden, Refused
from core.forms import Form, text
from core.goods.models import StorageMedium
from core.goods.words import MEDIA_KINDS
from core.i18n import N_
from core.page import Page
from privacy.bench import bench
from privacy.clearance.grade import SENTENCES
from privacy.devices.access import OnBench, load_on_bench
from privacy.devices.views import file_of
from privacy.looks import actions, queries, rules
from privacy.looks.models import SecondLook
from privacy.wipes.models import WipeJob
from privacy.wipes.show import when
from privacy.wipes.views.parts import again

blueprint = Blueprint("looks", __name__)

_wipes_it = Predicate("operator of the medium's job", lambda v, one: v.account_id == one.job.operator_id)
PERMISSIONS = {
    "privacy:medium:look": ((has_role("wipe_verifier"), fresh),),
    "privacy:pattern:give": ((_wipes_it, has_role("wipe_operator")),),
    "privacy:pattern:read": ((_wipes_it, has_role("wipe_operator")), (has_role("wipe_verifier"), fresh)),
}
WORDS = {
    "privacy:readback:ordered": N_("A verifier was given the places for a read-back"),
    "privacy:medium:looked_at": N_("A verifier looked at a medium with an own tool"),
    "privacy:pattern:given": N_("An operator was given the key of a keyed last pass"),
    "privacy:pattern:read": N_("The key of a keyed last pass was downloaded"),
}
RESULTS = {
    "agrees": (N_("Agrees"), "good"),
    "contradicts": (N_("Contradicts"), "bad"),
    "unknown": (N_("Says too little"), "unknown"),
}


class LookForm(Form):
    file = FileField(
        text(N_("Your own file about this medium")),
        description=text(
            N_("The result of the read-back, or what smartctl -x -j, nvme or the station tool read from it just now.")
        ),
    )


@dataclass(frozen=True, slots=True)
class LookShown:
    """`result`: (word, tone); `grade`: what it adds, with its sentence."""

    when: str
    kind: str
    result: tuple[str, str]
    grade: str
    means: str
    reasons: Sequence[str]
    told: Sequence[tuple[str, str]]


def shown(one: SecondLook) -> LookShown:
    word, tone = RESULTS[one.result]
    labels = {
        "counters": _("counters"),
        "blocks": _("blocks read"),
        "chance": _("chance to find residue spread over 0.1 %"),
        "expected": _("what stood there"),
    }
    return LookShown(
        when=when(one.at) or "",
        kind=_("Read back") if one.kind == "readback" else _("State read"),
        result=(_(word), tone),
        grade=one.grade,
        means=_(SENTENCES[one.grade]) if one.grade else "",
        reasons=[_(rules.REASONS[reason]) for reason in one.reasons],
        told=[(labels[name], _told(name, value)) for name, value in one.told.items() if name in labels and value],
    )


def _told(name: str, value: str) -> str:
    if name != "counters":
        return value
    return str(_("its use is counted from this reading") if value == "begin" else _("read once more, not grown"))


@dataclass(frozen=True, kw_only=True)
class LookPage(Page):
    template = "privacy/look.html"
    job_id: str
    medium_id: str
    number: str
    title: str
    challenge: str
    seed: str
    command: str
    key_href: str
    nonce: str
    checkpoint: str
    root: str
    looks: Sequence[LookShown]
    waiting: bool
    form: LookForm


def _page(one: OnBench, form: LookForm) -> LookPage:
    job, medium = one.job, one.medium
    order = queries.find_order(g.db, job.id, medium.id)
    code = ids.grouped(job.challenge)
    seed, key = order.seed if order else "", queries.find_pattern(g.db, job.id, medium.id)
    command = (
        f"python -m privacy.readback /dev/sdX --sample {rules.SAMPLED} --seed {seed} --challenge {code} "
        f"{f'--pattern-key {key.key_id}.key ' if key else ''}--key STATION.key --out result.json --json"
    )
    return LookPage(
        job_id=job.id,
        medium_id=medium.id,
        number=job.number,
        title=f"{_(MEDIA_KINDS[medium.kind])} {medium.masked}",
        challenge=code,
        seed=seed,
        command=command if seed else "",
        key_href=f"/wipes/{job.id}/media/{medium.id}/pattern.key" if key else "",
        nonce=order.nonce if order else "",
        checkpoint=str(order.checkpoint_size) if order else "",
        root=order.root if order else "",
        looks=[shown(row) for row in reversed(queries.looks_of(g.db, job.id)) if row.medium_id == medium.id],
        waiting=job.state in ("judged", "verified"),
        form=form,
    )


@blueprint.get("/wipes/<job_id>/media/<medium_id>/look")
@needs("privacy:medium:look", on=load_on_bench)
def show_look(one: OnBench) -> object:
    return _page(one, LookForm(formdata=None)).answer()


@blueprint.post("/wipes/<job_id>/media/<medium_id>/seed")
@needs("privacy:medium:look", on=load_on_bench)
def give_seed(one: OnBench) -> object:
    form, job_id, medium_id = LookForm(formdata=None), one.job.id, one.medium.id
    try:
        with doing() as w:
            actions.order(w, again(w, job_id), w.session.get_one(StorageMedium, medium_id))
    except Forbidden:
        raise
    except Refused as no:
        no.field = ""
        form.blame(no)
        return _page(load_on_bench(g.db, job_id, medium_id), form).answer(no.status)
    return done(_("Here are the places. Nobody could know them before."), f"/wipes/{job_id}/media/{medium_id}/look")


@blueprint.post("/wipes/<job_id>/media/<medium_id>/look")
@needs("privacy:medium:look", on=load_on_bench)
def look(one: OnBench) -> object:
    form, job_id, medium_id = LookForm(), one.job.id, one.medium.id
    try:
        with doing() as w:
            medium = w.session.get_one(StorageMedium, medium_id)
            seen = actions.look(w, bench(), again(w, job_id), medium, file_of(form.file))
            found = "begins" if seen.told.get("counters") == "begin" and seen.result == "unknown" else seen.result
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return _page(load_on_bench(g.db, job_id, medium_id), form).answer(no.status)
    said = {
        "agrees": _("Your look agrees. It stands on the certificate."),
        "contradicts": _("Your look contradicts the wipe: it can't be accepted. Reject it, with the reason."),
        "unknown": _("Your file says too little, so it counts for nothing. Read below why."),
        "begins": _("Its counters are on record: its use is counted from this reading. It says nothing more about the wipe."),
    }[found]
    return done(said, f"/wipes/{job_id}/media/{medium_id}/look")


def links(job: WipeJob, media: Sequence[StorageMedium]) -> list[tuple[str, str, list[LookShown]]]:
    """For the verify page: each medium inside, where to look at it, and what was seen so far."""
    looks = queries.looks_of(g.db, job.id)
    return [
        (
            f"{_(MEDIA_KINDS[one.kind])} {one.masked}",
            f"/wipes/{job.id}/media/{one.id}/look",
            [shown(row) for row in looks if row.medium_id == one.id],
        )
        for one in media
    ]

"""The second person's own look at a device that was cleared by a check-list: what is ticked, the number read anew, a photo."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import photos, secrets
from core.errors import Invalid
from core.goods.models import Item
from core.goods.rules import normalise_identifier
from core.i18n import N_
from core.work import Work
from privacy.bench import Bench
from privacy.wipes.checklist import Checklist
from privacy.wipes.checklist_filling import KIND, is_used
from privacy.wipes.checklist_models import FilledList
from privacy.wipes.checklists import get_checklist
from privacy.wipes.models import Judgement, WipeJob


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was sent: codes of the ticked looks, the last four as read, the photo's bytes."""

    ticked: Sequence[str] = ()
    tail: str = ""
    photo: bytes = b""


def passed_list(session: Session, job_id: str) -> FilledList | None:
    """The check-list that this job's pass rests on, None where tools' logs alone do."""
    query = (
        select(FilledList)
        .join(Judgement, Judgement.evidence_id == FilledList.evidence_id)
        .where(Judgement.job_id == job_id, Judgement.verdict == "pass")
    )
    return session.scalars(query.order_by(FilledList.id.desc()).limit(1)).first()


def looked(w: Work, bench: Bench, job: WipeJob, look: Look | None) -> dict[str, Any]:
    """What a verification keeps of the look: {} where no check-list was needed. Raises Invalid at the field of what is missing
    (`look_` and its code) or of a number that isn't this device's."""
    found = passed_list(w.session, job.id)
    if found is None:
        return {}
    checklist, sent = get_checklist(found.platform), look or Look()
    for one in checklist.looks:
        if one.kind == "tick" and one.code not in sent.ticked:
            raise Invalid("check_missing", N_("Tick this once you have done it, or reject the wipe."), field=f"look_{one.code}")
    kind = _read_anew(w, job, sent.tail)
    photo = _photo(w, bench, sent.photo)
    done = {f"look_{one.code}": True for one in checklist.looks}
    return {**done, "list": checklist.code, "look_tail_of": kind, "look_photo_digest": photo}


def _read_anew(w: Work, job: WipeJob, tail: str) -> str:
    """Which of the device's numbers ends like this. The page hides those four, so they come from the device."""
    typed = normalise_identifier("serial", tail)
    if len(typed) != 4:
        raise Invalid("tail_missing", N_("Read the number off the device and type its last four characters."), field="look_tail")
    for one in w.session.get_one(Item, job.item_id).identifiers:
        if one.live and normalise_identifier(one.kind, secrets.decrypt(one.value, "identifier")).endswith(typed):
            return one.kind
    raise Invalid(
        "tail_differs",
        N_("No registered number of this device ends like this. Read it again; if it stays, reject the wipe."),
        field="look_tail",
    )


def _photo(w: Work, bench: Bench, raw: bytes) -> str:
    if not raw:
        missing = N_("Take a photo of the screen together with the challenge code.")
        raise Invalid("look_photo_missing", missing, field="look_photo")
    photo = photos.clean(raw)
    if is_used(w.session, photo.digest):
        raise Invalid("look_photo_used", N_("This photo stands in a list already. Take one of your own."), field="look_photo")
    return bench.store.put(photo.sizes["large"].data, KIND)


def checks_in_words(checklist: Checklist, checks: Sequence[str], language: str) -> list[str]:
    """The sentences of the looks among a certificate's checks."""
    found = [one for one in checklist.looks if f"look_{one.code}" in checks]
    return [one.question.en if language == "en" else one.question.zh for one in found]

"""Filling in a check-list at the bench: begun, saved as one goes, photos added; nothing typed or photographed is lost."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core import ids, photos, secrets
from core.db import stamp
from core.errors import Invalid, Refused
from core.goods import intake
from core.goods.custody import locked
from core.goods.models import Item, StorageMedium
from core.i18n import N_
from core.work import Work
from privacy.bench import Bench
from privacy.clearance.checklist_rules import Filled, written_late
from privacy.wipes import actions, queries
from privacy.wipes.checklist import Checklist
from privacy.wipes.checklist_models import FilledList, ListPhoto
from privacy.wipes.checklists import checklists_for, get_checklist
from privacy.wipes.duty_models import ChallengePhoto
from privacy.wipes.models import WipeJob

BUILT_IN = "flash"  # what chips they are nobody can see from outside, and no rule asks
PHOTOS_MOST = 4  # of one step
READING_MOST = 40
KIND = "photo"


def begin(w: Work, job: WipeJob, platform: str, *, anew: bool = False) -> FilledList:
    """Begin the list of a platform. The built-in storage is entered by the device's own number, if it isn't yet. A list that was
    begun for another platform is dropped; one that was sent without a pass is taken up with what it held. `anew`: the device is
    walked through from the first step again (set up, read, wiped once more), with an empty list."""
    actions.demand_bench(w, job)
    item = locked(w, job.item_id)
    if job.state != "wiping":
        raise Refused("not_being_wiped", N_("A check-list is filled in while the device is being wiped, not before or after."))
    checklist = get_checklist(platform)
    if checklist not in checklists_for(item.category):
        raise Invalid("platform_missing", N_("Choose the platform that this device has."), field="platform")
    there = find_open(w.session, job.id)
    if there is not None and there.platform == platform and not anew:
        return there
    if there is not None:
        there.dropped_at = w.now
        w.session.flush()
    enter_built_in(w, item)
    found = _begun(w, job, checklist, None if anew else _last_sent(w.session, job.id, checklist))
    w.record("privacy:checklist:begun", job.id, item=item.id, platform=platform)
    return found


def _begun(w: Work, job: WipeJob, checklist: Checklist, earlier: FilledList | None) -> FilledList:
    found = FilledList(
        id=ids.new_id(),
        job_id=job.id,
        platform=checklist.code,
        version=checklist.version,
        answers=dict(earlier.answers) if earlier else {},
        readings=dict(earlier.readings) if earlier else {},
        begun_by=w.actor.id,
        begun_at=w.now,
        saved_at=w.now,
        dropped_at=None,
        evidence_id=None,
    )
    w.session.add(found)
    w.session.flush()
    for photo in _standing(earlier) if earlier else []:
        w.session.add(_photo(w, found.id, photo.step, photo.digest, dict(photo.sizes)))
    w.session.flush()
    return found


def _photo(w: Work, list_id: str, step: str, digest: str, sizes: dict[str, Any]) -> ListPhoto:
    return ListPhoto(id=ids.new_id(), list_id=list_id, step=step, digest=digest, sizes=sizes, added_at=w.now, removed_at=None)


def enter_built_in(w: Work, item: Item) -> StorageMedium:
    """The storage that is soldered in has no number of its own: it is entered by the device's, with the kind of number before
    it (`IMEI:…`), so that it can never be taken for a disk's serial. Raises Refused when the device has no number."""
    there = find_built_in(w.session, item.id)
    if there is not None:
        return there
    numbers = {one.kind: one for one in reversed(item.identifiers) if one.live}
    best = next((numbers[kind] for kind in ("imei", "serial", "meid") if kind in numbers), None)
    if best is None:
        raise Refused(
            "no_number",
            N_("This thing is registered without a serial number or IMEI, so its storage can't be told from another's. "
               "Its owner adds the number first."),
        )  # fmt: skip
    number = f"{best.kind.upper()}:{secrets.decrypt(best.value, 'identifier')}"[:40]
    return intake.add_medium(w, item, intake.MediumGiven(kind=BUILT_IN, serial=number))


def is_built_in(medium: StorageMedium) -> bool:
    """Was it entered by the device's own number?"""
    return medium.kind == BUILT_IN and medium.masked.split(":", 1)[0] in ("IMEI", "SERIAL", "MEID") and ":" in medium.masked


def find_built_in(session: Session, item_id: str) -> StorageMedium | None:
    return next((one for one in queries.present_media(session, item_id) if is_built_in(one)), None)


def save(w: Work, job: WipeJob, found: FilledList, given: Mapping[str, str], readings: Mapping[str, str]) -> None:
    """Keep what was answered. An empty answer leaves what was said before; each keeps when it was first given and changed."""
    _demand_open(w, job, found)
    checklist, moment = get_checklist(found.platform), stamp(w.now)
    answers = dict(found.answers)
    for step in checklist.steps:
        value = given.get(step.code, "")
        if value not in step.answers or answers.get(step.code, {}).get("a") == value:
            continue
        first = answers.get(step.code, {}).get("first", moment)
        answers[step.code] = {"a": value, "first": first, "at": moment}
    read = {name: readings[name].strip()[:READING_MOST] for name in checklist.reads if readings.get(name, "").strip()}
    found.answers, found.readings, found.saved_at = answers, {**found.readings, **read}, w.now


def add_photo(w: Work, bench: Bench, job: WipeJob, found: FilledList, step_code: str, raw: bytes) -> ListPhoto:
    """Keep a photo of a step. Raises BadPhoto, or Invalid at `step_code` for one that is in the list of another device."""
    _demand_open(w, job, found)
    step = next((one for one in get_checklist(found.platform).steps if one.code == step_code and one.photo != "none"), None)
    if step is None:
        raise Invalid("step_unknown", N_("This step asks for no photo."))
    if sum(1 for one in _standing(found) if one.step == step_code) >= PHOTOS_MOST:
        raise Invalid("photos_many", N_("Four photos of a step are enough. Remove one first."), field=step_code)
    photo = photos.clean(raw)
    if is_used(w.session, photo.digest, but_in=job.id):
        raise Invalid(
            "photo_used",
            N_("This very photo stands in the list of another wipe. Take a new one of this device."),
            field=step_code,
        )
    sizes = {name: [bench.store.put(one.data, KIND), one.width, one.height] for name, one in photo.sizes.items()}
    row = _photo(w, found.id, step_code, photo.digest, sizes)
    w.session.add(row)
    found.saved_at = w.now
    w.session.flush()
    return row


def is_used(session: Session, digest: str, *, but_in: str = "") -> bool:
    """Does this very photo stand in a list, of another job than `but_in`, or was it taken by who verified?"""
    if session.get(ChallengePhoto, digest) is not None:
        return True
    query = select(ListPhoto.id).join(FilledList, FilledList.id == ListPhoto.list_id)
    return session.scalars(query.where(ListPhoto.digest == digest, FilledList.job_id != but_in).limit(1)).first() is not None


def remove_photo(w: Work, job: WipeJob, found: FilledList, photo_id: str) -> None:
    _demand_open(w, job, found)
    for photo in _standing(found):
        if photo.id == photo_id:
            photo.removed_at = w.now
    found.saved_at = w.now


def _demand_open(w: Work, job: WipeJob, found: FilledList) -> None:
    actions.demand_bench(w, job)
    if job.state != "wiping" or found.evidence_id is not None or found.dropped_at is not None:
        raise Refused("list_over", N_("This list was sent already and stays as it is. Begin another one if need be."))


def get_open(w: Work, job_id: str) -> FilledList:
    """The open list, locked. Raises Refused when there is none."""
    query = _open(job_id)
    found = w.session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()
    if found is None:
        raise Refused("no_list", N_("First choose the platform, then walk through its list."))
    return found


def find_open(session: Session, job_id: str) -> FilledList | None:
    return session.scalars(_open(job_id)).first()


def _open(job_id: str) -> Select[FilledList]:
    mine = FilledList.job_id == job_id
    return select(FilledList).where(mine, FilledList.evidence_id.is_(None), FilledList.dropped_at.is_(None))


def find_by_evidence(session: Session, evidence_id: str) -> FilledList | None:
    return session.scalars(select(FilledList).where(FilledList.evidence_id == evidence_id)).first()


def _last_sent(session: Session, job_id: str, checklist: Checklist) -> FilledList | None:
    query = select(FilledList).where(
        FilledList.job_id == job_id, FilledList.platform == checklist.code, FilledList.evidence_id.is_not(None)
    )
    found = session.scalars(query.order_by(FilledList.id.desc()).limit(1)).first()
    return found if found is not None and found.version == checklist.version else None


def _standing(found: FilledList) -> list[ListPhoto]:
    return [one for one in found.photos if one.removed_at is None]


def photos_of(found: FilledList) -> dict[str, list[ListPhoto]]:
    """The photos that stand, by step."""
    by_step: dict[str, list[ListPhoto]] = {}
    for one in _standing(found):
        by_step.setdefault(one.step, []).append(one)
    return by_step


def filled(found: FilledList, brand: str) -> Filled:
    """What the rules are asked about."""
    times = {code: (one["first"], one["at"]) for code, one in found.answers.items()}
    return Filled(
        answers={code: one["a"] for code, one in found.answers.items()},
        photos=frozenset(photos_of(found)),
        late=written_late(get_checklist(found.platform), times),
        brand=brand,
    )

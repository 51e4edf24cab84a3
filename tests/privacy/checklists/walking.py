"""A phone's way through its check-list, for stories: good answers, photos, and what is changed for a twin."""

import io
from datetime import timedelta
from itertools import count

from PIL import Image, ImageDraw

from core.goods.cards import get_card
from core.goods.intake import Intake, take_in
from privacy.clearance.looking import Look
from privacy.clearance.verifying import Keeping, accept
from privacy.clearance.verifying_third import Seen, confirm
from privacy.devices import counting
from privacy.wipes import actions, checklist_filling, checklist_sending, rules
from privacy.wipes.checklist import PARTS
from privacy.wipes.checklist_filling import get_open
from privacy.wipes.checklists import get_checklist
from privacy.wipes.models import WipeJob
from privacy.wipes.queries import present_media
from tests import stories

IMEI = "490154203237518"
READ = {"model": "L20", "version": "15"}
_numbers = count()


def picture(words: str = "") -> bytes:
    """A photo like no other: each call draws another one."""
    n = next(_numbers)
    image = Image.new("RGB", (240, 180), ((n * 37) % 256, (n * 91) % 256, (n * 53) % 256))
    ImageDraw.Draw(image).text((10, 10), f"{words} {n}", fill="white")
    for x in range(9):
        image.putpixel((x * 20, (n * 7 + x * 11) % 180), (255, 255, 255))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95)
    return out.getvalue()


def good(platform: str, brand: str = "凌云", **changed: str) -> dict[str, str]:
    """The answers that suffice, with some changed."""
    found = {}
    for step in get_checklist(platform).asked(brand):
        found[step.code] = "off" if step.lock else ("yes" if step.good == "any" else step.good)
    return found | changed


def phone(doing, owner, *, brand="凌云", model="L20", imei=IMEI, category="phone", serial=None) -> str:
    with doing(owner) as w:
        numbers = {"serial": [serial]} if serial else {"imei": [imei]}
        given = Intake(card=get_card(category), attributes={"brand": brand, "model": model}, identifiers=numbers)
        return take_in(w, owner.id, given).id


def at_bench(doing, item_id, owner, operator, org) -> str:
    """Agreed to and on the operator's bench. Returns the job's id."""
    job_id = stories.consented(doing, item_id, owner)
    with doing(operator) as w:
        actions.start(w, w.session.get_one(WipeJob, job_id), org)
    return job_id


def job_of(w, job_id) -> WipeJob:
    return w.session.get_one(WipeJob, job_id)


def begun(doing, job_id, operator, platform="android_encrypted") -> None:
    with doing(operator) as w:
        job = job_of(w, job_id)
        checklist_filling.begin(w, job, platform)
        counting.count(w, job, len(present_media(w.session, job.item_id)))


def filled(app, doing, job_id, operator, platform="android_encrypted", *, brand="凌云", read=READ, without=(), parts=PARTS, **changed) -> None:
    """Every part saved in its turn, each photo taken but those of `without`."""
    answers = good(platform, brand, **changed)
    for part in parts:
        steps = get_checklist(platform).part(part, brand)
        with doing(operator) as w:
            job, mine = job_of(w, job_id), get_open(w, job_id)
            given = {step.code: answers[step.code] for step in steps if step.code in answers}
            checklist_filling.save(w, job, mine, given, read if part == "before" else {})
        for step in steps:
            if step.photo != "none" and step.code not in without:
                with doing(operator) as w:
                    checklist_filling.add_photo(w, stories.bench(app), job_of(w, job_id), get_open(w, job_id), step.code, picture(step.code))


def sent(app, doing, job_id, operator) -> list[tuple[str, list[str]]]:
    with doing(operator) as w:
        found = checklist_sending.send(w, stories.bench(app), job_of(w, job_id))
        return [(one.verdict, list(one.reasons)) for one in found]


def looks(platform="android_encrypted") -> list[str]:
    return [one.code for one in get_checklist(platform).looks if one.kind in ("tick", "try")]


def verified(app, doing, job_id, verifier, platform="android_encrypted", *, tail=IMEI[-4:], photo=None, ticked=None, **tried) -> str | None:
    """The certificate's number, None where a third person is to confirm it."""
    stories.signed(app, doing, job_id)
    with doing(verifier) as w:
        job = job_of(w, job_id)
        attempt = {"tool": "DiskDigger", "version": "1.7", "report": f"0 files on IMEI {IMEI}".encode(), **tried}
        look = Look(
            ticked=looks(platform) if ticked is None else ticked, tail=tail, photo=picture() if photo is None else photo, **attempt
        )
        certificate = accept(
            w, stories.bench(app), job, checks=list(rules.CHECKS), counted=len(present_media(w.session, job.item_id)),
            keeping=Keeping(kept="at_point"), signed_in_at=w.now, look=look,
        )  # fmt: skip
        return certificate.number if certificate else None


def confirmed(app, doing, job_id, third, *, tail=IMEI[-4:], ago=timedelta(), **changed) -> str:
    """A third person confirms it. Returns the certificate's number."""
    with doing(third) as w:
        seen = {"checks": list(rules.CONFIRMS), "tail": tail, "photo": picture(), "note": "The log of the filling and my own look."}
        return confirm(
            w, stories.bench(app), job_of(w, job_id), seen=Seen(**{**seen, **changed}), keeping=Keeping(kept="at_point"),
            signed_in_at=w.now - ago,
        ).number  # fmt: skip


def cleared(app, doing, owner, operator, verifier, org, **words) -> tuple[str, str]:
    """The whole way. Returns the item's id and the certificate's number."""
    item_id = phone(doing, owner, **words)
    job_id = at_bench(doing, item_id, owner, operator, org)
    begun(doing, job_id, operator)
    filled(app, doing, job_id, operator)
    assert sent(app, doing, job_id, operator) == [("pass", [])]
    return item_id, verified(app, doing, job_id, verifier, tail=words.get("imei", IMEI)[-4:])

"""Devices that no wiping tool reaches are cleared by their check-list: each step answered, photographed, then looked at anew."""

import io
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from PIL import Image, ImageDraw, ImageFont

from core import ids
from market.demo.looks import own_look
from market.demo.shelves import ByList, Shelved
from market.demo.walk import STAFF, House, put_on_sale
from market.listings.models import Listing
from privacy.clearance.verifying import Keeping, accept
from privacy.devices.counting import count
from privacy.keys.signing_off import sign_off
from privacy.wipes import actions as wipes
from privacy.wipes import checklist_filling, checklist_sending, rules
from privacy.wipes.checklist import PARTS, Step
from privacy.wipes.checklists import get_checklist
from privacy.wipes.models import WipeJob
from privacy.wipes.queries import present_media

TICKS = ("tick", "try")  # kinds of looks that a verifier answers by doing them


def clear(house: House, thing: Shelved, by: ByList, listing_id: str, moment: datetime) -> None:
    """Consent, the list step by step, a second person: `moment` is when the verifier accepts. Then it is put on sale."""
    operator, verifier = STAFF[by.point]
    item_id = house.session.get_one(Listing, listing_id).item_id
    job_id = _at_bench(house, thing, by, item_id, moment - timedelta(minutes=50))
    _walk_through(house, thing, by, job_id, moment - timedelta(minutes=34))
    with house.doing(operator, moment - timedelta(minutes=12)) as w:
        job = w.session.get_one(WipeJob, job_id)
        found = checklist_sending.send(w, house.bench, job)
        if any(one.verdict != "pass" for one in found):
            raise RuntimeError(f"{thing.title}: {[one.reasons for one in found]}")
        sign_off(w, house.bench, job, w.now)
    with house.doing(verifier, moment) as w:
        job = w.session.get_one(WipeJob, job_id)
        ticked = [one.code for one in get_checklist(by.platform).looks if one.kind in TICKS]
        accept(
            w, house.bench, job, checks=list(rules.CHECKS), counted=len(present_media(w.session, item_id)),
            keeping=Keeping(kept="at_point"), signed_in_at=moment, look=own_look(w, job, thing.motif, thing.n, ticked),
        )  # fmt: skip
    put_on_sale(house, thing, operator, by.point, listing_id, moment)


def _at_bench(house: House, thing: Shelved, by: ByList, item_id: str, moment: datetime) -> str:
    with house.doing(thing.seller, moment) as w:
        job = wipes.open_job(w, item_id)
        job_id = job.id
        wipes.consent(w, job, origin="business" if thing.org else "private", ticks=dict.fromkeys(rules.TICKS, True))
    with house.doing(STAFF[by.point][0], moment + timedelta(minutes=8)) as w:
        job = w.session.get_one(WipeJob, job_id)
        wipes.start(w, job, house.cast.organisations[by.point])
        checklist_filling.begin(w, job, by.platform)
        count(w, job, len(present_media(w.session, item_id)))
    return job_id


def _walk_through(house: House, thing: Shelved, by: ByList, job_id: str, moment: datetime) -> None:
    """Part by part, as the list goes: what belongs before the wipe is written down before it."""
    operator, brand = STAFF[by.point][0], thing.a.get("brand", "")
    for place, part in enumerate(PARTS):
        steps = get_checklist(by.platform).part(part, brand)
        at = moment + timedelta(minutes=6 * place)
        with house.doing(operator, at) as w:
            job, mine = w.session.get_one(WipeJob, job_id), checklist_filling.get_open(w, job_id)
            checklist_filling.save(w, job, mine, dict(_good(steps)), by.read if part == "before" else {})
        for step in steps:
            if step.photo != "none":
                with house.doing(operator, at + timedelta(minutes=1)) as w:
                    job, mine = w.session.get_one(WipeJob, job_id), checklist_filling.get_open(w, job_id)
                    raw = step_photo(ids.grouped(job.challenge), step.code)
                    checklist_filling.add_photo(w, house.bench, job, mine, step.code, raw)


def _good(steps: tuple[Step, ...]) -> Iterator[tuple[str, str]]:
    """The answers that suffice: every lock off, everything as it should be."""
    for step in steps:
        yield step.code, "off" if step.lock else ("yes" if step.good == "any" else step.good)


def step_photo(code: str, step: str) -> bytes:
    """A plain picture of a device's screen and the slip with the job's code: no two are alike."""
    shade = zlib.crc32(f"{code} {step}".encode())
    image = Image.new("RGB", (640, 480), (150 + shade % 90, 160 + shade // 90 % 80, 150 + shade // 7200 % 90))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((60 + shade % 40, 50, 330 + shade % 40, 430), 26, fill=(28, 32, 38))
    pen.rectangle((80 + shade % 40, 80, 310 + shade % 40, 400), fill=(210, 216 + shade % 30, 222))
    pen.rectangle((380, 170 + shade % 60, 610, 260 + shade % 60), fill=(255, 253, 244))
    pen.text((398, 194 + shade % 60), code, fill=(35, 38, 43), font=ImageFont.load_default(30))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=86)
    return out.getvalue()

"""What the demonstration's verifiers read and photograph themselves."""

import io
import random
from collections.abc import Sequence

from PIL import Image, ImageDraw

from core import ids, secrets
from core.goods.card import WITH_CODE
from core.goods.models import Item
from core.work import Work
from market.demo.drawing import draw, with_code
from market.demo.shelves import Shelved
from privacy.clearance.looking import Look
from privacy.wipes import rules
from privacy.wipes.models import WipeJob


def tail_of(w: Work, item_id: str) -> str:
    """The last four of the device's number, as they stand on it."""
    number = next(one for one in w.session.get_one(Item, item_id).identifiers if one.live)
    return secrets.decrypt(number.value, "identifier")[-4:]


def own_look(w: Work, job: WipeJob, motif: str, n: int, ticked: Sequence[str] = ()) -> Look:
    """The number read anew, every lock off, a photo of the device with the job's code beside it; `ticked`: what a list asks. The
    demo's disks are emulated and count nothing."""
    category = w.session.get_one(Item, job.item_id).category
    photo = with_code(motif, n, ids.grouped(job.challenge))
    locks = dict.fromkeys(rules.locks_of(category), "off")
    return Look(ticked=ticked, tail=tail_of(w, job.item_id), photo=photo, locks=locks, no_counters=True)


def appraisal_photo(thing: Shelved, view: str, code: str) -> bytes:
    """A photo as an appraiser takes it: the thing on the table, no two alike; the overview has the code beside it."""
    drawn = with_code(thing.motif, thing.n, code) if view == WITH_CODE else draw(thing.motif, thing.n, seed=len(view))
    lot = random.Random(f"{code}/{view}")  # noqa: S311  (the same pictures in every demonstration)
    shot = Image.open(io.BytesIO(drawn)).convert("RGBA")
    shot = shot.resize([round(side * lot.uniform(0.5, 0.75)) for side in shot.size])
    shot = shot.rotate(lot.uniform(-30, 30), Image.Resampling.BICUBIC, expand=True)
    table = _table(lot)
    spot = [lot.randint(min(0, over), max(0, over)) for over in (table.width - shot.width, table.height - shot.height)]
    table.paste(shot, (spot[0], spot[1]), shot)
    out = io.BytesIO()
    table.convert("RGB").save(out, "JPEG", quality=86)
    return out.getvalue()


def _table(lot: random.Random) -> Image.Image:
    """A table with what lies about on it: sheets and cloths, light and dark."""
    table = Image.new("RGB", (1200, 900), _tone(lot))
    pen = ImageDraw.Draw(table)
    for _ in range(7):
        left, top = lot.randint(-200, 1000), lot.randint(-200, 700)
        pen.rounded_rectangle((left, top, left + lot.randint(200, 700), top + lot.randint(150, 500)), 30, fill=_tone(lot))
    return table


def _tone(lot: random.Random) -> tuple[int, int, int]:
    light = lot.randint(70, 225)
    return light, light - lot.randint(0, 30), light - lot.randint(10, 50)

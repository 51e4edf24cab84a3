"""What the demonstration's verifiers read and photograph themselves."""

import io
import zlib
from collections.abc import Sequence

from PIL import Image

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
    """A photo as an appraiser takes it: the thing turned on the table, no two alike; the overview has the code beside it."""
    drawn = with_code(thing.motif, thing.n, code) if view == WITH_CODE else draw(thing.motif, thing.n, seed=len(view))
    lot = zlib.crc32(f"{code}/{view}".encode())
    angle = 8 + lot % 21 if view != WITH_CODE else 0
    table = (150 + lot % 50, 140 + lot // 50 % 50, 126 + lot // 2500 % 50)
    turned = Image.open(io.BytesIO(drawn)).convert("RGB").rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=table)
    wide, high = turned.size
    left, top = lot % 90, lot // 90 % 70
    out = io.BytesIO()
    turned.crop((left, top, wide - lot // 7 % 60, high - lot // 11 % 50)).save(out, "JPEG", quality=86)
    return out.getvalue()

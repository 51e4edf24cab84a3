"""Stories that other rooms begin with: a laptop, registered, wiped with a genuine log, verified by a second person.

    item_id = laptop(doing, alice, disks=[DISK])
    certificate = clear(app, doing, item_id, wang, zhao, shop)
    clearance_id, item_id = wiped_laptop(app, doing, alice, wang, zhao, shop)

Everything goes through the rooms' own actions, so that what a story shows is what the house does."""

import io
import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session

from core import clock, secrets
from core.goods.cards import get_card
from core.goods.intake import Intake, MediumGiven, serial_of, take_in
from core.goods.models import Item
from core.work import Actor, Work, work
from privacy.bench import Bench, bench_of
from privacy.clearance.log.sequencing import sequence
from privacy.clearance.looking import Look
from privacy.clearance.queries import find_clearance
from privacy.clearance.verifying import Keeping, accept
from privacy.devices import counting
from privacy.keys.signing_off import sign_off
from privacy.sampling import actions as drawing
from privacy.sampling import rules as drawing_rules
from privacy.wipes import actions, locks, rules
from privacy.wipes.attaching import attach
from privacy.wipes.models import WipeJob
from privacy.wipes.queries import present_media

if TYPE_CHECKING:
    from tests.conftest import Person

LOGS = Path(__file__).resolve().parents[1] / "market" / "demo" / "evidence"
Doing = Callable[..., AbstractContextManager[Work]]
LOCKS_OFF = {f"lock_{lock}": "off" for lock in rules.locks_of("laptop")}
_pictures = count(1)


@dataclass(frozen=True)
class Disk:
    """A medium with a genuine log of ours: kind as on the category card (hdd | ssd)."""

    serial: str
    kind: str
    file: str

    @property
    def log(self) -> bytes:
        return (LOGS / self.file).read_bytes()

    @property
    def kind_file(self) -> bytes:
        """What an SSD says of itself (nwipe's log doesn't tell that it is one); empty for a hard disk."""
        path = LOGS / f"{self.serial}.hdparm.txt"
        return path.read_bytes() if path.exists() else b""


@dataclass(frozen=True)
class DatedDisk(Disk):
    """The same run as if it had been made on another day: what a story of another day needs, since a run of the future is no proof."""

    day: date = date(2026, 11, 22)

    @property
    def log(self) -> bytes:
        return (LOGS / self.file).read_bytes().replace(b"[2026/11/22 ", f"[{self.day:%Y/%m/%d} ".encode())


def dated(disk: Disk, moment: datetime) -> DatedDisk:
    return DatedDisk(disk.serial, disk.kind, disk.file, moment.date())


def disks(kind: str = "hdd") -> list[Disk]:
    """Every disk of that kind for which a genuine, passing log is committed, in the manifest's order."""
    medium = "magnetic" if kind == "hdd" else "semiconductor"
    rows: list[dict[str, Any]] = json.loads((LOGS / "manifest.json").read_text(encoding="utf-8"))
    return [Disk(row["serial"], kind, row["file"]) for row in rows if row["medium"] == medium]


def laptop(
    doing: Doing, owner: "Person", *, serial: str = "PF2XK9A7", disks: Sequence[Disk] | None = None, model: str = "X1"
) -> str:
    """A laptop in the register, with its owner. Returns the item's id."""
    found = _first(disks)
    with doing(owner) as w:
        given = Intake(
            card=get_card("laptop"),
            attributes={"brand": "Lenovo", "model": model},
            identifiers={"serial": [serial]},
            media=[MediumGiven(kind=disk.kind, serial=disk.serial) for disk in found],
        )
        return take_in(w, owner.id, given).id


def coat(doing: Doing, owner: "Person") -> str:
    """A coat: it holds no data, is asked for no number and needs no clearance."""
    with doing(owner) as w:
        return take_in(w, owner.id, Intake(card=get_card("clothing"), attributes={"brand": "Bosideng"})).id


def consented(doing: Doing, item_id: str, owner: "Person") -> str:
    """The owner opens a wipe job from her item page and agrees to it. Returns the job's id."""
    with doing(owner) as w:
        job = actions.open_job(w, item_id)
        actions.consent(w, job, origin="private", ticks=dict.fromkeys(rules.TICKS, True))
        return job.id


def started(doing: Doing, item_id: str, owner: "Person", operator: "Person", org: str) -> str:
    """... and an operator takes it to the bench."""
    job_id = consented(doing, item_id, owner)
    with doing(operator) as w:
        job = w.session.get_one(WipeJob, job_id)
        actions.start(w, job, org)
        counting.count(w, job, len(present_media(w.session, item_id)))
        locks.read_before(w, job, locks_off(w, job))
    return job_id


def wiped(
    app: Flask,
    doing: Doing,
    item_id: str,
    owner: "Person",
    operator: "Person",
    org: str,
    disks: Sequence[Disk] | None = None,
) -> str:
    """... and attaches the log of every disk: the job waits for its verifier."""
    job_id = started(doing, item_id, owner, operator, org)
    for disk in _first(disks):
        for raw in filter(None, (disk.kind_file, disk.log)):
            with doing(operator) as w:
                attach(w, bench(app), w.session.get_one(WipeJob, job_id), raw)
    return job_id


def clear(
    app: Flask,
    doing: Doing,
    item_id: str,
    owner: "Person",
    operator: "Person",
    verifier: "Person",
    org: str,
    disks: Sequence[Disk] | None = None,
) -> str:
    """... and a second person accepts. The device stays at the point. Returns the certificate's number."""
    job_id = wiped(app, doing, item_id, owner, operator, org, disks)
    return verified(app, doing, job_id, verifier)


def signed(app: Flask, doing: Doing, job_id: str) -> None:
    """Its operator signs the job, if it waits for that."""
    with doing() as w:
        operator = w.session.get_one(WipeJob, job_id).operator_id
    with work(w.session, Actor(operator or ""), clock.now()) as w:
        job = w.session.get_one(WipeJob, job_id)
        if job.state == "judged":
            sign_off(w, bench(app), job, w.now)


def verified(app: Flask, doing: Doing, job_id: str, verifier: "Person") -> str:
    """Its operator signs it; a second person looks and accepts. Returns the certificate's number."""
    signed(app, doing, job_id)
    with doing(verifier) as w:
        job = w.session.get_one(WipeJob, job_id)
        certificate = accept(
            w,
            bench(app),
            job,
            checks=list(rules.CHECKS),
            counted=len(present_media(w.session, job.item_id)),
            keeping=Keeping(kept="at_point"),
            signed_in_at=w.now,
            look=look(w, job),
        )
        assert certificate is not None
        return certificate.number


def look(w: Work, job: WipeJob, **changed: Any) -> Look:
    """The verifier's own look at the device, as it should be: its number read anew, every lock off, a photo like no other."""
    return Look(**{"tail": tail_of(w.session, job.item_id), "photo": picture(), "locks": locks_off(w, job), "no_counters": True, **changed})


def look_data(session: Session, job_id: str, **changed: Any) -> dict[str, Any]:
    """The same as the fields of the page's form."""
    job = session.get_one(WipeJob, job_id)
    category = session.get_one(Item, job.item_id).category
    data: dict[str, Any] = {f"lock_{lock}": "off" for lock in rules.locks_of(category)}
    data |= {"look_tail": tail_of(session, job.item_id), "look_photo": (io.BytesIO(picture()), "look.jpg"), "no_counters": "y", **changed}
    session.rollback()
    return data


def verify_data(session: Session, job_id: str, **changed: Any) -> dict[str, Any]:
    """Everything that the verifier's page asks for, every box ticked; counted is what is inside."""
    inside = len(present_media(session, session.get_one(WipeJob, job_id).item_id))
    session.rollback()
    ticked = dict.fromkeys(rules.CHECKS, "y")
    return {"kept": "at_point", "counted": str(inside), **ticked, **look_data(session, job_id), **changed}


def tail_of(session: Session, item_id: str) -> str:
    """The last four characters of the device's number, or of its medium's where it has none."""
    live = [one for one in session.get_one(Item, item_id).identifiers if one.live]
    number = secrets.decrypt(live[0].value, "identifier") if live else serial_of(present_media(session, item_id)[0])
    return number[-4:]


def locks_off(w: Work, job: WipeJob) -> dict[str, str]:
    return dict.fromkeys(rules.locks_of(w.session.get_one(Item, job.item_id).category), "off")


def picture() -> bytes:
    """A small photo; each call draws another one."""
    n = next(_pictures)
    image = Image.new("RGB", (120, 90), ((n * 37) % 256, (n * 91) % 256, (n * 53) % 256))
    for at in range(24):
        image.putpixel((at * 5, (n >> at % 12) % 90), (255 * (n >> at & 1), 255, 255))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95)
    return out.getvalue()


def drawn(app: Flask, doing: Doing) -> None:
    """The house's clockwork decides about every cleared wipe; here no one is drawn, so that stories go on."""
    with doing() as w:
        session = w.session
    with work(session, Actor("system:log_sequencer"), clock.now()) as w:
        sequence(w, app.extensions["xunshi"])
    nobody = mock.patch.object(drawing_rules, "ticket", lambda root, number: drawing_rules.SPACE - 1)
    with nobody, work(session, Actor("system:sample_draws"), clock.now()) as w:
        drawing.draw_due(w)


def wiped_laptop(
    app: Flask, doing: Doing, owner: "Person", operator: "Person", verifier: "Person", org: str, *, nth: int = 0
) -> str:
    """A cleared laptop, not drawn for a recovery try, ready to be listed and sold; `nth` chooses disk and serial so that a test can have several."""
    one = [disks()[nth]]
    item_id = laptop(doing, owner, serial=f"PF2XK9A{nth + 7}", disks=one)
    clear(app, doing, item_id, owner, operator, verifier, org, one)
    drawn(app, doing)
    with doing() as w:
        assert find_clearance(w.session, item_id) is not None
    return item_id


def bench(app: Flask) -> Bench:
    return bench_of(app.extensions["xunshi"])


def _first(chosen: Sequence[Disk] | None) -> Sequence[Disk]:
    return disks()[:1] if chosen is None else chosen

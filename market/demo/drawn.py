"""The draw decides about every wipe of the demonstration; what goes home in a bag and was drawn is tried elsewhere first."""

from datetime import datetime

from flask import Flask
from sqlalchemy import select

from core import clock, ids
from core.goods.intake import serial_of
from core.work import Actor, work
from market.demo.drawing import seal_bag, with_code
from market.demo.shelves import Shelved, Wiped
from market.demo.walk import STAFF, House
from market.listings.models import Listing
from privacy.clearance.log.sequencing import sequence
from privacy.clearance.moving import hand_on
from privacy.clearance.queries import find_valid
from privacy.clearance.verifying import Keeping, seal
from privacy.sampling.actions import Told, draw_due, try_recovery
from privacy.sampling.models import SampleCheck
from privacy.sampling.queries import check_on
from privacy.wipes.queries import present_media

THIRD = {"xihu": ("gongshu", "wei"), "gongshu": ("xihu", "zhao")}  # at which other point a third person tries


def decide(house: House, app: Flask, moment: datetime) -> None:
    """What happened so far stands in the public log, and its checkpoint says which wipes are drawn."""
    with clock.stopped_at(moment):
        with work(house.session, Actor("system:log_sequencer"), moment) as w:
            sequence(w, app.extensions["xunshi"])
        with work(house.session, Actor("system:sample_draws"), moment) as w:
            draw_due(w)


def seal_up(house: House, thing: Shelved, wiped: Wiped, listing_id: str, moment: datetime) -> None:
    """Into its numbered bag and home, after the recovery try if it was drawn."""
    item_id = house.session.get_one(Listing, listing_id).item_id
    operator, _verifier = STAFF[wiped.point]
    check = check_on(house.session, item_id)
    if check is not None:
        _tried(house, thing, wiped, check.id, item_id, moment)
    with house.doing(operator, moment) as w:
        clearance = find_valid(w.session, item_id)
        assert clearance is not None
        keeping = Keeping(kept="sealed_bag", seal_number=wiped.seal, photo=seal_bag(wiped.seal))
        seal(w, house.bench, clearance, keeping)


def _tried(house: House, thing: Shelved, wiped: Wiped, check_id: str, item_id: str, moment: datetime) -> None:
    point, third = THIRD[wiped.point]
    with house.doing(STAFF[wiped.point][0], moment) as w:
        hand_on(w, item_id, place="counter", org_id=house.cast.organisations[point])
    with house.doing(third, moment) as w:
        check = w.session.scalars(select(SampleCheck).where(SampleCheck.id == check_id)).one()
        serials = ", ".join(serial_of(one) for one in present_media(w.session, item_id))
        report = f"PhotoRec 7.2\nDisk /dev/sdb - S/N:{serials}\n0 files saved in /tmp/recup_dir\n"
        told = Told(
            result="nothing", tool="PhotoRec", version="7.2", searched=("structures", "carving"), report=report.encode(),
            photos=(with_code(thing.motif, thing.n, ids.grouped(check.code)),),
        )  # fmt: skip
        try_recovery(w, house.bench, check, told, moment)
        hand_on(w, item_id, place="counter", org_id=house.cast.organisations[wiped.point])

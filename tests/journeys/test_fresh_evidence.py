"""Fresh evidence, made now by the real tool on an emulated disk, walks through: taken in, judged, verified, listed, sold.

Needs root and QEMU; skips aloud otherwise."""

import pytest
from sqlalchemy import select

from core.goods.cards import get_card
from core.goods.intake import Intake, MediumGiven, take_in
from privacy.wipes.attaching import attach
from privacy.wipes.models import Judgement, WipeJob
from tests import stories
from tests.harness import emulated_disks
from tests.harness.emulated_disks import Disk
from tests.market_stories import checked, listed, ordered, sold, state_of

pytestmark = [pytest.mark.slow, pytest.mark.root]
JOB = """
device=$(node XS26FRESH01)
nwipe --autonuke --nogui --nowait --method=dodshort --verify=last --logfile=/out/fresh.log "$device"
"""


def test_a_laptop_wiped_a_minute_ago_is_sold(app, session, doing, alice, bob, wang, zhao, shop, tmp_path):
    why_not = emulated_disks.missing()
    if why_not:
        pytest.skip(f"no fresh evidence can be made here: {why_not}")
    disk = Disk(kind="hdd", serial="XS26FRESH01", model="TOSHIBA MQ01ABF050")
    log = emulated_disks.run(JOB, [disk], tmp_path)["fresh.log"].read_bytes()
    with doing(alice) as w:
        media = [MediumGiven(kind="hdd", serial="XS26FRESH01")]
        attributes = {"brand": "Lenovo", "model": "L490"}
        given = Intake(card=get_card("laptop"), attributes=attributes, identifiers={"serial": ["PF0FRESH7"]}, media=media)
        item_id = take_in(w, alice.id, given).id
    job_id = stories.started(doing, item_id, alice, wang, shop)
    with doing(wang) as w:
        attach(w, stories.bench(app), w.session.get_one(WipeJob, job_id), log)
    verdict = session.scalars(select(Judgement.verdict).where(Judgement.job_id == job_id)).one()
    assert verdict == "pass", log.decode(errors="replace")[-2000:]
    stories.verified(app, doing, job_id, zhao)
    stories.drawn(app, doing)
    listing_id = listed(doing, item_id, alice, title="联想 L490 刚刚清除")
    order_id = ordered(doing, listing_id, bob)
    assert checked(doing, order_id, bob, tail="ESH7")
    sold(doing, order_id, alice)
    assert state_of(session, listing_id) == "sold"

"""Work after the wipe is a step of a named operator, ended by another person's look at the set-up screen."""

import io
from datetime import timedelta

import pytest

from core import clock, ids
from core.access import SecondFactorNeeded
from core.errors import Forbidden, Invalid, Refused
from privacy.devices import after_work, queries
from privacy.devices.models import AfterWork
from privacy.wipes.models import WipeJob
from tests import stories
from tests.privacy.devices.test_leaving import HDD, photo
from tests.privacy.devices.test_usage import reading

IMAGE = "a" * 64


@pytest.fixture
def judged(app, doing, alice, wang, shop):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    return item_id, stories.wiped(app, doing, item_id, alice, wang, shop, HDD[:1])


def begin(doing, who, job_id, purpose="system", name="openEuler 24.03", digest=IMAGE):
    with doing(who) as w:
        job = w.session.get_one(WipeJob, job_id)
        return after_work.begin(w, job, purpose=purpose, image_name=name, image_digest=digest).id


def end(app, doing, who, work_id, checks=frozenset(after_work.CHECKS), raw=None, ago=timedelta(), readings=None):
    with doing(who) as w:
        one = w.session.get_one(AfterWork, work_id)
        readings = [reading(HDD[0].serial, 1000, code=one.code)] if readings is None else readings
        signed_in = None if ago is None else w.now - ago
        bench = stories.bench(app)
        raw = photo() if raw is None else raw
        return after_work.end(w, bench, one, checks=set(checks), photo=raw, readings=readings, signed_in_at=signed_in).id


def test_a_system_is_installed_and_looked_at(app, doing, session, judged, wang, zhao):
    _, job_id = judged
    work_id = begin(doing, wang, job_id)
    with pytest.raises(Refused, match="work_open_still"):
        stories.verified(app, doing, job_id, zhao)
    with pytest.raises(Refused, match="work_open"):
        begin(doing, wang, job_id, purpose="tests")
    end(app, doing, zhao, work_id)
    stories.verified(app, doing, job_id, zhao)
    assert [(one.purpose, done is not None) for one, done in queries.works_of(session, job_id)] == [("system", True)]
    with pytest.raises(Refused, match="work_ended"):
        end(app, doing, zhao, work_id)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": " "}, "image_missing"),
        ({"digest": ""}, "image_digest"),
        ({"digest": "z" * 64}, "image_digest"),
        ({"digest": "a" * 63}, "image_digest"),
        ({"purpose": "tests", "digest": "abc"}, "image_digest"),
        ({"purpose": "games"}, "purpose_missing"),
    ],
)
def test_an_image_is_named_by_its_digest(doing, judged, wang, given, code):
    with pytest.raises(Invalid, match=code):
        begin(doing, wang, judged[1], **given)
    begin(doing, wang, judged[1], digest=IMAGE.upper())


def test_tests_need_no_image(doing, judged, wang):
    begin(doing, wang, judged[1], purpose="tests", name="", digest="")


def test_only_its_operator_begins_and_only_after_the_wipe(doing, judged, wang, zhao, alice, shop):
    with pytest.raises(Forbidden, match="not_the_operator"):
        begin(doing, zhao, judged[1])
    item_id = stories.laptop(doing, alice, serial="PF2XK9B1", disks=HDD[1:2])
    early = stories.started(doing, item_id, alice, wang, shop)
    with pytest.raises(Refused, match="wipe_first"):
        begin(doing, wang, early)


def test_another_person_ends_it_signed_in_afresh_with_photo_and_every_tick(app, doing, people, judged, wang, zhao, alice, shop):
    work_id = begin(doing, wang, judged[1])
    for who in (wang, alice):
        people.give_role(who, "wipe_verifier", shop)
        with pytest.raises(Forbidden, match="verifier_wiped"):
            end(app, doing, who, work_id)
    for ago in (None, timedelta(minutes=11)):
        with pytest.raises(SecondFactorNeeded):
            end(app, doing, zhao, work_id, ago=ago)
    for code in after_work.CHECKS:
        with pytest.raises(Invalid) as no:
            end(app, doing, zhao, work_id, checks=set(after_work.CHECKS) - {code})
        assert no.value.field == code
    with pytest.raises(Invalid, match="photo_missing"):
        end(app, doing, zhao, work_id, raw=b"")
    end(app, doing, zhao, work_id)


def test_work_ends_with_fresh_counters_of_every_disk_that_counts(app, doing, session, judged, wang, zhao):
    """No reading, one of another disk, of before the work, with another code, or one that was brought before: none ends it."""
    item_id, job_id = judged
    work_id = begin(doing, wang, job_id)
    code = session.get_one(AfterWork, work_id).code
    session.rollback()
    good = reading(HDD[0].serial, 1000, code=code)
    for readings, said in [
        ([], "reading_missing"),
        ([reading(HDD[1].serial, 1000, code=code)], "no_counters"),
        ([reading(HDD[0].serial, 1000)], "code_missing"),
        ([reading(HDD[0].serial, 1000, code=code, at=clock.now() - timedelta(hours=3))], "too_old"),
        ([reading(HDD[0].serial, 1000, code=code, user_capacity={"blocks": 5, "bytes": 67108864})], "contradiction"),
        ([good, good], "known_file"),
    ]:
        with pytest.raises(Refused, match=said):
            end(app, doing, zhao, work_id, readings=readings)
    session.rollback()
    assert queries.find_open_work(session, job_id) is not None and queries.snapshots_of(session, item_id) == []
    session.rollback()
    end(app, doing, zhao, work_id, readings=[good])
    assert [(one.moment, one.challenged) for one in queries.snapshots_of(session, item_id)] == [("after_work", True)]
    stories.verified(app, doing, job_id, zhao)


def test_the_page_asks_for_them(app, doing, session, judged, wang, zhao):
    work_id = begin(doing, wang, judged[1])
    code = session.get_one(AfterWork, work_id).code
    session.rollback()
    client, path = zhao.client(), f"/after-works/{work_id}/end"
    assert f"smartctl -x -j /tmp/{ids.grouped(code)}" in client.get(path).text
    ticks = dict.fromkeys(after_work.CHECKS, "y")
    def data(*readings):
        return {**ticks, "photo": (io.BytesIO(photo()), "p.jpg"), "readings": [(io.BytesIO(one), "s.json") for one in readings]}

    refused = client.post(path, data=data(), content_type="multipart/form-data")
    assert refused.status_code == 422 and "Read the counters of" in refused.text
    raw = reading(HDD[0].serial, 1000, code=code)
    assert client.post(path, data=data(raw), content_type="multipart/form-data").status_code == 303

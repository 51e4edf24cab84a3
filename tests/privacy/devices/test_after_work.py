"""Work after the wipe is a step of a named operator, ended by another person's look at the set-up screen."""

from datetime import timedelta

import pytest

from core.access import SecondFactorNeeded
from core.errors import Forbidden, Invalid, Refused
from privacy.devices import after_work, queries
from privacy.devices.models import AfterWork
from privacy.wipes.models import WipeJob
from tests import stories
from tests.privacy.devices.test_leaving import HDD, photo

IMAGE = "a" * 64


@pytest.fixture
def judged(app, doing, alice, wang, shop):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    return item_id, stories.wiped(app, doing, item_id, alice, wang, shop, HDD[:1])


def begin(doing, who, job_id, purpose="system", name="openEuler 24.03", digest=IMAGE):
    with doing(who) as w:
        job = w.session.get_one(WipeJob, job_id)
        return after_work.begin(w, job, purpose=purpose, image_name=name, image_digest=digest).id


def end(app, doing, who, work_id, checks=frozenset(after_work.CHECKS), raw=None, ago=timedelta()):
    with doing(who) as w:
        one = w.session.get_one(AfterWork, work_id)
        signed_in = None if ago is None else w.now - ago
        bench = stories.bench(app)
        raw = photo() if raw is None else raw
        return after_work.end(w, bench, one, checks=set(checks), photo=raw, reading=b"", signed_in_at=signed_in).id


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

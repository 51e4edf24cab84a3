"""Sealed, taken home, and then drawn: its owner is told to bring the bag, and a third person takes it in, opens it and tries."""

import re

import pytest
from sqlalchemy import select

from core.errors import Refused
from core.goods.custody import find_holder
from core.people.models import Notice
from privacy.clearance import verifying
from privacy.clearance.queries import find_valid
from privacy.clearance.verifying import Keeping
from privacy.sampling import actions
from privacy.sampling.models import SampleCheck
from privacy.wipes import rules
from privacy.wipes.models import WipeJob
from tests import stories
from tests.privacy.sampling.conftest import Cleared, moved, orgs_of


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


@pytest.fixture
def bagged(app, doing, session, alice, wang, zhao, shop, clockwork, certain):
    """Alice has it at home in the bag B-0001 when the draw falls on it."""
    certain(True)
    item_id = stories.laptop(doing, alice, disks=stories.disks()[:1])
    job_id = stories.wiped(app, doing, item_id, alice, wang, shop)
    stories.signed(app, doing, job_id)
    moved(doing, item_id, *orgs_of(session, zhao))
    with doing(zhao) as w:
        job = w.session.get_one(WipeJob, job_id)
        keeping = Keeping(kept="sealed_bag", seal_number="B-0001", photo=stories.picture())
        number = verifying.accept(
            w, stories.bench(app), job, checks=list(rules.CHECKS), counted=1, keeping=keeping, signed_in_at=w.now,
            look=stories.look(w, job),
        ).number  # fmt: skip
    clockwork()
    return Cleared(item_id, job_id, number)


def test_its_owner_is_told_to_bring_it(session, alice, bagged):
    told = session.scalars(select(Notice).where(Notice.account_id == alice.id).order_by(Notice.id.desc())).first()
    assert "bring the sealed bag to a point" in told.sentence
    page = words(alice.client().get(f"/items/{bagged.item_id}/custody"))
    assert "Bring the sealed bag to a point" in page and "It stays where it is" not in page


def test_a_third_person_takes_it_in_and_tries(doing, session, alice, wang, sun, shop, point, bagged, check_of, tries):
    path = f"/sampling/checks/{check_of(bagged).id}"
    session.rollback()
    counter = wang.client().post("/wipes/open", data={"code": "PF2XK9A7", "org": shop})
    assert counter.status_code == 409 and "drawn for a recovery try" in words(counter), "no new wipe for that"
    client = sun.client()
    page = words(client.get(path))
    assert "It comes in its sealed bag" in page and "optional" not in page.split("What you did")[1].split("If it could not be done")[0]
    assert client.post(f"{path}/take-in", data={"org": point}).status_code == 303
    assert find_holder(session, bagged.item_id).place == "counter"
    assert find_valid(session, bagged.item_id).seal_number == "B-0001", "the clearance stands, the seal is whole"
    session.rollback()
    assert "It comes in its sealed bag" not in words(client.get(path))
    assert tries(sun, bagged, brought=False) == "clean"
    session.rollback()
    assert find_valid(session, bagged.item_id).kept == "at_point"


def test_what_is_at_a_point_or_decided_is_not_taken_in(doing, session, sun, point, drawn, check_of, tries):
    for _ in range(2):
        check_id = check_of(drawn).id
        session.rollback()
        with pytest.raises(Refused, match="not_to_take_in"), doing(sun) as w:
            actions.take_in(w, w.session.get_one(SampleCheck, check_id), point)
        if session.get_one(SampleCheck, check_id).state == "open":
            tries(sun, drawn)

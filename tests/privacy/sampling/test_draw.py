"""The draw: foreseen by nobody, reckoned again by anybody, in whole numbers; and the figures that come of it."""

import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core import clock
from core.data_files import BadDataFile
from core.db import stamp
from core.people.models import Membership
from privacy.clearance.log import queries as log
from privacy.sampling import queries, relations, rules, settings
from privacy.sampling.models import SampleCheck, SampleDraw
from privacy.sampling.views.desk import COMMAND
from privacy.wipes.models import Verification, WipeJob


def write(tmp_path, monkeypatch, **changed):
    told = settings.FILE.read_text(encoding="utf-8")
    for name, value in changed.items():
        line = next(one for one in told.splitlines() if one.startswith(f"{name} ="))
        told = told.replace(line, f"{name} = {value}")
    file = tmp_path / "settings.toml"
    file.write_text(told, encoding="utf-8")
    monkeypatch.setattr(settings, "FILE", file)
    return settings.shares.__wrapped__()


def test_shares_are_data(tmp_path, monkeypatch):
    assert (settings.shares().base, settings.shares().raised) == (5, 20)
    assert write(tmp_path, monkeypatch, base_percent=7).base == 7
    for wrong in ({"base_percent": 0}, {"base_percent": 30}, {"raised_percent": 101}, {"failed_days": '"x"'}):
        with pytest.raises(BadDataFile):
            write(tmp_path, monkeypatch, **wrong)


def test_the_draw_waits_for_the_log(app, session, doing, clears, clockwork):
    """Right after the acceptance nobody can know it: the checkpoint that decides doesn't exist yet."""
    from privacy.sampling.actions import draw_due

    one = clears(0)
    with doing() as w:
        draw_due(w)
    assert queries.find_draw(session, one.job_id) is None
    clockwork()
    draw = queries.find_draw(session, one.job_id)
    leaf = log.leaf_of(session, queries.DECIDED, draw.job_number)
    checkpoint = log.covering(session, leaf.leaf_index)
    assert (draw.size, draw.root, draw.leaf_index) == (checkpoint.size, checkpoint.root, leaf.leaf_index)
    assert int(draw.ticket, 16) == rules.ticket(draw.root, draw.job_number)
    assert draw.drawn == rules.is_drawn(int(draw.ticket, 16), draw.share)
    session.rollback()
    clockwork()
    assert session.scalars(select(SampleDraw)).all() == [draw], "once, whatever comes later"


def test_the_printed_command_says_the_same(session, clears, clockwork):
    one = clears(0)
    clockwork()
    draw = queries.find_draw(session, one.job_id)
    line = COMMAND.format(root=draw.root, number=draw.job_number, share=draw.share)
    code = line.removeprefix('python3 -c "').removesuffix('"')
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert said == str(draw.drawn)


def test_one_employer_raises_the_share_and_strangers_dont(people, session, clears, clockwork, point):
    near = clears(0)
    wu = people.person("Wu")
    people.give_role(wu, "wipe_verifier", point)
    far = clears(1, verifier=wu)
    clockwork()
    assert queries.find_draw(session, near.job_id).reasons == ["same_employer"]
    assert queries.find_draw(session, near.job_id).share == 20
    assert (queries.find_draw(session, far.job_id).reasons, queries.find_draw(session, far.job_id).share) == ([], 5)


def test_family_raises_it_as_of_the_acceptance(app, doing, session, people, clears, clockwork, wang, point):
    wu = people.person("Wu")
    people.give_role(wu, "wipe_verifier", point)
    before = clears(0, verifier=wu)
    declare(doing, session, wang, wu)
    during = clears(1, verifier=wu)
    with doing(wang) as w:
        relations.end(w, relations.find_open(w.session, wang.id, wu.id))
    ended = clears(2, verifier=wu)
    with clock.stopped_at(clock.now() + timedelta(days=91)):
        long_ago = clears(3, verifier=wu)
        clockwork()
    told = [queries.find_draw(session, one.job_id).reasons for one in (before, during, ended, long_ago)]
    assert told == [[], ["family"], ["family"], []], "nobody ends a relation for one wipe"


def declare(doing, session, one, other):
    from core.people.models import Contact
    from core.people.queries import opened

    contact = session.scalars(select(Contact).where(Contact.account_id == other.id)).one()
    address = opened(contact).value
    session.rollback()
    with doing(one) as w:
        return relations.declare(w, address).id


def test_who_left_the_shop_lately_was_still_employed_then(session, doing, clears, clockwork, zhao):
    one = clears(0)
    with doing() as w:
        w.session.scalars(select(Membership).where(Membership.account_id == zhao.id)).one().ended_at = w.now + timedelta(
            seconds=1
        )
    clockwork()
    assert queries.find_draw(session, one.job_id).reasons == ["same_employer"]


def test_a_found_try_raises_it_for_ninety_days(session, doing, people, clears, clockwork, certain, tries, wang, sun, point):
    certain(True)
    wu = people.person("Wu")
    people.give_role(wu, "wipe_verifier", people.organisation("余杭验证点", "agency"))
    bad = clears(0, verifier=wu)
    clockwork()
    assert tries(sun, bad, result="found") == "found"
    now = clock.now()
    for days, expected in ((1, True), (89, True), (91, False)):
        at = now + timedelta(days=days)
        assert queries.failed_between(session, wang.id, at - settings.shares().failed, at) is expected
    assert not queries.failed_between(session, wu.id, now - timedelta(days=1), now + timedelta(days=1)), (
        "the verifier didn't wipe"
    )
    next_one = clears(1, verifier=wu)
    clockwork()
    assert queries.find_draw(session, next_one.job_id).reasons == ["failed_before"]


def test_what_was_accepted_before_the_house_drew_is_never_drawn(session, clears, clockwork, monkeypatch):
    from dataclasses import replace

    one = clears(0)
    later = replace(settings.shares(), since=clock.now() + timedelta(hours=1))
    monkeypatch.setattr("privacy.sampling.actions.shares", lambda: later)
    clockwork()
    assert queries.find_draw(session, one.job_id) is None


def test_rejected_wipes_are_not_in_the_urn(app, doing, session, clockwork, alice, wang, zhao, shop):
    from privacy.clearance.verifying import reject
    from tests import stories

    item_id = stories.laptop(doing, alice)
    job_id = stories.wiped(app, doing, item_id, alice, wang, shop)
    with doing(zhao) as w:
        reject(w, w.session.get_one(WipeJob, job_id), reason="lock", signed_in_at=w.now)
    clockwork()
    assert session.scalars(select(SampleDraw)).all() == []


# --- raw SQL -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def sql(database):
    def run(statement: str, **values: object) -> int:
        with database.engine.connect().execution_options(writes=True) as connection, connection.begin():
            return connection.execute(text(statement), values).rowcount

    return run


def test_a_draw_is_not_made_up_nor_changed(session, sql, clears, clockwork):
    from core import ids

    clears(0)
    clockwork()
    second = clears(1)
    drawn = session.execute(text("SELECT * FROM sample_draws")).mappings().one()
    verification = session.scalars(select(Verification).where(Verification.job_id == second.job_id)).one().id
    number = session.get_one(WipeJob, second.job_id).number
    session.rollback()
    made_up = {**drawn, "id": ids.new_id(), "verification_id": verification, "job_id": second.job_id, "job_number": number}
    columns = ", ".join(made_up)
    places = ", ".join(f":{name}" for name in made_up)
    with pytest.raises(DBAPIError, match="first checkpoint"):
        sql(f"INSERT INTO sample_draws ({columns}) VALUES ({places})", **made_up)
    for change in ("UPDATE sample_draws SET share = 1", "DELETE FROM sample_draws"):
        with pytest.raises(DBAPIError, match="append-only"):
            sql(change)


def test_a_check_is_not_ended_or_forged_by_hand(session, sql, drawn, check_of, wang):
    check = check_of(drawn)
    now = stamp(clock.now())
    found = {"id": check.id, "now": now}
    session.rollback()
    with pytest.raises(DBAPIError, match="recovery try only"):
        sql("UPDATE sample_checks SET state = 'clean', ended_at = :now WHERE id = :id", **found)
    with pytest.raises(DBAPIError, match="recovery try only"):
        sql("UPDATE sample_checks SET tools = '[]' WHERE id = :id", id=check.id)
    with pytest.raises(DBAPIError, match="history"):
        sql("DELETE FROM sample_checks")
    assert sql("UPDATE sample_checks SET mandatory = :yes WHERE id = :id", yes=True, id=check.id) == 1, "stricter is allowed"
    with pytest.raises(DBAPIError, match="recovery try only"):
        sql("UPDATE sample_checks SET mandatory = :no WHERE id = :id", no=False, id=check.id)
    with pytest.raises(DBAPIError, match="neither sold nor sealed"):
        sql("UPDATE clearances SET state = 'delivered', ended_at = :now WHERE item_id = :id", now=now, id=drawn.item_id)
    with pytest.raises(DBAPIError, match="neither sold nor sealed"):
        sql("UPDATE clearances SET kept = 'sealed_bag', seal_number = 'B1' WHERE item_id = :id", id=drawn.item_id)
    assert session.scalars(select(SampleCheck)).one().state == "open"
